export type { LoadedGroup } from './assert-distinct.ts';
export { BUILT_IN } from './assert-distinct.ts';
export { checkFeatureGroup } from './check-feature-group.ts';
export { FeatureGroupConflictError, FeatureGroupError, FeatureGroupSourceError } from './errors.ts';
export type { LoadOptions } from './load-feature-groups.ts';
export { loadFeatureGroups } from './load-feature-groups.ts';
