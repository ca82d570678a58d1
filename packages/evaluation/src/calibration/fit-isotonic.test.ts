import { SingleClassError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rocAuc } from '../ranking-metrics.ts';
import { drawnRows, tiedRows } from '../testing/calibration-rows.ts';
import { calibrate } from './calibrate.ts';
import { assertCalibration } from './calibration.ts';
import type { CalibrationRows } from './calibration-rows.ts';
import { fitIsotonic } from './fit-isotonic.ts';
import { poolAdjacentViolators } from './pool-adjacent-violators.ts';

/**
 * Isotonic regression by its min-max formula (Barlow et al. 1972): at the score s, the greatest over all a <= s of the
 * smallest over all b >= s of the mean label of the scores in a … b.
 */
function minMaxFormula({ labels, scores, weights }: CalibrationRows, at: number): number {
  const weightOf = (row: number) => weights?.[row] ?? 1;
  const points = [...new Set(scores.filter((_, row) => weightOf(row) > 0))].sort((a, b) => a - b);
  const meanOf = (from: number, to: number) => {
    let sum = 0;
    let total = 0;
    for (let row = 0; row < labels.length; row++) {
      if (scores[row] < from || scores[row] > to) continue;
      sum += weightOf(row) * labels[row];
      total += weightOf(row);
    }
    return sum / total;
  };
  const smallest = (from: number) => Math.min(...points.filter((b) => b >= at).map((to) => meanOf(from, to)));
  return Math.max(...points.filter((a) => a <= at).map(smallest));
}

describe('poolAdjacentViolators', () => {
  it('agrees with the min-max formula, with ties and weights', () => {
    fc.assert(
      fc.property(tiedRows, (rows) => {
        const { highest, rates } = poolAdjacentViolators(rows);
        for (let row = 0; row < rows.labels.length; row++) {
          if (rows.weights[row] === 0) continue;
          const rate = rates[highest.findIndex((end) => end >= rows.scores[row])];
          expect(rate).toBeCloseTo(minMaxFormula(rows, rows.scores[row]), 12);
        }
      }),
    );
  });

  it('keeps the weight, the mean label and the mean score of all rows', () => {
    fc.assert(
      fc.property(tiedRows, (rows) => {
        const { weights, rates, scores, highest } = poolAdjacentViolators(rows);
        const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
        expect(sum(weights)).toBeCloseTo(sum(rows.weights), 9);
        expect(sum(rates.map((rate, i) => rate * weights[i]))).toBeCloseTo(
          sum(rows.weights.map((weight, row) => weight * rows.labels[row])),
          9,
        );
        expect(sum(scores.map((score, i) => score * weights[i]))).toBeCloseTo(
          sum(rows.weights.map((weight, row) => weight * rows.scores[row])),
          9,
        );
        expect(highest).toEqual(highest.toSorted());
      }),
    );
  });
});

