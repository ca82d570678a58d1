import { createRandom, type FeatureMatrix } from '@risk-scoring/contract';
import { makeFeatureMatrix } from '@risk-scoring/testkit';
import { describe, expect, it } from 'vitest';
import { createLightGBMTrainer } from './lightgbm-trainer.ts';

describe('rows that are denser than the others', () => {
  it('are learned from as a subset without harm: 16-bit numbers of sparse bins would overflow', async () => {
    // 40,000 rows of 60 columns that are 0 almost everywhere, but in 3,000 of them nowhere: 180,000 values, where 65,535 would be expected.
    const [rows, columns, dense] = [40_000, 60, 3000];
    const random = createRandom(3, 'dense rows');
    const labels = Int8Array.from({ length: rows }, () => random.integer(2));
    const values = new Float32Array(new SharedArrayBuffer(rows * columns * 4));
    for (let column = 0; column < columns; column++) {
      for (let row = 0; row < dense; row++)
        values[column * rows + row] = 1 + random.integer(6) + (labels[row] ?? 0);
    }
    const { data } = makeFeatureMatrix(1, { rows });
    const all = Int32Array.from({ length: rows }, (_, row) => row);
    const matrix: FeatureMatrix = {
      ...data,
      values,
      rows,
      columns: Array.from({ length: columns }, (_, index) => ({
        name: `c${index}`,
        group: 'test',
        kind: 'numeric',
        meaning: '',
        missing: '',
      })),
    };
    // A process that sets is_enable_sparse to true here ends with a corrupted heap.
    const trainer = createLightGBMTrainer({ maxRounds: 5 });
    const prepared = await trainer.prepare?.(matrix, all);
    const model = await trainer.train({
      data: matrix,
      ...(prepared ? { prepared } : {}),
      trainRows: all.slice(0, dense),
      validationRows: new Int32Array(),
      labels,
      weights: new Float32Array(rows).fill(1),
      seed: 1,
    });
    expect(model.describe().numTrees).toBe(5);
    await model.dispose();
    await prepared?.dispose();
  });
});
