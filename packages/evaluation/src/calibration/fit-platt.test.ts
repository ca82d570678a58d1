import { SingleClassError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidScoredRowsError } from '../errors.ts';
import { drawnRows, tiedRows } from '../testing/calibration-rows.ts';
import { calibrate } from './calibrate.ts';
import type { CalibrationRows } from './calibration-rows.ts';
import { fitPlatt } from './fit-platt.ts';

/** The smoothed log loss by its definition, straight from the probabilities. */
function lossAt({ labels, scores, weights }: CalibrationRows, slope: number, intercept: number): number {
  const weightOf = (row: number) => weights?.[row] ?? 1;
  const totalOf = (label: number) =>
    labels.reduce((sum, found, row) => sum + (found === label ? weightOf(row) : 0), 0);
  const targets = [1 / (totalOf(0) + 2), (totalOf(1) + 1) / (totalOf(1) + 2)];
  let loss = 0;
  for (let row = 0; row < labels.length; row++) {
    const p = Math.min(Math.max(scores[row], 1e-15), 1 - 1e-15);
    const z = slope * (Math.log(p) - Math.log1p(-p)) + intercept;
    const target = targets[labels[row]];
    // -ln σ(z) = ln(1 + e^-z) and -ln(1 - σ(z)) = ln(1 + e^z)
    loss +=
      weightOf(row) * (target * Math.log1p(Math.exp(-z)) + (1 - target) * (z + Math.log1p(Math.exp(-z))));
  }
  return loss;
}

describe('fitPlatt', () => {
  it('stands where the log loss is flat in both directions', () => {
    let fitted = 0;
    fc.assert(
      fc.property(tiedRows, (rows) => {
        const { calibration } = fitPlatt(rows);
        if (calibration === undefined) return;
        fitted++;
        const { slope, intercept } = calibration;
        const h = 1e-5;
        const bySlope = (lossAt(rows, slope + h, intercept) - lossAt(rows, slope - h, intercept)) / (2 * h);
        const byIntercept =
          (lossAt(rows, slope, intercept + h) - lossAt(rows, slope, intercept - h)) / (2 * h);
        expect(bySlope).toBeCloseTo(0, 5);
        expect(byIntercept).toBeCloseTo(0, 5);
      }),
    );
    expect(fitted).toBeGreaterThan(20);
  });

  it('beats every point of a grid', () => {
    const rows = {
      labels: Int8Array.of(0, 0, 1, 0, 1, 1, 0, 1),
      scores: Float64Array.of(0.05, 0.2, 0.3, 0.4, 0.5, 0.7, 0.8, 0.95),
      weights: Float64Array.of(1, 2, 1, 0.5, 1, 1, 1, 2),
    };
    const { calibration } = fitPlatt(rows);
    let best = { loss: Infinity, slope: 0, intercept: 0 };
    for (let slope = -1; slope <= 3; slope += 0.01) {
      for (let intercept = -2; intercept <= 2; intercept += 0.01) {
        const loss = lossAt(rows, slope, intercept);
        if (loss < best.loss) best = { loss, slope, intercept };
      }
    }
    expect(calibration).toBeDefined();
    if (calibration === undefined) return;
    expect(lossAt(rows, calibration.slope, calibration.intercept)).toBeLessThanOrEqual(best.loss);
    expect(Math.abs(calibration.slope - best.slope)).toBeLessThan(0.011);
    expect(Math.abs(calibration.intercept - best.intercept)).toBeLessThan(0.011);
  });

  it('recovers the distortion that the scores carry, and leaves calibrated scores as they are', () => {
    const distorted = drawnRows(40_000, 1, (p) => 1 / (1 + Math.exp(-(0.5 * Math.log(p / (1 - p)) - 0.7))));
    const { calibration } = fitPlatt(distorted);
    expect(calibration?.slope).toBeCloseTo(0.5, 1);
    expect(calibration?.intercept).toBeCloseTo(-0.7, 1);
    if (calibration === undefined) return;
    const again = fitPlatt({ ...distorted, scores: calibrate(calibration, distorted.scores) }).calibration;
    expect(again?.slope).toBeCloseTo(1, 6);
    expect(again?.intercept).toBeCloseTo(0, 6);
  });

  it('takes a row of weight 2 for two rows', () => {
    const { labels, scores } = drawnRows(60, 2, (p) => p);
    const weights = Float64Array.from(labels, (_, row) => 1 + (row % 3));
    const repeated = Array.from(labels.keys()).flatMap((row) => Array<number>(weights[row]).fill(row));
    const twice = fitPlatt({
      labels: Int8Array.from(repeated, (row) => labels[row]),
      scores: Float64Array.from(repeated, (row) => scores[row]),
    }).calibration;
    const once = fitPlatt({ labels, scores, weights }).calibration;
    expect(once).toBeDefined();
    expect(once?.slope).toBeCloseTo(twice?.slope ?? Number.NaN, 8);
    expect(once?.intercept).toBeCloseTo(twice?.intercept ?? Number.NaN, 8);
  });

  it('stays finite where the classes separate, even at scores of 0 and 1', () => {
    const { calibration } = fitPlatt({
      labels: Int8Array.of(0, 0, 0, 1, 1, 1),
      scores: Float64Array.of(0, 0, 0, 1, 1, 1),
    });
    expect(calibration).toBeDefined();
    if (calibration === undefined) return;
    // Smoothed targets of three rows: 1/5 and 4/5.
    const [low, high] = calibrate(calibration, Float64Array.of(0, 1));
    expect(low).toBeCloseTo(0.2, 9);
    expect(high).toBeCloseTo(0.8, 9);
  });

  it('gives a reason where the labels fall with the scores, or all scores are equal', () => {
    const labels = Int8Array.of(1, 1, 0, 0);
    expect(fitPlatt({ labels, scores: Float64Array.of(0.1, 0.2, 0.8, 0.9) })).toMatchObject({
      calibration: undefined,
      reason: expect.stringMatching(/do not rise.*slope of -/),
    });
    expect(
      fitPlatt({
        labels,
        scores: Float64Array.of(0.3, 0.3, 0.3, 0.9),
        weights: Float64Array.of(1, 1, 1, 0),
      }),
    ).toMatchObject({ reason: 'all scores are equal' });
  });

  it('refuses one class and scores that are no probabilities', () => {
    const scores = Float64Array.of(0.1, 0.9);
    expect(() => fitPlatt({ labels: Int8Array.of(1, 1), scores })).toThrow(SingleClassError);
    const labels = Int8Array.of(0, 1);
    expect(() => fitPlatt({ labels, scores: Float64Array.of(0.1, 1.1) })).toThrow(InvalidScoredRowsError);
    expect(() => fitPlatt({ labels, scores, weights: Float64Array.of(1, 0) })).toThrow(SingleClassError);
  });
});
