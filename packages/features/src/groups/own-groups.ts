import type { FeatureGroup } from '@risk-scoring/contract';

const own = new WeakSet<FeatureGroup>();

/** Says that a group is of this package, whose tests show that it keeps the snapshots of one query apart. */
export function markOwn<T extends FeatureGroup>(group: T): T {
  own.add(group);
  return group;
}

/** Whether a group is of this package. Of all others a query computes one snapshot, so that they cannot look ahead. */
export function isOwn(group: FeatureGroup): boolean {
  return own.has(group);
}
