import { createRandom, type FeatureMatrix, type TrainedModel } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { summariseContributions } from './contributions.ts';

const rows = 400;
const names = ['raises', 'lowers', 'both', 'unused', 'constant', 'missing'];
const random = createRandom(1, 'contributions');
const columns = names.map((name) =>
  Float32Array.from({ length: rows }, (_, row) => {
    if (name === 'constant') return 3;
    return name === 'missing' && row > 4 ? Number.NaN : random.normal();
  }),
);
const matrix = {
  values: Float32Array.from(columns.flatMap((column) => [...column])),
  rows,
  columns: names.map((name) => ({ name })),
} as unknown as FeatureMatrix;

/** What each feature adds to the raw score, by its value. */
const adds: readonly ((value: number) => number)[] = [
  (value) => 2 * value,
  (value) => -Math.exp(value),
  (value) => value * value,
  () => 0,
  () => 0.5,
  (value) => (Number.isNaN(value) ? 0.1 : value),
];
const model = {
  explain: async (_: FeatureMatrix, { rows: selected }: { readonly rows: Int32Array }) => ({
    features: names.length,
    values: Float64Array.from(
      [...selected].flatMap((row) => [
        ...adds.map((add, column) => add(columns[column]?.[row] ?? Number.NaN)),
        -1.5,
      ]),
    ),
  }),
} as unknown as TrainedModel;

describe('summariseContributions', () => {
  const all = Int32Array.from({ length: rows }, (_, row) => row);

  it('averages sizes, and tells which way values push by the order of both', async () => {
    const summary = await summariseContributions(model, { matrix, rows: all, seed: 1 });
    expect(summary).toMatchObject({ rows, base_value: -1.5 });
    const mean = columns[0]?.reduce((sum, value) => sum + Math.abs(2 * value), 0) ?? 0;
    expect(summary?.mean_abs.raises).toBeCloseTo(mean / rows, 9);
    // Ever growing and ever falling functions have the ranks of their arguments, or the opposite ones.
    expect(summary?.direction.raises).toBeCloseTo(1, 12);
    expect(summary?.direction.lowers).toBeCloseTo(-1, 12);
    expect(Math.abs(summary?.direction.both ?? 1)).toBeLessThan(0.2);
    expect(summary?.direction).toMatchObject({ unused: null, constant: null, missing: null });
  });

  it('looks at the rows that it is given, and at none of a model that cannot explain itself', async () => {
    const some = all.subarray(0, 50);
    expect((await summariseContributions(model, { matrix, rows: some, seed: 1 }))?.rows).toBe(50);
    expect(await summariseContributions({} as TrainedModel, { matrix, rows: all, seed: 1 })).toBeNull();
  });
});
