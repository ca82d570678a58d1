import { createRandom } from '@risk-scoring/contract';
import type { LightGBMParameters } from '@risk-scoring/lightgbm';
import { Booster } from '@risk-scoring/lightgbm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCategoricalSplit, leftCategories } from '../lightgbm/lightgbm-trees.ts';
import { parseLightGBMModel } from '../lightgbm/parse-lightgbm-model.ts';
import { proveParity } from '../parity/prove-parity.ts';
import type { Scores } from '../scorer/onnx-scorer.ts';
import { openOnnxScorer } from '../scorer/open-onnx-scorer.ts';
import { arbitraryCategoricalTree, thresholdsOf } from '../testing/arbitrary-trees.ts';
import { aroundThreshold, EDGE_VALUES, matrixOf, matrixOfColumns, rowOf } from '../testing/matrices.ts';
import { modelText, type TreeSpec } from '../testing/model-text.ts';
import { learningData, nativeScores, withTrainedBooster } from '../testing/native-models.ts';
import { walkAll } from '../testing/tree-walker.ts';
import { convertLightGBMToOnnx } from './convert-lightgbm-to-onnx.ts';

const names = ['kind', 'volume', 'degree'];

/** Values at which a comparison of categories could go wrong: fractions, either side of 0, huge, missing. */
const oddCategories = [
  ...EDGE_VALUES,
  ...[
    -0.5, -0.99999994, -1, -1.5, -2, 0.5, 0.99999994, 1.5, 2.000001, 2.999999, 7.9, 31.5, 63.5, 64.5, 130.9,
  ],
  ...[1e9, -1e9, 2 ** 24, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 32 + 512, 2 ** 33, 2 ** 63, 2 ** 64],
];

async function onnxScores(text: string, matrix: ReturnType<typeof matrixOf>): Promise<Scores> {
  const scorer = await openOnnxScorer(convertLightGBMToOnnx(text), { sessions: 1 });
  return scorer.score(matrix).finally(() => scorer.dispose());
}

function native(text: string, matrix: ReturnType<typeof matrixOf>): Scores {
  const booster = Booster.fromString(text);
  try {
    return nativeScores(booster, { ...matrix, columns: matrix.columns.length });
  } finally {
    booster.dispose();
  }
}

/** Codes from 0 on in two columns, one with NaN and one of many codes, among numbers; labels depend on the codes. */
function categoricalData(rows: number) {
  const columns = 6;
  const data = learningData(21, rows, columns);
  const random = createRandom(22, 'categories');
  const codes = [random.integer(12), 3];
  for (let row = 0; row < rows; row++) {
    codes[0] = random.integer(12);
    codes[1] = Math.floor(random.next() ** 2 * 300);
    data.values[row] = random.next() < 0.1 ? Number.NaN : (codes[0] ?? 0);
    data.values[rows + row] = codes[1] ?? 0;
    const isOdd = ((codes[0] ?? 0) * 7 + (codes[1] ?? 0) * 13) % 5 < 2;
    if (random.next() < 0.6) data.label[row] = isOdd ? 1 : 0;
  }
  return data;
}

