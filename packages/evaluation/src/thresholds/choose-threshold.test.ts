import { InvalidInputError, SingleClassError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidScoredRowsError } from '../errors.ts';
import { tiedRows } from '../testing/calibration-rows.ts';
import { chooseThreshold } from './choose-threshold.ts';

type Rows = { labels: Int8Array; scores: Float64Array; weights: Float64Array };

/** All thresholds there are: the lowest score, every middle, and one above the highest where there is room. */
function allThresholds(scores: Float64Array): number[] {
  const distinct = [...new Set(scores)].sort((a, b) => a - b);
  const middles = distinct.slice(1).map((score, i) => (distinct[i] + score) / 2);
  const highest = distinct[distinct.length - 1];
  return [distinct[0], ...middles, ...(highest < 1 ? [(highest + 1) / 2] : [])];
}

/** By counting; undefined where nothing that weighs is flagged. */
function decide({ labels, scores, weights }: Rows, threshold: number) {
  const sum = (isCounted: (row: number) => boolean) =>
    labels.reduce((total, _, row) => total + (isCounted(row) ? weights[row] : 0), 0);
  const flagged = sum((row) => scores[row] >= threshold);
  if (flagged === 0) return undefined;
  const hits = sum((row) => scores[row] >= threshold && labels[row] === 1);
  const positives = sum((row) => labels[row] === 1);
  return {
    threshold,
    precision: hits / flagged,
    recall: hits / positives,
    f1: (2 * hits) / (flagged + positives),
  };
}

const decisions = (rows: Rows) =>
  allThresholds(rows.scores)
    .map((threshold) => decide(rows, threshold))
    .filter((decision) => decision !== undefined);

/** Scores a good step apart, so that no middle is rounded onto one of them. */
const rowsApart = tiedRows.map((rows) => ({
  ...rows,
  scores: rows.scores.map((score) => Math.round(score * 64) / 64),
}));

/** Quarters and thirds, as the weights are such that precisions often equal them. */
const shares = fc.constantFrom(0.01, 0.25, 1 / 3, 0.5, 2 / 3, 0.75, 0.9, 1);

const figure = (found: ReturnType<typeof chooseThreshold>) => {
  if (found.threshold === null) throw new Error(found.reason);
  return found;
};

