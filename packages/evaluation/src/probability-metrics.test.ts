import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classPriorBaseline } from './class-prior-baseline.ts';
import { InvalidScoredRowsError } from './errors.ts';
import { brierScore, logLoss } from './probability-metrics.ts';
import { expectedCalibrationError } from './reliability.ts';

describe('brierScore', () => {
  it('is 0.0375 in the example of scikit-learn’s brier_score_loss documentation', () => {
    const score = brierScore(Int8Array.of(0, 1, 1, 0), Float64Array.of(0.1, 0.9, 0.8, 0.3));
    expect(score).toBeCloseTo(0.0375, 15);
  });

  it('weighs rows: (1 · 0.1² + 3 · 0.2²) / 4 = 0.0325', () => {
    const weights = Float64Array.of(1, 3);
    expect(brierScore(Int8Array.of(0, 1), Float64Array.of(0.1, 0.8), weights)).toBeCloseTo(0.0325, 15);
  });

  it('may be asked of one class', () => {
    expect(brierScore(Int8Array.of(1), Float64Array.of(0.5))).toBe(0.25);
  });
});

describe('logLoss', () => {
  it('is 0.21616… in the example of scikit-learn’s log_loss documentation', () => {
    const loss = logLoss(Int8Array.of(1, 0, 0, 1), Float64Array.of(0.9, 0.1, 0.2, 0.65));
    expect(loss).toBeCloseTo(0.21616187468057912, 14);
  });

  it('stays finite for a sure and wrong answer: −ln 2⁻⁵² = 52 ln 2', () => {
    expect(logLoss(Int8Array.of(1), Float64Array.of(0))).toBeCloseTo(52 * Math.LN2, 12);
    expect(logLoss(Int8Array.of(0), Float64Array.of(1))).toBeCloseTo(52 * Math.LN2, 12);
  });

  it('is about nothing for a sure and right answer', () => {
    expect(logLoss(Int8Array.of(0, 1), Float64Array.of(0, 1))).toBeLessThan(1e-15);
  });
});

describe('the class-prior baseline', () => {
  it('equals the metrics of always answering the share of positives', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        (positives, negatives) => {
          const labels = Int8Array.from({ length: positives + negatives }, (_, row) =>
            row < positives ? 1 : 0,
          );
          const rate = positives / labels.length;
          const scores = new Float64Array(labels.length).fill(rate);
          const baseline = classPriorBaseline(rate);
          expect(brierScore(labels, scores)).toBeCloseTo(baseline.brier, 12);
          expect(logLoss(labels, scores)).toBeCloseTo(baseline.logLoss, 12);
          expect(expectedCalibrationError(labels, scores)).toBeCloseTo(baseline.ece, 12);
        },
      ),
    );
  });
});

describe.each([
  ['brierScore', brierScore],
  ['logLoss', logLoss],
])('%s refuses', (_, metric) => {
  it.each([
    ['a score above 1', Float64Array.of(0.5, 1.01), /probability of row 1/],
    ['a score below 0', Float64Array.of(-0.1, 1), /probability of row 0/],
    ['a NaN score', Float64Array.of(0.5, NaN), /score of row 1/],
    ['a missing score', Float64Array.of(0.5), /2 labels, 1 scores/],
  ])('%s', (_, scores, message) => {
    expect(() => metric(Int8Array.of(0, 1), scores)).toThrow(InvalidScoredRowsError);
    expect(() => metric(Int8Array.of(0, 1), scores)).toThrow(message);
  });

  it('rows that carry no weight', () => {
    const labels = Int8Array.of(0, 1);
    expect(() => metric(labels, new Float64Array(2), new Float64Array(2))).toThrow(InvalidScoredRowsError);
  });
});
