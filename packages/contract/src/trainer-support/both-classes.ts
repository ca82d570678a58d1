/** Labels and weights of every row of a matrix; `weights` are all 1 when left out. */
export interface TwoSidedLabels {
  readonly labels: ArrayLike<number>;
  readonly weights?: Float32Array | undefined;
  /** ≥ 0; above 0 the row is labelled 1 or 0. */
  readonly counterWeights: Float32Array;
}

/** Rows as a library learns them: a row of the matrix may stand twice, next to itself, with two labels. */
export interface TwoSidedRows {
  readonly rows: Int32Array;
  /** One per entry of `rows`, as is `weights`. */
  readonly labels: Float32Array;
  readonly weights: Float32Array;
}

/**
 * Rows of which one with a counter-weight stands there once with its label and weight and once as the opposite class with the
 * counter-weight; where its weight is 0, as the opposite class alone. That is how Elkan & Noto (2008, "Learning classifiers from only positive
 * and unlabeled data", KDD, "Weighting unlabeled examples") weigh unlabelled examples.
 *
 * @param rows rows of the matrix, which index the lists; their order is kept
 * @example
 * const said = { labels: Int8Array.of(0, 1), weights: Float32Array.of(0.7, 1), counterWeights: Float32Array.of(0.3, 0) };
 * teachBothClasses(Int32Array.of(0, 1), said); // rows [0, 0, 1], labels [0, 1, 1], weights [0.7, 0.3, 1]
 */
export function teachBothClasses(
  rows: Int32Array,
  { labels, weights, counterWeights }: TwoSidedLabels,
): TwoSidedRows {
  const weightOf = (row: number) => (weights === undefined ? 1 : (weights[row] as number));
  const isTwofold = (row: number) => (counterWeights[row] as number) > 0 && weightOf(row) !== 0;
  const length = rows.reduce((sum, row) => sum + (isTwofold(row) ? 2 : 1), 0);
  const taught = {
    rows: new Int32Array(length),
    labels: new Float32Array(length),
    weights: new Float32Array(length),
  };
  let at = 0;
  const teach = (row: number, label: number, weight: number) => {
    taught.rows[at] = row;
    taught.labels[at] = label;
    taught.weights[at] = weight;
    at += 1;
  };
  for (const row of rows) {
    const label = labels[row] as number;
    const counterWeight = counterWeights[row] as number;
    if (counterWeight === 0 || weightOf(row) !== 0) teach(row, label, weightOf(row));
    if (counterWeight > 0) teach(row, 1 - label, counterWeight);
  }
  return taught;
}
