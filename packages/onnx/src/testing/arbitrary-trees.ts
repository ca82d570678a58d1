import fc from 'fast-check';
import type { TreeSpec } from './model-text.ts';

/** Thresholds as LightGBM may write them: between float32 numbers, near zero, beyond float32, infinite. */
const threshold = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.double({ min: -3e-35, max: 3e-35, noNaN: true }),
  fc.constant(Number.POSITIVE_INFINITY),
  fc.constantFrom(
    0,
    -0,
    1e300,
    -1e300,
    1.0000000180025095e-35,
    -1.0000000180025095e-35,
    1e-36,
    -1e-36,
    0.1,
    5e-324,
  ),
);

/**
 * Trees of every shape over `features` features, with small integers for leaf values, so that sums are
 * exact in float32 and one wrong turn shows. Missing types none and NaN, default left and right.
 */
export function arbitraryTree(features: number): fc.Arbitrary<TreeSpec> {
  const { tree } = fc.letrec<{ tree: TreeSpec; leaf: number; split: TreeSpec }>((tie) => ({
    tree: fc.oneof({ maxDepth: 6, withCrossShrink: true }, tie('leaf'), tie('split'), tie('split')),
    leaf: fc.integer({ min: -1000, max: 1000 }),
    split: fc.record({
      feature: fc.integer({ min: 0, max: features - 1 }),
      threshold,
      decisionType: fc.constantFrom(0, 2, 8, 10),
      left: tie('tree'),
      right: tie('tree'),
    }),
  }));
  return tree;
}

const categories = fc.oneof(
  fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 6 }),
  fc.uniqueArray(fc.integer({ min: 0, max: 130 }), { maxLength: 40 }),
);

/**
 * Trees whose splits on feature 0 compare categories, over `features` features; else like {@link arbitraryTree}.
 */
export function arbitraryCategoricalTree(features: number): fc.Arbitrary<TreeSpec> {
  const { tree } = fc.letrec<{ tree: TreeSpec; leaf: number; split: TreeSpec; categorical: TreeSpec }>(
    (tie) => ({
      tree: fc.oneof({ maxDepth: 6, withCrossShrink: true }, tie('leaf'), tie('categorical'), tie('split')),
      leaf: fc.integer({ min: -1000, max: 1000 }),
      split: fc.record({
        feature: fc.integer({ min: 1, max: features - 1 }),
        threshold,
        decisionType: fc.constantFrom(0, 2, 8, 10),
        left: tie('tree'),
        right: tie('tree'),
      }),
      categorical: fc.record({
        feature: fc.constant(0),
        threshold: fc.constant(0),
        categories,
        decisionType: fc.constantFrom(1, 9),
        left: tie('tree'),
        right: tie('tree'),
      }),
    }),
  );
  return tree;
}

/** Every threshold of some trees. */
export function thresholdsOf(trees: readonly TreeSpec[]): readonly number[] {
  return trees.flatMap((tree) =>
    typeof tree === 'number' ? [] : [tree.threshold, ...thresholdsOf([tree.left, tree.right])],
  );
}
