import {
  assertSpecificationVersion,
  createRandom,
  InvalidInputError,
  SingleClassError,
  type Split,
  type SplitRequest,
} from '@risk-scoring/contract';
import { describeSplitter } from '@risk-scoring/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressSplitter } from './address-splitter.ts';
import { TooFewGroupsError } from './errors.ts';
import { splitRequestOf } from './testing/synthetic-rows.ts';

const splitter = createAddressSplitter();

/** Rows of groups of any mix, some of them unlabelled. */
const requests = fc
  .record({
    rows: fc.array(fc.record({ label: fc.constantFrom(-1, 0, 0, 1), group: fc.nat(39) }), {
      minLength: 40,
      maxLength: 200,
    }),
    seed: fc.integer(),
  })
  .map(({ rows, seed }) =>
    splitRequestOf(
      Int8Array.from(rows, (row) => row.label),
      Int32Array.from(rows, (row) => row.group),
      seed,
    ),
  );

const groupsWith = (request: SplitRequest, label: number) =>
  new Set(
    Array.from(
      request.rows.filter((row) => request.labels[row] === label),
      (row) => request.splitGroups[row],
    ),
  ).size;

const rate = (request: SplitRequest, rows: Int32Array) =>
  rows.filter((row) => request.labels[row] === 1).length / rows.length;

function expectValid(request: SplitRequest, { train, test }: Split): void {
  const together = Int32Array.of(...train, ...test).sort();
  expect(together).toEqual(request.rows);
  for (const part of [train, test]) {
    expect(part).toEqual(part.slice().sort());
    expect(new Set(part.map((row) => request.labels[row]))).toEqual(new Set([0, 1]));
  }
  const trainGroups = new Set(train.map((row) => request.splitGroups[row]));
  expect(Array.from(test).filter((row) => trainGroups.has(request.splitGroups[row]))).toEqual([]);
}

