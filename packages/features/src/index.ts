export type { AlertRows } from './alert-rows.ts';
export { readAlertRows } from './alert-rows.ts';
export type { BuildOptions, FeatureSnapshot } from './build-matrix.ts';
export { buildFeatureMatrix, FeatureAlignmentError } from './build-matrix.ts';
export type { Encodings, FeaturePlan } from './catalogue.ts';
export { columnsOf, DEFAULT_GROUPS, groupsOfPlan, schemaHash } from './catalogue.ts';
export { fitEncodings } from './encodings.ts';
export type { FeatureGroup, GroupColumn } from './feature-group.ts';
