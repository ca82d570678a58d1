export type { SettingsOrigin } from './check-settings.ts';
export { InvalidSettingsError } from './check-settings.ts';
export { ConfigError } from './config-error.ts';
export type { ConfigKey } from './config-keys.ts';
export { configKeys } from './config-keys.ts';
export { databaseOptionsOf, environmentOf } from './database-options.ts';
export type { CatalogueGroup, CatalogueMatch } from './feature-catalogue.ts';
export { featureCatalogue, findFeature, findGroup } from './feature-catalogue.ts';
export { featureGroupsOf } from './feature-groups.ts';
export type {
  Config,
  FeatureSettings,
  StorageSettings,
  TrainingSettings,
  TuningSettings,
} from './read-config.ts';
export { readConfig } from './read-config.ts';
export type { ConfiguredTraining, TrainingFlags } from './training-of.ts';
export { trainingOf } from './training-of.ts';
