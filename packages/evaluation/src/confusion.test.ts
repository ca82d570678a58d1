import { InvalidInputError, SingleClassError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusionAt } from './confusion.ts';

const labels = Int8Array.of(0, 0, 0, 1, 1, 1, 1);
const scores = Float64Array.of(0.1, 0.6, 0.7, 0.2, 0.5, 0.8, 0.9);

describe('confusionAt', () => {
  it('counts by hand: three of five flagged are positive, three of four positives are flagged', () => {
    expect(confusionAt(labels, scores, { threshold: 0.5 })).toEqual({
      truePositives: 3,
      falsePositives: 2,
      trueNegatives: 1,
      falseNegatives: 1,
      precision: 3 / 5,
      recall: 3 / 4,
      f1: 6 / 9,
    });
  });

  it('adds up weights', () => {
    const weights = Float64Array.of(1, 2, 1, 5, 1, 1, 1);
    const { precision, recall } = confusionAt(labels, scores, { threshold: 0.5, weights });
    expect(precision).toBe(3 / 6);
    expect(recall).toBe(3 / 8);
  });

  it('calls precision 0 when nothing is flagged', () => {
    expect(confusionAt(labels, scores, { threshold: 0.95 })).toMatchObject({
      precision: 0,
      recall: 0,
      f1: 0,
    });
  });

  it('gives F1 as the harmonic mean of precision and recall at every threshold', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.9, noNaN: true }), (threshold) => {
        const { precision, recall, f1 } = confusionAt(labels, scores, { threshold });
        expect(f1).toBeCloseTo(2 / (1 / precision + 1 / recall), 12);
      }),
    );
  });

  it('refuses one class, and a threshold that is no number', () => {
    expect(() => confusionAt(Int8Array.of(0, 0), new Float64Array(2), { threshold: 0.5 })).toThrow(
      SingleClassError,
    );
    expect(() => confusionAt(labels, scores, { threshold: Number.NaN })).toThrow(InvalidInputError);
  });
});
