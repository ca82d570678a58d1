/** A model as XGBoost's JSON has it, as far as a walk needs it. */
interface PlainModel {
  readonly learner: {
    readonly gradient_booster: { readonly model: { readonly trees: readonly PlainTree[] } };
  };
}

interface PlainTree {
  readonly left_children: readonly number[];
  readonly right_children: readonly number[];
  readonly split_indices: readonly number[];
  readonly split_conditions: readonly number[];
  readonly default_left: readonly (0 | 1 | boolean)[];
}

/** The trees of a native file, as they stand there. */
export function plainTrees(bytes: Uint8Array): readonly PlainTree[] {
  return (JSON.parse(new TextDecoder().decode(bytes)) as PlainModel).learner.gradient_booster.model.trees;
}

/**
 * XGBoost's prediction written down a second time: what it begins with and the leaves that a row reaches, walking over the JSON itself, tree after tree.
 * XGBoost rounds to float32 after each.
 */
export function plainScore(
  trees: readonly PlainTree[],
  row: ArrayLike<number>,
  { base, round = (sum) => sum }: { base: number; round?: (sum: number) => number },
): number {
  return trees.reduce((sum, tree) => round(sum + Math.fround(leafValue(tree, row))), base);
}

function leafValue(tree: PlainTree, row: ArrayLike<number>): number {
  let node = 0;
  for (;;) {
    const next = (goesLeft(tree, node, row) ? tree.left_children : tree.right_children)[node] ?? -1;
    if (next === -1) return tree.split_conditions[node] ?? Number.NaN;
    node = next;
  }
}

function goesLeft(tree: PlainTree, node: number, row: ArrayLike<number>): boolean {
  const x = row[tree.split_indices[node] ?? -1] ?? Number.NaN;
  return Number.isNaN(x)
    ? Boolean(tree.default_left[node])
    : x < Math.fround(tree.split_conditions[node] ?? 0);
}

/** Every threshold of the trees with its column. */
export function thresholdsOf(trees: readonly PlainTree[]): { column: number; threshold: number }[] {
  return trees.flatMap((tree) =>
    tree.split_indices.flatMap((column, node) =>
      tree.left_children[node] === -1
        ? []
        : [{ column, threshold: Math.fround(tree.split_conditions[node] ?? 0) }],
    ),
  );
}
