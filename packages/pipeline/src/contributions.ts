import { createRandom, type FeatureMatrix, type TrainedModel } from '@risk-scoring/contract';
import { spearman } from '@risk-scoring/evaluation';

/** Rows whose contributions are averaged: enough for a mean, few enough to be quick. */
const MOST_ROWS = 2000;

/** A direction of fewer rows would be by chance. */
const FEWEST_ROWS = 10;

/** What each feature adds to the raw scores, over some rows. */
export interface ContributionSummary {
  readonly rows: number;
  /** The mean raw score that contributions start from. */
  readonly base_value: number;
  /** Mean size of the feature's contribution (SHAP value), in the unit of the raw score, largest first. */
  readonly mean_abs: Readonly<Record<string, number>>;
  /**
   * Which way a feature pushes: Spearman's ρ of its values with its contributions, over the rows that have a value; 1 where higher values always raise
   * the score. Null for a feature that adds nothing, never varies or hardly ever has a value.
   */
  readonly direction: Readonly<Record<string, number | null>>;
}

/**
 * Averages the sizes of the features' contributions, as the model itself explains them, and tells which way they push.
 *
 * @returns null where the model cannot explain itself
 */
export async function summariseContributions(
  model: TrainedModel,
  {
    matrix,
    rows,
    seed,
  }: { readonly matrix: FeatureMatrix; readonly rows: Int32Array; readonly seed: number },
): Promise<ContributionSummary | null> {
  if (model.explain === undefined || rows.length === 0) return null;
  const some =
    rows.length <= MOST_ROWS
      ? rows
      : createRandom(seed, 'contributions').shuffle(rows.slice()).slice(0, MOST_ROWS).sort();
  const { values, features } = await model.explain(matrix, { rows: some });
  const sums = new Float64Array(features + 1);
  for (let at = 0; at < values.length; at++) {
    const feature = at % (features + 1);
    const value = values[at] ?? 0;
    sums[feature] = (sums[feature] ?? 0) + (feature === features ? value : Math.abs(value));
  }
  const means = Array.from(sums, (sum) => sum / some.length);
  const pairs = matrix.columns.map(({ name }, feature): [string, number] => [name, means[feature] ?? 0]);
  return {
    rows: some.length,
    base_value: means[features] ?? 0,
    mean_abs: Object.fromEntries(pairs.sort((a, b) => b[1] - a[1])),
    direction: Object.fromEntries(
      matrix.columns.map(({ name }, feature) => [
        name,
        (means[feature] ?? 0) > 0 ? directionOf(feature, { matrix, rows: some, values, features }) : null,
      ]),
    ),
  };
}

function directionOf(
  feature: number,
  of: {
    readonly matrix: FeatureMatrix;
    readonly rows: Int32Array;
    readonly values: ArrayLike<number>;
    readonly features: number;
  },
): number | null {
  const column = of.matrix.values.subarray(feature * of.matrix.rows, (feature + 1) * of.matrix.rows);
  const known = Array.from(of.rows, (row, at) => ({ row, at })).filter(
    ({ row }) => !Number.isNaN(column[row] ?? Number.NaN),
  );
  if (known.length < FEWEST_ROWS) return null;
  const inputs = Float64Array.from(known, ({ row }) => column[row] ?? Number.NaN);
  const added = Float64Array.from(known, ({ at }) => of.values[at * (of.features + 1) + feature] ?? 0);
  return spearman(inputs, added);
}
