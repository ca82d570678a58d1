import { InvalidInputError, SingleClassError, type Split, type SplitRequest } from '@risk-scoring/contract';
import { describeSplitter } from '@risk-scoring/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TooFewSnapshotsError } from './errors.ts';
import { createTemporalSplitter } from './temporal-splitter.ts';

interface Row {
  readonly date: number;
  readonly label: number;
  readonly group: number;
}

/** Rows in any order of dates; -1 is unlabelled. */
function requestOf(rows: readonly Row[]): SplitRequest {
  const labels = Int8Array.from(rows, ({ label }) => label);
  return {
    rows: Int32Array.from(labels.keys()).filter((row) => labels[row] !== -1),
    keys: {
      processingDates: Int32Array.from(rows, ({ date }) => date),
      ids: rows.map((_, row) => `alert-${row}`),
    },
    labels,
    splitGroups: Int32Array.from(rows, ({ group }) => group),
    seed: 1,
  };
}

/** One positive and one negative row for each entry, so that no side can lack a class. */
const pairs = (dates: readonly number[]) =>
  dates.flatMap((date, i) => [
    { date, label: 1, group: 2 * i },
    { date, label: 0, group: 2 * i + 1 },
  ]);

/** Days that are not all there, each with a pair of both classes and some more rows, some of them unlabelled. */
const requests = fc
  .record({
    dates: fc.uniqueArray(fc.integer({ min: 18_000, max: 18_040 }), { minLength: 6, maxLength: 20 }),
    extra: fc.array(
      fc.record({
        date: fc.integer({ min: 17_995, max: 18_045 }),
        label: fc.constantFrom(-1, 0, 1),
        group: fc.nat(30),
      }),
      { minLength: 60, maxLength: 100 },
    ),
  })
  .map(({ dates, extra }) => requestOf([...extra.slice(0, 30), ...pairs(dates), ...extra.slice(30)]));

const labelledDates = ({ rows, keys }: SplitRequest) =>
  [...new Set(Array.from(rows, (row) => keys.processingDates[row]))].sort((a, b) => a - b);

/** The split, or undefined where there is too little to split: that is a case of its own. */
function attempt<T>(split: () => T): T | undefined {
  try {
    return split();
  } catch (error) {
    if (error instanceof TooFewSnapshotsError || error instanceof SingleClassError) return undefined;
    throw error;
  }
}

function expectPastAgainstFuture(request: SplitRequest, split: Split, purgeDays: number): void {
  const { labels, keys, rows } = request;
  const datesOf = (part: Int32Array) => part.map((row) => keys.processingDates[row]);
  const first = Math.min(...datesOf(split.test));
  expect(first - Math.max(...datesOf(split.train))).toBeGreaterThan(purgeDays);
  for (const part of [split.train, split.test]) {
    expect(part).toEqual(part.slice().sort());
    expect(new Set(part.map((row) => labels[row]))).toEqual(new Set([0, 1]));
    expect(Array.from(part).every((row) => rows.includes(row))).toBe(true);
  }
  // Every requested row of the past is learned from, and the rest of the whole data set is hidden.
  expect(split.train).toEqual(rows.filter((row) => keys.processingDates[row] + purgeDays < first));
  expect(split.hidden).toEqual(
    Uint8Array.from(labels, (_, row) => Number(keys.processingDates[row] + purgeDays >= first)),
  );
}

