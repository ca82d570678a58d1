import type { Split, SplitRequest, Splitter } from '@risk-scoring/contract';
import { assertSpecificationVersion } from '@risk-scoring/contract';
import { check, checkSameBits } from '../conformance/check.ts';
import type { ConformanceCase } from '../conformance/conformance-case.ts';

/** A splitter under test, rows to split, and what it guarantees. */
export interface SplitterSubject {
  makeSplitter(): Splitter | Promise<Splitter>;
  /** The same request each time. */
  makeRequest(): SplitRequest;
  /** Whether no split group may be on both sides. */
  readonly keepsGroupsTogether: boolean;
  /** Whether rows may be on neither side. */
  readonly leavesOutRows: boolean;
  /** How far the held-out fraction may be from the one asked for. */
  readonly fractionTolerance: number;
}

const testFractions = [0.1, 0.2, 0.5];
const foldCounts = [2, 3, 5];

/** Runs `use` on every split that the splitter makes of the request. */
async function forEachSplit(
  subject: SplitterSubject,
  use: (split: Split, what: string, request: SplitRequest) => void,
): Promise<void> {
  const splitter = await subject.makeSplitter();
  const request = subject.makeRequest();
  for (const fraction of testFractions) {
    use(splitter.holdout(request, fraction), `the holdout of ${fraction}`, request);
  }
  for (const k of foldCounts) {
    for (const [fold, split] of splitter.folds(request, k).entries())
      use(split, `fold ${fold} of ${k}`, request);
  }
}

