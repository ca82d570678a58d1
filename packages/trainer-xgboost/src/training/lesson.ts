import type { TrainRequest } from '@risk-scoring/contract';

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
  if (counterWeights !== undefined) return weighedLesson(rows, { ...teaching, counterWeights });
  const { labels, weights } = teaching;
  return {
    rows,
    labels: Float32Array.from(rows, (row) => labels[row] as number),
    weights: Float32Array.from(rows, (row) => weights[row] as number),
    groups: undefined,
  };
}

/**
 * Rows of which one with a counter-weight stands there once with its label and weight and once as the opposite class with the
 * counter-weight; where its weight is 0, as the opposite class alone. That is how Elkan & Noto (2008, "Learning classifiers from only positive
 * and unlabeled data", KDD, "Weighting unlabeled examples") weigh unlabelled examples.
 *
 * @example
 * const teaching = { labels: Int8Array.of(0, 1), weights: Float32Array.of(0.7, 1), counterWeights: Float32Array.of(0.3, 0) };
 * weighedLesson(Int32Array.of(0, 1), teaching); // rows [0, 0, 1], labels [0, 1, 1], weights [0.7, 0.3, 1]
 */
export function weighedLesson(
  rows: Int32Array,
  teaching: Required<Pick<TrainRequest, 'labels' | 'weights' | 'counterWeights'>>,
): Lesson {
  const { labels, weights, counterWeights } = teaching;
  const length = rows.reduce(
    (sum, row) => sum + ((counterWeights[row] as number) > 0 && weights[row] !== 0 ? 2 : 1),
    0,
  );
  const taught = {
    rows: new Int32Array(length),
    labels: new Float32Array(length),
    weights: new Float32Array(length),
    groups: undefined,
  };
  let at = 0;
  const teach = (row: number, label: number, weight: number) => {
    taught.rows[at] = row;
    taught.labels[at] = label;
    taught.weights[at] = weight;
    at += 1;
  };
  for (const row of rows) {
    const [label, weight] = [labels[row] as number, weights[row] as number];
    const counterWeight = counterWeights[row] as number;
    if (counterWeight === 0 || weight !== 0) teach(row, label, weight);
    if (counterWeight > 0) teach(row, 1 - label, counterWeight);
  }
  return taught;
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
