/** Rows' ways through the trees of a model text, written from the format's description alone. */

const MISSING_NONE = 0;
const MISSING_NAN = 2;

interface WrittenTree {
  readonly leaves: number[];
  readonly features: number[];
  readonly thresholds: number[];
  readonly types: number[];
  readonly left: number[];
  readonly right: number[];
}

/**
 * Gives the sum of the leaves that a row comes to: the raw score. Numeric splits only; missing types None and NaN.
 */
export function createTreeWalk(model: string): (row: readonly number[]) => number {
  const texts =
    model
      .split('end of trees')[0]
      ?.split(/^Tree=\d+$/m)
      .slice(1) ?? [];
  const trees = texts.map(readTree);
  return (row) => trees.reduce((sum, tree) => sum + walk(tree, row), 0);
}

function readTree(text: string): WrittenTree {
  const list = (key: string) =>
    (new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? '').split(' ').map(Number);
  return {
    leaves: list('leaf_value'),
    features: list('split_feature'),
    thresholds: list('threshold'),
    types: list('decision_type'),
    left: list('left_child'),
    right: list('right_child'),
  };
}

function walk(
  { leaves, features, thresholds, types, left, right }: WrittenTree,
  row: readonly number[],
): number {
  if (leaves.length === 1) return leaves[0] as number;
  let node = 0;
  while (node >= 0) {
    const value = row[features[node] as number] as number;
    const goesLeft = decide(value, thresholds[node] as number, types[node] as number);
    node = (goesLeft ? left[node] : right[node]) as number;
  }
  return leaves[~node] as number;
}

function decide(value: number, threshold: number, type: number): boolean {
  const missing = (type >> 2) & 3;
  if (Number.isNaN(value) && missing === MISSING_NAN) return (type & 2) !== 0;
  if (Number.isNaN(value) && missing === MISSING_NONE) return threshold >= 0;
  return value <= threshold;
}
