import { createHash } from 'node:crypto';
import { type FeatureColumn, InvalidInputError } from '@risk-scoring/contract';
import type { FeatureGroup } from './feature-group.ts';
import { addressGroup } from './groups/address.ts';
import { alertGroup } from './groups/alert.ts';
import { temporalGroup } from './groups/temporal.ts';

/** The groups that a training uses when nobody chooses. */
export const DEFAULT_GROUPS: readonly FeatureGroup[] = [alertGroup, addressGroup, temporalGroup];

/** Values of each encoding in code order: `{ typology: ['fan_in', 'fan_out'] }`. */
export type Encodings = Readonly<Record<string, readonly string[]>>;

/**
 * What fixes a matrix's columns: the groups, and the encodings fitted on training rows. Kept in a
 * model's metadata; scoring rebuilds the same matrix from it.
 */
export interface FeaturePlan {
  readonly groups: readonly string[];
  readonly encodings: Encodings;
}

/**
 * The groups of a plan.
 *
 * @param available the groups there are; those of this package by default
 * @throws {InvalidInputError} for a group that is not among them
 */
export function groupsOfPlan(
  plan: FeaturePlan,
  available: readonly FeatureGroup[] = DEFAULT_GROUPS,
): FeatureGroup[] {
  return plan.groups.map((name) => {
    const group = available.find((candidate) => candidate.name === name);
    if (group === undefined) {
      throw new InvalidInputError({
        what: 'The feature group',
        expected: available.map((candidate) => candidate.name).join(', '),
        found: name,
      });
    }
    return group;
  });
}

/** The columns of some groups, in matrix order. */
export function columnsOf(groups: readonly FeatureGroup[]): FeatureColumn[] {
  return groups.flatMap((group) => group.columns.map((column) => ({ ...column, group: group.name })));
}

/**
 * sha256 over everything that decides what a column's numbers mean: names, order, kinds, the SQL and the encodings.
 * Two matrices with the same hash can be scored by the same model.
 */
export function schemaHash(groups: readonly FeatureGroup[], encodings: Encodings): string {
  const fixed = groups.map((group) => ({
    name: group.name,
    columns: group.columns.map(({ name, kind }) => [name, kind]),
    encodings: Object.keys(group.encodings ?? {}).map((name) => [name, encodings[name] ?? []]),
    sql: group.sql,
  }));
  return createHash('sha256').update(JSON.stringify(fixed)).digest('hex');
}
