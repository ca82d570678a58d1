import { describe, expect, it } from 'vitest';
import { XGBoostModelError } from '../errors.ts';
import { modelBytes, modelJson, type TreeSpec } from '../testing/model-json.ts';
import { parseModel } from './parse-model.ts';

const stump: TreeSpec = { column: 1, threshold: 0.5, missingLeft: true, left: -1, right: 1 };
const model = () => modelJson([stump, 0.25], { columns: 2 });

/** The model with its first tree changed. */
function withTree(change: Record<string, unknown>) {
  const changed = model();
  const { trees } = changed.learner.gradient_booster.model;
  return { ...changed, learner: { ...changed.learner, gradient_booster: withFirst(trees, change) } };
}

function withFirst([first, ...others]: readonly object[], change: Record<string, unknown>) {
  const { gradient_booster: booster } = model().learner;
  return { ...booster, model: { ...booster.model, trees: [{ ...first, ...change }, ...others] } };
}

describe('parseModel', () => {
  it('reads trees, names, base score and version', () => {
    const parsed = parseModel(modelBytes(model()));
    expect(Array.from(parsed.trees.feature)).toEqual([1, -1, -1, -1]);
    expect(Array.from(parsed.trees.treeOffsets)).toEqual([0, 3, 4]);
    expect(parsed.featureNames).toEqual(['feature_0', 'feature_1']);
    expect(parsed).toMatchObject({ objective: 'binary:logistic', link: 'logistic', version: '1.7.4' });
    expect(parsed.baseMargin).toBeCloseTo(0, 12);
  });

  it('leaves out nodes that no row can reach', () => {
    const pruned = withTree({
      left_children: [3, -1, -1, -1, -1],
      right_children: [4, -1, -1, -1, -1],
      split_indices: [1, 2147483647, 2147483647, 0, 0],
      split_conditions: [0.5, 7, 7, -1, 1],
      default_left: [1, 0, 0, 0, 0],
      loss_changes: [1, 0, 0, 0, 0],
      split_type: [0, 0, 0, 0, 0],
    });
    expect(Array.from(parseModel(modelBytes(pruned)).trees.threshold)).toEqual([0.5, -1, 1, 0.25]);
  });

  const learner = (change: object) => ({ ...model(), learner: { ...model().learner, ...change } });
  it.each([
    ['another text', 'tree\nversion=v4', /JSON/],
    ['half a file', JSON.stringify(model()).slice(0, 400), /JSON/],
    ['a list', [], /JSON object/],
    ['no learner', { version: [1, 7, 4] }, /'learner'/],
    ['a linear model', modelJson([1], { columns: 1, booster: 'gblinear' }), /'gbtree'/],
    ['dart', modelJson([1], { columns: 1, booster: 'dart' }), /'gbtree'/],
    ['another objective', modelJson([1], { columns: 1, objective: 'reg:tweedie' }), /'reg:tweedie'/],
    ['several classes', learner({ learner_model_param: { num_class: '3', num_feature: '2' } }), /one score/],
    ['no feature names', learner({ feature_names: [] }), /2 feature names/],
    [
      'a base score beyond probabilities',
      modelJson([1], { columns: 1, baseScore: '1.5E0' }),
      /between 0 and 1/,
    ],
    ['no tree', modelJson([], { columns: 2 }), /at least one tree/],
    ['a categorical split', modelJson([stump], { columns: 2, splitType: 1 }), /categorical/],
    ['a column that is not there', withTree({ split_indices: [2, 0, 0] }), /columns below 2/],
    ['a child that is not there', withTree({ left_children: [3, -1, -1] }), /children below 3/],
    ['a way back', withTree({ left_children: [1, 0, -1] }), /children below|one way/],
    ['two ways to a node', withTree({ left_children: [1, 2, -1], right_children: [2, 2, -1] }), /one way/],
    ['a list that is too short', withTree({ split_conditions: [0.5, 1] }), /3 numbers in 'split_conditions'/],
    ['a text for a number', withTree({ split_conditions: [0.5, 'x', 1] }), /finite numbers/],
    ['a number beyond float32', withTree({ split_conditions: [1e39, 1, 1] }), /float32/],
  ])('refuses %s', (_, changed, message) => {
    const bytes = typeof changed === 'string' ? new TextEncoder().encode(changed) : modelBytes(changed);
    expect(() => parseModel(bytes)).toThrow(XGBoostModelError);
    expect(() => parseModel(bytes)).toThrow(message);
  });
});
