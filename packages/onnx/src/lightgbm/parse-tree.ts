import type { KeyValues } from './key-values.ts';
import { isCategoricalSplit, MAX_DECISION_TYPE } from './lightgbm-trees.ts';
import { parseDecimal, parseInteger, parseThreshold, quote, splitList } from './numbers.ts';
import type { TextLines } from './text-lines.ts';

/** Every key that a tree of format v3 and v4 may have. */
export const TREE_KEYS: ReadonlySet<string> = new Set([
  'num_leaves',
  'num_cat',
  'split_feature',
  'split_gain',
  'threshold',
  'decision_type',
  'left_child',
  'right_child',
  'leaf_value',
  'leaf_weight',
  'leaf_count',
  'internal_value',
  'internal_weight',
  'internal_count',
  'cat_boundaries',
  'cat_threshold',
  'is_linear',
  'leaf_const',
  'num_features',
  'leaf_features',
  'leaf_coeff',
  'shrinkage',
]);

const maxLeaves = 131_072; // LightGBM's own bound on num_leaves

/** One tree; see `LightGBMTrees` for what the arrays hold. */
export interface ParsedTree {
  readonly splitFeature: Int32Array;
  readonly threshold: Float64Array;
  readonly decisionType: Uint8Array;
  readonly leftChild: Int32Array;
  readonly rightChild: Int32Array;
  readonly leafValue: Float64Array;
  readonly isLinear: boolean;
  readonly categoricalSplits: number;
  /** Where each set of categories starts among the words, and the total; [0] where the tree has none. */
  readonly wordOffsets: Int32Array;
  readonly categoryWords: Uint32Array;
  readonly shrinkage: number;
}

/** Interprets the keys of one tree over `features` features. */
export function parseTree(keys: KeyValues, lines: TextLines, features: number): ParsedTree {
  const leaves = parseInteger(keys.text('num_leaves'), keys.place('num_leaves'), { min: 1, max: maxLeaves });
  const nodes = leaves - 1;
  const integers = (key: string, min: number, max: number) => {
    const place = keys.place(key);
    return splitList(keys.text(key), place, nodes).map((item) => parseInteger(item, place, { min, max }));
  };
  const decimals = (key: string, count: number, parse = parseDecimal) => {
    const place = keys.place(key);
    return Float64Array.from(splitList(keys.text(key), place, count), (item) => parse(item, place));
  };
  const sets = parseInteger(keys.text('num_cat'), keys.place('num_cat'), { min: 0, max: nodes });
  const tree: ParsedTree = {
    splitFeature: Int32Array.from(integers('split_feature', 0, features - 1)),
    threshold: decimals('threshold', nodes, parseThreshold),
    decisionType: Uint8Array.from(integers('decision_type', 0, MAX_DECISION_TYPE)),
    leftChild: Int32Array.from(integers('left_child', -leaves, nodes - 1)),
    rightChild: Int32Array.from(integers('right_child', -leaves, nodes - 1)),
    leafValue: decimals('leaf_value', leaves),
    isLinear: parseIsLinear(keys),
    categoricalSplits: sets,
    ...parseCategories(keys, lines, sets),
    shrinkage: parseDecimal(keys.text('shrinkage'), keys.place('shrinkage')),
  };
  assertCategorical(tree, lines);
  assertIsTree(tree, lines);
  return tree;
}

/** LightGBM before 3.2 had no linear trees and wrote no such line. */
function parseIsLinear(keys: KeyValues): boolean {
  if (!keys.has('is_linear')) return false;
  return parseInteger(keys.text('is_linear'), keys.place('is_linear'), { min: 0, max: 1 }) === 1;
}

/** As many categorical splits as sets of categories, each with the number of a set in the place of its threshold. */
function assertCategorical(
  { decisionType, categoricalSplits, threshold }: ParsedTree,
  lines: TextLines,
): void {
  const found = decisionType.reduce((count, type) => count + (isCategoricalSplit(type) ? 1 : 0), 0);
  if (found !== categoricalSplits) {
    throw lines.error(`num_cat = ${categoricalSplits} categorical splits in the tree`, `${found} of them`);
  }
  const wrong = threshold.find(
    (set, node) =>
      isCategoricalSplit(decisionType[node]) &&
      !(Number.isInteger(set) && set >= 0 && set < categoricalSplits),
  );
  if (wrong !== undefined) {
    throw lines.error(`0 to ${categoricalSplits - 1} as the threshold of a categorical split`, `${wrong}`);
  }
}

/** Sets of categories as bits: where the words of each set start, and the words. */
function parseCategories(
  keys: KeyValues,
  lines: TextLines,
  sets: number,
): Pick<ParsedTree, 'wordOffsets' | 'categoryWords'> {
  if (sets === 0) return { wordOffsets: Int32Array.of(0), categoryWords: new Uint32Array() };
  const integers = (key: string, count: number, max: number) => {
    const place = keys.place(key);
    return splitList(keys.text(key), place, count).map((item) => parseInteger(item, place, { min: 0, max }));
  };
  const wordOffsets = integers('cat_boundaries', sets + 1, 2 ** 31 - 1);
  if (wordOffsets[0] !== 0 || wordOffsets.some((end, i) => end < (wordOffsets[i - 1] ?? 0))) {
    throw lines.error('cat_boundaries that start at 0 and never decrease', quote(wordOffsets.join(' ')));
  }
  return {
    wordOffsets: Int32Array.from(wordOffsets),
    categoryWords: Uint32Array.from(integers('cat_threshold', wordOffsets.at(-1) ?? 0, 2 ** 32 - 1)),
  };
}

/** Every node but the root, and every leaf, has to be the child of exactly one node, reached from the root. */
function assertIsTree({ leftChild, rightChild, leafValue }: ParsedTree, lines: TextLines): void {
  const nodes = leftChild.length;
  if (nodes === 0) return;
  const leafSeen = new Uint8Array(leafValue.length);
  const nodeSeen = new Uint8Array(nodes);
  const open = [0];
  nodeSeen[0] = 1;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const child of [leftChild[node], rightChild[node]]) {
      const seen = child < 0 ? leafSeen : nodeSeen;
      const index = child < 0 ? -child - 1 : child;
      if (seen[index] === 1) throw lines.error('children that form a tree', `child ${child} reached twice`);
      seen[index] = 1;
      if (child >= 0) open.push(child);
    }
  }
  // n nodes without a child twice reach n + 1 children; none left over means all were reached.
  if (nodeSeen.includes(0) || leafSeen.includes(0)) {
    throw lines.error('children that form a tree', 'a node or leaf that nothing leads to');
  }
}
