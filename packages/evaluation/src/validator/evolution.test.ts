import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeEvolution } from './evolution.ts';
import { type AddressEvolution, classifyEvolution, type EvolutionClass } from './evolution-class.ts';
import { judgeGroundTruth } from './ground-truth.ts';

/** An address that grew by these shares of 1. */
function grown(degree: number, volume: number, now: Partial<AddressEvolution> = {}): EvolutionClass {
  return classifyEvolution({
    degree: [100, 100 * (1 + degree)],
    volume: [100, 100 * (1 + volume)],
    mixer: false,
    anomaly: 0.5,
    velocity: 0.5,
    ...now,
  });
}

describe('classifyEvolution', () => {
  it('calls an address expanding that grew in both ways and shows one of three signs', () => {
    expect(grown(2.01, 3.01, { mixer: true })).toBe('expanding');
    expect(grown(2.01, 3.01, { anomaly: 0.71 })).toBe('expanding');
    expect(grown(2.01, 3.01, { velocity: 0.81 })).toBe('expanding');
    expect(grown(2.01, 3.01, { anomaly: 0.7, velocity: 0.8 })).toBe('other');
    // A sign alone is not enough, and growth has to be above the limits.
    expect(grown(2, 3.01, { mixer: true })).toBe('other');
    expect(grown(2.01, 3, { mixer: true, anomaly: 1, velocity: 1 })).toBe('other');
  });

  it('calls an address benign that grew little, is not odd and no mixer', () => {
    expect(grown(0.49, 0.99, { anomaly: 0.29 })).toBe('benign');
    expect(grown(0.5, 0.99, { anomaly: 0.29 })).toBe('other');
    expect(grown(0.49, 1, { anomaly: 0.29 })).toBe('other');
    expect(grown(0.49, 0.99, { anomaly: 0.3 })).toBe('other');
    expect(grown(0.49, 0.99, { anomaly: 0.29, mixer: true })).toBe('other');
  });

  it('calls an address dormant that hardly moves and is not benign already', () => {
    expect(grown(0.19, 0.29, { velocity: 0.29 })).toBe('dormant');
    expect(grown(0.19, 0.29, { velocity: 0.29, anomaly: 0.1 })).toBe('benign');
    expect(grown(0.19, 0.29, { velocity: 0.29, anomaly: 0.1, mixer: true })).toBe('dormant');
    expect(grown(0.2, 0.29, { velocity: 0.29 })).toBe('other');
    expect(grown(0.19, 0.3, { velocity: 0.29 })).toBe('other');
    expect(grown(0.19, 0.29, { velocity: 0.3 })).toBe('other');
  });

  it('takes growth from nothing as none', () => {
    const now = { degree: [0, 50], volume: [0, 1e6], mixer: true, anomaly: 1, velocity: 0 } as const;
    expect(classifyEvolution(now)).toBe('dormant');
  });
});