describe('the address splitter', () => {
  it('carries the contract’s version', () => {
    expect(() => assertSpecificationVersion(splitter, 'Splitter')).not.toThrow();
  });

  it('holds out whole groups of both classes, whatever the fraction, and loses no row', () => {
    fc.assert(
      fc.property(requests, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (request, fraction) => {
        fc.pre(groupsWith(request, 0) >= 2 && groupsWith(request, 1) >= 2);
        expectValid(request, splitter.holdout(request, fraction));
      }),
    );
  });

  it('folds into disjoint test parts of both classes that cover the rows', () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 2, max: 8 }), (request, k) => {
        fc.pre(groupsWith(request, 0) >= k && groupsWith(request, 1) >= k);
        const folds = splitter.folds(request, k);
        expect(folds).toHaveLength(k);
        for (const fold of folds) expectValid(request, fold);
        const covered = Int32Array.from(folds.flatMap((fold) => Array.from(fold.test))).sort();
        expect(covered).toEqual(request.rows);
      }),
    );
  });

  it.each([0.05, 0.1, 0.25, 0.37, 0.5, 0.8])(
    'keeps class and row shares even at a fraction of %d',
    (fraction) => {
      const request = skewedRequest(1);
      const { train, test } = splitter.holdout(request, fraction);
      // 2,000 groups of 1 to 30 rows: whole groups allow shares within half a percent.
      expect(Math.abs(test.length / request.rows.length - fraction)).toBeLessThan(0.005);
      expect(Math.abs(rate(request, test) / rate(request, request.rows) - 1)).toBeLessThan(0.05);
      expect(Math.abs(rate(request, train) / rate(request, request.rows) - 1)).toBeLessThan(0.05);
    },
  );

  it('keeps class and row shares even between folds', () => {
    const request = skewedRequest(2);
    for (const { test } of splitter.folds(request, 5)) {
      expect(Math.abs(test.length / request.rows.length - 0.2)).toBeLessThan(0.005);
      expect(Math.abs(rate(request, test) / rate(request, request.rows) - 1)).toBeLessThan(0.05);
    }
  });

  it('holds out large groups as often as small ones, over many seeds', () => {
    // A hundred groups of 50 to 99 rows among 4,000 of 1 row. Strictly by size, the largest would never be held out.
    const sizes = Array.from({ length: 4100 }, (_, group) => (group < 100 ? 50 + Math.floor(group / 2) : 1));
    const splitGroups = Int32Array.from(sizes.flatMap((size, group) => Array<number>(size).fill(group)));
    const labels = Int8Array.from(splitGroups, (group) => (group % 4 === 0 ? 1 : 0));
    const seeds = 200;
    const timesHeldOut = new Int32Array(100);
    for (let seed = 0; seed < seeds; seed++) {
      const { test } = splitter.holdout(splitRequestOf(labels, splitGroups, seed), 0.2);
      for (const group of new Set(test.map((row) => splitGroups[row]))) {
        if (group < 100) timesHeldOut[group]++;
      }
    }
    // Each is held out in a fifth of 200 seeds, with a standard deviation of 5.7.
    expect(Math.min(...timesHeldOut)).toBeGreaterThan(40 - 4 * 5.7);
    expect(Math.max(...timesHeldOut)).toBeLessThan(40 + 4 * 5.7);
  });

  it('never holds out an address that has more positives than the fraction asks for', () => {
    const splitGroups = Int32Array.from({ length: 400 }, (_, row) => (row < 60 ? 0 : row));
    const labels = Int8Array.from(splitGroups, (_, row) => (row < 100 ? 1 : 0));
    for (let seed = 0; seed < 50; seed++) {
      const { test } = splitter.holdout(splitRequestOf(labels, splitGroups, seed), 0.2);
      expect(test.filter((row) => splitGroups[row] === 0)).toHaveLength(0);
      expect(Math.abs(test.filter((row) => labels[row] === 1).length - 20)).toBeLessThanOrEqual(3);
    }
  });

  it('repeats itself for one seed and differs between seeds', () => {
    const request = skewedRequest(3);
    expect(splitter.holdout(request, 0.2)).toEqual(splitter.holdout(request, 0.2));
    expect(splitter.folds(request, 3)).toEqual(splitter.folds(request, 3));
    const other = { ...request, seed: request.seed + 1 };
    expect(splitter.holdout(request, 0.2).test).not.toEqual(splitter.holdout(other, 0.2).test);
    expect(splitter.folds(request, 3)[0]?.test).not.toEqual(splitter.folds(other, 3)[0]?.test);
  });

  it('puts a group into the same part wherever its rows stand', () => {
    const request = skewedRequest(4);
    const order = createRandom(8).shuffle(Int32Array.from(request.labels.keys()));
    const moved = splitRequestOf(
      Int8Array.from(order, (row) => request.labels[row]),
      order.map((row) => request.splitGroups[row]),
      request.seed,
    );
    const testGroups = ({ splitGroups }: SplitRequest, { test }: Split) =>
      [...new Set(test.map((row) => splitGroups[row]))].sort((a, b) => a - b);
    expect(testGroups(moved, splitter.holdout(moved, 0.3))).toEqual(
      testGroups(request, splitter.holdout(request, 0.3)),
    );
  });

  it('says how many groups of a class there are and how many it needs', () => {
    const request = splitRequestOf(Int8Array.of(1, 1, 1, 0, 0, 0, 0), Int32Array.of(0, 0, 1, 2, 3, 4, 5), 1);
    expect(() => splitter.folds(request, 3)).toThrow(TooFewGroupsError);
    expect(() => splitter.folds(request, 3)).toThrow(
      /at least 3 addresses with rows labelled 1.*Found: 2 addresses with rows labelled 1, and 4/,
    );
    expectValid(request, splitter.holdout(request, 0.2));
  });

  it('refuses one class, odd fractions and folds, and rows that break the contract', () => {
    const request = splitRequestOf(Int8Array.of(1, 0, 1, 0), Int32Array.of(0, 1, 2, 3), 1);
    const oneClass = splitRequestOf(Int8Array.of(1, 1, -1, 1), Int32Array.of(0, 1, 2, 3), 1);
    expect(() => splitter.holdout(oneClass, 0.2)).toThrow(SingleClassError);
    for (const fraction of [0, 1, -0.1, Number.NaN]) {
      expect(() => splitter.holdout(request, fraction)).toThrow(InvalidInputError);
    }
    for (const k of [1, 2.5, Number.NaN]) expect(() => splitter.folds(request, k)).toThrow(InvalidInputError);
    for (const broken of [
      { ...request, rows: Int32Array.of(1, 0) },
      { ...request, rows: Int32Array.of(0, 1, 4) },
      { ...request, labels: Int8Array.of(1, -1, 1, 0) },
      { ...request, splitGroups: Int32Array.of(0, 1, 2, 9) },
      { ...request, splitGroups: Int32Array.of(0, 1, 2) },
    ]) {
      expect(() => splitter.holdout(broken, 0.5)).toThrow(InvalidInputError);
    }
  });
});

/** 2,000 groups of 1 to 30 rows, one in five leaning to label 1, a few rows unlabelled. */
function skewedRequest(seed: number): SplitRequest {
  const random = createRandom(seed, 'skewed request');
  const labels: number[] = [];
  const splitGroups: number[] = [];
  for (let group = 0; group < 2000; group++) {
    const positiveRate = random.next() < 0.2 ? 0.9 : 0.02;
    const size = 1 + Math.floor(30 * random.next() ** 3);
    for (let i = 0; i < size; i++) {
      splitGroups.push(group);
      labels.push(random.next() < 0.05 ? -1 : Number(random.next() < positiveRate));
    }
  }
  return splitRequestOf(Int8Array.from(labels), Int32Array.from(splitGroups), seed);
}

describeSplitter('the address splitter', () => createAddressSplitter());
