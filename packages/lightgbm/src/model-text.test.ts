import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Booster } from './booster.ts';
import { Dataset } from './dataset.ts';
import { assertModelText } from './model-text.ts';
import { DECISION, stumpModel } from './testing/stump-model.ts';
import { createToyProblem } from './testing/toy-problem.ts';

const invalid = expect.objectContaining({ code: 'LIGHTGBM_MODEL_INVALID' });

/** Predicts `b`, the second of two columns. */
function predictRaw(model: string, b: readonly number[]): number[] {
  using booster = Booster.fromString(model);
  const values = Float32Array.from([...b.map(() => 0), ...b]);
  return Array.from(booster.predict({ values, rows: b.length, columns: 2, output: 'raw' }));
}

function trainedModel(parameters: Record<string, string | number | boolean>): string {
  const toy = createToyProblem({ rows: 500 });
  const values = toy.values.map((value, i) => (i < 500 ? Math.max(0, Math.round(2 * value) + 4) : value));
  const label = Float32Array.from(toy.labels);
  using dataset = Dataset.fromColumns({ ...toy, values, label, parameters });
  using booster = Booster.create(dataset, { objective: 'binary', num_threads: 1, ...parameters });
  for (let i = 0; i < 4; i++) booster.updateOneIteration();
  return booster.saveToString();
}

describe('a model written by hand', () => {
  it('sends a value at its threshold left, and the next float right', () => {
    const next = 0.5 + 2 ** -24;
    expect(Math.fround(next)).toBe(next);
    expect(predictRaw(stumpModel(), [0.5, next, -1, 7])).toEqual([-1.25, 2, -1.25, 2]);
  });

  it.each([
    { decision: DECISION.nanGoesLeft, threshold: 0.5, leaf: -1.25 },
    { decision: DECISION.nanGoesRight, threshold: 0.5, leaf: 2 },
    { decision: DECISION.none, threshold: 0.5, leaf: -1.25 },
    { decision: DECISION.none, threshold: -0.5, leaf: 2 },
  ])('sends NaN as decision type $decision at $threshold says', ({ decision, threshold, leaf }) => {
    expect(predictRaw(stumpModel({ decision, threshold }), [Number.NaN])).toEqual([leaf]);
  });
});

describe('assertModelText', () => {
  it.each([
    { kind: 'an ordinary model', parameters: {} },
    { kind: 'a model with categories', parameters: { categorical_feature: '0', min_data_per_group: 1 } },
    { kind: 'a linear model', parameters: { linear_tree: true } },
    { kind: 'a model of constant trees', parameters: { min_data_in_leaf: 1000, feature_pre_filter: false } },
  ])('lets $kind pass', ({ kind, parameters }) => {
    const model = trainedModel(parameters);
    if (kind.includes('categories')) expect(model).toMatch(/^cat_threshold=/m);
    if (kind.includes('linear')) expect(model).toMatch(/^leaf_features=.*\d/m);
    expect(() => assertModelText(model)).not.toThrow();
    Booster.fromString(model).dispose();
  });

  it('refuses a model cut short anywhere before the end of its trees', () => {
    const model = trainedModel({});
    const length = model.indexOf('end of trees') + 'end of trees'.length;
    fc.assert(
      fc.property(fc.nat({ max: length - 1 }), (end) => {
        expect(() => assertModelText(model.slice(0, end))).toThrow(invalid);
      }),
    );
  });

  it.each([
    { what: 'nothing', edit: () => '' },
    { what: 'another text', edit: () => '{"model": true}' },
    { what: 'Windows line ends', edit: (model: string) => model.replaceAll('\n', '\r\n') },
    {
      what: 'a leaf that is not there',
      edit: (model: string) => model.replace('right_child=-2', 'right_child=-3'),
    },
    {
      what: 'a leaf reached twice',
      edit: (model: string) => model.replace('right_child=-2', 'right_child=-1'),
    },
    {
      what: 'a node that is its own child',
      edit: (model: string) => model.replace('left_child=-1', 'left_child=00'),
    },
    { what: 'a feature that is not there', edit: (model: string) => model.replace('feature=1', 'feature=2') },
    { what: 'a missing list', edit: (model: string) => model.replace('threshold=', 'treshhold=') },
    {
      what: 'too few values',
      edit: (model: string) => model.replace('leaf_value=-1.25 2', 'leaf_value=-1.2552'),
    },
    { what: 'a wrong size', edit: (model: string) => model.replace(/tree_sizes=(\d+)/, 'tree_sizes=7') },
    {
      what: 'no feature count',
      edit: (model: string) => model.replace('max_feature_idx=1', 'max_feature_idx='),
    },
    { what: 'a set of categories that is not there', edit: () => stumpModel({ decision: 1 }) },
  ])('refuses $what', ({ edit }) => {
    expect(() => assertModelText(edit(stumpModel()))).toThrow(invalid);
    expect(() => Booster.fromString(edit(stumpModel()))).toThrow(invalid);
  });
});
