import { describe, expect, it } from 'vitest';
import { IsolationForestModelError, readForest, writeForest } from './forest-text.ts';
import { growForest } from './grow-forest.ts';
import { makeOutliers } from './testing/outliers.ts';

const { data, request } = makeOutliers({ rows: 400 });
const forest = growForest(
  {
    values: data.values,
    rows: data.rows,
    columns: data.columns.length,
    featureNames: data.columns.map(({ name }) => name),
    trainRows: request.trainRows,
    trees: 5,
    sampleSize: 64,
    maxFeatures: 6,
    seed: 1,
  },
  () => {},
);
const text = writeForest({ forest, hyperparameters: { trees: 5, seed: 1 } });

describe('the native file', () => {
  it('comes back bit by bit', () => {
    expect(readForest(text)).toEqual({ forest, hyperparameters: { trees: 5, seed: 1 } });
  });

  it.each([
    { what: 'half of it', change: (whole: string) => whole.slice(0, whole.length / 2) },
    { what: 'a list', change: () => '[]' },
    { what: 'another format', change: (whole: string) => whole.replace('forest 1', 'forest 9') },
    { what: 'names that are no texts', change: edited({ featureNames: [1, 2, 3, 4, 5, 6] }) },
    { what: 'no sample', change: edited({ sampleSize: 1 }) },
    { what: 'no thresholds', change: edited({ threshold: undefined }) },
    { what: 'too few sizes', change: edited({ size: [64] }) },
    { what: 'a column that is not there', change: edited({ featureNames: ['column_0'] }) },
    { what: 'children before their parent', change: edited({ left: Array.from(forest.left, () => 0) }) },
    { what: 'children outside of the tree', change: edited({ left: Array.from(forest.left, () => 1e6) }) },
    { what: 'no side for unknown values', change: edited({ missingLeft: Array.from(forest.left, () => 2) }) },
    { what: 'trees that end elsewhere', change: edited({ nodeOffsets: [0, 3] }) },
  ])('refuses $what', ({ change }) => {
    expect(() => readForest(change(text))).toThrow(IsolationForestModelError);
  });
});

function edited(change: Record<string, unknown>): (whole: string) => string {
  return (whole) => JSON.stringify({ ...(JSON.parse(whole) as object), ...change });
}
