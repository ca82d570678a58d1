export { assertCluster, ClusterConfigurationError } from './assert-cluster.ts';
export { onCluster } from './cluster-name.ts';
export { clusterSettings, colocatedJoin } from './cluster-settings.ts';
export { ClusterStatementError } from './cluster-statement-error.ts';
export { clusterStatements } from './cluster-statements.ts';
export { localTable, placement } from './placement.ts';