/** What the contract promises of a splitter. */
export const splitterCases: readonly ConformanceCase<SplitterSubject>[] = [
  {
    name: 'carries the specification version',
    async run(subject) {
      assertSpecificationVersion(await subject.makeSplitter(), 'Splitter');
    },
  },
  {
    name: 'has a name and says what it guarantees',
    async run(subject) {
      const { name, guarantee } = await subject.makeSplitter();
      check(typeof name === 'string' && name.trim() !== '', 'the name is empty');
      check(typeof guarantee === 'string' && guarantee.trim() !== '', 'the guarantee is empty');
    },
  },
  {
    name: 'splits into two parts of the requested rows, each ascending and neither empty',
    run: (subject) =>
      forEachSplit(subject, (split, what, request) => {
        const requested = new Set(request.rows);
        for (const [side, rows] of Object.entries({ train: split.train, test: split.test })) {
          check(rows instanceof Int32Array, `${what}: ${side} is no Int32Array`);
          check(rows.length > 0, `${what}: ${side} is empty`);
          for (let i = 0; i < rows.length; i++) {
            check(requested.has(rows[i]), `${what}: row ${rows[i]} of ${side} was not requested`);
            check(i === 0 || rows[i] > rows[i - 1], `${what}: ${side} is not ascending at entry ${i}`);
          }
        }
      }),
  },
  {
    name: 'puts no row on both sides',
    run: (subject) =>
      forEachSplit(subject, ({ train, test }, what) => {
        const trained = new Set(train);
        const both = test.find((row) => trained.has(row));
        check(both === undefined, `${what}: row ${both} is on both sides`);
      }),
  },
  {
    name: 'hides every test row and no training row, where it says what it hides',
    run: (subject) =>
      forEachSplit(subject, ({ train, test, hidden }, what, { labels }) => {
        if (hidden === undefined) return;
        check(hidden instanceof Uint8Array, `${what}: hidden is no Uint8Array`);
        check(hidden.length === labels.length, `${what}: hidden has not one entry per row of the data set`);
        const learned = train.find((row) => hidden[row] !== 0);
        check(learned === undefined, `${what}: row ${learned} is learned from and hidden`);
        const shown = test.find((row) => hidden[row] !== 1);
        check(shown === undefined, `${what}: row ${shown} is judged and not hidden`);
      }),
  },
  {
    name: 'keeps groups on one side where it says that it does',
    run: async (subject) => {
      const { disjoint } = await subject.makeSplitter();
      if (disjoint === false) return;
      await forEachSplit(subject, ({ train, test }, what, { splitGroups }) => {
        const learned = new Set(Array.from(train, (row) => splitGroups[row]));
        const both = test.find((row) => learned.has(splitGroups[row]));
        check(both === undefined, `${what}: the group of row ${both} is on both sides`);
      });
    },
  },
  {
    name: 'puts every requested row on one side',
    skipReason: async ({ leavesOutRows }) => (leavesOutRows ? 'it leaves out rows' : undefined),
    run: (subject) =>
      forEachSplit(subject, ({ train, test }, what, { rows }) => {
        const placed = new Set([...train, ...test]);
        const missing = rows.find((row) => !placed.has(row));
        check(missing === undefined, `${what}: row ${missing} is on neither side`);
      }),
  },
  {
    name: 'keeps every split group on one side',
    skipReason: async ({ keepsGroupsTogether }) =>
      keepsGroupsTogether ? undefined : 'it does not keep groups together',
    run: (subject) =>
      forEachSplit(subject, ({ train, test }, what, { splitGroups }) => {
        const trained = new Set(train.map((row) => splitGroups[row]));
        const both = test.find((row) => trained.has(splitGroups[row]));
        check(both === undefined, `${what}: the group of row ${both} is on both sides`);
      }),
  },
  {
    name: 'holds out about the fraction asked for',
    async run(subject) {
      const splitter = await subject.makeSplitter();
      const request = subject.makeRequest();
      for (const fraction of testFractions) {
        const { train, test } = splitter.holdout(request, fraction);
        const found = test.length / (train.length + test.length);
        check(
          Math.abs(found - fraction) <= subject.fractionTolerance,
          `holds out ${found.toFixed(3)} of the rows instead of ${fraction}`,
        );
      }
    },
  },
  {
    name: 'makes as many folds as asked for, whose test parts share no row',
    async run(subject) {
      const splitter = await subject.makeSplitter();
      for (const k of foldCounts) {
        const folds = splitter.folds(subject.makeRequest(), k);
        check(folds.length === k, `${folds.length} folds instead of ${k}`);
        const tested = folds.flatMap(({ test }) => Array.from(test));
        check(new Set(tested).size === tested.length, `a row is tested in two of ${k} folds`);
      }
    },
  },
  {
    name: 'tests every requested row in some fold',
    skipReason: async ({ leavesOutRows }) => (leavesOutRows ? 'it leaves out rows' : undefined),
    async run(subject) {
      const splitter = await subject.makeSplitter();
      const request = subject.makeRequest();
      for (const k of foldCounts) {
        const tested = new Set(splitter.folds(request, k).flatMap(({ test }) => Array.from(test)));
        const missing = request.rows.find((row) => !tested.has(row));
        check(missing === undefined, `row ${missing} is tested in none of ${k} folds`);
      }
    },
  },
  {
    name: 'gives the same split for the same request, each time and from each instance',
    async run(subject) {
      const first: Split[] = [];
      await forEachSplit(subject, (split) => first.push(split));
      let index = 0;
      await forEachSplit(subject, (split, what) => {
        const expected = first[index++];
        checkSameBits(split.train, expected?.train ?? [], `the training part of ${what}`);
        checkSameBits(split.test, expected?.test ?? [], `the test part of ${what}`);
      });
    },
  },
  {
    name: 'looks at no row that was not requested',
    async run(subject) {
      const splitter = await subject.makeSplitter();
      const request = subject.makeRequest();
      const requested = new Set(request.rows);
      const labels = request.labels.map((label, row) => (requested.has(row) ? label : 1));
      const expected = splitter.holdout(request, 0.2);
      const found = splitter.holdout({ ...request, labels }, 0.2);
      checkSameBits(
        found.test,
        expected.test,
        'with other labels on rows that were not requested, the test part',
      );
    },
  },
  {
    name: 'leaves the request as it was',
    async run(subject) {
      const splitter = await subject.makeSplitter();
      const request = subject.makeRequest();
      const before = subject.makeRequest();
      splitter.holdout(request, 0.2);
      splitter.folds(request, 3);
      checkSameBits(request.rows, before.rows, 'rows');
      checkSameBits(request.labels, before.labels, 'labels');
      checkSameBits(request.splitGroups, before.splitGroups, 'split groups');
      checkSameBits(request.keys.processingDates, before.keys.processingDates, 'processing dates');
    },
  },
];
