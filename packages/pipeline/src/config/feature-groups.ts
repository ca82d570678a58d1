import type { FeatureGroup, ModelType } from '@risk-scoring/contract';
import {
  ALL_GROUPS,
  CLUSTER_GROUPS,
  createAlertGroup,
  createCrossNetworkGroup,
  type LoadedGroup,
  loadFeatureGroups,
} from '@risk-scoring/features';
import { defaultGroupsOf } from '../training-subject.ts';
import type { Config, FeatureSettings } from './read-config.ts';

/** The part of a configuration that features are made of. */
export type FeatureConfig = Pick<Config, 'folder' | 'features'>;

/**
 * The feature groups that a configuration asks for, in the order of the matrix.
 *
 * @param modelType what `...` stands for depends on it: the default groups of alerts, or those of clusters
 * @throws {RiskScoringError} for a group that is not there, cannot be loaded or breaks the contract
 * @example
 * const featureGroups = await featureGroupsOf(await readConfig({ folder: process.cwd() }));
 * await trainModel(database, { ...options, featureGroups });
 */
export async function featureGroupsOf(
  config: FeatureConfig,
  modelType: ModelType = 'alert_scorer',
): Promise<FeatureGroup[]> {
  return (await loadGroups(config, modelType)).map(({ group }) => group);
}

/** The same, each group with its origin. */
export function loadGroups(
  { folder, features }: FeatureConfig,
  modelType: ModelType = 'alert_scorer',
): Promise<LoadedGroup[]> {
  return loadFeatureGroups(features.groups, {
    folder,
    known: modelType === 'cluster_scorer' ? CLUSTER_GROUPS : builtInGroups(features),
    defaults: defaultGroupsOf(modelType).map(({ name }) => name),
  });
}

/** The groups that need neither package nor file, made with the settings. */
export function builtInGroups({ evidenceKeys, otherNetworks }: FeatureSettings): FeatureGroup[] {
  const withEvidence = (group: FeatureGroup) =>
    group.name === 'alert' && evidenceKeys.length > 0 ? createAlertGroup({ evidenceKeys }) : group;
  const crossNetwork = otherNetworks.length > 0 ? [createCrossNetworkGroup({ networks: otherNetworks })] : [];
  return [...ALL_GROUPS.map(withEvidence), ...crossNetwork];
}
