import { createHash } from 'node:crypto';
import { type FeatureColumn, type FeatureGroup, InvalidInputError } from '@risk-scoring/contract';
import { withoutColumns } from './excluded-columns.ts';
import { addressGroup } from './groups/address.ts';
import { alertGroup } from './groups/alert.ts';
import { clusterGroup } from './groups/cluster.ts';
import { historyGroup, recurrenceGroup } from './groups/history.ts';
import { labelNeighbourhoodGroup } from './groups/label-neighbourhood.ts';
import { networkGroup } from './groups/network.ts';
import { markOwn } from './groups/own-groups.ts';
import { statisticalGroup } from './groups/statistical.ts';
import { temporalGroup } from './groups/temporal.ts';
import { RELATIONS_VERSION, relationsRead } from './relations/compose-query.ts';

/** The groups that a training uses when nobody chooses. */
export const DEFAULT_GROUPS: readonly FeatureGroup[] = [
  alertGroup,
  addressGroup,
  temporalGroup,
  statisticalGroup,
  clusterGroup,
  networkGroup,
  historyGroup,
];

/** All groups of this package: the default ones, and those to choose. */
export const ALL_GROUPS: readonly FeatureGroup[] = [
  ...DEFAULT_GROUPS,
  recurrenceGroup,
  labelNeighbourhoodGroup,
];

for (const group of ALL_GROUPS) markOwn(group);

/** Values of each encoding in code order: `{ typology: ['fan_in', 'fan_out'] }`. */
export type Encodings = Readonly<Record<string, readonly string[]>>;

/**
 * What fixes a matrix's columns: the groups, and the encodings fitted on training rows. Kept in a
 * model's metadata; scoring rebuilds the same matrix from it.
 */
export interface FeaturePlan {
  readonly groups: readonly string[];
  readonly encodings: Encodings;
  /** Groups that are not this package's own, whole: so that a model can score where their package is not installed. */
  readonly definitions?: readonly FeatureGroup[];
  /** Columns of the groups that the matrix is without, in the order that they would have in it; absent where there is none. */
  readonly excluded?: readonly string[];
}

/**
 * The plan of some groups.
 *
 * @param excluded columns to leave out, in any order, such as those that `findDependentColumns` found
 * @throws {InvalidInputError} for an excluded column that no group has
 * @throws {NoFeaturesLeftError} when all are excluded
 * @example
 * planOf([...DEFAULT_GROUPS, mine], encodings).definitions; // [mine]
 */
export function planOf(
  groups: readonly FeatureGroup[],
  encodings: Encodings,
  excluded: readonly string[] = [],
): FeaturePlan {
  withoutColumns(groups, excluded);
  const away = new Set(excluded);
  const definitions = groups.filter((group) => !ALL_GROUPS.includes(group));
  return {
    groups: groups.map((group) => group.name),
    encodings,
    ...(definitions.length > 0 ? { definitions } : {}),
    ...(away.size > 0 ? { excluded: namesOf(groups).filter((name) => away.has(name)) } : {}),
  };
}

function namesOf(groups: readonly FeatureGroup[]): string[] {
  return groups.flatMap((group) => group.columns.map(({ name }) => name));
}

/**
 * The groups of a plan, whole; `withoutColumns` takes away what the plan excludes.
 *
 * @param available the groups there are besides those that the plan defines; those of this package by default
 * @throws {InvalidInputError} for a group that is not among them
 */
export function groupsOfPlan(
  plan: FeaturePlan,
  available: readonly FeatureGroup[] = ALL_GROUPS,
): FeatureGroup[] {
  const known = [...(plan.definitions ?? []), ...available];
  return plan.groups.map((name) => {
    const group = known.find((candidate) => candidate.name === name);
    if (group === undefined) {
      throw new InvalidInputError({
        what: 'The feature group',
        expected: known.map((candidate) => candidate.name).join(', '),
        found: name,
      });
    }
    return group;
  });
}

/**
 * Whether a group looks at snapshots before the one that it computes: then these, too, decide its values.
 *
 * @example
 * DEFAULT_GROUPS.filter(readsEarlier).map((group) => group.name); // ['statistical', 'history']
 */
export function readsEarlier(group: FeatureGroup): boolean {
  return group.readsLabels === true || relationsRead(group).some((name) => name.startsWith('earlier_'));
}

/** The columns of some groups, in matrix order; without some of them where they are excluded. */
export function columnsOf(
  groups: readonly FeatureGroup[],
  excluded: readonly string[] = [],
): FeatureColumn[] {
  return withoutColumns(groups, excluded).flatMap((group) =>
    group.columns.map((column) => ({ ...column, group: group.name })),
  );
}

/**
 * sha256 over everything that decides what a column's numbers mean: names, order, kinds, the SQL, what it reads and the
 * encodings. Two matrices with the same hash can be scored by the same model. Of excluded columns it knows nothing.
 */
export function schemaHash(
  groups: readonly FeatureGroup[],
  encodings: Encodings,
  excluded: readonly string[] = [],
): string {
  const fixed = withoutColumns(groups, excluded).map((group) => ({
    relations: RELATIONS_VERSION,
    name: group.name,
    per: group.per,
    columns: group.columns.map(({ name, kind, absent = null }) => [name, kind, absent]),
    encodings: Object.entries(group.encodings ?? {}).map(([name, column]) => [
      name,
      column,
      encodings[name] ?? [],
    ]),
    severalSnapshots: group.severalSnapshots === true,
    readsLabels: group.readsLabels === true,
    otherNetworks: group.otherNetworks ?? [],
    sql: group.sql,
  }));
  return createHash('sha256').update(JSON.stringify(fixed)).digest('hex');
}
