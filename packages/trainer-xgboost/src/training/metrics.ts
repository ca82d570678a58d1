import type { Kind } from '../options/options.ts';

/** The metrics of XGBoost 1.7 that say something of each kind of model. */
const METRICS: Readonly<Record<Kind, RegExp>> = {
  scorer: /^(logloss|error(@0?\.\d+)?|auc|aucpr|rmse|mae)$/,
  ranker: /^(ndcg|map|pre)(@[1-9]\d*)?-?$/,
};

/** Whether a kind of model can be watched by a metric. */
export function isMetric(kind: Kind, name: string): boolean {
  return METRICS[kind].test(name);
}

/** Of XGBoost's metrics these grow as a model gets better; the others are losses. */
export function isHigherBetter(metric: string): boolean {
  return /^(auc|aucpr|ndcg|map|pre)\b/.test(metric);
}
