import type { LightGBMParameters } from '@risk-scoring/lightgbm';

/** The parameters of a scorer and a ranker where nobody chooses others. */
const SHARED: LightGBMParameters = {
  num_leaves: 31,
  feature_fraction: 0.9,
  bagging_fraction: 0.8,
  bagging_freq: 5,
  min_data_in_leaf: 20,
};
const SCORER: LightGBMParameters = { objective: 'binary', learning_rate: 0.05 };
const RANKER: LightGBMParameters = { objective: 'lambdarank', learning_rate: 0.1 };

/**
 * LightGBM 4.1 numbers the entries of sparse bins with 16 bits where it expects at most 65,535 of them, by the density of the whole data set; a
 * subset of denser rows has more, and the process is corrupted (`MultiValBin::CreateMultiValSparseBin`). Folds are subsets, so bins are dense.
 */
const SAFE_SUBSETS: LightGBMParameters = { is_enable_sparse: false };

/** With these the trees are the same for any number of threads; with force_row_wise they depend on it. */
const REPRODUCIBLE: LightGBMParameters = { deterministic: true, force_col_wise: true };

/**
 * What a trainer gives LightGBM where nobody chooses something else.
 *
 * @example
 * defaultParameters(true, 2).objective; // 'lambdarank'
 */
export function defaultParameters(ranks: boolean, threads: number): LightGBMParameters {
  return {
    ...(ranks ? RANKER : SCORER),
    ...SHARED,
    ...REPRODUCIBLE,
    ...SAFE_SUBSETS,
    num_threads: threads,
  };
}

/**
 * The parameters that make LightGBM evaluate a metric: one that has a cut-off in its name is chosen by two.
 *
 * @example
 * metricParameters('ndcg@10'); // { metric: 'ndcg', eval_at: [10] }
 */
export function metricParameters(metric: string): LightGBMParameters {
  const [name = '', cutoff] = metric.split('@');
  return cutoff === undefined ? { metric: name } : { metric: name, eval_at: [Number(cutoff)] };
}
