import { createRandom, InvalidInputError, SingleClassError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidScoredRowsError, TooFewGroupsError } from './errors.ts';
import { pairedBootstrap } from './paired-bootstrap.ts';
import { rocAuc } from './ranking-metrics.ts';
import { writeOutDraw } from './testing/written-out.ts';

interface Pair {
  readonly labels: Int8Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly splitGroups: Int32Array;
}

/** Two scorers of the same rows that agree in part; each row a group of its own where `rowsPerGroup` is 1. */
function pairOf(options: {
  readonly rows: number;
  readonly rowsPerGroup?: number;
  readonly better?: number;
  readonly seed: number;
}): Pair {
  const { rows, rowsPerGroup = 1, better = 0.2, seed } = options;
  const random = createRandom(seed, 'pair');
  const pair: Pair = {
    labels: new Int8Array(rows),
    first: new Float64Array(rows),
    second: new Float64Array(rows),
    splitGroups: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / rowsPerGroup)),
  };
  let shared = 0;
  let label = 0;
  for (let row = 0; row < rows; row++) {
    if (row % rowsPerGroup === 0) {
      shared = random.normal();
      label = random.next() < 0.2 ? 1 : 0;
    }
    pair.labels[row] = label;
    pair.first[row] = shared + random.normal() + label;
    pair.second[row] = shared + random.normal() + label * (1 + better);
  }
  return pair;
}

/**
 * The standard deviation of the difference of two AUCs by the placements of each row among those of the other class: DeLong, DeLong and Clarke-Pearson,
 * Comparing the areas under two or more correlated receiver operating characteristic curves, Biometrics 44 (1988), 837–845. By its definition, pair by
 * pair: it shares no code with what is tested.
 */
function deLongDeviation({ labels, first, second }: Pair): number {
  const positives = [...labels.keys()].filter((row) => labels[row] === 1);
  const negatives = [...labels.keys()].filter((row) => labels[row] === 0);
  const beats = (a: number, b: number) => (a > b ? 1 : a === b ? 0.5 : 0);
  const placed = (scores: Float64Array, row: number, others: number[], sign: 1 | -1) =>
    others.reduce(
      (sum, other) =>
        sum + (sign === 1 ? beats(scores[row], scores[other]) : beats(scores[other], scores[row])),
      0,
    ) / others.length;
  const ofPositives = positives.map(
    (row) => placed(second, row, negatives, 1) - placed(first, row, negatives, 1),
  );
  const ofNegatives = negatives.map(
    (row) => placed(second, row, positives, -1) - placed(first, row, positives, -1),
  );
  const variance = (values: number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  };
  return Math.sqrt(variance(ofPositives) / ofPositives.length + variance(ofNegatives) / ofNegatives.length);
}

