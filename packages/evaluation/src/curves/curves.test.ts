import { InvalidInputError, SingleClassError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TooFewGroupsError } from '../errors.ts';
import { averagePrecision, rocAuc } from '../ranking-metrics.ts';
import { syntheticRows } from '../testing/synthetic-rows.ts';
import { writeOutDraw } from '../testing/written-out.ts';
import { precisionRecallCurve } from './precision-recall-curve.ts';
import { rocCurve } from './roc-curve.ts';

/** The example of scikit-learn's documentation of `roc_curve` and of `precision_recall_curve`. */
const documented = {
  labels: Int8Array.of(0, 0, 1, 1),
  scores: Float64Array.of(0.1, 0.4, 0.35, 0.8),
  splitGroups: Int32Array.of(0, 1, 2, 3),
  seed: 1,
};
const clustered = syntheticRows({
  groups: 300,
  rowsPerGroup: 4,
  positiveRate: 0.2,
  distance: 1.5,
  withinGroupCorrelation: 0.6,
  seed: 5,
});

/** Rows of both classes with many equal scores; each its own group. */
const someRows = fc
  .array(fc.record({ label: fc.constantFrom(0, 0, 1), score: fc.integer({ min: 0, max: 12 }) }), {
    maxLength: 40,
  })
  .map((rows) => [{ label: 0, score: 4 }, { label: 1, score: 7 }, ...rows])
  .map((rows) => ({
    labels: Int8Array.from(rows, ({ label }) => label),
    scores: Float64Array.from(rows, ({ score }) => score / 12),
    splitGroups: Int32Array.from(rows.keys()),
    seed: 1,
    resamples: 5,
  }));

const count = (labels: Int8Array, wanted: number) => labels.filter((label) => label === wanted).length;
const rises = (values: readonly number[]) => values.every((value, i) => i === 0 || value >= values[i - 1]);
const within = (values: readonly number[]) => values.every((value) => value >= 0 && value <= 1);

function trapezoids(x: readonly number[], y: readonly number[]): number {
  return x.slice(1).reduce((sum, right, i) => sum + ((right - x[i]) * (y[i] + y[i + 1])) / 2, 0);
}

describe('rocCurve', () => {
  it('is the one that scikit-learn documents: (0, 0.5), (0.5, 1), (1, 1)', () => {
    // roc_curve there gives fpr [0, 0, .5, .5, 1] and tpr [0, .5, .5, 1, 1]; of vertical pieces the upper end counts here.
    const { fpr, tpr } = rocCurve({ ...documented, points: 5 });
    expect(fpr).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(tpr).toEqual([0.5, 0.5, 1, 1, 1]);
  });

  it('slopes through equal scores', () => {
    // By hand: one positive alone at the top, then one positive and two negatives of one score.
    const { tpr } = rocCurve({
      ...documented,
      labels: Int8Array.of(1, 1, 0, 0),
      scores: Float64Array.of(0.9, 0.5, 0.5, 0.5),
      points: 5,
    });
    expect(tpr).toEqual([0.5, 0.625, 0.75, 0.875, 1]);
    const tied = rocCurve({ ...documented, scores: new Float64Array(4).fill(0.3), points: 5 });
    expect(tied.tpr).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it('rises within 0..1 to 1, bands as well, over the area that rocAuc says, within half a step', () => {
    fc.assert(
      fc.property(someRows, fc.integer({ min: 2, max: 150 }), (rows, points) => {
        const { fpr, tpr, tpr_low, tpr_high } = rocCurve({ ...rows, points });
        for (const curve of [tpr, tpr_low, tpr_high]) expect(rises(curve) && within(curve)).toBe(true);
        expect(tpr.at(-1)).toBe(1);
        const error = Math.abs(trapezoids(fpr, tpr) - rocAuc(rows.labels, rows.scores));
        // Of a rising curve each step of the grid is off by half its width times its rise at most.
        expect(error).toBeLessThanOrEqual(0.5 / (points - 1) + 1e-12);
      }),
    );
  });
});

describe('precisionRecallCurve', () => {
  it('is the one that scikit-learn documents: precision 1 up to recall 0.5, then 2/3', () => {
    // precision_recall_curve there gives precision [.5, .667, .5, 1, 1] at recall [1, 1, .5, .5, 0].
    const { recall, precision } = precisionRecallCurve({ ...documented, points: 5 });
    expect(recall).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(precision).toEqual([1, 1, 1, 2 / 3, 2 / 3]);
  });

  it('has the steps of average precision: with a point per positive its mean is that figure', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const points = count(rows.labels, 1) + 1;
        const { precision, precision_low, precision_high } = precisionRecallCurve({ ...rows, points });
        for (const curve of [precision, precision_low, precision_high]) expect(within(curve)).toBe(true);
        const mean = precision.slice(1).reduce((sum, value) => sum + value, 0) / (points - 1);
        expect(mean).toBeCloseTo(averagePrecision(rows.labels, rows.scores), 12);
        // Everything is flagged at the end only where a positive row scores lowest; less is flagged, more precisely, otherwise.
        expect(precision.at(-1)).toBeGreaterThanOrEqual((points - 1) / rows.labels.length);
      }),
    );
  });
});

