import type { TreeSpec } from './model-text.ts';

// LightGBM's prediction written down a second time, from its C++ sources (NumericalDecision and CategoricalDecision in tree.h, and
// the filling of a dense row in c_api.cpp), over trees as a test writes them, in double precision.

const zeroBound = Math.fround(1e-35);

/** The leaf value that a row reaches. */
export function walk(tree: TreeSpec, row: ArrayLike<number>): number {
  let at = tree;
  while (typeof at !== 'number') at = goesLeft(at, row[at.feature] ?? Number.NaN) ? at.left : at.right;
  return at;
}

/** The sum over the trees: the raw score. */
export function walkAll(trees: readonly TreeSpec[], row: ArrayLike<number>): number {
  return trees.reduce<number>((sum, tree) => sum + walk(tree, row), 0);
}

function goesLeft(
  { decisionType, threshold, categories }: Exclude<TreeSpec, number>,
  given: number,
): boolean {
  if (decisionType & 1) return categories?.includes(Math.trunc(given)) === true;
  const value = Math.abs(given) <= zeroBound ? 0 : given;
  const missingIsNaN = decisionType >> 2 === 2;
  if (Number.isNaN(value) && missingIsNaN) return (decisionType & 2) !== 0;
  return (Number.isNaN(value) ? 0 : value) <= threshold;
}
