import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressConsistency } from './address-consistency.ts';
import { judgeBehaviour } from './behaviour.ts';
import { medianScores, rankAgreement } from './rank-agreement.ts';
import { scoreEntropy } from './score-entropy.ts';
import { scoreStability } from './score-stability.ts';
import { spearman } from './spearman.ts';

const probabilities = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 40 })
  .map((values) => Float64Array.from(values));

describe('scoreEntropy', () => {
  it('is 0 for one bin, 1 for ten equal ones, and as calculated by hand between', () => {
    expect(scoreEntropy(Float64Array.of(0.41, 0.42, 0.49))).toBe(0);
    expect(scoreEntropy(Float64Array.from({ length: 50 }, (_, row) => (row % 10) / 10 + 0.05))).toBeCloseTo(
      1,
      12,
    );
    // Three quarters and a quarter: −(0.75 ln 0.75 + 0.25 ln 0.25) / ln 10 = 0.562335 / 2.302585
    expect(scoreEntropy(Float64Array.of(0.1, 0.15, 0.19, 1))).toBeCloseTo(0.244219, 6);
  });

  it('takes 0 into the first bin and 1 into the last', () => {
    expect(scoreEntropy(Float64Array.of(0, 0.05))).toBe(0);
    expect(scoreEntropy(Float64Array.of(0.95, 1))).toBe(0);
  });

  it('counts scores on the edges as numpy does', () => {
    const tenths = Float64Array.from({ length: 11 }, (_, i) => i / 10);
    // numpy 2.4.6: np.histogram([0, 0.1, …, 1.0], bins=10, range=(0, 1))[0]
    const counts = [1, 1, 2, 0, 1, 2, 1, 0, 1, 2];
    const expected = counts.reduce((sum, n) => (n === 0 ? sum : sum - (n / 11) * Math.log(n / 11)), 0);
    expect(scoreEntropy(tenths)).toBeCloseTo(expected / Math.log(10), 12);
  });

  it('lies in 0..1 and does not depend on the order', () => {
    fc.assert(
      fc.property(probabilities, (scores) => {
        const entropy = scoreEntropy(scores);
        expect(entropy).toBeGreaterThanOrEqual(0);
        expect(entropy).toBeLessThanOrEqual(1);
        expect(scoreEntropy(scores.slice().sort())).toBeCloseTo(entropy, 12);
      }),
    );
  });
});

describe('spearman', () => {
  it('gives the figure of the documentation of scipy.stats.spearmanr, which has a tie', () => {
    expect(spearman(Float64Array.of(1, 2, 3, 4, 5), Float64Array.of(5, 6, 7, 8, 7))).toBeCloseTo(
      0.8207826816681233,
      14,
    );
  });

  it('is 1 − 6 Σd² / (n³ − n) where nothing ties', () => {
    const distinct = fc.uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 3,
      maxLength: 20,
      comparator: (a, b) => a === b,
    });
    const rank = (values: number[], value: number) => values.filter((other) => other < value).length;
    fc.assert(
      fc.property(
        distinct,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (first, stream) => {
          const second = [
            ...new Set(Array.from({ length: first.length }, () => stream.next().value as number)),
          ];
          fc.pre(second.length === first.length);
          const n = first.length;
          const squares = first.reduce(
            (sum, value, row) => sum + (rank(first, value) - rank(second, second[row])) ** 2,
            0,
          );
          expect(spearman(Float64Array.from(first), Float64Array.from(second))).toBeCloseTo(
            1 - (6 * squares) / (n ** 3 - n),
            10,
          );
        },
      ),
    );
  });

  it('is not defined where one side is constant or there is one pair', () => {
    expect(spearman(Float64Array.of(1, 1, 1), Float64Array.of(1, 2, 3))).toBeNull();
    expect(spearman(Float64Array.of(1), Float64Array.of(2))).toBeNull();
    expect(spearman(Float64Array.of(0, -0), Float64Array.of(1, 2))).toBeNull();
  });

  it('does not change under an increasing function of one side', () => {
    fc.assert(
      fc.property(probabilities, (scores) => {
        const other = scores.map((score, row) => (row % 3) + score);
        const stretched = scores.map((score) => 2 * score);
        expect(spearman(stretched, other)).toBe(spearman(scores, other));
      }),
    );
  });
});

describe('rankAgreement', () => {
  it('is 1 for a submission that is its own median, 0 for the opposite order', () => {
    const scores = Float64Array.of(0.1, 0.7, 0.4);
    expect(rankAgreement(scores, medianScores([scores]))).toBe(1);
    expect(
      rankAgreement(
        scores,
        scores.map((score) => 1 - score),
      ),
    ).toBe(0);
  });

  it('takes the median of each alert over the submissions that have it', () => {
    const nan = Number.NaN;
    const medians = medianScores([
      Float64Array.of(0.9, 0.1, 0.2),
      Float64Array.of(0.3, nan, 0.4),
      Float64Array.of(0.5, nan, nan),
    ]);
    expect(medians[0]).toBe(0.5);
    expect(medians[1]).toBe(0.1);
    expect(medians[2]).toBeCloseTo(0.3, 12);
  });

  it('is 0.5 for scores that order nothing, and 0 for a single alert', () => {
    expect(rankAgreement(Float64Array.of(0.5, 0.5), Float64Array.of(0.1, 0.9))).toBe(0.5);
    expect(rankAgreement(Float64Array.of(0.5), Float64Array.of(0.5))).toBe(0);
  });
});

