/**
 * Shapley values of a tree by their definition (Shapley 1953; for trees Lundberg, Erion & Lee 2018, "Consistent Individualized Feature
 * Attribution for Tree Ensembles", algorithm 1), over all subsets of features: exponential, written without a look at LightGBM's way.
 *
 * phi_i = sum over S without i of |S|! (M - |S| - 1)! / M! · (f(S ∪ {i}) - f(S)), where f(S) follows the row at the nodes whose feature is in S
 * and takes the mean of both children, weighted by their numbers of training rows, at all others.
 */

/** A tree as nested splits. */
export type TinyTree =
  | { readonly leaf: number; readonly count: number }
  | {
      readonly feature: number;
      readonly threshold: number;
      readonly left: TinyTree;
      readonly right: TinyTree;
    };

/** The value of a row where the features of a set are known alone. */
function expectation(tree: TinyTree, row: readonly number[], known: ReadonlySet<number>): number {
  if ('leaf' in tree) return tree.leaf;
  const { feature, threshold, left, right } = tree;
  if (known.has(feature))
    return expectation((row[feature] as number) <= threshold ? left : right, row, known);
  const [a, b] = [countOf(left), countOf(right)];
  return (a * expectation(left, row, known) + b * expectation(right, row, known)) / (a + b);
}

function countOf(tree: TinyTree): number {
  return 'leaf' in tree ? tree.count : countOf(tree.left) + countOf(tree.right);
}

/** One value per feature, and the expectation without any of them. */
export function shapleyValues(tree: TinyTree, row: readonly number[], features: number): number[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const setOf = (bits: number) =>
    new Set(Array.from({ length: features }, (_, i) => i).filter((i) => ((bits >> i) & 1) === 1));
  const values = new Array<number>(features).fill(0);
  for (let bits = 0; bits < 2 ** features; bits++) {
    const known = setOf(bits);
    const weight = (factorial(known.size) * factorial(features - known.size - 1)) / factorial(features);
    for (let i = 0; i < features; i++) {
      if (known.has(i)) continue;
      const gain = expectation(tree, row, new Set([...known, i])) - expectation(tree, row, known);
      values[i] = (values[i] as number) + weight * gain;
    }
  }
  return [...values, expectation(tree, row, new Set())];
}

/** The first tree of a model text: numeric splits without missing values. */
export function readTinyTree(model: string): TinyTree {
  const text = model.slice(model.indexOf('Tree=0'), model.indexOf('end of trees'));
  const list = (key: string) =>
    (new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? '').split(' ').map(Number);
  const at = (key: string, index: number) => list(key)[index] as number;
  const read = (node: number): TinyTree =>
    node < 0
      ? { leaf: at('leaf_value', ~node), count: at('leaf_count', ~node) }
      : {
          feature: at('split_feature', node),
          threshold: at('threshold', node),
          left: read(at('left_child', node)),
          right: read(at('right_child', node)),
        };
  return read(0);
}
