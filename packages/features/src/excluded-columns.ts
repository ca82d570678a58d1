import { type FeatureGroup, InvalidInputError, nearestNames } from '@risk-scoring/contract';
import { isOwn, markOwn } from './groups/own-groups.ts';
import { NoFeaturesLeftError } from './matrix/errors.ts';

/**
 * Groups without some of their columns: what a matrix without them is computed from. Their SELECTs stay as they are; the engine leaves out what
 * nobody asks for. A group that loses all its columns is left out.
 *
 * @param excluded names of columns, in any order
 * @returns the groups in their order; the very same ones where nothing of them is excluded
 * @throws {InvalidInputError} for a name that no group has
 * @throws {NoFeaturesLeftError} when nothing would be left
 * @example
 * columnsOf(withoutColumns(DEFAULT_GROUPS, ['severity_encoded'])).length; // one fewer
 */
export function withoutColumns(
  groups: readonly FeatureGroup[],
  excluded: readonly string[] = [],
): FeatureGroup[] {
  if (excluded.length === 0) return [...groups];
  const names = groups.flatMap(({ columns }) => columns.map(({ name }) => name));
  const known = new Set(names);
  const unknown = excluded.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new InvalidInputError({
      what: 'The list of excluded features',
      expected: `columns of the groups ${groups.map(({ name }) => name).join(', ')}`,
      found: unknown.join(', '),
      remedy: `name others, such as ${nearestNames(unknown[0] ?? '', names).join(', ') || names[0]}, or add the group that has them`,
    });
  }
  const away = new Set(excluded);
  const left = groups.flatMap((group) => {
    const columns = group.columns.filter(({ name }) => !away.has(name));
    if (columns.length === group.columns.length) return [group];
    if (columns.length === 0) return [];
    const rest: FeatureGroup = { ...group, columns };
    return [isOwn(group) ? markOwn(rest) : rest];
  });
  if (left.length === 0) throw new NoFeaturesLeftError({ groups: groups.map(({ name }) => name) });
  return left;
}