describe('the temporal splitter', () => {
  it('holds out the latest whole snapshots, nearest to the fraction, behind the purge', () => {
    let split = 0;
    fc.assert(
      fc.property(
        requests,
        fc.double({ min: 0.05, max: 0.6, noNaN: true }),
        fc.nat(4),
        (request, f, purge) => {
          const found = attempt(() => createTemporalSplitter({ purgeDays: purge }).holdout(request, f));
          if (found === undefined) return;
          split++;
          expectPastAgainstFuture(request, found, purge);
          const dateOf = (row: number) => request.keys.processingDates[row];
          const sizes = labelledDates(request)
            .slice(1)
            .map((first) => request.rows.filter((row) => dateOf(row) >= first).length);
          expect(sizes).toContain(found.test.length);
          const miss = (size: number) => Math.abs(size - f * request.rows.length);
          expect(miss(found.test.length)).toBeCloseTo(Math.min(...sizes.map(miss)), 9);
        },
      ),
    );
    expect(split).toBeGreaterThan(80);
  });

  it('folds forward: consecutive blocks of whole snapshots, each learned about from all before it', () => {
    let split = 0;
    fc.assert(
      fc.property(requests, fc.integer({ min: 2, max: 5 }), fc.nat(2), (request, k, purgeDays) => {
        const folds = attempt(() => createTemporalSplitter({ purgeDays }).folds(request, k));
        if (folds === undefined) return;
        split++;
        expect(folds).toHaveLength(k);
        for (const fold of folds) expectPastAgainstFuture(request, fold, purgeDays);
        const dates = labelledDates(request);
        const blocks = folds.map(({ test }) => labelledDates({ ...request, rows: test }));
        // No date twice, none skipped; what is never tested is the beginning.
        expect(dates.slice(-blocks.flat().length)).toEqual(blocks.flat());
        expect(blocks.flat().length).toBeLessThan(dates.length);
      }),
    );
    expect(split).toBeGreaterThan(50);
  });

  it('makes blocks of equal rows where the snapshots allow it', () => {
    // 40 dates of 10 rows, then 4 of 100: blocks of 200 rows.
    const sizes = [...Array<number>(40).fill(5), ...Array<number>(4).fill(50)];
    const request = requestOf(pairs(sizes.flatMap((size, day) => Array<number>(size).fill(18_000 + day))));
    const tested = createTemporalSplitter()
      .folds(request, 3)
      .map(({ test }) => test.length);
    expect(tested).toEqual([200, 200, 200]);
  });

  it('leaves addresses with training rows out of the test part when asked, and hides the same rows', () => {
    let left = 0;
    fc.assert(
      fc.property(requests, (request) => {
        const all = attempt(() => createTemporalSplitter().holdout(request, 0.4));
        const unseen = attempt(() => createTemporalSplitter({ unseenOnly: true }).holdout(request, 0.4));
        if (all === undefined || unseen === undefined) return;
        const learned = new Set(all.train.map((row) => request.splitGroups[row]));
        expect(unseen.train).toEqual(all.train);
        expect(unseen.hidden).toEqual(all.hidden);
        expect(unseen.test).toEqual(all.test.filter((row) => !learned.has(request.splitGroups[row])));
        left += all.test.length - unseen.test.length;
      }),
    );
    expect(left).toBeGreaterThan(0);
  });

  it('takes no notice of dates without labelled rows, but hides them', () => {
    const rows = [
      ...pairs([10, 11, 12, 13, 14]),
      { date: 20, label: -1, group: 9 },
      { date: 5, label: -1, group: 9 },
    ];
    const { test, hidden } = createTemporalSplitter().holdout(requestOf(rows), 0.2);
    expect(test).toEqual(Int32Array.of(8, 9));
    expect(hidden).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0));
  });

  it('says how many snapshots there are and how many are needed', () => {
    const request = requestOf(pairs([10, 11, 12]));
    expect(() => createTemporalSplitter().folds(request, 3)).toThrow(TooFewSnapshotsError);
    expect(() => createTemporalSplitter().folds(request, 3)).toThrow(/at least 4 processing dates.*Found: 3/);
    expect(() => createTemporalSplitter().holdout(requestOf(pairs([10])), 0.2)).toThrow(
      /at least 2.*Found: 1/,
    );
  });

  it('says when the purge leaves nothing to learn from', () => {
    const request = requestOf(pairs([10, 11, 12, 13]));
    const splitter = createTemporalSplitter({ purgeDays: 3 });
    expect(() => splitter.holdout(request, 0.25)).toThrow(TooFewSnapshotsError);
    expect(() => splitter.holdout(request, 0.25)).toThrow(
      /purge of 3 days.*before 1970-01-11.*3 earlier processing dates, from 1970-01-11/,
    );
    expect(createTemporalSplitter({ purgeDays: 2 }).holdout(request, 0.25).train).toEqual(
      Int32Array.of(0, 1),
    );
  });

  it('says which side lacks a class, and from when on it is tested', () => {
    const early = [
      ...pairs([10, 11, 12]),
      { date: 13, label: 0, group: 6 },
      { date: 13, label: 0, group: 7 },
    ];
    expect(() => createTemporalSplitter().holdout(requestOf(early), 0.2)).toThrow(SingleClassError);
    expect(() => createTemporalSplitter().holdout(requestOf(early), 0.2)).toThrow(
      /test rows in the holdout, tested from 1970-01-14 on.*0 labelled 1 and 2 labelled 0/,
    );
    const late = early.map((row) => ({ ...row, date: 30 - row.date }));
    expect(() => createTemporalSplitter().folds(requestOf(late), 3)).toThrow(
      /rows to learn from in fold 1 of 3/,
    );
    const seen = requestOf(pairs([10, 11, 12]).map((row) => ({ ...row, group: row.label })));
    expect(() => createTemporalSplitter({ unseenOnly: true }).holdout(seen, 0.3)).toThrow(
      /addresses without training rows.*0 labelled 1 and 0 labelled 0/,
    );
    expect(() => createTemporalSplitter().holdout(requestOf([{ date: 1, label: 1, group: 0 }]), 0.3)).toThrow(
      SingleClassError,
    );
  });

  it('refuses odd options, fractions, folds and dates that are not aligned', () => {
    const request = requestOf(pairs([10, 11, 12, 13]));
    for (const purgeDays of [-1, 0.5, Number.NaN]) {
      expect(() => createTemporalSplitter({ purgeDays })).toThrow(InvalidInputError);
    }
    const splitter = createTemporalSplitter();
    for (const fraction of [0, 1, Number.NaN]) {
      expect(() => splitter.holdout(request, fraction)).toThrow(InvalidInputError);
    }
    expect(() => splitter.folds(request, 1)).toThrow(InvalidInputError);
    const keys = { ...request.keys, processingDates: new Int32Array(3) };
    expect(() => splitter.holdout({ ...request, keys }, 0.2)).toThrow(InvalidInputError);
    expect(() => splitter.holdout({ ...request, rows: Int32Array.of(2, 1) }, 0.2)).toThrow(InvalidInputError);
  });

  it('says what it does to figures', () => {
    expect(createTemporalSplitter().guarantee).toMatch(
      /later than every training snapshot; an address may be on both/,
    );
    expect(createTemporalSplitter({ purgeDays: 6, unseenOnly: true }).guarantee).toMatch(
      /by more than 6 days; addresses with training rows are not tested/,
    );
    expect(createTemporalSplitter().disjoint).toBe(false);
    expect(createTemporalSplitter({ unseenOnly: true }).disjoint).toBe(true);
  });
});

describeSplitter('the temporal splitter', () => createTemporalSplitter(), {
  keepsGroupsTogether: false,
  leavesOutRows: true,
});

describeSplitter(
  'the temporal splitter of unseen addresses',
  () => createTemporalSplitter({ purgeDays: 1, unseenOnly: true }),
  { leavesOutRows: true, fractionTolerance: 0.5 },
);
