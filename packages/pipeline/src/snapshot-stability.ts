import type { FeatureMatrix } from '@risk-scoring/contract';
import {
  type CountedPart,
  distributionOf,
  effectiveRows,
  stabilityBetweenParts,
} from '@risk-scoring/evaluation';

/** The rows of one snapshot of a training period. */
export interface SnapshotRows {
  /** Days since 1970-01-01. */
  readonly date: number;
  /** Rows of the matrix, ascending. */
  readonly rows: Int32Array;
  /** What they are worth where those of one address (of clusters: those that share some) count as one. */
  readonly effectiveRows: number;
}

/**
 * Lists the snapshots of a matrix by date.
 *
 * @example
 * rowsBySnapshot(matrix).map(({ date, rows }) => [dayText(date), rows.length]);
 */
export function rowsBySnapshot({
  keys,
  splitGroups,
}: Pick<FeatureMatrix, 'keys' | 'splitGroups'>): SnapshotRows[] {
  const lists = new Map<number, number[]>();
  keys.processingDates.forEach((date, row) => {
    const list = lists.get(date) ?? [];
    lists.set(date, list);
    list.push(row);
  });
  return [...lists]
    .sort(([a], [b]) => a - b)
    .map(([date, list]) => ({
      date,
      rows: Int32Array.from(list),
      effectiveRows: effectiveRows(list.map((row) => splitGroups[row] ?? -1)),
    }));
}

/**
 * How far each snapshot's values lie from those of all the others, see {@link stabilityBetweenParts}; one index per snapshot, to six decimals, null
 * where there are too few rows.
 *
 * @param values one per row of the matrix
 * @param edges of the bins
 */
export function valuesBetweenSnapshots(
  values: Float32Array,
  { edges, snapshots }: { readonly edges: readonly number[]; readonly snapshots: readonly SnapshotRows[] },
): (number | null)[] {
  return betweenParts(
    snapshots.map(({ rows, effectiveRows }) => ({
      distribution: distributionOf(
        Float32Array.from(rows, (row) => values[row] ?? Number.NaN),
        { edges },
      ),
      rows: rows.length,
      effectiveRows,
    })),
  );
}

/** The same of parts that were counted already; null stands for one that cannot be. */
export function betweenParts(parts: readonly (CountedPart | null)[]): (number | null)[] {
  const found = stabilityBetweenParts(parts.filter((part) => part !== null));
  let next = 0;
  return parts.map((part) => {
    const psi = part === null ? null : (found[next++] ?? null);
    return psi === null ? null : Math.round(psi * 1e6) / 1e6;
  });
}
