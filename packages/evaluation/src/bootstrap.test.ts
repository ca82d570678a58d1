import { InvalidInputError, SingleClassError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { bootstrapIntervals } from './bootstrap.ts';
import { confusionAt } from './confusion.ts';
import { InvalidScoredRowsError, TooFewGroupsError } from './errors.ts';
import type { Interval } from './intervals.ts';
import { brierScore, logLoss } from './probability-metrics.ts';
import { averagePrecision, rocAuc } from './ranking-metrics.ts';
import { expectedCalibrationError } from './reliability.ts';
import { type SyntheticOptions, syntheticRows } from './testing/synthetic-rows.ts';
import { writeOutDraw } from './testing/written-out.ts';

const clustered: SyntheticOptions = {
  groups: 120,
  rowsPerGroup: 4,
  positiveRate: 0.3,
  distance: 1,
  withinGroupCorrelation: 0.7,
  seed: 1,
};
/** Φ(1 / √2): the AUC of normal scores one standard deviation apart, from tables of the normal distribution. */
const trueAuc = 0.76025;

const width = ([low, high]: Interval) => high - low;

/** The share of simulated data sets whose interval holds the true AUC. */
function coverage(groupsOf: (rows: ReturnType<typeof syntheticRows>) => Int32Array): number {
  const simulations = 300;
  let held = 0;
  for (let seed = 0; seed < simulations; seed++) {
    const rows = syntheticRows({ ...clustered, seed });
    const request = { ...rows, splitGroups: groupsOf(rows), seed, resamples: 200 };
    const [low, high] = bootstrapIntervals(request).intervals.auc;
    if (low <= trueAuc && trueAuc <= high) held++;
  }
  return held / simulations;
}

describe('bootstrapIntervals', () => {
  it('holds the true AUC in about 95 % of clustered data sets, which resampling single rows does not', () => {
    // 300 simulations: the standard error of a coverage of 0.95 is 0.013.
    const byGroup = coverage((rows) => rows.splitGroups);
    expect(byGroup).toBeGreaterThan(0.91);
    expect(byGroup).toBeLessThan(0.985);
    expect(coverage((rows) => Int32Array.from(rows.labels.keys()))).toBeLessThan(0.85);
  });

  it('is wider when rows rise and fall together than when they do not', () => {
    const together = bootstrapIntervals({
      ...syntheticRows({ ...clustered, withinGroupCorrelation: 0.9 }),
      seed: 3,
    });
    const apart = bootstrapIntervals({
      ...syntheticRows({ ...clustered, withinGroupCorrelation: 0 }),
      seed: 3,
    });
    expect(width(together.intervals.auc)).toBeGreaterThan(1.3 * width(apart.intervals.auc));
  });

  it('draws every metric as if the drawn groups’ rows were written out and judged anew', () => {
    const rows = { ...syntheticRows({ ...clustered, groups: 15 }), weights: new Float64Array(60) };
    rows.weights.forEach((_, row) => {
      rows.weights[row] = 0.5 + (row % 3);
    });
    const { intervals, redrawn } = bootstrapIntervals({ ...rows, seed: 9, resamples: 1, threshold: 0.6 });
    const drawnRows = writeOutDraw(rows.splitGroups, { seed: 9, stream: 'bootstrap', redrawn });
    const drawn = {
      labels: Int8Array.from(drawnRows, (row) => rows.labels[row]),
      scores: Float64Array.from(drawnRows, (row) => rows.scores[row]),
      weights: Float64Array.from(drawnRows, (row) => rows.weights[row]),
    };
    const { precision, recall, f1 } = confusionAt(drawn.labels, drawn.scores, {
      threshold: 0.6,
      weights: drawn.weights,
    });
    const expected = {
      auc: rocAuc(drawn.labels, drawn.scores, drawn.weights),
      prAuc: averagePrecision(drawn.labels, drawn.scores, drawn.weights),
      precision,
      recall,
      f1,
      brier: brierScore(drawn.labels, drawn.scores, drawn.weights),
      logLoss: logLoss(drawn.labels, drawn.scores, drawn.weights),
      ece: expectedCalibrationError(drawn.labels, drawn.scores, drawn.weights),
    };
    for (const [metric, value] of Object.entries(expected)) {
      // One resample: both ends of the interval are its value.
      const [low, high] = intervals[metric as keyof typeof expected];
      expect(low).toBeCloseTo(value, 12);
      expect(high).toBe(low);
    }
  });

  it('repeats itself for one seed and differs between seeds', () => {
    const rows = syntheticRows(clustered);
    const draw = (seed: number) => bootstrapIntervals({ ...rows, seed, resamples: 50 });
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5).intervals.auc).not.toEqual(draw(6).intervals.auc);
  });

  it('draws again what lacks a class, and counts it', () => {
    // One positive among ten groups: a draw misses it with probability (9/10)^10 = 0.349,
    // so 1000 kept draws cost 536 redrawn ones on average, with a standard deviation of 29.
    const labels = Int8Array.from({ length: 10 }, (_, row) => (row === 0 ? 1 : 0));
    const scores = Float64Array.from({ length: 10 }, (_, row) => row / 10);
    const { redrawn } = bootstrapIntervals({
      labels,
      scores,
      splitGroups: Int32Array.from(labels.keys()),
      seed: 1,
    });
    expect(redrawn).toBeGreaterThan(420);
    expect(redrawn).toBeLessThan(650);
  });

  it('narrows with the level', () => {
    const rows = syntheticRows(clustered);
    const at = (level: number) => width(bootstrapIntervals({ ...rows, seed: 2, level }).intervals.auc);
    expect(at(0.5)).toBeLessThan(at(0.8));
    expect(at(0.8)).toBeLessThan(at(0.95));
  });

  it('refuses what it cannot resample', () => {
    const rows = syntheticRows(clustered);
    const labels = new Int8Array(rows.labels.length);
    expect(() => bootstrapIntervals({ ...rows, labels, seed: 1 })).toThrow(SingleClassError);
    expect(() => bootstrapIntervals({ ...rows, resamples: 0, seed: 1 })).toThrow(InvalidInputError);
    expect(() => bootstrapIntervals({ ...rows, level: 95, seed: 1 })).toThrow(InvalidInputError);
    const oneGroup = new Int32Array(rows.labels.length);
    expect(() => bootstrapIntervals({ ...rows, splitGroups: oneGroup, seed: 1 })).toThrow(TooFewGroupsError);
    const splitGroups = rows.splitGroups.subarray(1);
    expect(() => bootstrapIntervals({ ...rows, splitGroups, seed: 1 })).toThrow(InvalidScoredRowsError);
  });
});
