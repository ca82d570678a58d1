import { createRandom, type FeatureMatrix, LeakageError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { checkLeakage } from './leakage.ts';

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
  return { matrix, labels, holdout: { train: all.slice(0, cut), test: all.slice(cut) } };
}

describe('checkLeakage', () => {
  it('lets honest features through and reports the strongest', () => {
    const { matrix, labels, holdout } = sample({});
    expect(checkLeakage(matrix, labels, { holdout })).toMatchObject({
      passed: true,
      strongest_feature: 'honest',
    });
  });

  it('fails a training whose feature gives the label away, naming it', () => {
    const { matrix, labels, holdout } = sample({ leaking: true });
    expect(() => checkLeakage(matrix, labels, { holdout })).toThrow(LeakageError);
    expect(() => checkLeakage(matrix, labels, { holdout })).toThrow(/answer \(group test\): (1\.0000|0\.99)/);
  });

  it('does not judge features by a handful of addresses', () => {
    const { matrix, labels, holdout } = sample({ leaking: true, rows: 30 });
    expect(checkLeakage(matrix, labels, { holdout })).toMatchObject({
      features: 'too few addresses',
      strongest_feature: 'answer',
    });
  });

  it('fails a training that has an address on both sides, naming it', () => {
    const { matrix, labels, holdout } = sample({});
    const splitGroups = matrix.splitGroups.slice();
    splitGroups[holdout.test[0] ?? 0] = 7;
    expect(() => checkLeakage({ ...matrix, splitGroups }, labels, { holdout })).toThrow(
      /1 on both sides, among them 0x7/,
    );
  });
});
