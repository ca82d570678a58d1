// A second, plain implementation of the paper, which reads the native file: what the tests compare with.

/** The native file's content. */
export interface PlainForest {
  readonly sampleSize: number;
  readonly nodeOffsets: readonly number[];
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly left: readonly number[];
  readonly missingLeft: readonly number[];
  readonly size: readonly number[];
}

/** Equation 1 of Liu, Ting, Zhou (2008), with c(2) = 1 and c(1) = 0. */
function c(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  const harmonic = Math.log(n - 1) + 0.5772156649;
  return 2 * harmonic - (2 * (n - 1)) / n;
}

function at(list: readonly number[], index: number): number {
  const value = list[index];
  if (value === undefined) throw new RangeError(`no entry ${index}`);
  return value;
}

/** Algorithm 3, PathLength(x, T, e). */
function pathLength(forest: PlainForest, tree: number, row: readonly number[]): number {
  const root = at(forest.nodeOffsets, tree);
  const below = (node: number, edges: number): number => {
    const column = at(forest.feature, root + node);
    if (column < 0) return edges + c(at(forest.size, root + node));
    const value = at(row, column);
    const left = at(forest.left, root + node);
    if (Number.isNaN(value))
      return below(at(forest.missingLeft, root + node) === 1 ? left : left + 1, edges + 1);
    return below(value <= at(forest.threshold, root + node) ? left : left + 1, edges + 1);
  };
  return below(0, 0);
}

/** E(h(x)) and s(x) of equation 2. */
export function plainScore(forest: PlainForest, row: readonly number[]): { mean: number; score: number } {
  const trees = forest.nodeOffsets.length - 1;
  let sum = 0;
  for (let tree = 0; tree < trees; tree++) sum += pathLength(forest, tree, row);
  const mean = sum / trees;
  return { mean, score: 2 ** (-mean / c(forest.sampleSize)) };
}
