export { type Crossing, crossedThresholds } from './crossed-thresholds.ts';
export { type DriftOptions, driftOfSnapshot } from './drift-of-snapshot.ts';
export { ModelHasNoReferenceError, NothingToMonitorError } from './errors.ts';
export {
  type MonitoredSnapshot,
  type Monitoring,
  type MonitorOptions,
  monitorModel,
} from './monitor-model.ts';
export type { RealisedFigures, RealisedLabels } from './realised.ts';
export type { FeatureDrift, SnapshotDrift, Stability } from './snapshot-drift.ts';
export { DEFAULT_THRESHOLDS, type MonitorThresholds } from './thresholds.ts';
