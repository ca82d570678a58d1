import { type TrainRequest, teachBothClasses } from '@risk-scoring/contract';

/** Rows as XGBoost learns or judges them. */
export interface Lesson {
  /** Rows of the matrix; a row may stand twice, next to itself, with two labels. */
  readonly rows: Int32Array;
  /** One per entry of `rows`. */
  readonly labels: Float32Array;
  /** One per entry of `rows`; of a ranker one per query. */
  readonly weights: Float32Array;
  /** How many entries each query has, in their order; undefined for a scorer. */
  readonly groups: Uint32Array | undefined;
}

/** What there is to learn; each list has one entry per row of the matrix. */
export interface Teaching extends Pick<TrainRequest, 'labels' | 'weights' | 'counterWeights'> {
  /** Of a ranker alone: what it orders within, and how much each row matters. */
  readonly ranking: { readonly queryIds: Int32Array; readonly grades: Int8Array | Uint8Array } | undefined;
}

/** The rows of a training, or of its validation, as XGBoost takes them. */
export function lessonOf(rows: Int32Array, teaching: Teaching): Lesson {
  const { ranking, counterWeights } = teaching;
  if (ranking !== undefined) return rankerLesson(rows, { ...ranking, weights: teaching.weights });
  const { labels, weights } = teaching;
  if (counterWeights !== undefined)
    return { ...teachBothClasses(rows, { labels, weights, counterWeights }), groups: undefined };
  return {
    rows,
    labels: Float32Array.from(rows, (row) => labels[row] as number),
    weights: Float32Array.from(rows, (row) => weights[row] as number),
    groups: undefined,
  };
}

/**
 * The rows of each query next to each other, in their order, queries by their code. XGBoost weighs queries, not rows: a query's weight is the mean of
 * its rows'.
 *
 * @param teaching `queryIds` are dense codes
 * @example
 * rankerLesson(Int32Array.of(0, 1, 2), { grades: Uint8Array.of(0, 1, 2), weights: Float32Array.of(1, 1, 0.5), queryIds: Int32Array.of(1, 0, 1) });
 * // rows [1, 0, 2], labels [1, 0, 2], weights [1, 0.75], groups [1, 2]
 */
export function rankerLesson(
  rows: Int32Array,
  teaching: Pick<Teaching, 'weights'> & NonNullable<Teaching['ranking']>,
): Lesson {
  const { grades, weights, queryIds } = teaching;
  const codes = rows.reduce((most, row) => Math.max(most, queryIds[row] as number), -1) + 1;
  const counts = new Uint32Array(codes);
  const sums = new Float64Array(codes);
  for (const row of rows) {
    const query = queryIds[row] as number;
    counts[query] = (counts[query] as number) + 1;
    sums[query] = (sums[query] as number) + (weights[row] as number);
  }
  const next = new Uint32Array(codes + 1);
  for (let query = 0; query < codes; query++)
    next[query + 1] = (next[query] as number) + (counts[query] as number);
  const sorted = new Int32Array(rows.length);
  for (const row of rows) {
    const query = queryIds[row] as number;
    sorted[next[query] as number] = row;
    next[query] = (next[query] as number) + 1;
  }
  const present = Uint32Array.from(counts.keys()).filter((query) => (counts[query] as number) > 0);
  return {
    rows: sorted,
    labels: Float32Array.from(sorted, (row) => grades[row] as number),
    weights: Float32Array.from(present, (query) => (sums[query] as number) / (counts[query] as number)),
    groups: present.map((query) => counts[query] as number),
  };
}
