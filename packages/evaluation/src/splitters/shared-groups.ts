import type { Split } from '@risk-scoring/contract';

/** How far a model is judged on what it has met before. */
export interface SharedGroups {
  /** Groups of test rows that have training rows too. */
  readonly groups: number;
  /** Their share of the groups of test rows, 0..1; 0 where there are no test rows. */
  readonly share: number;
}

/**
 * How many groups (addresses, clusters) of the test rows have training rows too. None after a split by address.
 *
 * @param splitGroups one code of 0 or greater per row of the whole data set
 * @example
 * sharedGroups(Int32Array.of(0, 0, 1, 2), { train: Int32Array.of(0), test: Int32Array.of(1, 2) }); // { groups: 1, share: 0.5 }
 */
export function sharedGroups(splitGroups: Int32Array, { train, test }: Split): SharedGroups {
  const learned = new Set<number>();
  for (const row of train) learned.add(splitGroups[row]);
  const tested = new Set<number>();
  for (const row of test) tested.add(splitGroups[row]);
  let groups = 0;
  for (const group of tested) if (learned.has(group)) groups++;
  return { groups, share: tested.size > 0 ? groups / tested.size : 0 };
}
