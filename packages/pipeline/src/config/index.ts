export { ConfigError } from './config-error.ts';
export type { CatalogueGroup, CatalogueMatch } from './feature-catalogue.ts';
export { featureCatalogue, findFeature, findGroup } from './feature-catalogue.ts';
export { featureGroupsOf } from './feature-groups.ts';
export type { Config, FeatureSettings } from './read-config.ts';
export { readConfig } from './read-config.ts';
