/** The best iteration so far, and when to give up. */
export interface EarlyStopping {
  /** Takes the metric after the next iteration; true when it is time to stop. */
  update(value: number): boolean;
  /** The best iteration, from 1; 0 before the first. */
  readonly bestIteration: number;
}

/**
 * Stops once the metric has not become better for `rounds` iterations, as LightGBM's own `early_stopping`
 * callback for Python does: better is strictly better (min_delta 0), so the earliest of equals is the best.
 *
 * @example
 * const stopping = createEarlyStopping({ metric: 'binary_logloss', rounds: 50 });
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

/** Of LightGBM's metrics these grow as a model gets better; the others are losses. */
export function isHigherBetter(metric: string): boolean {
  return ['auc', 'ndcg@', 'map@', 'average_precision'].some((start) => metric.startsWith(start));
}
