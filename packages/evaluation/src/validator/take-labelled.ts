/** Rows that have a class. */
export interface LabelledScores {
  readonly labels: Int8Array;
  readonly scores: Float64Array;
  /** The places that they had. */
  readonly rows: Int32Array;
}

/** The rows whose label is not −1, in order. */
export function takeLabelled(scores: Float64Array, labels: Int8Array): LabelledScores {
  const rows = new Int32Array(labels.length);
  let count = 0;
  for (let row = 0; row < labels.length; row++) if (labels[row] >= 0) rows[count++] = row;
  const taken = rows.slice(0, count);
  return {
    labels: Int8Array.from(taken, (row) => labels[row]),
    scores: Float64Array.from(taken, (row) => scores[row]),
    rows: taken,
  };
}
