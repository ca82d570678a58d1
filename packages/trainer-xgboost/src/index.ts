export { describeXGBoost, type XGBoostDescription } from './describe-xgboost.ts';
export {
  XGBoostCallError,
  XGBoostLibraryInvalidError,
  XGBoostLibraryNotFoundError,
  XGBoostModelError,
  XGBoostParameterError,
} from './errors.ts';
export type { XGBoostParameters, XGBoostParameterValue } from './options/known-parameters.ts';
export type { XGBoostTrainerOptions } from './options/options.ts';
export { createXGBoostTrainer } from './xgboost-trainer.ts';
