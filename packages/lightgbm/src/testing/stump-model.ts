/** What a split does with its missing values, as LightGBM codes it: bit 1 default left, bits 2–3 the missing type. */
export const DECISION = { none: 0, nanGoesRight: 8, nanGoesLeft: 10 } as const;

/** A model of one tree with one split, written by hand: `x <= threshold` goes left. */
export function stumpModel({ threshold = 0.5, decision = 8, left = -1.25, right = 2 } = {}): string {
  const tree = [
    'Tree=0',
    'num_leaves=2',
    'num_cat=0',
    'split_feature=1',
    'split_gain=10',
    `threshold=${threshold}`,
    `decision_type=${decision}`,
    'left_child=-1',
    'right_child=-2',
    `leaf_value=${left} ${right}`,
    'leaf_weight=1 1',
    'leaf_count=1 1',
    'internal_value=0',
    'internal_weight=2',
    'internal_count=2',
    'is_linear=0',
    'shrinkage=1',
    '',
    '',
    '',
  ].join('\n');
  const header = [
    'tree',
    'version=v4',
    'num_class=1',
    'num_tree_per_iteration=1',
    'label_index=0',
    'max_feature_idx=1',
    'objective=binary sigmoid:1',
    'feature_names=a b',
    'feature_infos=[0:1] [0:1]',
    `tree_sizes=${tree.length}`,
    '',
    '',
  ].join('\n');
  return `${header}${tree}end of trees\n\nfeature_importances:\n\nparameters:\nend of parameters\n`;
}
