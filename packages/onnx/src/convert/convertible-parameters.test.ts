import type { LightGBMParameters } from '@risk-scoring/lightgbm';
import { describe, expect, it } from 'vitest';
import { UnconvertibleModelError, UnconvertibleParametersError } from '../errors.ts';
import { learningData, withTrainedBooster } from '../testing/native-models.ts';
import { convertLightGBMToOnnx } from './convert-lightgbm-to-onnx.ts';
import { assertConvertibleParameters } from './convertible-parameters.ts';

const data = learningData(2, 1000, 5);

function train(parameters: LightGBMParameters): string {
  return withTrainedBooster(data, { parameters, iterations: 5 }, (booster) => booster.saveToString());
}

describe('assertConvertibleParameters', () => {
  const refused: readonly LightGBMParameters[] = [
    { objective: 'binary', linear_tree: true },
    { objective: 'binary', zero_as_missing: true },
    { objective: 'multiclass', num_class: 2 },
    { objective: 'poisson' },
    { objective: 'regression', reg_sqrt: true },
  ];
  it.each(refused.map((parameters) => [JSON.stringify(parameters), parameters] as const))(
    'refuses %s, whose model could not be converted',
    (_, parameters) => {
      expect(() => assertConvertibleParameters(parameters)).toThrow(UnconvertibleParametersError);
      expect(() => convertLightGBMToOnnx(train(parameters))).toThrow(UnconvertibleModelError);
    },
  );

  const accepted: readonly LightGBMParameters[] = [
    {
      objective: 'binary',
      num_leaves: 7,
      linear_tree: false,
      zero_as_missing: false,
    },
    { application: 'xentropy' },
    { loss: 'mse', boosting: 'dart' },
    { objective: 'binary', categorical_feature: [4] },
    { objective: 'binary', num_class: 1, use_missing: false },
  ];
  it.each(accepted.map((parameters) => [JSON.stringify(parameters), parameters] as const))(
    'lets %s pass, whose model can be converted',
    (_, parameters) => {
      expect(() => assertConvertibleParameters(parameters)).not.toThrow();
      expect(convertLightGBMToOnnx(train(parameters)).length).toBeGreaterThan(0);
    },
  );

  it.each([
    { linear_trees: 'true' },
    { linear_tree: '+' },
    { zero_as_missing: 'True' },
    { objective_type: 'softmax' },
    { app: 'multiclassova' },
    { application: 'tweedie' },
    { loss: 'ovr' },
    { objective: 'none' },
    { objective: () => 0 },
    { num_classes: '3' },
  ])('knows the other names and spellings: %o', (parameters) => {
    expect(() => assertConvertibleParameters(parameters)).toThrow(UnconvertibleParametersError);
  });

  it('leaves alone what does not matter here, and what is not given', () => {
    const parameters = {
      num_leaves: 3,
      objective: undefined,
      linear_tree: null,
      unknown_thing: {},
      cat_column: '0,3',
    };
    expect(() => assertConvertibleParameters(parameters)).not.toThrow();
  });

  it('names everything that stands in the way at once', () => {
    const parameters = { linear_tree: true, objective: 'gamma', num_leaves: 3 };
    expect(() => assertConvertibleParameters(parameters)).toThrow(
      expect.objectContaining({ parameters: ['linear_tree', 'objective'], category: 'input' }),
    );
  });
});
