// What a program that runs the pipeline needs of its stages, so that it depends on this package alone.

export type { SnapshotSummary } from '@risk-scoring/extraction';
export { listSnapshots, validatePeriod } from '@risk-scoring/extraction';
export type { ModelMetadata, SavedModel, StoredModel, TrainedModelRow } from '@risk-scoring/model-storage';
export { listModels, loadModel } from '@risk-scoring/model-storage';
export type {
  DatabaseBehaviour,
  DatabaseOptions,
  DatabaseStatus,
  FileOutcome,
  IngestLimits,
  IngestProgress,
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
  openDatabase,
  resolveDataDir,
  serverFromEnvironment,
  vacuum,
} from '@risk-scoring/storage';
export type { CatalogueGroup, CatalogueMatch, Config, FeatureSettings } from './config/index.ts';
export {
  ConfigError,
  featureCatalogue,
  featureGroupsOf,
  findFeature,
  findGroup,
  readConfig,
} from './config/index.ts';
export type { CheckStatus, InspectOptions, MachineCheck } from './doctor/index.ts';
export { inspectMachine, worstStatus } from './doctor/index.ts';
export type { ExportedFeatures, ExportFeaturesOptions, ExportProgress } from './export-features.ts';
export { exportFeatures } from './export-features.ts';
export type { LeakageReport } from './leakage.ts';
export type { OnPipelineProgress, PipelineProgress, Stage } from './progress.ts';
export { AVAILABLE, labelStrategyByName, parseModelType, splitterByName, trainerByName } from './registry.ts';
export type { ScoreOptions, ScoringResult, TopAddress } from './score-snapshot.ts';
export { scoreSnapshot } from './score-snapshot.ts';
export { dryRunTraining, trainModel } from './train-model.ts';
export type { TrainOptions } from './train-options.ts';
export type { PlanCounts } from './training-plan.ts';
