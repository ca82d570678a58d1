export { addressKey } from './address-key.ts';
export { throwIfCancelled } from './cancellation.ts';
export { dayText } from './day-text.ts';
export {
  CancelledError,
  FeatureSchemaMismatchError,
  InvalidInputError,
  InvalidLabelSetError,
  LeakageError,
  NoAlertsFoundError,
  NoLabelsFoundError,
  SingleClassError,
  UnsupportedSpecificationError,
} from './errors.ts';
export type { FeatureGroup, FeatureRow, GroupColumn } from './feature-group.ts';
export type { FeatureColumn, FeatureMatrix, RowKeys } from './feature-matrix.ts';
export type {
  LabelContext,
  LabelKind,
  LabelModels,
  LabelSet,
  LabelSources,
  LabelStrategy,
  RefineRequest,
  Teaching,
} from './label-strategy.ts';
export { LABEL_KINDS, UNLABELLED } from './label-strategy.ts';
export type { LoadedModule, ModuleKind, ModulePlace, ModuleProblem } from './loading/index.ts';
export { importModule, isPath, loadModule, locateModule, ModuleSourceError } from './loading/index.ts';
export type {
  Explanation,
  ModelArtifact,
  ModelDescription,
  ModelTrainer,
  ModelType,
  PredictOptions,
  PreparedData,
  TrainedModel,
  TrainingProgress,
  TrainRequest,
} from './model-trainer.ts';
export { MODEL_TYPES } from './model-trainer.ts';
export { editDistance, nearestNames } from './nearest-names.ts';
export { ColumnReadError, readDays, readNumbers } from './number-column.ts';
export type { Random } from './random.ts';
export { createRandom } from './random.ts';
export type { ErrorCategory, ErrorDescription } from './risk-scoring-error.ts';
export { RiskScoringError } from './risk-scoring-error.ts';
export { shellCommand } from './shell-command.ts';
export type { Split, SplitRequest, Splitter } from './splitter.ts';
export { changedTables, hashTables } from './table-hashes.ts';
export type { TextBytes } from './text-bytes.ts';
export type { TextColumn } from './text-column.ts';
export {
  addColumn,
  findColumn,
  readTextColumn,
  readTextLists,
  readTexts,
  textColumnOf,
} from './text-column.ts';
export type { TextIndexOptions } from './text-index.ts';
export { TextIndex } from './text-index.ts';
export type {
  EarlyStopping,
  PartScorer,
  RowsPart,
  SharedRows,
  TwoSidedLabels,
  TwoSidedRows,
  WorkerTaskOptions,
  WorkerTaskWatch,
} from './trainer-support/index.ts';
export {
  assertRows,
  assertSameColumns,
  checkTeaching,
  createEarlyStopping,
  limitSpinning,
  nativeArtifact,
  runWorkerTask,
  scoreInParts,
  serveWorkerTask,
  shareRows,
  teachBothClasses,
  WorkerTaskError,
} from './trainer-support/index.ts';
export type { TrainingData, TrainingPeriod, TrainingTable } from './training-data.ts';
export { TRAINING_TABLES } from './training-data.ts';
export type { SpecificationVersion } from './version.ts';
export { assertSpecificationVersion, SPECIFICATION_VERSION } from './version.ts';
