import type { Trees } from './trees.ts';

/** Rows that go through all trees before the next ones: their values and a tree stay in the processor's cache. */
const BLOCK_ROWS = 256;

/** Which rows to score, and in which form. */
export interface ScoreRequest {
  readonly trees: Trees;
  readonly baseMargin: number;
  /** Column-major. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** Rows of the matrix; all when undefined. */
  readonly selected: Int32Array | undefined;
  /** The part of them to score: from `start` up to `end`. */
  readonly start: number;
  readonly end: number;
  /** Whether the logistic function is to follow. */
  readonly logistic: boolean;
}

/**
 * Raw scores, or the probabilities that follow: the base margin and one leaf of each tree, added up in double precision, tree after tree, so that a row has the
 * same bits alone as among others. XGBoost's predictor adds the same leaves in the same order (`PredictByAllTrees` in its cpu_predictor.cc), but
 * rounds to float32 after each.
 */
export function scoreRows(request: ScoreRequest): Float64Array {
  const { trees, columns, start, end, baseMargin, logistic } = request;
  const result = new Float64Array(end - start);
  const block = new Float32Array(BLOCK_ROWS * columns);
  for (let at = 0; at < result.length; at += BLOCK_ROWS) {
    const sums = result.subarray(at, at + BLOCK_ROWS);
    fillBlock(block, request, { from: start + at, count: sums.length });
    sums.fill(baseMargin);
    for (let tree = 0; tree + 1 < trees.treeOffsets.length; tree++)
      addTree(trees, tree, { block, sums, columns });
  }
  if (!logistic) return result;
  for (let i = 0; i < result.length; i++) result[i] = 1 / (1 + Math.exp(-(result[i] as number)));
  return result;
}

/** Copies some rows, row by row. */
function fillBlock(
  block: Float32Array,
  { values, rows, columns, selected }: ScoreRequest,
  { from, count }: { from: number; count: number },
): void {
  for (let column = 0; column < columns; column++) {
    const offset = column * rows;
    for (let i = 0; i < count; i++) {
      const row = selected === undefined ? from + i : (selected[from + i] as number);
      block[i * columns + column] = values[offset + row] as number;
    }
  }
}

/** Adds the leaves that the rows of a block reach in a tree. */
function addTree(
  { treeOffsets, feature, threshold, left, missingRight }: Trees,
  tree: number,
  { block, sums, columns }: { block: Float32Array; sums: Float64Array; columns: number },
): void {
  const root = treeOffsets[tree] as number;
  for (let i = 0; i < sums.length; i++) {
    const row = i * columns;
    let node = root;
    let column = feature[node] as number;
    while (column >= 0) {
      const x = block[row + column] as number;
      const isRight = x >= (threshold[node] as number) || (Number.isNaN(x) && missingRight[node] === 1);
      node = (left[node] as number) + (isRight ? 1 : 0);
      column = feature[node] as number;
    }
    sums[i] = (sums[i] as number) + (threshold[node] as number);
  }
}
