import { isCategoricalSplit, type LightGBMTrees, leftCategories } from '../lightgbm/lightgbm-trees.ts';

/** A column that the trees see after the features: a feature without its fraction, plus an offset. */
export interface CategoryColumn {
  readonly feature: number;
  readonly offset: number;
}

/** A comparison of a category column with one value. */
export interface CategoryBranch {
  /** Which of the category columns. */
  readonly column: number;
  /** A float32. */
  readonly value: number;
}

/** The categorical splits of a model as comparisons with single categories. */
export interface CategoricalChains {
  readonly columns: readonly CategoryColumn[];
  /** By node, among all nodes: what it compares, one after the other. At least one each. */
  readonly branches: ReadonlyMap<number, readonly CategoryBranch[]>;
}

/** onnxruntime makes one lookup of successive comparisons of one column with whole numbers from 1 to 64. */
const blockSize = 64;
/** A feature with categories in more blocks has one column, for columns take memory in each row that is scored. */
const maxBlocks = 64;
/** A value that no whole number equals, for a split that sends no category left. */
const equalsNothing = 0.5;

/**
 * What the categorical splits of a model compare with: one comparison for each category that goes left. The categories 64 · b to
 * 64 · b + 63 of a feature are compared in a column of their own, as 1 to 64.
 */
export function categoricalChains(trees: LightGBMTrees): CategoricalChains {
  const splits = categoricalSplits(trees);
  const wide = wideFeatures(splits);
  const columns: CategoryColumn[] = [];
  const known = new Map<string, number>();
  const columnOf = (feature: number, offset: number) => {
    const key = `${feature} ${offset}`;
    const column = known.get(key) ?? columns.push({ feature, offset }) - 1;
    known.set(key, column);
    return column;
  };
  const branches = splits.map(({ node, feature, categories }) => {
    const chain = categories.flatMap((category) => {
      const offset = wide.has(feature) ? 0 : 1 - blockSize * Math.floor(category / blockSize);
      const value = category + offset;
      // A category that is no float32 (beyond 2^24) cannot be the value of a feature.
      return Math.fround(value) === value ? [{ column: columnOf(feature, offset), value }] : [];
    });
    return [
      node,
      chain.length > 0 ? chain : [{ column: columnOf(feature, 0), value: equalsNothing }],
    ] as const;
  });
  return { columns, branches: new Map(branches) };
}

/** How many nodes the chains have beyond the first of each. */
export function extraNodes({ branches }: CategoricalChains): number {
  return [...branches.values()].reduce((total, chain) => total + chain.length - 1, 0);
}

interface CategoricalSplit {
  readonly node: number;
  readonly feature: number;
  readonly categories: readonly number[];
}

function categoricalSplits(trees: LightGBMTrees): readonly CategoricalSplit[] {
  const splits: CategoricalSplit[] = [];
  for (let tree = 0; tree < trees.trees; tree++) {
    for (let node = trees.nodeOffsets[tree]; node < trees.nodeOffsets[tree + 1]; node++) {
      if (!isCategoricalSplit(trees.decisionType[node])) continue;
      const categories = leftCategories(trees, { tree, node });
      splits.push({ node, feature: trees.splitFeature[node], categories });
    }
  }
  return splits;
}

function wideFeatures(splits: readonly CategoricalSplit[]): ReadonlySet<number> {
  const blocks = new Map<number, Set<number>>();
  for (const { feature, categories } of splits) {
    const seen = blocks.get(feature) ?? new Set();
    for (const category of categories) seen.add(Math.floor(category / blockSize));
    blocks.set(feature, seen);
  }
  return new Set([...blocks.keys()].filter((feature) => (blocks.get(feature)?.size ?? 0) > maxBlocks));
}
