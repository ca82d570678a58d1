import type { ModelTrainer } from '@risk-scoring/contract';
import { createLightGBMTrainer } from '@risk-scoring/trainers';
import { z } from 'zod';
import { checkSettings, type SettingsOrigin } from './check-settings.ts';
import { text, whole } from './schema-parts.ts';

const VALUE = 'must be a text, a number, true, false or a list of texts and numbers';

/** Whoever sets it here would set it twice. */
const SEEDS = ['seed', 'random_seed', 'random_state'];

/** What is chosen of training, and LightGBM's own parameters besides. */
const lightgbmSettings = z
  .object(
    {
      max_rounds: whole({ least: 1 }).optional(),
      early_stopping_rounds: whole({ least: 0 }).optional(),
      early_stopping_metric: text.optional(),
      threads: whole({ least: 1 }).optional(),
    },
    { error: 'must hold settings' },
  )
  .catchall(
    z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))], {
      error: VALUE,
    }),
  )
  .superRefine((settings, context) => {
    for (const name of SEEDS.filter((seed) => Object.hasOwn(settings, seed))) {
      context.addIssue({ code: 'custom', path: [name], message: 'is decided by training.seed or --seed' });
    }
  });

/**
 * A LightGBM trainer of settings as YAML has them: `max_rounds`, `early_stopping_rounds`, `early_stopping_metric`, `threads`, and every
 * other one a parameter of LightGBM.
 *
 * @throws {InvalidSettingsError} for values that cannot be meant
 * @throws {LightGBMParameterError} for a parameter that LightGBM does not know, naming the nearest one
 * @example
 * lightgbmTrainerOf({ num_leaves: 63, max_rounds: 500 });
 */
export function lightgbmTrainerOf(
  settings: Readonly<Record<string, unknown>>,
  origin?: SettingsOrigin,
): ModelTrainer {
  const of = "the trainer 'lightgbm'";
  const checked = checkSettings(lightgbmSettings, settings, origin === undefined ? { of } : { of, origin });
  const { max_rounds, early_stopping_rounds, early_stopping_metric, threads, ...parameters } = checked;
  return createLightGBMTrainer({
    parameters,
    ...(max_rounds === undefined ? {} : { maxRounds: max_rounds }),
    ...(early_stopping_rounds === undefined ? {} : { earlyStoppingRounds: early_stopping_rounds }),
    ...(early_stopping_metric === undefined ? {} : { earlyStoppingMetric: early_stopping_metric }),
    ...(threads === undefined ? {} : { threads }),
  });
}
