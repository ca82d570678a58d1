import { createRandom, type SplitRequest } from '@risk-scoring/contract';

/** Rows in groups whose scores carry a group effect, and whose group shares one label. */
export interface SyntheticRows {
  readonly labels: Int8Array;
  /** Probabilities. */
  readonly scores: Float64Array;
  readonly splitGroups: Int32Array;
}

/** How the rows are made. */
export interface SyntheticOptions {
  readonly groups: number;
  readonly rowsPerGroup: number;
  readonly positiveRate: number;
  /** Mean distance of the classes before the logistic function, in standard deviations. */
  readonly distance: number;
  /** 0: rows of a group vary independently; 1: they all score the same. */
  readonly withinGroupCorrelation: number;
  readonly seed: number;
}

/** Binormal scores: one normal deviate per row, shared in part by its group, moved up for positives. */
export function syntheticRows(options: SyntheticOptions): SyntheticRows {
  const { groups, rowsPerGroup, positiveRate, distance, withinGroupCorrelation } = options;
  const random = createRandom(options.seed, 'synthetic rows');
  const rows = groups * rowsPerGroup;
  const labels = new Int8Array(rows);
  const scores = new Float64Array(rows);
  const splitGroups = new Int32Array(rows);
  for (let group = 0; group < groups; group++) {
    const label = random.next() < positiveRate ? 1 : 0;
    const shared = random.normal();
    for (let i = 0; i < rowsPerGroup; i++) {
      const row = group * rowsPerGroup + i;
      const own = random.normal();
      const deviate =
        Math.sqrt(withinGroupCorrelation) * shared + Math.sqrt(1 - withinGroupCorrelation) * own;
      labels[row] = label;
      scores[row] = 1 / (1 + Math.exp(-(deviate + label * distance)));
      splitGroups[row] = group;
    }
  }
  return { labels, scores, splitGroups };
}

/** A split request over all rows, with keys that no splitter by address looks at. */
export function splitRequestOf(labels: Int8Array, splitGroups: Int32Array, seed: number): SplitRequest {
  return {
    rows: Int32Array.from(labels.keys()).filter((row) => labels[row] !== -1),
    keys: {
      processingDates: new Int32Array(labels.length),
      ids: Array.from(labels, (_, row) => `alert-${row}`),
    },
    labels,
    splitGroups,
    seed,
  };
}
