export type { AlertRows } from './alert-rows.ts';
export { readAlertRows } from './alert-rows.ts';
export type { ClusterMatrixOptions } from './build-cluster-matrix.ts';
export { buildClusterMatrix, CLUSTER_GROUPS } from './build-cluster-matrix.ts';
export type { BuildOptions } from './build-matrix.ts';
export { buildFeatureMatrix, recomputeLabelColumns } from './build-matrix.ts';
export type { Encodings, FeaturePlan } from './catalogue.ts';
export {
  ALL_GROUPS,
  columnsOf,
  DEFAULT_GROUPS,
  groupsOfPlan,
  planOf,
  readsEarlier,
  schemaHash,
} from './catalogue.ts';
export { connectByClusters, readClusterRows } from './cluster-rows.ts';
export type { DependenceOptions, RawColumns } from './dependent-columns/index.ts';
export { findDependentColumns } from './dependent-columns/index.ts';
export { fitEncodings } from './encodings.ts';
export { withoutColumns } from './excluded-columns.ts';
export type { LoadedGroup, LoadOptions } from './extension/index.ts';
export {
  BUILT_IN,
  checkFeatureGroup,
  FeatureGroupConflictError,
  FeatureGroupError,
  FeatureGroupSourceError,
  loadFeatureGroups,
} from './extension/index.ts';
export type { AlertGroupSettings } from './groups/alert.ts';
export { createAlertGroup } from './groups/alert.ts';
export type { CrossNetworkSettings } from './groups/cross-network.ts';
export { createCrossNetworkGroup } from './groups/cross-network.ts';
export type { LabelVisibility } from './label-visibility.ts';
export { ALL_LABELS } from './label-visibility.ts';
export type { FeatureSnapshot } from './matrix/chunks.ts';
export type { ColumnReport } from './matrix/column-report.ts';
export { reportColumns } from './matrix/column-report.ts';
export {
  DuplicateFeaturesError,
  FeatureAlignmentError,
  FeatureSqlError,
  NoFeaturesLeftError,
  SnapshotsReplacedError,
} from './matrix/errors.ts';
export type { FeatureProgress } from './matrix/fill-matrix.ts';
export { partsOfSnapshot } from './matrix/parts-of-snapshot.ts';
export { assertBlindToOwnLabels } from './own-labels.ts';
export { relationsRead } from './relations/compose-query.ts';
export type { SnapshotPart } from './relations/scope.ts';
