import type { Split, SplitRequest, Splitter } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { makeSplitRequest } from '../builders/make-split-request.ts';
import { runCase } from '../conformance/conformance-case.ts';
import { createGroupSplitter } from '../testing/group-splitter.ts';
import { describeSuiteTrial } from '../testing/mutants.ts';
import type { SplitterSubject } from './splitter-cases.ts';
import { splitterCases } from './splitter-cases.ts';

const subjectOf = (makeSplitter: () => Splitter): SplitterSubject => ({
  makeSplitter,
  makeRequest: () => makeSplitRequest(1),
  keepsGroupsTogether: true,
  leavesOutRows: false,
  fractionTolerance: 0.05,
});

function mutant(what: string, overrides: (sound: Splitter) => Partial<Splitter>, noticedBy: string[]) {
  return {
    what,
    noticedBy,
    subject: subjectOf(() => {
      const sound = createGroupSplitter();
      return { ...sound, ...overrides(sound) };
    }),
  };
}

/** The sound splitter with every split changed. */
function changing(
  what: string,
  change: (split: Split, request: SplitRequest, fold: number) => Split,
  noticedBy: string[],
) {
  return mutant(
    what,
    (sound) => ({
      holdout: (request, fraction) => change(sound.holdout(request, fraction), request, 0),
      folds: (request, k) => sound.folds(request, k).map((split, fold) => change(split, request, fold)),
    }),
    noticedBy,
  );
}

const parts = 'splits into two parts of the requested rows, each ascending and neither empty';
let calls = 0;

describeSuiteTrial('splitterCases', {
  cases: splitterCases,
  sound: subjectOf(createGroupSplitter),
  mutants: [
    mutant('another specification version', () => ({ specificationVersion: 'v0' as 'v1' }), [
      'carries the specification version',
    ]),
    mutant('no guarantee', () => ({ guarantee: '' }), ['has a name and says what it guarantees']),
    changing('rows in another order', ({ train, test }) => ({ train: train.toReversed(), test }), [parts]),
    changing('an empty side', ({ train }) => ({ train, test: new Int32Array() }), [parts]),
    changing(
      'rows that were not requested',
      ({ train }, { labels, rows }) => ({
        train,
        test: Int32Array.from(labels, (_, row) => row).filter((row) => !rows.includes(row)),
      }),
      [parts],
    ),
    changing('a row on both sides', ({ train, test }) => ({ train: train.with(0, test[0]).sort(), test }), [
      'puts no row on both sides',
    ]),
    changing('a row on neither side', ({ train, test }) => ({ train: train.slice(1), test: test.slice(1) }), [
      'puts every requested row on one side',
      'tests every requested row in some fold',
    ]),
    changing(
      'groups that straddle',
      ({ train, test }) => ({
        train: Int32Array.from([...train.slice(1), ...test.slice(0, 1)]).sort(),
        test: Int32Array.from([...test.slice(1), ...train.slice(0, 1)]).sort(),
      }),
      ['keeps every split group on one side', 'keeps groups on one side where it says that it does'],
    ),
    changing(
      'training rows that are hidden',
      (split, { labels }) => ({ ...split, hidden: new Uint8Array(labels.length).fill(1) }),
      ['hides every test row and no training row, where it says what it hides'],
    ),
    changing(
      'test rows that are not hidden',
      (split, { labels }) => ({ ...split, hidden: new Uint8Array(labels.length) }),
      ['hides every test row and no training row, where it says what it hides'],
    ),
    mutant(
      'another fraction',
      (sound) => ({ holdout: (request, fraction) => sound.holdout(request, fraction * 0.7) }),
      ['holds out about the fraction asked for'],
    ),
    mutant('a fold too few', (sound) => ({ folds: (request, k) => sound.folds(request, k).slice(1) }), [
      'makes as many folds as asked for, whose test parts share no row',
      'tests every requested row in some fold',
    ]),
    mutant(
      'folds that test the same rows',
      (sound) => ({ folds: (request, k) => sound.folds(request, k).map(() => sound.holdout(request, 0.3)) }),
      ['makes as many folds as asked for, whose test parts share no row'],
    ),
    mutant(
      'splits that change',
      (sound) => ({ holdout: (request, fraction) => sound.holdout({ ...request, seed: calls++ }, fraction) }),
      ['gives the same split for the same request, each time and from each instance'],
    ),
    mutant(
      'a look at labels of other rows',
      (sound) => ({
        holdout: (request, fraction) =>
          sound.holdout(
            { ...request, seed: request.labels.reduce<number>((sum, label) => sum + label, 0) },
            fraction,
          ),
      }),
      ['looks at no row that was not requested'],
    ),
    mutant(
      'a write into the request',
      (sound) => ({
        holdout: (request, fraction) => {
          request.splitGroups.fill(0, 0, 2);
          return sound.holdout(request, fraction);
        },
      }),
      ['leaves the request as it was'],
    ),
  ],
});

describe('a splitter that guarantees less', () => {
  it('skips the cases that do not apply to it', async () => {
    const temporal = { ...subjectOf(createGroupSplitter), keepsGroupsTogether: false, leavesOutRows: true };
    const outcomes = await Promise.all(
      splitterCases.map((conformanceCase) => runCase(conformanceCase, temporal)),
    );
    expect(outcomes.filter(({ status }) => status === 'skipped').map(({ name }) => name)).toEqual([
      'puts every requested row on one side',
      'keeps every split group on one side',
      'tests every requested row in some fold',
    ]);
  });
});
