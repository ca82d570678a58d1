import { LightGBMModelError } from './errors.ts';

/**
 * Refuses a text that is not a whole model. LightGBM's own reader trusts the text: of a truncated or edited one it reads
 * beyond the end, and a child number out of range lets a prediction do so, which ends the process.
 * What is checked here is what keeps it within its arrays (`GBDT::LoadModelFromString`, `Tree::Tree(const char*)`).
 *
 * @throws {LightGBMModelError}
 */
export function assertModelText(model: string): void {
  const header = readHeader(model);
  const bytes = Buffer.from(model);
  let start = bytes.indexOf('\nTree=0\n') + 1;
  if (start === 0) throw new LightGBMModelError({ found: 'no trees' });
  for (const [index, size] of header.treeSizes.entries()) {
    const text = bytes.toString('latin1', start, start + size);
    if (!text.startsWith(`Tree=${index}\n`) || !text.endsWith('\n\n')) {
      throw new LightGBMModelError({ found: `no tree ${index} where \`tree_sizes\` says` });
    }
    assertTree(readLines(text), { index, features: header.features });
    start += size;
  }
  if (!bytes.subarray(start).toString('latin1', 0, 13).startsWith('end of trees\n')) {
    throw new LightGBMModelError({ found: 'no `end of trees` after the last tree' });
  }
}

interface Header {
  readonly features: number;
  readonly treeSizes: readonly number[];
}

function readHeader(model: string): Header {
  const end = model.indexOf('\nTree=');
  const lines = readLines(end < 0 ? model : model.slice(0, end));
  if (!lines.has('tree')) throw new LightGBMModelError({ found: 'a text that does not begin with `tree`' });
  for (const key of ['num_class', 'label_index', 'feature_names', 'feature_infos']) {
    if (!lines.has(key)) throw new LightGBMModelError({ found: `no line \`${key}\`` });
  }
  const perIteration = readInteger(lines, 'num_tree_per_iteration');
  const features = readInteger(lines, 'max_feature_idx') + 1;
  const treeSizes = numbers(lines.get('tree_sizes'));
  if (perIteration < 1 || treeSizes.length === 0 || treeSizes.length % perIteration !== 0) {
    throw new LightGBMModelError({ found: `${treeSizes.length} trees, ${perIteration} an iteration` });
  }
  return { features, treeSizes };
}

function assertTree(
  lines: ReadonlyMap<string, string>,
  { index, features }: { index: number; features: number },
): void {
  const leaves = readInteger(lines, 'num_leaves');
  const categories = readInteger(lines, 'num_cat');
  const refuse: Refuse = (found) => {
    throw new LightGBMModelError({ found: `tree ${index} with ${found}` });
  };
  const list: ReadList = (key, length) => {
    const found = numbers(lines.get(key));
    return found.length === length
      ? found
      : refuse(`${found.length} numbers in \`${key}\`, where ${length} belong`);
  };
  if (leaves < 1) refuse(`${leaves} leaves`);
  list('leaf_value', leaves);
  if (lines.get('is_linear') === '1') assertLinearLeaves(list, { leaves, features, refuse });
  if (leaves === 1) return;
  const nodes = leaves - 1;
  const known = (key: string) => lines.has(key);
  for (const key of ['split_gain', 'internal_value', 'internal_weight', 'internal_count'].filter(known))
    list(key, nodes);
  for (const key of ['leaf_weight', 'leaf_count'].filter(known)) list(key, leaves);
  if (list('split_feature', nodes).some((feature) => !isIndex(feature, features)))
    refuse('an unknown feature');
  assertChildren([...list('left_child', nodes), ...list('right_child', nodes)], { leaves, refuse });
  assertCategories(list, { nodes, categories, refuse });
}

type Refuse = (found: string) => never;
type ReadList = (key: string, length: number) => number[];

/** Coefficients of a linear tree: as many as \`num_features\` says, leaf by leaf. */
function assertLinearLeaves(
  list: ReadList,
  { leaves, features, refuse }: { leaves: number; features: number; refuse: Refuse },
): void {
  list('leaf_const', leaves);
  const counts = list('num_features', leaves);
  if (counts.some((count) => !isIndex(count, features + 1))) refuse('a leaf with too many features');
  const total = counts.reduce((sum, count) => sum + count, 0);
  list('leaf_coeff', total);
  if (list('leaf_features', total).some((feature) => !isIndex(feature, features)))
    refuse('an unknown feature');
}

/** The threshold of a categorical split (bit 0 of its type) is the number of a set of categories. */
function assertCategories(
  list: ReadList,
  { nodes, categories, refuse }: { nodes: number; categories: number; refuse: Refuse },
): void {
  const types = list('decision_type', nodes);
  const thresholds = list('threshold', nodes);
  if (types.some((type, node) => (type & 1) === 1 && !isIndex(thresholds[node] ?? -1, categories))) {
    refuse('an unknown set of categories');
  }
  if (categories === 0) return;
  const boundaries = list('cat_boundaries', categories + 1);
  if (boundaries.some((boundary, i) => boundary < (boundaries[i - 1] ?? 0)))
    refuse('sets of categories that overlap');
  list('cat_threshold', boundaries[categories] ?? 0);
}

/** Every node and leaf but the root is the child of one node, and of one with a smaller number: so every walk ends. */
function assertChildren(
  children: readonly number[],
  { leaves, refuse }: { leaves: number; refuse: Refuse },
): void {
  const nodes = leaves - 1;
  const seen = new Set<number>();
  for (const [position, child] of children.entries()) {
    const parent = position % nodes;
    const isKnown = child >= 0 ? isIndex(child, nodes) && child > parent : isIndex(~child, leaves);
    if (!isKnown || seen.has(child)) refuse(`${child} as a child of node ${parent}`);
    seen.add(child);
  }
}

function isIndex(value: number, length: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < length;
}

function readLines(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').map((line) => {
      const equals = line.indexOf('=');
      return equals < 0 ? ([line, ''] as const) : ([line.slice(0, equals), line.slice(equals + 1)] as const);
    }),
  );
}

function readInteger(lines: ReadonlyMap<string, string>, key: string): number {
  const word = lines.get(key) ?? '';
  if (!/^-?\d+$/.test(word)) throw new LightGBMModelError({ found: `no whole number in \`${key}\`` });
  return Number(word);
}

function numbers(text: string | undefined): number[] {
  return (text ?? '')
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
}