describe('fitIsotonic', () => {
  it('rises strictly, knots and values, and stays within 0..1', () => {
    let fitted = 0;
    const points = Float64Array.from({ length: 20_001 }, (_, i) => i / 20_000);
    fc.assert(
      fc.property(tiedRows, (rows) => {
        const { calibration } = fitIsotonic(rows);
        if (calibration === undefined) return;
        fitted++;
        assertCalibration(JSON.parse(JSON.stringify(calibration)));
        expect(calibration.x[0]).toBe(0);
        expect(calibration.x.at(-1)).toBe(1);
        const values = calibrate(calibration, points);
        expect(values[0]).toBeGreaterThan(0);
        expect(values[values.length - 1]).toBeLessThan(1);
        expect(values.findIndex((value, i) => i > 0 && value <= values[i - 1])).toBe(-1);
      }),
    );
    expect(fitted).toBeGreaterThan(50);
  });

  it('hits the rate of each block at its mean score, where there are few and they lie apart', () => {
    const rows = {
      labels: Int8Array.of(0, 0, 1, 0, 1, 1, 1),
      scores: Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 0.9),
      weights: Float64Array.of(1, 1, 1, 2, 1, 1, 1),
    };
    const { calibration } = fitIsotonic(rows);
    // Blocks: 0.1 and 0.2 with rate 0; 0.3 and 0.4 (weights 1 and 2) with rate 1/3; the rest with rate 1.
    expect(calibration?.x).toHaveLength(5);
    [0, 0.15, 1.1 / 3, 2.3 / 3, 1].forEach((x, i) => {
      expect(calibration?.x[i]).toBeCloseTo(x, 12);
    });
    [0, 0, 1 / 3, 1, 1].forEach((y, i) => {
      expect(Math.abs((calibration?.y[i] ?? Number.NaN) - y)).toBeLessThan(1e-6);
    });
  });

  it('has at most 100 knots, of about equal weight, on many blocks', () => {
    // Every block is one pair of neighbours, as rates rise from one to the next: 5,000 blocks.
    const blocks = 5000;
    const labels = Int8Array.from({ length: 2 * blocks }, (_, row) => row % 2);
    const scores = Float64Array.from(labels, (_, row) => ((Math.floor(row / 2) + 1) / (blocks + 1)) ** 2);
    const weights = Float64Array.from(labels, (label, row) =>
      label === 1 ? (Math.floor(row / 2) + 1) / blocks : 1 - Math.floor(row / 2) / blocks,
    );
    expect(poolAdjacentViolators({ labels, scores, weights }).rates).toHaveLength(blocks);
    const { calibration } = fitIsotonic({ labels, scores, weights });
    if (calibration === undefined) throw new Error('nothing was fitted');
    // The first few are nearer to one another than knots may be.
    expect(calibration.x.length).toBeGreaterThan(90);
    expect(calibration.x.length).toBeLessThanOrEqual(100);
    const calibrated = calibrate(calibration, scores);
    const errors = calibrated.map((value, row) => Math.abs(value - Math.sqrt(scores[row])));
    // Half a knot's share of the blocks, at the ends.
    expect(Math.max(...errors)).toBeLessThan(0.03);
  });

  it('keeps every order, so the AUC stays as it was', () => {
    const rows = drawnRows(5000, 3, (p) => p ** 2);
    const { calibration } = fitIsotonic(rows);
    expect(calibration).toBeDefined();
    if (calibration === undefined) return;
    const calibrated = calibrate(calibration, rows.scores);
    expect(rocAuc(rows.labels, calibrated)).toBe(rocAuc(rows.labels, rows.scores));
  });

  it('finds the truth behind distorted scores, and leaves calibrated scores about as they are', () => {
    const errorOf = (truth: (score: number) => number, seed: number) => {
      const { calibration } = fitIsotonic(drawnRows(50_000, seed, truth));
      if (calibration === undefined) throw new Error('nothing was fitted');
      const { scores } = drawnRows(2000, seed + 1, truth);
      return calibrate(calibration, scores).reduce(
        (sum, value, row) => sum + Math.abs(value - truth(scores[row])) / scores.length,
        0,
      );
    };
    expect(errorOf((p) => p ** 2, 4)).toBeLessThan(0.015);
    expect(errorOf((p) => Math.sqrt(p), 5)).toBeLessThan(0.015);
    expect(errorOf((p) => p, 6)).toBeLessThan(0.015);
  });

  it('changes little when it is fitted again on what it calibrated', () => {
    const rows = drawnRows(20_000, 7, (p) => p ** 2);
    const { calibration } = fitIsotonic(rows);
    if (calibration === undefined) throw new Error('nothing was fitted');
    const scores = calibrate(calibration, rows.scores);
    const again = fitIsotonic({ ...rows, scores }).calibration;
    if (again === undefined) throw new Error('nothing was fitted');
    const change = calibrate(again, scores).map((value, row) => Math.abs(value - scores[row]));
    expect(change.reduce((sum, value) => sum + value, 0) / change.length).toBeLessThan(0.005);
  });

  it('has no steep places: scores less than a millionth apart share a knot, also at the ends', () => {
    const { calibration } = fitIsotonic({
      labels: Int8Array.of(0, 1, 0, 1, 0, 1),
      scores: Float64Array.of(1e-9, 2e-9, 0.5, 0.5 + 1e-9, 1 - 1e-9, 1),
    });
    expect(calibration).toBeDefined();
    if (calibration === undefined) return;
    expect(calibration.x).toHaveLength(3);
    expect(calibrate(calibration, Float64Array.of(0, 1e-300, 0.5, 1)).every(Number.isFinite)).toBe(true);
  });

  it('gives a reason where the labels do not rise, and refuses one class', () => {
    const scores = Float64Array.of(0.1, 0.2, 0.8, 0.9);
    expect(fitIsotonic({ labels: Int8Array.of(1, 1, 0, 0), scores })).toMatchObject({
      calibration: undefined,
      reason: expect.stringMatching(/do not rise/),
    });
    expect(() => fitIsotonic({ labels: Int8Array.of(0, 0, 0, 0), scores })).toThrow(SingleClassError);
  });
});