describe('pairedBootstrap', () => {
  it('varies as DeLong’s estimator says where rows are independent', () => {
    const pair = pairOf({ rows: 3000, seed: 1 });
    // 4000 draws: the standard error of a standard deviation is 1 / √(2 · 4000) = 1.1 % of it.
    const { standard_deviation, interval } = pairedBootstrap({ ...pair, seed: 2, resamples: 4000 });
    const expected = deLongDeviation(pair);
    expect(Math.abs(standard_deviation / expected - 1)).toBeLessThan(0.04);
    // A normal difference: the 95 % interval is 2 · 1.96 deviations wide.
    expect((interval[1] - interval[0]) / (3.92 * expected)).toBeGreaterThan(0.94);
    expect((interval[1] - interval[0]) / (3.92 * expected)).toBeLessThan(1.06);
  });

  it('takes rows that repeat each other within a group for no further evidence', () => {
    const pair = pairOf({ rows: 300, seed: 3 });
    const rows = Array.from({ length: 1500 }, (_, row) => Math.floor(row / 5));
    const once = pairedBootstrap({ ...pair, seed: 4 });
    const repeated = pairedBootstrap({
      labels: Int8Array.from(rows, (row) => pair.labels[row]),
      first: Float64Array.from(rows, (row) => pair.first[row]),
      second: Float64Array.from(rows, (row) => pair.second[row]),
      splitGroups: Int32Array.from(rows, (row) => pair.splitGroups[row]),
      seed: 4,
    });
    expect(repeated.groups).toBe(300);
    expect(repeated.difference).toBeCloseTo(once.difference, 12);
    expect(repeated.interval[0]).toBeCloseTo(once.interval[0], 12);
    expect(repeated.interval[1]).toBeCloseTo(once.interval[1], 12);
  });

  it('is surer of a difference than two separate figures would be', () => {
    const pair = pairOf({ rows: 2000, seed: 3 });
    const auc = rocAuc(pair.labels, pair.first);
    const positives = pair.labels.filter((label) => label === 1).length;
    const negatives = pair.labels.length - positives;
    // The standard error of one AUC: Hanley and McNeil, Radiology 143 (1982), formula 2.
    const [q1, q2] = [auc / (2 - auc), (2 * auc ** 2) / (1 + auc)];
    const single = Math.sqrt(
      (auc * (1 - auc) + (positives - 1) * (q1 - auc ** 2) + (negatives - 1) * (q2 - auc ** 2)) /
        (positives * negatives),
    );
    const { standard_deviation } = pairedBootstrap({ ...pair, seed: 1 });
    expect(standard_deviation).toBeLessThan(0.85 * Math.SQRT2 * single);
  });

  it('draws as if the drawn groups’ rows were written out and both scorers judged anew', () => {
    const pair = pairOf({ rows: 60, rowsPerGroup: 4, seed: 5 });
    const { interval, redrawn, difference } = pairedBootstrap({ ...pair, seed: 9, resamples: 1 });
    const rows = writeOutDraw(pair.splitGroups, { seed: 9, stream: 'paired bootstrap', redrawn });
    const labels = Int8Array.from(rows, (row) => pair.labels[row]);
    const auc = (scores: Float64Array) =>
      rocAuc(
        labels,
        Float64Array.from(rows, (row) => scores[row]),
      );
    expect(interval[0]).toBeCloseTo(auc(pair.second) - auc(pair.first), 12);
    expect(interval[1]).toBe(interval[0]);
    expect(difference).toBeCloseTo(rocAuc(pair.labels, pair.second) - rocAuc(pair.labels, pair.first), 12);
  });

  it('says 0, from 0 to 0, of scorers that order all rows alike', () => {
    const { labels, first, splitGroups } = pairOf({ rows: 200, rowsPerGroup: 2, seed: 6 });
    const same = first.map((score) => 3 * score - 1);
    const { difference, interval, share_better } = pairedBootstrap({
      labels,
      first,
      second: same,
      splitGroups,
      seed: 1,
    });
    expect([difference, ...interval, share_better]).toEqual([0, 0, 0, 0]);
  });

  it('says 1 of a scorer that orders all rows rightly against one that orders them wrongly, in every draw', () => {
    const labels = Int8Array.from({ length: 40 }, (_, row) => row % 2);
    const second = Float64Array.from(labels);
    const first = second.map((score) => -score);
    const result = pairedBootstrap({
      labels,
      first,
      second,
      splitGroups: Int32Array.from(labels.keys()),
      seed: 1,
    });
    expect(result).toMatchObject({ difference: 1, interval: [1, 1], share_better: 1, standard_deviation: 0 });
  });

  it('turns round when the scorers change places', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
        const pair = pairOf({ rows: 80, rowsPerGroup: 2, seed });
        const there = pairedBootstrap({ ...pair, seed, resamples: 40 });
        const back = pairedBootstrap({
          ...pair,
          first: pair.second,
          second: pair.first,
          seed,
          resamples: 40,
        });
        expect(back.difference).toBe(-there.difference);
        expect(back.interval[0]).toBeCloseTo(-there.interval[1], 12);
        expect(back.share_better + there.share_better).toBeLessThanOrEqual(1);
      }),
      { numRuns: 30 },
    );
  });

  it('repeats itself for one seed, narrows with the level and counts draws without a class', () => {
    const pair = pairOf({ rows: 300, seed: 7 });
    expect(pairedBootstrap({ ...pair, seed: 5 })).toEqual(pairedBootstrap({ ...pair, seed: 5 }));
    const [low, high] = pairedBootstrap({ ...pair, seed: 5, level: 0.5 }).interval;
    const wide = pairedBootstrap({ ...pair, seed: 5 }).interval;
    expect(high - low).toBeLessThan(wide[1] - wide[0]);
    // One positive among ten groups: see the test of bootstrapIntervals.
    const labels = Int8Array.from({ length: 10 }, (_, row) => (row === 0 ? 1 : 0));
    const scores = Float64Array.from(labels.keys());
    const { redrawn } = pairedBootstrap({
      labels,
      first: scores,
      second: scores,
      splitGroups: Int32Array.from(labels.keys()),
      seed: 1,
    });
    expect(redrawn).toBeGreaterThan(420);
    expect(redrawn).toBeLessThan(650);
  });

  it('refuses what cannot be compared', () => {
    const pair = pairOf({ rows: 40, seed: 8 });
    const request = { ...pair, seed: 1 };
    expect(() => pairedBootstrap({ ...request, labels: new Int8Array(40) })).toThrow(SingleClassError);
    expect(() => pairedBootstrap({ ...request, splitGroups: new Int32Array(40) })).toThrow(TooFewGroupsError);
    expect(() => pairedBootstrap({ ...request, second: pair.second.slice(1) })).toThrow(
      InvalidScoredRowsError,
    );
    expect(() => pairedBootstrap({ ...request, second: pair.second.fill(Number.NaN) })).toThrow(
      InvalidScoredRowsError,
    );
    expect(() => pairedBootstrap({ ...request, resamples: 0 })).toThrow(InvalidInputError);
    expect(() => pairedBootstrap({ ...request, level: 1 })).toThrow(InvalidInputError);
  });
});
