import type { ModelTrainer } from '@risk-scoring/contract';
import { createXGBoostTrainer } from '@risk-scoring/trainer-xgboost';
import type { TrainerRequest } from '../registry.ts';
import { boosterSettings, checkTrainerSettings, withoutUndefined } from './trainer-settings.ts';

const VALUE = 'must be a text, a number, true or false';
const xgboostSettings = boosterSettings(VALUE, false);

/**
 * An XGBoost trainer of settings as YAML has them: `max_rounds`, `early_stopping_rounds`, `early_stopping_metric`, `threads`, and every
 * other one a parameter of XGBoost.
 *
 * @throws {InvalidSettingsError} for values that cannot be meant
 * @throws {XGBoostParameterError} for a parameter that XGBoost does not know, naming the nearest one
 * @example
 * xgboostTrainerOf({ modelType: 'alert_scorer', settings: { max_depth: 8 } });
 */
export function xgboostTrainerOf(request: TrainerRequest): ModelTrainer {
  const checked = checkTrainerSettings(xgboostSettings, 'xgboost', request);
  const { max_rounds, early_stopping_rounds, early_stopping_metric, threads, ...parameters } = checked;
  return createXGBoostTrainer({
    modelType: request.modelType,
    parameters: parameters as Readonly<Record<string, string | number | boolean>>,
    ...withoutUndefined({
      maxRounds: max_rounds,
      earlyStoppingRounds: early_stopping_rounds,
      earlyStoppingMetric: early_stopping_metric,
      threads,
    }),
  });
}
