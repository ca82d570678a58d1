/** Rows of numbers of equal scale, and the label of each. */
export interface Examples {
  readonly rows: readonly Float64Array[];
  readonly labels: readonly number[];
}

const STEPS = 300;
const STEP = 0.5;
const RIDGE = 0.002;

/** Logistic regression by gradient descent with a ridge; returns a scorer. Enough to see whether there is something to learn. */
export function fitLogisticRegression({ rows, labels }: Examples): (row: Float64Array) => number {
  const width = rows[0]?.length ?? 0;
  const weights = new Float64Array(width);
  let bias = 0;
  const score = (row: Float64Array) => row.reduce((sum, value, i) => sum + value * weights[i], bias);
  for (let step = 0; step < STEPS; step++) {
    const gradient = new Float64Array(width);
    let biasGradient = 0;
    rows.forEach((row, i) => {
      const error = 1 / (1 + Math.exp(-score(row))) - (labels[i] as number);
      biasGradient += error;
      for (let column = 0; column < width; column++) gradient[column] += error * row[column];
    });
    bias -= (STEP * biasGradient) / rows.length;
    for (let column = 0; column < width; column++) {
      weights[column] -= STEP * (gradient[column] / rows.length + RIDGE * weights[column]);
    }
  }
  return score;
}
