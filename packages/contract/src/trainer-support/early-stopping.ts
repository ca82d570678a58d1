/** The best iteration so far, and when to give up. */
export interface EarlyStopping {
  /** Takes the metric after the next iteration; true when it is time to stop. */
  update(value: number): boolean;
  /** The best iteration, from 1; 0 before the first. */
  readonly bestIteration: number;
}

/**
 * Stops once a metric has not become better for `rounds` iterations, as the callbacks of LightGBM and XGBoost for Python do: better is strictly better, so
 * the earliest of equals is the best.
 *
 * @example
 * const stopping = createEarlyStopping({ higherIsBetter: false, rounds: 50 });
 * if (stopping.update(loss)) console.log(`best after ${stopping.bestIteration} iterations`);
 */
export function createEarlyStopping({
  higherIsBetter,
  rounds,
}: {
  readonly higherIsBetter: boolean;
  readonly rounds: number;
}): EarlyStopping {
  const sign = higherIsBetter ? 1 : -1;
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
