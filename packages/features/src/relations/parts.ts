import type { FeatureGroup } from '@risk-scoring/contract';
import { isOwn } from '../groups/own-groups.ts';
import type { Params, SnapshotPart } from './scope.ts';

/**
 * The relations that a group of this package may read a part's rows of alone, because what it says of an address depends on no other address's
 * rows there. Every other relation it reads whole, as groups of others do all.
 */
const OF_THE_ADDRESS_ALONE: Readonly<Record<string, readonly string[]>> = {
  alert: ['alerts'],
  address: ['features'],
  temporal: ['alerts', 'features'],
  // Its percentiles are of all alerts of the snapshot; earlier ones count per address.
  statistical: ['earlier_alerts'],
  // Of its counterparties it reads the features, whoever they are.
  network: ['alerts', 'money_flows'],
  history: ['alerts', 'features', 'earlier_features'],
  recurrence: ['alerts', 'features', 'earlier_alerts', 'earlier_features'],
  'label-neighbourhood': ['alerts', 'money_flows'],
};

/** The relations of which a group needs a part's rows alone. */
export function narrowedFor(group: FeatureGroup): ReadonlySet<string> {
  return new Set(isOwn(group) ? OF_THE_ADDRESS_ALONE[group.name] : []);
}

/**
 * Whether a row is of a part, as a condition: by the address's key, so that an address's rows are all of one part.
 *
 * @param keys the columns of keys; one of them is enough
 * @example
 * ofPart({ index: 0, of: 4 }, ['address_key'], params); // '(toUInt64(address_key) % {part_of:UInt64} = {part_index:UInt64})'
 */
export function ofPart(part: SnapshotPart, keys: readonly string[], params: Params): string {
  params.part_index = part.index;
  params.part_of = part.of;
  const conditions = keys.map((key) => `${partOf(key)} = {part_index:UInt64}`);
  return `(${conditions.join(' OR ')})`;
}

/** The number of the part that a key falls to. Half of the key is enough: it is a hash. */
export function partOf(key: string): string {
  return `toUInt64(${key}) % {part_of:UInt64}`;
}
