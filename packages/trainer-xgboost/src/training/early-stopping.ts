import type { Kind } from '../options/options.ts';

/** The best iteration so far, and when to give up. */
export interface EarlyStopping {
  /** Takes the metric after the next iteration; true when it is time to stop. */
  update(value: number): boolean;
  /** The best iteration, from 1; 0 before the first. */
  readonly bestIteration: number;
}

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

/**
 * Stops once the metric has not become better for `rounds` iterations, as XGBoost's own callback for Python does: better is
 * strictly better, so the earliest of equals is the best.
 *
 * @example
 * const stopping = createEarlyStopping({ metric: 'logloss', rounds: 10 });
 */
export function createEarlyStopping({ metric, rounds }: { metric: string; rounds: number }): EarlyStopping {
  const sign = isHigherBetter(metric) ? 1 : -1;
  let best = Number.NEGATIVE_INFINITY;
  let bestIteration = 0;
  let iteration = 0;
  return {
    update(value) {
      iteration += 1;
      if (bestIteration === 0 || sign * value > best) {
        best = sign * value;
        bestIteration = iteration;
      }
      return iteration - bestIteration >= rounds;
    },
    get bestIteration() {
      return bestIteration;
    },
  };
}
