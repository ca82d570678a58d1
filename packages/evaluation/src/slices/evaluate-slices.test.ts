import { InvalidInputError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidScoredRowsError } from '../errors.ts';
import { evaluateBinaryOrNull } from '../evaluate-binary-or-null.ts';
import { evaluateSlices } from './evaluate-slices.ts';

const names = ['mixing', 'layering', 'peeling', 'none of these'];
const row = fc.record({
  label: fc.constantFrom(0, 1),
  score: fc.integer({ min: 0, max: 8 }).map((n) => n / 8),
  weight: fc.integer({ min: 0, max: 3 }),
  code: fc.integer({ min: 0, max: 2 }),
  group: fc.integer({ min: 0, max: 5 }),
  chosen: fc.boolean(),
});
const dataSet = fc
  .array(row, { minLength: 1, maxLength: 40 })
  .filter((rows) => rows.some((each) => each.chosen && each.weight > 0));

interface Row {
  readonly label: number;
  readonly score: number;
  readonly weight: number;
  readonly code: number;
  readonly group: number;
}

function columns(rows: readonly Row[]) {
  return {
    labels: Int8Array.from(rows, (each) => each.label),
    scores: Float64Array.from(rows, (each) => each.score),
    weights: Float64Array.from(rows, (each) => each.weight),
    codes: Int32Array.from(rows, (each) => each.code),
    splitGroups: Int32Array.from(rows, (each) => each.group),
  };
}

describe('evaluateSlices', () => {
  it('says of each slice what evaluateBinaryOrNull says of its rows, never NaN', () => {
    fc.assert(
      fc.property(dataSet, (all) => {
        const chosen = all.filter((each) => each.chosen);
        const rows = Int32Array.from(all.keys()).filter((index) => all[index]?.chosen);
        const { scores } = columns(chosen);
        const slices = evaluateSlices({ ...columns(all), scores, rows, names, threshold: 0.4 });
        expect(slices.reduce((sum, slice) => sum + slice.rows, 0)).toBe(chosen.length);
        for (const slice of slices) {
          const own = chosen.filter((each) => names[each.code] === slice.name);
          const total = own.reduce((sum, each) => sum + each.weight, 0);
          if (total === 0) {
            expect([slice.auc, slice.brier, slice.ece, slice.mean_score, slice.recall]).toEqual(
              Array(5).fill(null),
            );
            continue;
          }
          const expected = evaluateBinaryOrNull({ ...columns(own), seed: 1, resamples: 0, threshold: 0.4 });
          expect(slice).toEqual({
            name: slice.name,
            rows: own.length,
            groups: new Set(own.map((each) => each.group)).size,
            positives: own.filter((each) => each.label === 1).length,
            auc: expected.auc,
            pr_auc: expected.prAuc,
            brier: expected.brier,
            log_loss: expected.logLoss,
            ece: expected.ece,
            mean_score: expect.closeTo(own.reduce((sum, e) => sum + e.weight * e.score, 0) / total, 12),
            threshold: 0.4,
            precision: expected.precision,
            recall: expected.recall,
            f1: expected.f1,
          });
        }
        expect(JSON.parse(JSON.stringify(slices))).toEqual(slices);
      }),
    );
  });

  const five = {
    labels: Int8Array.of(0, 1, 1, 0, 1),
    scores: Float64Array.of(0.1, 0.9, 0.4, 0.6, 0.7),
    codes: Int32Array.of(1, 2, 2, 0, 0),
    splitGroups: Int32Array.of(0, 1, 1, 2, 2),
    names,
  };

  it('lists the largest slice first, equal ones by name order, and leaves out empty ones', () => {
    expect(evaluateSlices(five).map(({ name, rows }) => [name, rows])).toEqual([
      ['mixing', 2],
      ['peeling', 2],
      ['layering', 1],
    ]);
  });

  it('keeps the order of the names when asked to', () => {
    const slices = evaluateSlices({ ...five, order: 'names' });
    expect(slices.map(({ name }) => name)).toEqual(['mixing', 'layering', 'peeling']);
  });

  it('gives null for what one class does not define', () => {
    const [, peeling, layering] = evaluateSlices(five);
    expect(peeling).toMatchObject({
      groups: 1,
      positives: 2,
      auc: null,
      pr_auc: null,
      recall: 0.5,
      precision: 1,
    });
    expect(layering).toMatchObject({ positives: 0, auc: null, recall: null, precision: null, f1: null });
    expect(layering?.brier).toBeCloseTo(0.01, 15);
  });

  it('refuses codes without a name, of scored rows only', () => {
    const codes = Int32Array.of(1, 2, 2, 0, -1);
    expect(() => evaluateSlices({ ...five, codes })).toThrow(InvalidScoredRowsError);
    expect(() => evaluateSlices({ ...five, codes: five.codes.subarray(1) })).toThrow(/too few slice codes/);
    const rows = Int32Array.of(0, 1, 2, 3);
    expect(evaluateSlices({ ...five, codes, rows, scores: five.scores.subarray(0, 4) })).toHaveLength(3);
    expect(() => evaluateSlices({ ...five, threshold: Number.NaN })).toThrow(InvalidInputError);
  });
});
