/** A tree as a test writes it: a number is a leaf. */
export type TreeSpec =
  | number
  | {
      readonly column: number;
      readonly threshold: number;
      readonly missingLeft: boolean;
      readonly left: TreeSpec;
      readonly right: TreeSpec;
    };

/** What can be said of a model besides its trees. */
export interface ModelOptions {
  readonly columns: number;
  readonly objective?: string;
  readonly baseScore?: string;
  readonly booster?: string;
  readonly splitType?: number;
}

/** A model in the JSON format of XGBoost 1.7, as its library writes it. */
export function modelJson(trees: readonly TreeSpec[], options: ModelOptions) {
  const { columns, objective = 'binary:logistic', baseScore = '5E-1', booster = 'gbtree' } = options;
  return {
    learner: {
      attributes: {},
      feature_names: Array.from({ length: columns }, (_, i) => `feature_${i}`),
      gradient_booster: {
        model: {
          gbtree_model_param: { num_parallel_tree: '1', num_trees: `${trees.length}` },
          tree_info: trees.map(() => 0),
          trees: trees.map((tree) => treeJson(tree, options.splitType ?? 0)),
        },
        name: booster,
      },
      learner_model_param: {
        base_score: baseScore,
        num_class: '0',
        num_feature: `${columns}`,
        num_target: '1',
      },
      objective: { name: objective },
    },
    version: [1, 7, 4],
  };
}

/** The bytes of a model. */
export function modelBytes(model: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(model));
}

function treeJson(tree: TreeSpec, splitType: number) {
  const json = {
    left_children: [] as number[],
    right_children: [] as number[],
    split_indices: [] as number[],
    split_conditions: [] as number[],
    default_left: [] as number[],
    loss_changes: [] as number[],
    split_type: [] as number[],
  };
  place(tree);
  return json;

  /** Depth first, so that the children of a node do not stand next to each other. */
  function place(spec: TreeSpec): number {
    const isLeaf = typeof spec === 'number';
    const node = json.left_children.push(-1) - 1;
    json.right_children.push(-1);
    json.split_indices.push(isLeaf ? 0 : spec.column);
    json.split_conditions.push(Math.fround(isLeaf ? spec : spec.threshold));
    json.default_left.push(!isLeaf && spec.missingLeft ? 1 : 0);
    json.loss_changes.push(isLeaf ? 0 : 1.5);
    json.split_type.push(isLeaf ? 0 : splitType);
    if (isLeaf) return node;
    json.left_children[node] = place(spec.left);
    json.right_children[node] = place(spec.right);
    return node;
  }
}
