import { createRandom } from '@risk-scoring/contract';
import type { LightGBMParameters } from '@risk-scoring/lightgbm';
import { Booster } from '@risk-scoring/lightgbm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLightGBMModel } from '../lightgbm/parse-lightgbm-model.ts';
import { proveParity } from '../parity/prove-parity.ts';
import type { Scores } from '../scorer/onnx-scorer.ts';
import { openOnnxScorer } from '../scorer/open-onnx-scorer.ts';
import { arbitraryTree, thresholdsOf } from '../testing/arbitrary-trees.ts';
import { aroundThreshold, EDGE_VALUES, matrixOf, matrixOfColumns, rowOf } from '../testing/matrices.ts';
import { modelText } from '../testing/model-text.ts';
import { learningData, nativeScores, withTrainedBooster } from '../testing/native-models.ts';
import { walkAll } from '../testing/tree-walker.ts';
import { convertLightGBMToOnnx } from './convert-lightgbm-to-onnx.ts';

const columns = 10;
const data = learningData(7, 4000, columns);

/** Rows of the learning data in which one feature at a time sits at, or next to, each threshold of the model. */
function rowsAtThresholds(text: string): Float32Array {
  const model = parseLightGBMModel(text);
  const random = createRandom(3, 'rows-at-thresholds');
  const seen = new Set<string>();
  const rows: Float32Array[] = [];
  for (const [node, threshold] of model.threshold.entries()) {
    const feature = model.splitFeature[node];
    if (seen.has(`${feature} ${threshold}`)) continue;
    seen.add(`${feature} ${threshold}`);
    for (const value of aroundThreshold(threshold)) rows.push(rowWith(feature, value));
  }
  for (let feature = 0; feature < columns; feature++) {
    for (const value of EDGE_VALUES) rows.push(rowWith(feature, value));
  }
  function rowWith(feature: number, value: number): Float32Array {
    const source = random.integer(data.rows);
    const row = Float32Array.from({ length: columns }, (_, c) => data.values[c * data.rows + source]);
    row[feature] = value;
    return row;
  }
  return matrixOf(new Array(columns).fill(''), rows).values;
}

const models: Record<string, { parameters: LightGBMParameters; iterations: number; group?: Int32Array }> = {
  'a binary model': { parameters: { objective: 'binary', num_leaves: 31 }, iterations: 100 },
  'a model of 1000 trees': { parameters: { objective: 'binary', num_leaves: 31 }, iterations: 1000 },
  'another sigmoid': { parameters: { objective: 'binary', sigmoid: 0.4 }, iterations: 30 },
  'cross entropy': { parameters: { objective: 'cross_entropy' }, iterations: 30 },
  'NaN without a way of its own': { parameters: { objective: 'binary', use_missing: false }, iterations: 30 },
  'a random forest': {
    parameters: { objective: 'binary', boosting: 'rf', bagging_fraction: 0.6, bagging_freq: 1 },
    iterations: 30,
  },
  dart: { parameters: { objective: 'binary', boosting: 'dart' }, iterations: 40 },
  'a regression': { parameters: { objective: 'regression' }, iterations: 30 },
  'a ranker': {
    parameters: { objective: 'lambdarank' },
    iterations: 30,
    group: new Int32Array(40).fill(100),
  },
  'a forest of constants': { parameters: { objective: 'binary', min_data_in_leaf: 100_000 }, iterations: 3 },
};

describe('the ONNX twin of a trained model', () => {
  it.each(Object.entries(models))('scores like the native library: %s', async (_, { group, ...training }) => {
    const learning = group === undefined ? data : { ...data, group };
    const { text, values, native } = withTrainedBooster(learning, training, (booster) => {
      const text = booster.saveToString();
      const edges = rowsAtThresholds(text);
      const values = concatenateRows(data.values, edges);
      return {
        text,
        values,
        native: nativeScores(booster, { values, rows: values.length / columns, columns }),
      };
    });
    const model = parseLightGBMModel(text);
    const matrix = matrixOfColumns(model.featureNames, values);
    const scorer = await openOnnxScorer(convertLightGBMToOnnx(text));
    const rows = Int32Array.from({ length: matrix.rows }, (_, row) => row);
    const report = await proveParity({ scorer, matrix, rows, native });
    await scorer.dispose();
    // Tighter than the bounds of proveParity: nothing but the rounding of results to float32 (2^-24) is left.
    expect(report.maxRawRelativeDifference).toBeLessThanOrEqual(2 ** -24 * 1.001);
    expect(report.maxProbabilityDifference).toBeLessThan(1e-7);
    expect(report.rows).toBeGreaterThan(data.rows + columns * EDGE_VALUES.length - 1);
  });

  it('takes the turns of the native library in any tree, which are those of the tree walker', async () => {
    const names = ['a', 'b', 'c'];
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryTree(3), { minLength: 1, maxLength: 4 }), async (trees) => {
        const text = modelText({ trees, features: names, objective: 'binary sigmoid:1' });
        const values = [...EDGE_VALUES, ...thresholdsOf(trees).slice(0, 30).flatMap(aroundThreshold)];
        const matrix = matrixOf(
          names,
          values.map((value, i) => [value, value, values[(i * 5) % values.length]]),
        );
        const native = predictNatively(text, matrix.values, names.length);
        const walked = values.map((_, row) => walkAll(trees, rowOf(matrix, row)));
        expect(Array.from(native.raw)).toEqual(walked);
        const scorer = await openOnnxScorer(convertLightGBMToOnnx(text));
        const onnx = await scorer.score(matrix);
        await scorer.dispose();
        expect(Array.from(onnx.raw)).toEqual(Array.from(native.raw));
      }),
      { numRuns: 40 },
    );
  });
});

function predictNatively(text: string, values: Float32Array, columns: number): Scores {
  const booster = Booster.fromString(text);
  try {
    return nativeScores(booster, { values, rows: values.length / columns, columns });
  } finally {
    booster.dispose();
  }
}

/** The rows of two column-major matrices of the same columns, one after the other. */
function concatenateRows(first: Float32Array, second: Float32Array): Float32Array {
  const [n, m] = [first.length / columns, second.length / columns];
  const result = new Float32Array(first.length + second.length);
  for (let c = 0; c < columns; c++) {
    result.set(first.subarray(c * n, (c + 1) * n), c * (n + m));
    result.set(second.subarray(c * m, (c + 1) * m), c * (n + m) + n);
  }
  return result;
}
