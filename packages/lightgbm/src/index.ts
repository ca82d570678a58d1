export { Booster, type ImportanceKind } from './booster.ts';
export { type BuildTools, describeBuildTools } from './build-tools.ts';
export { describeLibrary, type LibraryDescription } from './capi/library-location.ts';
export type { ColumnMatrix } from './column-matrix.ts';
export { Dataset, type DatasetSource } from './dataset.ts';
export { describeKoffi, describeLightgbm, type KoffiDescription } from './describe-lightgbm.ts';
export {
  LightGBMCallError,
  LightGBMDataError,
  LightGBMDisposedError,
  LightGBMLibraryInvalidError,
  LightGBMLibraryNotFoundError,
  LightGBMModelError,
  LightGBMParameterError,
  LightGBMWorkerError,
} from './errors.ts';
export { type LightGBMLogEntry, type LightGBMLogHandler, setLogHandler } from './log.ts';
export { type LightGBMParameters, type LightGBMParameterValue, mergeParameters } from './parameters.ts';
export type { PredictionOutput, PredictionRequest } from './prediction.ts';
export type { TrainingResult } from './session/protocol.ts';
export { type LightGBMSessionOptions, openLightGBMSession } from './session/session.ts';
export type {
  LightGBMSession,
  SessionDataset,
  SessionDatasetRequest,
  SessionModel,
  SessionPredictionRequest,
  SessionTrainingRequest,
} from './session/session-types.ts';
export type { NamedMatrix } from './session/shared-matrix.ts';
export type { IterationReport } from './training-loop.ts';
