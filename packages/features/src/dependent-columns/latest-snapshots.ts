import type { FeatureSnapshot } from '../matrix/chunks.ts';

/** Snapshots of about this many rows are looked at, so that the cost has a bound. */
const MOST_ROWS = 50_000;

/** The latest snapshots of no more rows than are looked at, but one at least. */
export function latestSnapshots(snapshots: readonly FeatureSnapshot[]): FeatureSnapshot[] {
  let rows = 0;
  const first = snapshots.findLastIndex((snapshot) => {
    rows += snapshot.rows;
    return rows > MOST_ROWS;
  });
  return snapshots.slice(Math.min(first + 1, Math.max(0, snapshots.length - 1)));
}
