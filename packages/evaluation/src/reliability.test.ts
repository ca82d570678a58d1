import { InvalidInputError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidScoredRowsError } from './errors.ts';
import { ECE_BINS, expectedCalibrationError, reliability } from './reliability.ts';

type Row = { label: number; score: number; weight: number };

/** Scores at, just below and just above the edges of bins, and anywhere. */
const probability = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc
    .tuple(fc.integer({ min: 0, max: ECE_BINS }), fc.constantFrom(-1e-16, 0, 1e-16))
    .map(([edge, off]) => Math.min(Math.max(edge / ECE_BINS + off, 0), 1)),
);
const scoredRows = fc
  .array(
    fc.record({ label: fc.constantFrom(0, 1), score: probability, weight: fc.integer({ min: 0, max: 4 }) }),
    { minLength: 1, maxLength: 40 },
  )
  .filter((rows) => rows.some((row) => row.weight > 0));

function columns(rows: readonly Row[]) {
  return {
    labels: Int8Array.from(rows, (row) => row.label),
    scores: Float64Array.from(rows, (row) => row.score),
    weights: Float64Array.from(rows, (row) => row.weight),
  };
}

/** Equation 3 of Guo et al. 2017, bin by bin from the rows. */
function eceByDefinition(rows: readonly Row[]): number {
  const sum = (of: readonly Row[], value: (row: Row) => number) =>
    of.reduce((total, row) => total + row.weight * value(row), 0);
  const all = sum(rows, () => 1);
  let error = 0;
  for (let m = 1; m <= 15; m++) {
    const inBin = rows.filter(
      ({ score }) => (score > (m - 1) / 15 || (m === 1 && score === 0)) && score <= m / 15,
    );
    const weight = sum(inBin, () => 1);
    if (weight === 0) continue;
    const confidence = sum(inBin, (row) => row.score) / weight;
    const accuracy = sum(inBin, (row) => row.label) / weight;
    error += (weight / all) * Math.abs(accuracy - confidence);
  }
  return error;
}

describe('expectedCalibrationError', () => {
  it('is 0.2 by hand: half the rows are 0.3 off, half 0.1', () => {
    const ece = expectedCalibrationError(Int8Array.of(0, 1, 1, 1), Float64Array.of(0.2, 0.2, 0.9, 0.9));
    expect(ece).toBeCloseTo(0.2, 15);
  });

  it('agrees with its definition at bin edges, with weights, without, and of one class', () => {
    fc.assert(
      fc.property(scoredRows, (rows) => {
        const { labels, scores, weights } = columns(rows);
        expect(expectedCalibrationError(labels, scores, weights)).toBeCloseTo(eceByDefinition(rows), 12);
        const unweighted = rows.map((row) => ({ ...row, weight: 1 }));
        expect(expectedCalibrationError(labels, scores)).toBeCloseTo(eceByDefinition(unweighted), 12);
      }),
      { numRuns: 500 },
    );
  });

  it('is 1 for a scorer that is always surely wrong', () => {
    expect(expectedCalibrationError(Int8Array.of(0, 1), Float64Array.of(1, 0))).toBe(1);
  });

  it('refuses what is no probability, and rows without weight', () => {
    const labels = Int8Array.of(0, 1);
    expect(() => expectedCalibrationError(labels, Float64Array.of(0, 1.1))).toThrow(InvalidScoredRowsError);
    const weights = new Float64Array(2);
    expect(() => expectedCalibrationError(labels, new Float64Array(2), weights)).toThrow(/no weight/);
  });
});

describe('reliability', () => {
  it('lists what was promised and what came, empty bins too', () => {
    const table = reliability(Int8Array.of(0, 1, 1), Float64Array.of(0, 0.25, 0.3), { bins: 4 });
    expect(table).toEqual([
      { from: 0, to: 0.25, rows: 2, weight: 2, mean_score: 0.125, positive_rate: 0.5 },
      { from: 0.25, to: 0.5, rows: 1, weight: 1, mean_score: 0.3, positive_rate: 1 },
      { from: 0.5, to: 0.75, rows: 0, weight: 0, mean_score: null, positive_rate: null },
      { from: 0.75, to: 1, rows: 0, weight: 0, mean_score: null, positive_rate: null },
    ]);
  });

  it('weighs, and gives back the calibration error when summed up', () => {
    fc.assert(
      fc.property(scoredRows, (rows) => {
        const { labels, scores, weights } = columns(rows);
        const table = reliability(labels, scores, { weights });
        const total = table.reduce((sum, bin) => sum + bin.weight, 0);
        const error = table.reduce(
          (sum, bin) => sum + bin.weight * Math.abs((bin.mean_score ?? 0) - (bin.positive_rate ?? 0)),
          0,
        );
        expect(error / total).toBeCloseTo(expectedCalibrationError(labels, scores, weights), 12);
        expect(table.reduce((sum, bin) => sum + bin.rows, 0)).toBe(rows.length);
      }),
    );
  });

  it.each([0, 1.5, Number.NaN, 1e9])('refuses %s bins', (bins) => {
    expect(() => reliability(Int8Array.of(1), Float64Array.of(1), { bins })).toThrow(InvalidInputError);
  });
});
