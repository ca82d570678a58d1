import { InvalidInputError, SingleClassError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { InvalidScoredRowsError } from '../errors.ts';
import { drawnRows } from '../testing/calibration-rows.ts';
import { calibrate } from './calibrate.ts';
import { type CalibrationChoice, chooseCalibration } from './choose-calibration.ts';
import { CalibrationRefusedError } from './errors.ts';
import { fitIsotonic } from './fit-isotonic.ts';
import { fitPlatt } from './fit-platt.ts';

const fitters = { platt: fitPlatt, isotonic: fitIsotonic };

/** Weighted, in five folds of unequal size. */
function request(rows: number, seed: number, truth: (score: number) => number) {
  const drawn = drawnRows(rows, seed, truth);
  return {
    ...drawn,
    weights: Float64Array.from(drawn.labels, (_, row) => [1, 0.5, 2][row % 3]),
    folds: Int32Array.from(drawn.labels, (_, row) => [7, 1, 2, 7, 3, 4][row % 6]),
  };
}

/** The cross-fitted Brier score, row by row. */
function crossFittedBrier(rows: ReturnType<typeof request>, method: 'platt' | 'isotonic'): number {
  let sum = 0;
  let total = 0;
  for (const fold of [1, 2, 3, 4, 7]) {
    const others = [...rows.folds.keys()].filter((row) => rows.folds[row] !== fold);
    const { calibration } = fitters[method]({
      labels: Int8Array.from(others, (row) => rows.labels[row]),
      scores: Float64Array.from(others, (row) => rows.scores[row]),
      weights: Float64Array.from(others, (row) => rows.weights[row]),
    });
    if (calibration === undefined) throw new Error('nothing was fitted');
    for (const row of rows.folds.keys()) {
      if (rows.folds[row] !== fold) continue;
      const [value] = calibrate(calibration, Float64Array.of(rows.scores[row]));
      sum += rows.weights[row] * (value - rows.labels[row]) ** 2;
      total += rows.weights[row];
    }
  }
  return sum / total;
}

function expectSmallestWins({ calibration, brier }: CalibrationChoice): void {
  const smallest = Math.min(...Object.values(brier).filter((value) => value !== null));
  expect(brier[calibration.method]).toBe(smallest);
}

describe('chooseCalibration', () => {
  it('chooses by the Brier score on left-out folds, and fits the winner on all rows', () => {
    const logistic = request(4000, 1, (p) => 1 / (1 + Math.exp(-(0.5 * Math.log(p / (1 - p)) - 1))));
    const stairs = request(4000, 2, (p) => (p < 0.2 ? 0.05 : p < 0.6 ? 0.5 : 0.95));
    for (const [rows, method] of [
      [logistic, 'platt'],
      [stairs, 'isotonic'],
    ] as const) {
      const choice = chooseCalibration(rows);
      expect(choice.brier.platt).toBeCloseTo(crossFittedBrier(rows, 'platt'), 12);
      expect(choice.brier.isotonic).toBeCloseTo(crossFittedBrier(rows, 'isotonic'), 12);
      expectSmallestWins(choice);
      expect(choice.calibration).toEqual(fitters[method](rows).calibration);
      expect(choice.reasons).toBeUndefined();
    }
  });

  it('leaves calibrated scores alone, or nearly so', () => {
    let alone = 0;
    for (let seed = 10; seed < 20; seed++) {
      const choice = chooseCalibration(request(1000, seed, (p) => p));
      expectSmallestWins(choice);
      if (choice.calibration.method === 'none') alone++;
      const best = choice.brier[choice.calibration.method] ?? Number.NaN;
      expect((choice.brier.none ?? Number.NaN) - best).toBeLessThan(0.003);
    }
    expect(alone).toBeGreaterThanOrEqual(4);
  });

  it('does not consider isotonic regression on few rows, or few of a class, and says so', () => {
    const few = chooseCalibration(request(90, 3, (p) => p));
    expect(few.brier.isotonic).toBeNull();
    expect(few.brier.platt).not.toBeNull();
    expect(few.reasons?.isotonic).toMatch(/100 rows, and 10 of each class; there are \d+ labelled 1/);
    const rows = request(300, 4, (p) => p);
    const rare = chooseCalibration({ ...rows, labels: rows.labels.map((_, row) => (row < 9 ? 1 : 0)) });
    expect(rare.reasons?.isotonic).toMatch(/there are 9 labelled 1 and 291 labelled 0/);
  });

  it('names the fold without which a method cannot be fitted', () => {
    const choice = chooseCalibration({
      labels: Int8Array.of(1, 1, 0, 0, 0, 0),
      scores: Float64Array.of(0.9, 0.8, 0.1, 0.2, 0.3, 0.4),
      folds: [0, 0, 0, 1, 1, 1],
    });
    expect(choice.calibration).toEqual({ method: 'none' });
    expect(choice.reasons?.platt).toBe('without fold 0, there are 0 rows labelled 1 and 3 labelled 0');
  });

  it('considers the methods it is asked to, and says so where none fits', () => {
    const rows = request(500, 5, (p) => p ** 2);
    const choice = chooseCalibration({ ...rows, methods: ['platt'] });
    expect(choice.calibration.method).toBe('platt');
    expect(choice.brier).toMatchObject({ none: null, isotonic: null });
    const upsideDown = { ...rows, scores: rows.scores.map((score) => 1 - score) };
    expect(chooseCalibration(upsideDown).calibration.method).toBe('none');
    expect(() => chooseCalibration({ ...upsideDown, methods: ['platt', 'isotonic'] })).toThrow(
      CalibrationRefusedError,
    );
  });

  it('refuses a single fold, unknown methods, one class and arrays that are not aligned', () => {
    const rows = request(100, 6, (p) => p);
    expect(() => chooseCalibration({ ...rows, folds: new Int32Array(100) })).toThrow(InvalidInputError);
    expect(() => chooseCalibration({ ...rows, methods: [] })).toThrow(InvalidInputError);
    expect(() => chooseCalibration({ ...rows, methods: ['beta' as 'platt'] })).toThrow(InvalidInputError);
    expect(() => chooseCalibration({ ...rows, folds: new Int32Array(99) })).toThrow(InvalidScoredRowsError);
    expect(() => chooseCalibration({ ...rows, labels: new Int8Array(100) })).toThrow(SingleClassError);
  });
});