describe('chooseThreshold', () => {
  it('f1: has the highest F1 of all thresholds', () => {
    fc.assert(
      fc.property(rowsApart, (rows) => {
        const chosen = figure(chooseThreshold({ ...rows, rule: { by: 'f1' } }));
        const all = decisions(rows);
        const best = Math.max(...all.map(({ f1 }) => f1));
        expect(chosen.f1).toBe(best);
        expect(chosen.threshold).toBe(
          Math.max(...all.filter(({ f1 }) => f1 === best).map((d) => d.threshold)),
        );
        expect(chosen).toEqual({ rule: { by: 'f1' }, ...decide(rows, chosen.threshold) });
      }),
    );
  });

  it('precision: has the highest recall of those precise enough, or says how precise they get', () => {
    let reached = 0;
    let missed = 0;
    fc.assert(
      fc.property(rowsApart, shares, (rows, atLeast) => {
        const rule = { by: 'precision', atLeast } as const;
        const chosen = chooseThreshold({ ...rows, rule });
        const all = decisions(rows);
        const allowed = all.filter(({ precision }) => precision >= atLeast);
        if (chosen.threshold === null) {
          missed++;
          expect(allowed).toEqual([]);
          const highest = Math.max(...all.map(({ precision }) => precision));
          expect(chosen.reason).toContain(`the highest precision is ${highest.toFixed(4)}`);
          return;
        }
        reached++;
        const recall = Math.max(...allowed.map((decision) => decision.recall));
        expect(chosen.recall).toBe(recall);
        const equals = allowed.filter((decision) => decision.recall === recall);
        expect(chosen.precision).toBe(Math.max(...equals.map(({ precision }) => precision)));
        expect(chosen).toEqual({ rule, ...decide(rows, chosen.threshold) });
      }),
    );
    expect(reached).toBeGreaterThan(10);
    expect(missed).toBeGreaterThan(10);
  });

  it('recall: has the highest precision of those that find enough', () => {
    fc.assert(
      fc.property(rowsApart, shares, (rows, atLeast) => {
        const rule = { by: 'recall', atLeast } as const;
        const chosen = figure(chooseThreshold({ ...rows, rule }));
        const allowed = decisions(rows).filter(({ recall }) => recall >= atLeast);
        const precision = Math.max(...allowed.map((decision) => decision.precision));
        expect(chosen.precision).toBe(precision);
        const equals = allowed.filter((decision) => decision.precision === precision);
        expect(chosen.recall).toBe(Math.max(...equals.map(({ recall }) => recall)));
        expect(chosen).toEqual({ rule, ...decide(rows, chosen.threshold) });
      }),
    );
  });

  it('budget: is the lowest threshold that flags no more than allowed, of all alerts', () => {
    let within = 0;
    let tooMany = 0;
    fc.assert(
      fc.property(
        rowsApart,
        fc.array(fc.tuple(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 9, max: 12 })), {
          minLength: 1,
        }),
        fc.constantFrom(0.2, 0.5, 1, 2, 5),
        (rows, alerts, alertsPerDay) => {
          const budgetScores = Float64Array.from(alerts, ([score]) => score / 16);
          const budgetSnapshots = Int32Array.from(alerts, ([, snapshot]) => snapshot);
          const rule = { by: 'budget', alertsPerDay } as const;
          const chosen = chooseThreshold({ ...rows, rule, budgetScores, budgetSnapshots });
          const days = new Set(budgetSnapshots).size;
          const flagged = (threshold: number) =>
            budgetScores.filter((score) => score >= threshold).length / days;
          const allowed = allThresholds(budgetScores).filter(
            (threshold) => flagged(threshold) <= alertsPerDay,
          );
          if (chosen.threshold === null) {
            tooMany++;
            expect(allowed).toEqual([]);
            expect(chosen.reason).toMatch(/score 1/);
            return;
          }
          within++;
          expect(chosen.threshold).toBe(Math.min(...allowed));
          expect(chosen.flagged_per_day).toBe(flagged(chosen.threshold));
          const nothing = { threshold: chosen.threshold, precision: 0, recall: 0, f1: 0 };
          expect(chosen).toMatchObject(decide(rows, chosen.threshold) ?? nothing);
        },
      ),
    );
    expect(within).toBeGreaterThan(10);
    expect(tooMany).toBeGreaterThan(0);
  });

  it('cuts midway between scores, at the lowest one to flag all, and counts alerts of all rules', () => {
    const rows = { labels: Int8Array.of(0, 0, 1, 1), scores: Float64Array.of(0.25, 0.375, 0.5, 0.75) };
    const alerts = { budgetScores: Float32Array.of(0.5, 0.5, 0.1), budgetSnapshots: Int32Array.of(3, 3, 4) };
    expect(chooseThreshold({ ...rows, ...alerts, rule: { by: 'f1' } })).toEqual({
      rule: { by: 'f1' },
      threshold: 0.4375,
      precision: 1,
      recall: 1,
      f1: 1,
      flagged_per_day: 1,
    });
    const mixed = { ...rows, labels: Int8Array.of(1, 0, 1, 0) };
    expect(figure(chooseThreshold({ ...mixed, rule: { by: 'recall', atLeast: 1 } })).threshold).toBe(0.25);
  });

  it('divides scores between which there is no other number', () => {
    const upper = 0.5 + 2 ** -53;
    const rows = { labels: Int8Array.of(0, 1), scores: Float64Array.of(0.5, upper) };
    const chosen = figure(chooseThreshold({ ...rows, rule: { by: 'precision', atLeast: 1 } }));
    expect(chosen.threshold).toBe(upper);
    expect(chosen).toMatchObject({ precision: 1, recall: 1 });
  });

  it('refuses one class, scores outside 0..1, rules and budgets that cannot be meant', () => {
    const rows = { labels: Int8Array.of(0, 1), scores: Float64Array.of(0.2, 0.8) };
    const f1 = { by: 'f1' } as const;
    const budget = { by: 'budget', alertsPerDay: 5 } as const;
    const snapshots = Int32Array.of(1, 2);
    expect(() => chooseThreshold({ ...rows, labels: Int8Array.of(1, 1), rule: f1 })).toThrow(
      SingleClassError,
    );
    expect(() => chooseThreshold({ ...rows, scores: Float64Array.of(0.2, 1.8), rule: f1 })).toThrow(
      InvalidScoredRowsError,
    );
    for (const rule of [
      { by: 'precision', atLeast: 0 },
      { by: 'recall', atLeast: 1.1 },
      { by: 'budget', alertsPerDay: 0 },
      { by: 'accuracy' as 'f1' },
    ] as const) {
      expect(() => chooseThreshold({ ...rows, rule })).toThrow(InvalidInputError);
    }
    for (const alerts of [
      {},
      { budgetScores: rows.scores },
      { budgetSnapshots: snapshots },
      { budgetScores: new Float64Array(), budgetSnapshots: new Int32Array() },
    ]) {
      expect(() => chooseThreshold({ ...rows, ...alerts, rule: budget })).toThrow(InvalidInputError);
    }
    for (const budgetScores of [Float64Array.of(0.5), Float64Array.of(0.5, Number.NaN)]) {
      expect(() =>
        chooseThreshold({ ...rows, rule: budget, budgetScores, budgetSnapshots: snapshots }),
      ).toThrow(InvalidScoredRowsError);
    }
  });
});
