/** The objective line of a model: `binary sigmoid:1` is name `binary` with `{sigmoid: '1'}`. */
export interface LightGBMObjective {
  readonly name: string;
  /** What follows the name: `key:value`, or a bare word with an empty value (`regression sqrt`). */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * A LightGBM model as typed arrays. The nodes of all trees lie end to end, and so do the leaves:
 * tree t owns the nodes `nodeOffsets[t]` to `nodeOffsets[t + 1] - 1` and the leaves
 * `leafOffsets[t]` to `leafOffsets[t + 1] - 1`. A tree of one leaf has no node.
 *
 * Children count within their tree: a child c ≥ 0 is the tree's node c, a child c < 0 its leaf `-c - 1`
 * (LightGBM writes `~leaf`). Node 0 is the root.
 */
export interface LightGBMTrees {
  /** Of the text format: `v3` or `v4`. */
  readonly version: string;
  readonly numClass: number;
  readonly treesPerIteration: number;
  /** Absent when the model was trained with an objective of the caller's own. */
  readonly objective: LightGBMObjective | undefined;
  /** Random forest: the output is the mean over the iterations before the link function. */
  readonly averageOutput: boolean;
  readonly featureNames: readonly string[];
  /** The parameters that it was trained with, by LightGBM's own names. */
  readonly parameters: ReadonlyMap<string, string>;

  readonly trees: number;
  /** One entry per tree, and the total. */
  readonly nodeOffsets: Int32Array;
  readonly leafOffsets: Int32Array;
  /** 1 where the leaves of a tree hold linear models; one entry per tree. */
  readonly isLinear: Uint8Array;
  /** How many splits of a tree are categorical; one entry per tree. */
  readonly categoricalSplits: Int32Array;
  /** The learning rate that already is in the leaf values; one entry per tree. */
  readonly shrinkage: Float64Array;

  /** Column of the feature matrix; one entry per node, like the next four. */
  readonly splitFeature: Int32Array;
  /** A row goes left where its value ≤ threshold; of a categorical split, which of its tree's sets of categories goes left. */
  readonly threshold: Float64Array;
  /** Bits: see {@link isCategoricalSplit}, {@link isDefaultLeft} and {@link missingType}. */
  readonly decisionType: Uint8Array;
  readonly leftChild: Int32Array;
  readonly rightChild: Int32Array;
  /** One entry per leaf. */
  readonly leafValue: Float64Array;

  /** Tree t owns the sets of categories `setOffsets[t]` to `setOffsets[t + 1] - 1`: see {@link leftCategories}. */
  readonly setOffsets: Int32Array;
  /** Set s owns the words `wordOffsets[s]` to `wordOffsets[s + 1] - 1`. */
  readonly wordOffsets: Int32Array;
  /** Bit b of a set's word w says whether category 32 · w + b is in it. */
  readonly categoryWords: Uint32Array;
}

/**
 * The categories that a categorical split sends left, in ascending order: whole numbers from 0 on. A row's value counts without its
 * fraction; NaN, negative numbers and every other category go right (`CategoricalDecision` in LightGBM's tree.h).
 *
 * @param at the split: its tree, and its node among all nodes
 */
export function leftCategories(trees: LightGBMTrees, at: { tree: number; node: number }): readonly number[] {
  const set = trees.setOffsets[at.tree] + trees.threshold[at.node];
  const categories: number[] = [];
  const words = trees.categoryWords.subarray(trees.wordOffsets[set], trees.wordOffsets[set + 1]);
  for (const [index, word] of words.entries()) {
    for (let bit = 0; bit < 32; bit++) if ((word >>> bit) & 1) categories.push(32 * index + bit);
  }
  return categories;
}

/** What a node takes for a missing value: nothing (NaN counts as 0), zero, or NaN. */
export type MissingType = 'none' | 'zero' | 'nan';

// The layout of decision_type: kCategoricalMask, kDefaultLeftMask and GetMissingType in LightGBM's tree.h.
const categoricalBit = 1;
const defaultLeftBit = 2;
const missingTypes: readonly MissingType[] = ['none', 'zero', 'nan'];

/** The largest `decision_type` with a meaning: missing type NaN, default left, categorical. */
export const MAX_DECISION_TYPE = (2 << 2) | defaultLeftBit | categoricalBit;

/** Whether the node compares categories instead of a threshold. */
export function isCategoricalSplit(decisionType: number): boolean {
  return (decisionType & categoricalBit) !== 0;
}

/** Where missing values go, if the node's missing type has any. */
export function isDefaultLeft(decisionType: number): boolean {
  return (decisionType & defaultLeftBit) !== 0;
}

/** What the node takes for a missing value. */
export function missingType(decisionType: number): MissingType {
  const type = missingTypes[decisionType >> 2];
  if (type === undefined)
    throw new RangeError(`decision_type ${decisionType} is outside 0..${MAX_DECISION_TYPE}`);
  return type;
}