describe('scoreStability', () => {
  it('is 1 less the mean difference over what both have', () => {
    const before = Float64Array.of(0.4, 0.8, Number.NaN);
    expect(scoreStability(Float64Array.of(0.5, 0.5, 0.5), before)).toBeCloseTo(0.8, 12);
    expect(scoreStability(Float64Array.of(0, 1), Float64Array.of(1, 0))).toBe(0);
  });

  it('is 0.7 where fewer than two can be compared', () => {
    expect(scoreStability(Float64Array.of(0.5, 0.5), Float64Array.of(0.5, Number.NaN))).toBe(0.7);
    expect(scoreStability(new Float64Array(0), new Float64Array(0))).toBe(0.7);
  });
});

describe('addressConsistency', () => {
  it('takes a penalty by the population standard deviation, at its limits too', () => {
    // Two scores that lie 2d apart have the deviation d. Numbers that floats hold exactly.
    const pair = (deviation: number) =>
      addressConsistency(Float64Array.of(0.5 - deviation, 0.5 + deviation), Int32Array.of(3, 3));
    expect(pair(0)).toBe(1);
    expect(pair(0.0999)).toBe(1);
    expect(pair(0.125)).toBeCloseTo(0.95, 12);
    expect(pair(0.1501)).toBeCloseTo(0.9, 12);
    expect(pair(0.2499)).toBeCloseTo(0.9, 12);
    expect(pair(0.25)).toBeCloseTo(0.85, 12);
    expect(pair(0.5)).toBeCloseTo(0.85, 12);
  });

  it('is the mean over addresses with several alerts; those with one do not count', () => {
    const scores = Float64Array.of(0.1, 0.9, 0.5, 0.5, 0.7);
    expect(addressConsistency(scores, Int32Array.of(0, 0, 1, 1, 2))).toBeCloseTo(1 - 0.15 / 2, 12);
    expect(addressConsistency(scores, Int32Array.of(0, 1, 2, 3, 4))).toBe(1);
  });

  it('agrees with the two-pass deviation, whatever the order', () => {
    fc.assert(
      fc.property(probabilities, fc.integer({ min: 1, max: 5 }), (scores, groups) => {
        const addresses = Int32Array.from(scores, (_, row) => row % groups);
        const penalties: number[] = [];
        for (let group = 0; group < groups; group++) {
          const own = [...scores].filter((_, row) => row % groups === group);
          if (own.length < 2) continue;
          const mean = own.reduce((sum, score) => sum + score, 0) / own.length;
          const deviation = Math.sqrt(own.reduce((sum, score) => sum + (score - mean) ** 2, 0) / own.length);
          fc.pre([0.1, 0.15, 0.25].every((limit) => Math.abs(deviation - limit) > 1e-12));
          penalties.push(deviation < 0.1 ? 0 : deviation < 0.15 ? 0.05 : deviation < 0.25 ? 0.1 : 0.15);
        }
        const mean =
          penalties.length === 0 ? 0 : penalties.reduce((sum, one) => sum + one, 0) / penalties.length;
        expect(addressConsistency(scores, addresses)).toBeCloseTo(1 - mean, 12);
        expect(addressConsistency(scores.slice().reverse(), addresses.slice().reverse())).toBeCloseTo(
          1 - mean,
          12,
        );
      }),
    );
  });
});

describe('judgeBehaviour', () => {
  it('is a quarter of each figure', () => {
    const scores = Float64Array.of(0.1, 0.9);
    const behaviour = judgeBehaviour({
      scores,
      medians: scores,
      before: Float64Array.of(0.3, 0.9),
      addresses: Int32Array.of(0, 0),
    });
    // ln 2 / ln 10, ρ = 1, 1 − 0.2 / 2, and a deviation of 0.4
    expect(behaviour.entropy).toBeCloseTo(0.30103, 5);
    expect(behaviour).toMatchObject({ rank_agreement: 1, stability: 0.9, address_consistency: 0.85 });
    expect(behaviour.score).toBeCloseTo((0.30103 + 1 + 0.9 + 0.85) / 4, 5);
  });

  it('lies in 0..1', () => {
    fc.assert(
      fc.property(probabilities, probabilities, (scores, others) => {
        const before = Float64Array.from(scores, (_, row) => others[row] ?? Number.NaN);
        const medians = medianScores([scores, before]);
        const addresses = Int32Array.from(scores, (_, row) => row >> 1);
        const { score } = judgeBehaviour({ scores, medians, before, addresses });
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }),
    );
  });
});
