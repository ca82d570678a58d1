import { createRandom } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growTree, type Tree } from './grow-tree.ts';
import type { Values } from './sample.ts';

const value = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    3.4028234663852886e38,
  ),
  fc.float(),
);
const samples = fc
  .tuple(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 4 }))
  .chain(([rows, columns]) =>
    fc
      .array(value, { minLength: rows * columns, maxLength: rows * columns })
      .map((values): Values => ({ values: Float32Array.from(values), rows, columns })),
  );

/** The rows that come to each node, by walking all of them down. */
function rowsAtNodes(tree: Tree, { values, rows }: Values): number[][] {
  const at: number[][] = Array.from(tree.feature, () => []);
  for (let row = 0; row < rows; row++) {
    let node = 0;
    for (;;) {
      at[node]?.push(row);
      const column = tree.feature[node] as number;
      if (column < 0) break;
      const x = values[column * rows + row] as number;
      const goesLeft = Number.isNaN(x) ? tree.missingLeft[node] === 1 : x <= (tree.threshold[node] as number);
      node = (tree.left[node] as number) + (goesLeft ? 0 : 1);
    }
  }
  return at;
}

function depthsOf(tree: Tree): number[] {
  const depths = [0];
  for (const [node, column] of tree.feature.entries()) {
    if (column < 0) continue;
    const child = tree.left[node] as number;
    depths[child] = depths[child + 1] = (depths[node] as number) + 1;
  }
  return depths;
}

describe('growTree', () => {
  it('splits until a row is alone, nothing varies or the height is reached, both sides never empty', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 6 }), fc.nat(), (sample, height, seed) => {
        const tree = growTree(sample, { height, maxFeatures: sample.columns }, createRandom(seed));
        const reached = rowsAtNodes(tree, sample);
        const depths = depthsOf(tree);
        expect(reached.map((rows) => rows.length)).toEqual(Array.from(tree.size));
        for (const [node, column] of tree.feature.entries()) {
          const rows = reached[node] ?? [];
          const known = (c: number) =>
            rows.map((row) => sample.values[c * sample.rows + row] as number).filter((x) => !Number.isNaN(x));
          const varies = (c: number) =>
            new Set(known(c).map((x) => Math.max(x, -3.4028234663852886e38))).size > 1;
          expect(rows.length).toBeGreaterThan(0);
          if (column < 0) {
            const mayVary = Array.from({ length: sample.columns }, (_, c) => c).some(varies);
            expect(rows.length === 1 || depths[node] === height || !mayVary).toBe(true);
          } else {
            expect(varies(column)).toBe(true);
            const limit = tree.threshold[node] as number;
            expect(Number.isFinite(limit)).toBe(true);
            expect(known(column).some((x) => x <= limit)).toBe(true);
            expect(known(column).some((x) => x > limit)).toBe(true);
          }
        }
      }),
    );
  });

  it('draws from the columns of the tree alone', () => {
    const sample = {
      values: Float32Array.from({ length: 640 }, (_, i) => (i * 7919) % 641),
      rows: 64,
      columns: 10,
    };
    for (const seed of [1, 2, 3]) {
      const { feature } = growTree(sample, { height: 6, maxFeatures: 2 }, createRandom(seed));
      expect(new Set(feature.filter((column) => column >= 0)).size).toBe(2);
    }
  });

  it('sends unknown values left about as often as known ones go there', () => {
    // One of 20 known rows is far above: nearly every threshold has the 19 on its left.
    const values = Float32Array.from({ length: 40 }, (_, row) =>
      row < 20 ? Number.NaN : row === 39 ? 1000 : row / 40,
    );
    let left = 0;
    for (let seed = 0; seed < 400; seed++)
      left += growTree({ values, rows: 40, columns: 1 }, { height: 1, maxFeatures: 1 }, createRandom(seed))
        .missingLeft[0] as number;
    expect(left / 400).toBeGreaterThan(0.9);
    expect(left / 400).toBeLessThan(0.99);
  });
});