describe('the bands', () => {
  const roc = rocCurve({ ...clustered, seed: 7 });
  const pr = precisionRecallCurve({ ...clustered, seed: 7 });

  it('hold the curve, and are the same for the same seed', () => {
    const holds = (low: readonly number[], curve: readonly number[], high: readonly number[]) =>
      curve.every((value, i) => low[i] <= value && value <= high[i]);
    expect(holds(roc.tpr_low, roc.tpr, roc.tpr_high)).toBe(true);
    expect(holds(pr.precision_low, pr.precision, pr.precision_high)).toBe(true);
    expect(rocCurve({ ...clustered, seed: 7 })).toEqual(roc);
    expect(rocCurve({ ...clustered, seed: 8 }).tpr_low).not.toEqual(roc.tpr_low);
  });

  it('are wider by whole groups than row by row, where rows of a group score alike', () => {
    const width = ({ tpr_low, tpr_high }: typeof roc) =>
      tpr_high.reduce((sum, high, i) => sum + high - tpr_low[i], 0);
    const byRow = rocCurve({ ...clustered, splitGroups: Int32Array.from(clustered.labels.keys()), seed: 7 });
    expect(width(roc)).toBeGreaterThan(1.3 * width(byRow));
  });

  it('are of curves that are drawn as if the rows of the drawn groups were written out', () => {
    const { labels, scores, splitGroups } = clustered;
    const drawn = writeOutDraw(splitGroups, { seed: 11, stream: 'curves', redrawn: 0 });
    const writtenOut = {
      labels: Int8Array.from(drawn, (row) => labels[row]),
      scores: Float64Array.from(drawn, (row) => scores[row]),
      splitGroups: Int32Array.from(drawn.keys()),
      seed: 1,
      resamples: 1,
    };
    const once = { ...clustered, seed: 11, resamples: 1 };
    expect(rocCurve(once).tpr_low).toEqual(rocCurve(writtenOut).tpr);
    expect(precisionRecallCurve(once).precision_high).toEqual(precisionRecallCurve(writtenOut).precision);
  });

  it('hold the true curve of normal scores at about the promised rate, point by point', () => {
    // Scores one and a half standard deviations apart: tpr = Φ(1.5 + Φ⁻¹(fpr)), and Φ⁻¹(0.1) = -1.28155, so Φ(0.21845) = 0.58646 (tables).
    const simulations = 200;
    let held = 0;
    for (let seed = 0; seed < simulations; seed++) {
      const { tpr_low, tpr_high } = rocCurve({
        ...syntheticRows({
          groups: 300,
          rowsPerGroup: 4,
          positiveRate: 0.3,
          distance: 1.5,
          withinGroupCorrelation: 0.6,
          seed,
        }),
        seed,
        points: 11,
      });
      if (tpr_low[1] <= 0.58646 && 0.58646 <= tpr_high[1]) held++;
    }
    // The standard error of a coverage of 0.95 in 200 simulations is 0.015.
    expect(held / simulations).toBeGreaterThan(0.9);
    expect(held / simulations).toBeLessThan(0.99);
  });
});

describe('a request for a curve', () => {
  it('takes the scores of chosen rows', () => {
    const rows = Int32Array.from([...clustered.labels.keys()].filter((row) => row % 3 > 0));
    const chosen = {
      labels: Int8Array.from(rows, (row) => clustered.labels[row]),
      scores: Float64Array.from(rows, (row) => clustered.scores[row]),
      splitGroups: Int32Array.from(rows, (row) => clustered.splitGroups[row]),
      seed: 3,
    };
    expect(rocCurve({ ...clustered, scores: chosen.scores, rows, seed: 3 })).toEqual(rocCurve(chosen));
  });

  it('is refused for one class, for one group, and for options that cannot be meant', () => {
    expect(() => rocCurve({ ...documented, labels: new Int8Array(4) })).toThrow(SingleClassError);
    expect(() => rocCurve({ ...documented, splitGroups: new Int32Array(4) })).toThrow(TooFewGroupsError);
    for (const wrong of [{ points: 1 }, { resamples: 0 }, { level: 1 }]) {
      expect(() => precisionRecallCurve({ ...documented, ...wrong })).toThrow(InvalidInputError);
    }
  });
});
