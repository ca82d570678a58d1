import type { FeatureMatrix } from '@risk-scoring/contract';
import { sampleData } from './sample-data.ts';

/** A problem of order: four grades that the first two columns tell, with queries whose rows are nowhere next to each other. */
export function rankingData({ rows = 3000, queries = 60, seed = 1 } = {}) {
  const sample = sampleData({ rows, seed });
  const { values } = sample.data;
  const signal = Float64Array.from({ length: rows }, (_, row) => {
    const [first, second] = [values[row] || 0, values[rows + row] || 0];
    return first + second ** 2 + 0.3 * Math.sin(row * 12.9898);
  });
  const relevance = Uint8Array.from(signal, (value) => Math.min(3, Math.max(0, Math.floor(value))));
  const queryIds = Int32Array.from({ length: rows }, (_, row) => row % queries);
  const data: FeatureMatrix = { ...sample.data, queryIds };
  return { ...sample, data, relevance };
}

/** The rows of a request's matrix in another order, as a matrix of its own: row i is row `order[i]`. */
export function reorderMatrix(data: FeatureMatrix, order: Int32Array): FeatureMatrix {
  const values = new Float32Array(order.length * data.columns.length);
  for (let column = 0; column < data.columns.length; column++) {
    for (const [i, row] of order.entries())
      values[column * order.length + i] = data.values[column * data.rows + row] ?? Number.NaN;
  }
  const pick = (list: Int32Array) => order.map((row) => list[row] ?? 0);
  return {
    ...data,
    values,
    rows: order.length,
    keys: {
      processingDates: pick(data.keys.processingDates),
      ids: Array.from(order, (row) => data.keys.ids[row] ?? ''),
    },
    splitGroups: pick(data.splitGroups),
    queryIds: pick(data.queryIds),
  };
}

/**
 * Normalized discounted cumulative gain at a cut-off (Järvelin & Kekäläinen 2002), gains 2^grade - 1, discounts 1 / log2(position + 1), the mean over
 * queries; a query of one grade only counts 1, as in LightGBM.
 */
export function meanNdcg(
  scores: ArrayLike<number>,
  grades: ArrayLike<number>,
  { queries, at }: { queries: ArrayLike<number>; at: number },
): number {
  const rowsOf = new Map<number, number[]>();
  for (let i = 0; i < queries.length; i++) {
    const query = queries[i] as number;
    rowsOf.set(query, [...(rowsOf.get(query) ?? []), i]);
  }
  const dcg = (rows: readonly number[]) =>
    rows.slice(0, at).reduce((sum, row, i) => sum + (2 ** (grades[row] as number) - 1) / Math.log2(i + 2), 0);
  const ratios = Array.from(rowsOf.values(), (rows) => {
    const best = dcg([...rows].sort((a, b) => (grades[b] as number) - (grades[a] as number)));
    return best === 0
      ? 1
      : dcg([...rows].sort((a, b) => (scores[b] as number) - (scores[a] as number))) / best;
  });
  return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
}
