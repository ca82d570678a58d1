import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correctedFigures } from './corrected-figures.ts';
import { type FinalScoreRequest, finalScore } from './final-score.ts';

const request: FinalScoreRequest = {
  passedIntegrity: true,
  behaviour: 0.8,
  truth: { score: 0.9, coverage: 0.4 },
  evolution: { score: 0.6, coverage: 0.5 },
  days: 31,
};

describe('finalScore', () => {
  it('weighs as calculated by hand, and says what coverage allows', () => {
    const final = finalScore(request);
    // 0.1 × 0.8 + 0.9 × (0.5 × 0.36 + 0.5 × 0.3); 0.1 + 0.9 × (0.5 × 0.4 + 0.5 × 0.5)
    expect(final.score).toBeCloseTo(0.377, 12);
    expect(final.ceiling).toBeCloseTo(0.505, 12);
    expect(final.phase).toBe('judged');
  });

  it('is a flat 0.1 from day 0 to day 28', () => {
    for (const days of [0, 1, 28]) {
      expect(finalScore({ ...request, days })).toEqual({ score: 0.1, ceiling: 0.1, phase: 'flat' });
    }
    expect(finalScore({ ...request, days: 29 }).phase).toBe('judged');
  });

  it('is 0 without integrity, also in the flat time', () => {
    for (const days of [3, 31]) {
      expect(finalScore({ ...request, days, passedIntegrity: false })).toMatchObject({
        score: 0,
        ceiling: 0,
      });
    }
  });

  it('adds nothing for a part that could not be judged, to the ceiling neither', () => {
    const final = finalScore({ ...request, evolution: { score: null, coverage: 0.5 } });
    expect(final.score).toBeCloseTo(0.08 + 0.45 * 0.36, 12);
    expect(final.ceiling).toBeCloseTo(0.1 + 0.45 * 0.4, 12);
  });

  it('lies between 0 and the ceiling, and the ceiling is at most 1', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const part = fc.record({ score: fc.option(share), coverage: share });
    fc.assert(
      fc.property(share, part, part, fc.nat(60), (behaviour, truth, evolution, days) => {
        const { score, ceiling } = finalScore({ passedIntegrity: true, behaviour, truth, evolution, days });
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(ceiling + 1e-15);
        expect(ceiling).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('correctedFigures', () => {
  it('counts an address once, however many alerts it has', () => {
    // The address 0 has three alerts of class 1 that score above the one of class 0, the address 1 has one below it.
    const figures = correctedFigures({
      scores: Float64Array.of(0.9, 0.8, 0.7, 0.1, 0.5, 0.99),
      labels: Int8Array.of(1, 1, 1, 1, 0, -1),
      addresses: Int32Array.of(0, 0, 0, 1, 2, 3),
      seed: 1,
      resamples: 50,
    });
    expect(figures.auc).toBe(0.75);
    expect(figures.auc_by_address).toBe(0.5);
    expect(figures).toMatchObject({ alerts: 5, addresses: 3, positives: 4, positive_share: 0.8 });
    expect(figures.precision_at).toEqual({ 10: null, 50: null, 100: null });
    // Precision 1 at three steps, then 4 of 5: (1 + 1 + 1 + 0.8) / 4
    expect(figures.pr_auc).toBeCloseTo(0.95, 12);
  });

  it('tells precision among the highest scores', () => {
    const rows = 60;
    const figures = correctedFigures({
      scores: Float64Array.from({ length: rows }, (_, row) => 1 - row / rows),
      labels: Int8Array.from({ length: rows }, (_, row) => (row < 8 || row >= 55 ? 1 : 0)),
      addresses: Int32Array.from({ length: rows }, (_, row) => row),
      seed: 1,
      resamples: 50,
    });
    expect(figures.precision_at).toEqual({ 10: 0.8, 50: 0.16, 100: null });
    const [low, high] = figures.auc_interval ?? [Number.NaN, Number.NaN];
    expect(low).toBeLessThanOrEqual(figures.auc ?? Number.NaN);
    expect(high).toBeGreaterThanOrEqual(figures.auc ?? Number.NaN);
  });

  it('is null where nothing is known, or one class only', () => {
    const none = {
      scores: Float64Array.of(0.5),
      labels: Int8Array.of(-1),
      addresses: Int32Array.of(0),
      seed: 1,
    };
    expect(correctedFigures(none)).toMatchObject({ alerts: 0, auc: null, ece: null, positive_share: null });
    const one = correctedFigures({ ...none, labels: Int8Array.of(1) });
    expect(one).toMatchObject({ alerts: 1, auc: null, auc_by_address: null, pr_auc: null, brier: 0.25 });
  });
});