describe('categorical splits', () => {
  it('are read: the categories of each, where the text has them as bits', () => {
    const categories = [0, 3, 31, 32, 95];
    const split = { feature: 0, threshold: 0, decisionType: 1, categories, left: 1, right: 2 };
    const trees: TreeSpec[] = [
      7,
      { ...split, right: { ...split, categories: [5] } },
      { ...split, categories: [64] },
    ];
    const model = parseLightGBMModel(modelText({ trees, features: names }));
    expect(Array.from(model.categoricalSplits)).toEqual([0, 2, 1]);
    const read = [
      [1, 0],
      [1, 1],
      [2, 2],
    ] as const;
    expect(read.map(([tree, node]) => leftCategories(model, { tree, node }))).toEqual([
      categories,
      [5],
      [64],
    ]);
  });

  it('take the turns of the native library in any tree, which are those of the tree walker', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryCategoricalTree(3), { minLength: 1, maxLength: 4 }),
        async (trees) => {
          const text = modelText({ trees, features: names, objective: 'binary sigmoid:1' });
          const numbers = [...EDGE_VALUES, ...thresholdsOf(trees).slice(0, 20).flatMap(aroundThreshold)];
          const kinds = [...oddCategories, ...Array.from({ length: 135 }, (_, code) => code)];
          const matrix = matrixOf(
            names,
            kinds.map((kind, i) => [
              kind,
              numbers[i % numbers.length] ?? 0,
              numbers[(i * 7) % numbers.length] ?? 0,
            ]),
          );
          const walked = kinds.map((_, row) => walkAll(trees, rowOf(matrix, row)));
          expect(Array.from(native(text, matrix).raw)).toEqual(walked);
          expect(Array.from((await onnxScores(text, matrix)).raw)).toEqual(walked);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('compare categories far apart, more than there are columns for, and one feature as category and as number', async () => {
    const far = Array.from({ length: 100 }, (_, i) => i * 641);
    const huge = [2 ** 24, 2 ** 24 + 2];
    const split = { feature: 0, threshold: 0, decisionType: 1, left: 1, right: 2 };
    const specs: readonly TreeSpec[][] = [
      [{ ...split, categories: far }],
      [{ ...split, categories: [0, 1, 63, 64, 127, 128, 640] }],
      [{ ...split, categories: [...far, ...huge, 2 ** 24 + 1] }, 4],
      [
        {
          ...split,
          categories: [2],
          right: { feature: 0, threshold: 2.5, decisionType: 8, left: 4, right: 8 },
        },
      ],
      [{ ...split, categories: [] }],
    ];
    const kinds = [
      ...oddCategories,
      ...far.flatMap((code) => [code - 1, code, code + 0.5, code + 1]),
      ...huge,
    ];
    for (const trees of specs) {
      const text = modelText({ trees, features: names, objective: 'binary sigmoid:1' });
      const matrix = matrixOf(
        names,
        kinds.map((kind) => [kind, 0, 0]),
      );
      const walked = kinds.map((_, row) => walkAll(trees, rowOf(matrix, row)));
      expect(Array.from(native(text, matrix).raw)).toEqual(walked);
      expect(Array.from((await onnxScores(text, matrix)).raw)).toEqual(walked);
    }
  });

  it.each([
    ['many categories against many', {}],
    ['one against the rest', { max_cat_to_onehot: 400 }],
    ['long lists', { max_cat_threshold: 200, cat_smooth: 1, cat_l2: 1 }],
    ['without missing values', { use_missing: false }],
  ] satisfies [string, LightGBMParameters][])(
    'of a trained model score like the native library: %s',
    async (_, more) => {
      const data = categoricalData(4000);
      const parameters = {
        objective: 'binary',
        categorical_feature: '0,1',
        min_data_per_group: 5,
        num_leaves: 31,
        ...more,
      };
      // Codes that were seen, that were not, and none.
      const unseen = Array.from({ length: 700 }, (_, i) =>
        i < oddCategories.length ? oddCategories[i] : i - 100,
      );
      const random = createRandom(9, 'rows');
      const rows = unseen.flatMap((code) =>
        [0, 1].map((column) => {
          const source = random.integer(data.rows);
          const row = Float32Array.from(
            { length: data.columns },
            (_, c) => data.values[c * data.rows + source],
          );
          row[column] = code ?? Number.NaN;
          return row;
        }),
      );
      const { text, featureNames, unseenScores, seenScores, unseenMatrix } = withTrainedBooster(
        data,
        { parameters, iterations: 40 },
        (booster) => {
          const unseenMatrix = matrixOf(booster.featureNames, rows);
          return {
            text: booster.saveToString(),
            featureNames: booster.featureNames,
            unseenMatrix,
            unseenScores: nativeScores(booster, { ...unseenMatrix, columns: data.columns }),
            seenScores: nativeScores(booster, data),
          };
        },
      );
      const categorical = parseLightGBMModel(text).decisionType.filter(isCategoricalSplit).length;
      expect(categorical).toBeGreaterThan(50);
      const scorer = await openOnnxScorer(convertLightGBMToOnnx(text), { sessions: 1 });
      for (const [matrix, native] of [
        [matrixOfColumns(featureNames, data.values), seenScores],
        [unseenMatrix, unseenScores],
      ] as const) {
        const all = Int32Array.from({ length: matrix.rows }, (_, row) => row);
        const report = await proveParity({ scorer, matrix, rows: all, native });
        expect(report.maxRawRelativeDifference).toBeLessThanOrEqual(2 ** -24 * 1.001);
      }
      await scorer.dispose();
    },
  );
});
