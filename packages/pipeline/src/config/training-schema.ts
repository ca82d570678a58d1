import { MODEL_TYPES } from '@risk-scoring/contract';
import { parseThresholdRule } from '@risk-scoring/evaluation';
import { validateModelVersion } from '@risk-scoring/model-storage';
import { z } from 'zod';
import { CALIBRATIONS } from '../calibration.ts';
import { AVAILABLE } from '../registry.ts';
import { GROUPINGS } from '../training-subject.ts';
import { isTaken, map, oneOf, orDefaults, settings, text, whole, yesOrNo } from './schema-parts.ts';

/** Where models go when nobody says: a folder of the working folder. */
export const DEFAULT_OUTPUT_DIR = 'trained_models';

const SHARE = 'must be a number between 0 and 1, such as 0.2';
const CLUSTER_SHARE = 'must be a number above 0 and up to 1, such as 0.5';
const RULE = 'must be f1, precision:0.9, recall:0.8 or budget:50';

/** How models are trained. The settings of strategies and trainers are checked by whoever takes them. */
export const training = map({
  label_strategy: text.default('address'),
  label_settings: orDefaults(settings).default({}),
  evaluation_labels: text.optional(),
  evaluation_settings: orDefaults(settings).default({}),
  trainer: oneOf(AVAILABLE.trainers).default('lightgbm'),
  trainer_settings: orDefaults(settings).default({}),
  model_type: oneOf(MODEL_TYPES).default('alert_scorer'),
  split: oneOf(AVAILABLE.splitters).default('address'),
  group_by: oneOf(GROUPINGS).default('address'),
  purge_days: whole({ least: 0 }).default(0),
  unseen_only: yesOrNo.default(false),
  test_fraction: z
    .number({ error: SHARE })
    .refine((value) => value > 0 && value < 1, SHARE)
    .default(0.2),
  cv_folds: whole({ least: 2 }).default(5),
  calibration: oneOf(CALIBRATIONS).default('auto'),
  threshold: text.refine((rule) => isTaken(rule, parseThresholdRule), RULE).default('f1'),
  cluster_positive_share: z
    .number({ error: CLUSTER_SHARE })
    .gt(0, CLUSTER_SHARE)
    .max(1, CLUSTER_SHARE)
    .optional(),
  allow_leakage: yesOrNo.default(false),
  permutation_test: yesOrNo.default(false),
  refit_all: yesOrNo.default(false),
  seed: whole({ least: 0, most: 2 ** 31 - 2 }).default(42),
  model_version: text
    .refine(
      (version) => isTaken(version, validateModelVersion),
      'must be a version such as 1.0.0 or 1.2.0-rc.1',
    )
    .default('1.0.0'),
  output_dir: text.optional(),
}).superRefine(({ evaluation_labels, evaluation_settings }, context) => {
  if (evaluation_labels !== undefined || Object.keys(evaluation_settings).length === 0) return;
  context.addIssue({
    code: 'custom',
    path: ['evaluation_settings'],
    message: 'is of no use without training.evaluation_labels',
  });
});
