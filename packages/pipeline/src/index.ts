// What a program that runs the pipeline needs of its stages, so that it depends on this package alone.

export type { SnapshotSummary } from '@risk-scoring/extraction';
export { listSnapshots, validatePeriod } from '@risk-scoring/extraction';
export { LABEL_STRATEGIES } from '@risk-scoring/labels';
export type {
  AliasMove,
  AliasState,
  DeletedModel,
  ExportedModel,
  ImportedModel,
  ModelMetadata,
  ModelProblem,
  ModelVerification,
  OrphanedFile,
  RegisteredModel,
  SavedModel,
  StoredModel,
  TrainedModelRow,
} from '@risk-scoring/model-storage';
export {
  aliasHistory,
  deleteModel,
  exportModel,
  importModel,
  listAliases,
  listModels,
  loadModel,
  moveAlias,
  registerModel,
  removeAlias,
  rollbackAlias,
  verifyModels,
} from '@risk-scoring/model-storage';
export type {
  DatabaseBehaviour,
  DatabaseOptions,
  DatabaseStatus,
  FileOutcome,
  IngestLimits,
  IngestProgress,
  LabelSetInfo,
  LabelSetName,
  MigrationReport,
  RetryEvent,
  SnapshotOutcome,
  VacuumedTable,
} from '@risk-scoring/storage';
export {
  Database,
  databaseStatus,
  ingestFile,
  ingestSnapshots,
  initDatabase,
  listLabelSets,
  openDatabase,
  removeLabelSet,
  resolveDataDir,
  serverFromEnvironment,
  vacuum,
} from '@risk-scoring/storage';
export { assertServes } from './assert-serves.ts';
export * from './comparing/index.ts';
export type {
  CatalogueGroup,
  CatalogueMatch,
  Config,
  ConfigKey,
  ConfiguredTraining,
  FeatureSettings,
  SettingsOrigin,
  StorageSettings,
  TrainingFlags,
  TrainingSettings,
  TuningSettings,
} from './config/index.ts';
export {
  ConfigError,
  configKeys,
  databaseOptionsOf,
  environmentOf,
  featureCatalogue,
  featureGroupsOf,
  findFeature,
  findGroup,
  InvalidSettingsError,
  readConfig,
  trainingOf,
} from './config/index.ts';
export type { CheckStatus, InspectOptions, MachineCheck } from './doctor/index.ts';
export { inspectMachine, worstStatus } from './doctor/index.ts';
export type { ExportedFeatures, ExportFeaturesOptions, ExportProgress } from './export-features.ts';
export { exportFeatures } from './export-features.ts';
export type { LoadLabelStrategyOptions, StrategyFactory } from './label-strategies/index.ts';
export {
  LabelStrategyError,
  LabelStrategySourceError,
  loadLabelStrategy,
} from './label-strategies/index.ts';
export type {
  ExportedLabels,
  ExportLabelsOptions,
  ImportedLabels,
  ImportLabelsOptions,
  LabelStatistics,
  LabelSubject,
  LabelValidation,
  ModelOptions,
  NamedLabelSet,
  OpenPeriod,
  StrategyTrialOptions,
  SubjectFacts,
  SuggestedAddress,
  SuggestedLabels,
  SuggestLabelsOptions,
  ValidateLabelsOptions,
} from './label-tools/index.ts';
export {
  exportLabels,
  importLabels,
  labelStatistics,
  MOST_SUGGESTIONS,
  NoLabelsToExportError,
  NothingToSuggestError,
  parseLabelSetName,
  suggestLabels,
  validateLabels,
} from './label-tools/index.ts';
export type { LeakageReport } from './leakage.ts';
export * from './monitoring/index.ts';
export type { OnPipelineProgress, PipelineProgress, Stage } from './progress.ts';
export { AVAILABLE, labelStrategyByName, parseModelType, splitterByName, trainerByName } from './registry.ts';
export * from './reporting/index.ts';
export type { NamedBatch } from './scoring/partly-published-error.ts';
export { PartlyPublishedError } from './scoring/partly-published-error.ts';
export type { ModelScorer, ScoredPart, SnapshotToScore } from './scoring/score-parts.ts';
export { openModelScorer } from './scoring/score-parts.ts';
export type {
  ScoreOptions,
  ScoreRangeOptions,
  ScoringOptions,
  ScoringResult,
} from './scoring/score-snapshot.ts';
export { scoreSnapshot, scoreSnapshots } from './scoring/score-snapshot.ts';
export type { ScoresFile, WrittenBatch } from './scoring/scores-file.ts';
export { openScoresFile } from './scoring/scores-file.ts';
export type { BatchSummary, TopAddress, TopCluster } from './scoring/summarise-batch.ts';
export * from './submission/index.ts';
export { dryRunTraining, trainModel } from './train-model.ts';
export type { TrainOptions } from './train-options.ts';
export type { PlanCounts } from './training-plan.ts';
export type {
  ConfiguredTuning,
  SamplerName,
  TrainingConfig,
  TunedTrainer,
  TuneOptions,
  TuneResult,
  TuningFlags,
  TuningMetric,
} from './tuning/index.ts';
export {
  assertTunedConfigFile,
  foldsOf,
  NothingToTuneByError,
  SAMPLERS,
  TUNING_METRICS,
  TuningStoppedError,
  tunedConfigFile,
  tuneModel,
  tuningOf,
  writeTunedConfig,
} from './tuning/index.ts';
