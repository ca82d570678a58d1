import { isObject, type JsonObject, numbersAt, refuse } from './json-values.ts';
import type { Trees } from './trees.ts';

/** A tree as XGBoost's JSON has it, its lists checked for their lengths. */
interface JsonTree {
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly column: readonly number[];
  /** Of a leaf its value. */
  readonly condition: readonly number[];
  readonly defaultLeft: readonly number[];
  readonly lossChange: readonly number[];
  readonly splitType: readonly number[];
}

/**
 * Reads the trees of a model. Only nodes that a row can reach are kept: pruning leaves others behind.
 *
 * @throws {XGBoostModelError} where a list is too short, a child leads out of its tree or back, a split is categorical, or a number is no float32
 */
export function parseTrees(trees: readonly unknown[], columns: number): Trees {
  const offsets = [0];
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const missingRight: number[] = [];
  const gain: number[] = [];
  for (const [at, value] of trees.entries()) {
    const tree = isObject(value) ? readTree(value) : refuse('an object for each tree', typeof value);
    const first = feature.length;
    // The nodes in the order in which they are kept, by their number in the file.
    const queue = [0];
    for (let i = 0; i < queue.length; i++) {
      const node = queue[i] as number;
      const isLeaf = tree.left[node] === -1;
      const condition = Math.fround(tree.condition[node] as number);
      if (!Number.isFinite(condition)) refuse('float32 numbers', `${tree.condition[node]} in tree ${at}`);
      threshold.push(condition);
      feature.push(isLeaf ? -1 : (tree.column[node] as number));
      left.push(isLeaf ? 0 : first + queue.length);
      missingRight.push(isLeaf || tree.defaultLeft[node] === 1 ? 0 : 1);
      gain.push(isLeaf ? 0 : (tree.lossChange[node] as number));
      if (isLeaf) continue;
      checkSplit(tree, node, { tree: at, columns });
      queue.push(tree.left[node] as number, tree.right[node] as number);
      if (queue.length > tree.left.length)
        refuse('nodes that are reached by one way', `two ways in tree ${at}`);
    }
    offsets.push(feature.length);
  }
  return {
    treeOffsets: Int32Array.from(offsets),
    feature: Int32Array.from(feature),
    threshold: Float32Array.from(threshold),
    left: Int32Array.from(left),
    missingRight: Uint8Array.from(missingRight),
    gain: Float32Array.from(gain),
  };
}

function readTree(tree: JsonObject): JsonTree {
  const list = tree.left_children;
  const nodes = Array.isArray(list) && list.length > 0 ? list.length : refuse('nodes in each tree', 'none');
  return {
    left: numbersAt(tree, 'left_children', nodes),
    right: numbersAt(tree, 'right_children', nodes),
    column: numbersAt(tree, 'split_indices', nodes),
    condition: numbersAt(tree, 'split_conditions', nodes),
    defaultLeft: numbersAt(tree, 'default_left', nodes),
    lossChange: numbersAt(tree, 'loss_changes', nodes),
    splitType: numbersAt(tree, 'split_type', nodes),
  };
}

function checkSplit(
  tree: JsonTree,
  node: number,
  { tree: at, columns }: { tree: number; columns: number },
): void {
  if (tree.splitType[node] !== 0)
    refuse('splits by a threshold', `a categorical split in tree ${at}, node ${node}`);
  const column = tree.column[node] as number;
  if (!(Number.isInteger(column) && column >= 0 && column < columns))
    refuse(`columns below ${columns}`, `${column} in tree ${at}, node ${node}`);
  for (const child of [tree.left[node] as number, tree.right[node] as number]) {
    if (!(Number.isInteger(child) && child > 0 && child < tree.left.length))
      refuse(`children below ${tree.left.length}`, `${child} in tree ${at}, node ${node}`);
  }
}
