import { createRandom, type FeatureMatrix, LeakageError } from '@risk-scoring/contract';
import { createAddressSplitter, createRandomSplitter } from '@risk-scoring/evaluation';
import { describe, expect, it } from 'vitest';
import type { LabelLeaks } from './label-leaks.ts';
import { checkLeakage, refuseLeaks, withPermutationTest } from './leakage.ts';

const honestLabels: LabelLeaks = { undeclared: [], later: [] };

/** 200 rows of 200 addresses with a noisy column and one that is the label, where asked for. */
function sample({ rows = 200, leaking = false }: { rows?: number; leaking?: boolean }) {
  const random = createRandom(9, 'leakage');
  const labels = Int8Array.from({ length: rows }, (_, row) => row % 2);
  const values = new Float32Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    values[row] = random.normal() + (labels[row] ?? 0);
    values[rows + row] = leaking ? (labels[row] ?? 0) + 0.001 * random.normal() : random.normal();
  }
  const column = (name: string) =>
    ({ name, group: 'test', kind: 'numeric', meaning: '', missing: '' }) as const;
  const matrix: FeatureMatrix = {
    values,
    rows,
    columns: [column('honest'), column('answer')],
    keys: { processingDates: new Int32Array(rows), ids: Array.from(labels, (_, row) => `${row}`) },
    splitGroups: Int32Array.from(labels, (_, row) => row),
    splitGroupNames: Array.from(labels, (_, row) => `0x${row}`),
    queryIds: new Int32Array(rows),
    schemaHash: '',
  };
  const all = Int32Array.from(labels, (_, row) => row);
  const cut = Math.floor(rows * 0.8);
  const judging = {
    labels,
    strategy: { name: 'address', settings: {} },
    own: true,
    kind: 'true',
    report: {},
    sources: { names: ['test'], codes: new Int32Array(rows) },
  } as const;
  const plan = { rows: matrix, judging, holdout: { train: all.slice(0, cut), test: all.slice(cut) } };
  return { matrix, plan };
}

function check(
  { matrix, plan }: ReturnType<typeof sample>,
  { splitter = createAddressSplitter(), splitGroups = matrix.splitGroups, labelLeaks = honestLabels } = {},
) {
  return checkLeakage(matrix, plan, { splitter, splitGroups, learned: plan.holdout.train, labelLeaks });
}

describe('checkLeakage', () => {
  it('lets honest features through and reports the strongest', () => {
    const report = check(sample({}));
    expect(report).toMatchObject({
      passed: true,
      strongest_feature: 'honest',
      groups_on_both_sides: { groups: 0, share: 0 },
    });
    expect(() => refuseLeaks(report)).not.toThrow();
  });

  it('fails a training whose feature gives the label away, naming it', () => {
    const report = check(sample({ leaking: true }));
    expect(report).toMatchObject({ passed: false, findings: [{ check: 'single feature' }] });
    expect(() => refuseLeaks(report)).toThrow(LeakageError);
    expect(() => refuseLeaks(report)).toThrow(/answer \(group test\): (1\.0000|0\.99).*--allow-leakage/);
  });

  it('does not judge features by a handful of addresses', () => {
    expect(check(sample({ leaking: true, rows: 30 }))).toMatchObject({
      passed: true,
      features: 'too few addresses',
      strongest_feature: 'answer',
    });
  });

  it('fails a training that has an address on both sides, naming it, where the split promises otherwise', () => {
    const subject = sample({});
    const splitGroups = subject.matrix.splitGroups.slice();
    splitGroups[subject.plan.holdout.test[0] ?? 0] = 7;
    expect(() => refuseLeaks(check(subject, { splitGroups }))).toThrow(
      /1 addresses are on both sides.*0x160/,
    );
    const random = check(subject, { splitGroups, splitter: createRandomSplitter() });
    expect(random).toMatchObject({ passed: true, groups_on_both_sides: { groups: 1, share: 1 / 40 } });
  });

  it('names columns made of labels, and of labels that came later', () => {
    const report = check(sample({}), { labelLeaks: { undeclared: ['a'], later: ['b'] } });
    expect(report.findings.map(({ check: name }) => name)).toEqual(['label columns', 'later labels']);
    expect(() => refuseLeaks(report)).toThrow(/say so: a; .*row's date: b/);
  });
});

describe('withPermutationTest', () => {
  const disjoint = createAddressSplitter();
  const high = { auc: 0.7, interval: [0.6, 0.8] as const, level: 0.99 };

  it('finds a leak where shuffled labels were learned, and none at chance', () => {
    const report = check(sample({}));
    expect(withPermutationTest(report, { ...high, auc: 0.52, interval: [0.4, 0.6] }, disjoint).passed).toBe(
      true,
    );
    expect(withPermutationTest(report, high, disjoint)).toMatchObject({
      passed: false,
      findings: [{ check: 'permutation test' }],
      permutation_test: high,
    });
  });

  it('keeps why it was not made', () => {
    const skipped = { skipped: 'nothing judges' };
    expect(withPermutationTest(check(sample({})), skipped, disjoint)).toMatchObject({
      passed: true,
      permutation_test: skipped,
    });
  });

  it('reports only, where the split lets addresses be met again', () => {
    const report = withPermutationTest(check(sample({})), high, createRandomSplitter());
    expect(report).toMatchObject({ passed: true, permutation_test: high });
  });
});
