import type { ModelTrainer } from '@risk-scoring/contract';
import { createLightGBMTrainer } from '@risk-scoring/trainers';
import { z } from 'zod';
import type { TrainerRequest } from '../registry.ts';
import { boosterSettings, checkTrainerSettings, withoutUndefined } from './trainer-settings.ts';

const VALUE = 'must be a text, a number, true, false or a list of texts and numbers';
const COLUMNS = 'must be auto or a list of feature names';

const parametersAndMore = boosterSettings(VALUE, true);
/** What is told by the names of features, which LightGBM itself tells by their positions. */
const byName = z.object({
  monotone_constraints: z
    .record(z.string(), z.union([z.literal(1), z.literal(-1)]), {
      error: 'must hold feature names, each with 1 (rising) or -1 (falling)',
    })
    .optional(),
  categorical_columns: z.union([z.literal('auto'), z.array(z.string())], { error: COLUMNS }).optional(),
});

/**
 * A LightGBM trainer of settings as YAML has them: `max_rounds`, `early_stopping_rounds`, `early_stopping_metric`, `threads`,
 * `monotone_constraints` and `categorical_columns` by the names of features, and every other one a parameter of LightGBM.
 *
 * @throws {InvalidSettingsError} for values that cannot be meant
 * @throws {LightGBMParameterError} for a parameter that LightGBM does not know, naming the nearest one
 * @example
 * lightgbmTrainerOf({ modelType: 'alert_scorer', settings: { num_leaves: 63, max_rounds: 500 } });
 */
export function lightgbmTrainerOf(request: TrainerRequest): ModelTrainer {
  const { monotone_constraints, categorical_columns, ...others } = request.settings;
  const isByName = !Array.isArray(monotone_constraints) && typeof monotone_constraints === 'object';
  const named = checkTrainerSettings(byName, 'lightgbm', {
    ...request,
    settings: withoutUndefined({
      monotone_constraints: isByName ? monotone_constraints : undefined,
      categorical_columns,
    }),
  });
  const checked = checkTrainerSettings(parametersAndMore, 'lightgbm', {
    ...request,
    settings: isByName ? others : withoutUndefined({ ...others, monotone_constraints }),
  });
  const { max_rounds, early_stopping_rounds, early_stopping_metric, threads, ...parameters } = checked;
  return createLightGBMTrainer({
    modelType: request.modelType,
    parameters,
    ...withoutUndefined({
      maxRounds: max_rounds,
      earlyStoppingRounds: early_stopping_rounds,
      earlyStoppingMetric: early_stopping_metric,
      threads,
      monotoneConstraints: named.monotone_constraints,
      categoricalColumns: named.categorical_columns,
    }),
  });
}
