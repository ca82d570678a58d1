/** A tree as a test writes it: a leaf value, or a split. */
export type TreeSpec = number | SplitSpec;

/** A split of a tree. */
export interface SplitSpec {
  readonly feature: number;
  readonly threshold: number;
  /** LightGBM's bits: 2 default left; + 0 missing none, 4 missing zero, 8 missing NaN; 1 categorical. */
  readonly decisionType: number;
  readonly left: TreeSpec;
  readonly right: TreeSpec;
  /** Of a categorical split, whose threshold does not matter: what goes left. */
  readonly categories?: readonly number[];
}

/** What a model text is made of. */
export interface ModelSpec {
  readonly trees: readonly TreeSpec[];
  readonly features: readonly string[];
  readonly objective?: string | undefined;
  readonly averageOutput?: boolean;
  /** Header lines by key that replace the usual ones. */
  readonly header?: Readonly<Record<string, string>>;
  /** Tree lines by key that replace the usual ones, in every tree. */
  readonly treeLines?: Readonly<Record<string, string>>;
}

/** The arrays of one tree, numbered as LightGBM would: nodes in depth-first order, leaves from left to right. */
export interface FlatTree {
  readonly splits: readonly (SplitSpec & { readonly leftChild: number; readonly rightChild: number })[];
  readonly leaves: readonly number[];
}

/** Numbers the nodes and leaves of a tree. */
export function flatten(tree: TreeSpec): FlatTree {
  const splits: (SplitSpec & { leftChild: number; rightChild: number })[] = [];
  const leaves: number[] = [];
  const place = (spec: TreeSpec): number => {
    if (typeof spec === 'number') return -leaves.push(spec);
    const split = { ...spec, leftChild: 0, rightChild: 0 };
    const index = splits.push(split) - 1;
    split.leftChild = place(spec.left);
    split.rightChild = place(spec.right);
    return index;
  };
  place(tree);
  return { splits, leaves };
}

/** Writes a model in LightGBM's text format, with a parameters section at its end. */
export function modelText(spec: ModelSpec): string {
  const blocks = spec.trees.map((tree, index) => treeBlock(flatten(tree), index, spec.treeLines ?? {}));
  const header: Record<string, string | undefined> = {
    version: 'v4',
    num_class: '1',
    num_tree_per_iteration: '1',
    label_index: '0',
    max_feature_idx: String(spec.features.length - 1),
    objective: spec.objective,
    feature_names: spec.features.join(' '),
    feature_infos: spec.features.map(() => '[-1:1]').join(' '),
    tree_sizes: blocks.map((block) => block.length).join(' '),
    ...spec.header,
  };
  const lines = Object.entries(header).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${value}`],
  );
  if (spec.averageOutput === true) lines.push('average_output');
  const end = 'end of trees\n\nfeature_importances:\n\nparameters:\n[boosting: gbdt]\n\nend of parameters\n';
  return `tree\n${lines.join('\n')}\n\n${blocks.join('')}${end}`;
}

function treeBlock(
  { splits, leaves }: FlatTree,
  index: number,
  replaced: Readonly<Record<string, string>>,
): string {
  const list = (pick: (split: (typeof splits)[number]) => number) => splits.map(pick).map(decimal).join(' ');
  const sets = splits.filter((split) => split.decisionType & 1);
  const words = sets.map((split) => bitset(split.categories ?? []));
  const lines = {
    num_leaves: String(leaves.length),
    num_cat: String(sets.length),
    split_feature: list((split) => split.feature),
    split_gain: list(() => 1),
    threshold: list((split) => (split.decisionType & 1 ? sets.indexOf(split) : split.threshold)),
    decision_type: list((split) => split.decisionType),
    left_child: list((split) => split.leftChild),
    right_child: list((split) => split.rightChild),
    leaf_value: leaves.map(decimal).join(' '),
    ...(sets.length > 0 && {
      cat_boundaries: [0, ...sets.map((_, i) => words.slice(0, i + 1).flat().length)].join(' '),
      cat_threshold: words.flat().join(' '),
    }),
    is_linear: '0',
    shrinkage: '1',
    ...replaced,
  };
  const text = Object.entries(lines).map(([key, value]) => `${key}=${value}\n`);
  return `Tree=${index}\n${text.join('')}\n\n`;
}

/** Categories as the bits of 32-bit words; at least one word. */
function bitset(categories: readonly number[]): readonly number[] {
  const words = new Uint32Array(Math.floor(Math.max(0, ...categories) / 32) + 1);
  for (const category of categories) {
    const word = Math.floor(category / 32);
    words[word] = (words[word] ?? 0) | (1 << (category % 32));
  }
  return Array.from(words);
}

/** Shortest decimal that gives the number back, in the notation of C. */
function decimal(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
