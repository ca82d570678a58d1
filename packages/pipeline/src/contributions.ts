import { createRandom, type FeatureMatrix, type TrainedModel } from '@risk-scoring/contract';

/** Rows whose contributions are averaged: enough for a mean, few enough to be quick. */
const MOST_ROWS = 2000;

/** What each feature adds to the raw scores, over some rows. */
export interface ContributionSummary {
  readonly rows: number;
  /** The mean raw score that contributions start from. */
  readonly base_value: number;
  /** Mean size of the feature's contribution (SHAP value), in the unit of the raw score, largest first. */
  readonly mean_abs: Readonly<Record<string, number>>;
}

/**
 * Averages the sizes of the features' contributions, as the model itself explains them.
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
  };
}
