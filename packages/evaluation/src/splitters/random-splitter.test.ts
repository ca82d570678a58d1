import { InvalidInputError, SingleClassError, type Split, type SplitRequest } from '@risk-scoring/contract';
import { describeSplitter } from '@risk-scoring/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitRequestOf } from '../testing/synthetic-rows.ts';
import { TooFewRowsError } from './errors.ts';
import { createRandomSplitter } from './random-splitter.ts';

const splitter = createRandomSplitter();

const requests = fc
  .record({
    labels: fc.array(fc.constantFrom(-1, 0, 0, 1), { minLength: 60, maxLength: 200 }),
    seed: fc.integer(),
  })
  .map(({ labels, seed }) =>
    splitRequestOf(
      Int8Array.from(labels),
      Int32Array.from(labels, (_, row) => row % 7),
      seed,
    ),
  );

const countOf = (request: SplitRequest, rows: Int32Array, label: number) =>
  rows.filter((row) => request.labels[row] === label).length;

function expectWhole(request: SplitRequest, { train, test, hidden }: Split): void {
  expect(Int32Array.of(...train, ...test).sort()).toEqual(request.rows);
  for (const part of [train, test]) {
    expect(part).toEqual(part.slice().sort());
    for (const label of [0, 1]) expect(countOf(request, part, label)).toBeGreaterThan(0);
  }
  expect(hidden).toEqual(Uint8Array.from(request.labels, (_, row) => Number(test.includes(row))));
}

describe('the random splitter', () => {
  it('holds out the fraction of each class, within one row, and hides the test rows alone', () => {
    fc.assert(
      fc.property(requests, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (request, fraction) => {
        fc.pre(countOf(request, request.rows, 0) >= 2 && countOf(request, request.rows, 1) >= 2);
        const split = splitter.holdout(request, fraction);
        expectWhole(request, split);
        for (const label of [0, 1]) {
          const wanted = fraction * countOf(request, request.rows, label);
          expect(Math.abs(countOf(request, split.test, label) - wanted)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('folds into disjoint test parts that cover the rows and differ by one row at most, in each class too', () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 2, max: 8 }), (request, k) => {
        fc.pre(countOf(request, request.rows, 0) >= k && countOf(request, request.rows, 1) >= k);
        const folds = splitter.folds(request, k);
        expect(folds).toHaveLength(k);
        for (const fold of folds) expectWhole(request, fold);
        expect(Int32Array.from(folds.flatMap(({ test }) => [...test])).sort()).toEqual(request.rows);
        const spread = (sizes: number[]) => Math.max(...sizes) - Math.min(...sizes);
        expect(spread(folds.map(({ test }) => test.length))).toBeLessThanOrEqual(1);
        expect(spread(folds.map(({ test }) => countOf(request, test, 1)))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('repeats itself for one seed, differs between seeds and gives each row its turn', () => {
    const labels = Int8Array.from({ length: 100 }, (_, row) => row % 2);
    const groups = Int32Array.from(labels.keys());
    const at = (seed: number) => splitter.holdout(splitRequestOf(labels, groups, seed), 0.3).test;
    expect(at(1)).toEqual(at(1));
    expect(at(1)).not.toEqual(at(2));
    const times = new Int32Array(100);
    for (let seed = 0; seed < 300; seed++) for (const row of at(seed)) times[row]++;
    // Held out in three of ten seeds: 90 times of 300, with a standard deviation of 7.9.
    expect(Math.min(...times)).toBeGreaterThan(90 - 4.5 * 7.9);
    expect(Math.max(...times)).toBeLessThan(90 + 4.5 * 7.9);
  });

  it('refuses one class, too few rows of a class, odd fractions and folds', () => {
    const groups = Int32Array.of(0, 1, 2, 3, 4);
    const request = splitRequestOf(Int8Array.of(1, 1, 0, 0, 0), groups, 1);
    expect(() => splitter.folds(request, 3)).toThrow(TooFewRowsError);
    expect(() => splitter.folds(request, 3)).toThrow(/at least 3 rows labelled 1.*Found: 2 labelled 1 and 3/);
    expect(() => splitter.holdout(splitRequestOf(Int8Array.of(1, 1, 1, -1, 1), groups, 1), 0.2)).toThrow(
      SingleClassError,
    );
    for (const fraction of [0, 1, Number.NaN]) {
      expect(() => splitter.holdout(request, fraction)).toThrow(InvalidInputError);
    }
    expect(() => splitter.folds(request, 1)).toThrow(InvalidInputError);
    expect(() => splitter.holdout({ ...request, rows: Int32Array.of(1, 0) }, 0.2)).toThrow(InvalidInputError);
  });

  it('says plainly what its figures are worth', () => {
    expect(splitter.guarantee).toMatch(/same address is on both sides.*overstate/);
    expect(splitter.disjoint).toBe(false);
  });
});

describeSplitter('the random splitter', () => createRandomSplitter(), {
  keepsGroupsTogether: false,
});