describe('judgeEvolution', () => {
  it('agrees with the calculation by hand, undecided addresses by the scores themselves', () => {
    const scores = Float64Array.of(0.8, 0.2, 0.2, 0.6, 0.9);
    const classes: (EvolutionClass | undefined)[] = ['expanding', 'benign', 'dormant', 'other', undefined];
    const evolution = judgeEvolution(scores, classes);
    // Labels 1, 0, 0, 1 (0.6 is taken at its word): AUC 1; Brier (0.04 + 0.04 + 0.04 + 0.16) / 4; all in range.
    expect(evolution).toMatchObject({ alerts: 4, coverage: 0.8, auc: 1, in_range: 1 });
    expect(evolution.classes).toEqual({ expanding: 1, benign: 1, dormant: 1, other: 1 });
    expect(evolution.brier).toBeCloseTo(0.07, 12);
    expect(evolution.score).toBeCloseTo(0.4 + 0.3 * 0.93 + 0.3, 12);
  });

  it('agrees with the calculation by hand, facts only', () => {
    const scores = Float64Array.of(0.5, 0.2, 0.2, 0.6);
    const facts = judgeEvolution(scores, ['expanding', 'benign', 'dormant', 'other'], {
      undecided: 'normal',
    });
    // Labels 1, 0, 0, 0: 0.5 is above two of three; Brier (0.25 + 0.04 + 0.04 + 0.36) / 4; 0.5 is out of .70–1.
    expect(facts.auc).toBeCloseTo(2 / 3, 12);
    expect(facts.brier).toBeCloseTo(0.1725, 12);
    expect(facts.in_range).toBe(0.75);
    expect(facts.score).toBeCloseTo(0.4 * (2 / 3) + 0.3 * 0.8275 + 0.3 * 0.75, 12);
  });

  it('counts the ends of a range as in it', () => {
    const inRange = (name: EvolutionClass, score: number) =>
      judgeEvolution(Float64Array.of(score), [name]).in_range;
    const ends = { expanding: [0.7, 1], benign: [0, 0.3], dormant: [0.15, 0.25], other: [0.3, 0.7] } as const;
    for (const [name, [from, to]] of Object.entries(ends)) {
      expect([inRange(name as EvolutionClass, from), inRange(name as EvolutionClass, to)]).toEqual([1, 1]);
      if (from > 0) expect(inRange(name as EvolutionClass, from - 1e-9)).toBe(0);
      if (to < 1) expect(inRange(name as EvolutionClass, to + 1e-9)).toBe(0);
    }
  });

  it('takes an AUC of 0.5 where one class is missing, and says nothing of nothing', () => {
    expect(judgeEvolution(Float64Array.of(0.1, 0.2), ['benign', 'benign']).auc).toBe(0.5);
    expect(judgeEvolution(Float64Array.of(0.1), [undefined])).toMatchObject({
      coverage: 0,
      score: null,
      auc: null,
    });
    expect(judgeEvolution(new Float64Array(0), [])).toMatchObject({ coverage: 0, score: null });
  });

  it('lies in 0..1, and the order of the alerts does not matter', () => {
    const alert = fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom<EvolutionClass | undefined>('expanding', 'benign', 'dormant', 'other', undefined),
    );
    fc.assert(
      fc.property(
        fc.array(alert, { maxLength: 30 }),
        fc.constantFrom('by_score', 'normal'),
        (alerts, undecided) => {
          const judge = (rows: typeof alerts) =>
            judgeEvolution(
              Float64Array.from(rows, ([score]) => score),
              rows.map(([, name]) => name),
              { undecided },
            );
          const { score, coverage } = judge(alerts);
          expect(coverage).toBeGreaterThanOrEqual(0);
          expect(coverage).toBeLessThanOrEqual(1);
          if (score === null) return;
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(judge([...alerts].reverse()).score).toBeCloseTo(score, 12);
        },
      ),
    );
  });
});

describe('judgeGroundTruth', () => {
  it('takes the AUC over the alerts with a class, and their share', () => {
    // Of the six pairs of a 1 and a 0, 0.8 wins all three, 0.35 one, and ties with none: (3 + 1) / 6.
    const scores = Float64Array.of(0.8, 0.35, 0.1, 0.4, 0.5, 0.9);
    const truth = judgeGroundTruth(scores, Int8Array.of(1, 1, 0, 0, 0, -1));
    expect(truth).toMatchObject({ alerts: 5, positives: 2 });
    expect(truth.auc).toBeCloseTo(4 / 6, 12);
    expect(truth.coverage).toBeCloseTo(5 / 6, 12);
    expect(truth.brier).toBeCloseTo((0.2 ** 2 + 0.65 ** 2 + 0.1 ** 2 + 0.4 ** 2 + 0.5 ** 2) / 5, 12);
  });

  it('has no AUC of one class, and nothing at all of none', () => {
    expect(judgeGroundTruth(Float64Array.of(0.5, 0.6), Int8Array.of(1, 1))).toMatchObject({
      auc: null,
      coverage: 1,
    });
    expect(judgeGroundTruth(Float64Array.of(0.5), Int8Array.of(-1))).toEqual({
      alerts: 0,
      positives: 0,
      coverage: 0,
      auc: null,
      brier: null,
    });
    expect(judgeGroundTruth(new Float64Array(0), new Int8Array(0)).coverage).toBe(0);
  });
});
