import { anomalyScore } from './path-length.ts';
import type { Values } from './sample.ts';
import type { WalkableForest } from './walkable-forest.ts';

/** Rows that go through all trees before the next ones: their values and a tree stay in the processor's cache. */
const BLOCK_ROWS = 256;

/** Which rows to score, and in which form. */
export interface ScoreRequest extends Values {
  readonly forest: WalkableForest;
  /** Rows of the matrix; all when undefined. */
  readonly selected: Int32Array | undefined;
  /** The part of them to score: from `start` up to `end`. */
  readonly start: number;
  readonly end: number;
  readonly output: 'probability' | 'raw';
}

/**
 * Raw scores −E(h), minus the mean path length over the trees, or the scores s that follow. The trees are added up in their order, so that a
 * row has the same bits alone as among others.
 */
export function scoreRows(request: ScoreRequest): Float64Array {
  const { forest, start, end, output } = request;
  const trees = forest.roots.length;
  const result = new Float64Array(end - start);
  const block = new Float32Array(BLOCK_ROWS * forest.columns);
  for (let at = 0; at < result.length; at += BLOCK_ROWS) {
    const sums = result.subarray(at, at + BLOCK_ROWS);
    fillBlock(block, request, { from: start + at, count: sums.length });
    for (let tree = 0; tree < trees; tree++) addTree(forest, tree, { block, sums });
  }
  for (let i = 0; i < result.length; i++) {
    const mean = (result[i] as number) / trees;
    result[i] = output === 'raw' ? -mean : anomalyScore(mean, forest.sampleSize);
  }
  return result;
}

/** Copies some rows, row by row. */
function fillBlock(
  block: Float32Array,
  { values, rows, columns, selected }: ScoreRequest,
  { from, count }: { from: number; count: number },
): void {
  for (let column = 0; column < columns; column++) {
    const start = column * rows;
    for (let i = 0; i < count; i++) {
      const row = selected === undefined ? from + i : (selected[from + i] as number);
      block[i * columns + column] = values[start + row] as number;
    }
  }
}

/** Adds the path lengths of a tree, four rows at a time: the processor waits for one row's values while it compares another's. */
function addTree(
  { columns, roots, heights, feature, threshold, left, missingRight, length }: WalkableForest,
  tree: number,
  { block, sums }: { block: Float32Array; sums: Float64Array },
): void {
  const root = roots[tree] as number;
  const height = heights[tree] as number;
  const count = sums.length;
  for (let i = 0; i < count; i += 4) {
    // Past the last row of the block the last one is walked again.
    const row0 = i * columns;
    const row1 = Math.min(i + 1, count - 1) * columns;
    const row2 = Math.min(i + 2, count - 1) * columns;
    const row3 = Math.min(i + 3, count - 1) * columns;
    let node0 = root;
    let node1 = root;
    let node2 = root;
    let node3 = root;
    for (let step = 0; step < height; step++) {
      node0 = next(node0, block[row0 + (feature[node0] as number)] as number);
      node1 = next(node1, block[row1 + (feature[node1] as number)] as number);
      node2 = next(node2, block[row2 + (feature[node2] as number)] as number);
      node3 = next(node3, block[row3 + (feature[node3] as number)] as number);
    }
    add(i, node0);
    if (i + 1 < count) add(i + 1, node1);
    if (i + 2 < count) add(i + 2, node2);
    if (i + 3 < count) add(i + 3, node3);
  }

  /** The child that a value leads to. */
  function next(node: number, value: number): number {
    const isMissing = Number(Number.isNaN(value));
    const right = Number(value > (threshold[node] as number)) | (isMissing & (missingRight[node] as number));
    return (left[node] as number) + right;
  }

  function add(row: number, leaf: number): void {
    sums[row] = (sums[row] as number) + (length[leaf] as number);
  }
}
