import type { FeatureGroup } from '@risk-scoring/contract';
import {
  ALL_GROUPS,
  createAlertGroup,
  createCrossNetworkGroup,
  DEFAULT_GROUPS,
  type LoadedGroup,
  loadFeatureGroups,
} from '@risk-scoring/features';
import type { Config, FeatureSettings } from './read-config.ts';

/** The part of a configuration that features are made of. */
export type FeatureConfig = Pick<Config, 'folder' | 'features'>;

/**
 * The feature groups that a configuration asks for, in the order of the matrix.
 *
 * @throws {RiskScoringError} for a group that is not there, cannot be loaded or breaks the contract
 * @example
 * const featureGroups = await featureGroupsOf(await readConfig({ folder: process.cwd() }));
 * await trainModel(database, { ...options, featureGroups });
 */
export async function featureGroupsOf(config: FeatureConfig): Promise<FeatureGroup[]> {
  return (await loadGroups(config)).map(({ group }) => group);
}

/** The same, each group with its origin. */
export function loadGroups({ folder, features }: FeatureConfig): Promise<LoadedGroup[]> {
  return loadFeatureGroups(features.groups, {
    folder,
    known: builtInGroups(features),
    defaults: DEFAULT_GROUPS.map(({ name }) => name),
  });
}

/** The groups that need neither package nor file, made with the settings. */
export function builtInGroups({ evidenceKeys, otherNetworks }: FeatureSettings): FeatureGroup[] {
  const withEvidence = (group: FeatureGroup) =>
    group.name === 'alert' && evidenceKeys.length > 0 ? createAlertGroup({ evidenceKeys }) : group;
  const crossNetwork = otherNetworks.length > 0 ? [createCrossNetworkGroup({ networks: otherNetworks })] : [];
  return [...ALL_GROUPS.map(withEvidence), ...crossNetwork];
}
