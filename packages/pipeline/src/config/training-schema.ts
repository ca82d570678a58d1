import { MODEL_TYPES } from '@risk-scoring/contract';
import { validateModelVersion } from '@risk-scoring/model-storage';
import { z } from 'zod';
import { AVAILABLE } from '../registry.ts';
import { isTaken, map, oneOf, orDefaults, settings, text, whole } from './schema-parts.ts';

/** Where models go when nobody says: a folder of the working folder. */
export const DEFAULT_OUTPUT_DIR = 'trained_models';

const SHARE = 'must be a number between 0 and 1, such as 0.2';

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
  test_fraction: z
    .number({ error: SHARE })
    .refine((value) => value > 0 && value < 1, SHARE)
    .default(0.2),
  cv_folds: whole({ least: 2 }).default(5),
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
