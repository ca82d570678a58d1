import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnconvertibleModelError } from '../errors.ts';
import { readOnnxMetadata } from '../model-metadata.ts';
import { openOnnxScorer } from '../scorer/open-onnx-scorer.ts';
import { arbitraryTree, thresholdsOf } from '../testing/arbitrary-trees.ts';
import { aroundThreshold, EDGE_VALUES, matrixOf, rowOf } from '../testing/matrices.ts';
import { type ModelSpec, modelText, type TreeSpec } from '../testing/model-text.ts';
import { walkAll } from '../testing/tree-walker.ts';
import { convertLightGBMToOnnx } from './convert-lightgbm-to-onnx.ts';

const features = ['volume', 'degree', 'age'];
const stump: TreeSpec = { feature: 0, threshold: 0.5, decisionType: 10, left: -1, right: 2 };
const binary = 'binary sigmoid:1';

async function scoresOf(spec: ModelSpec, rows: readonly (readonly number[])[]) {
  const scorer = await openOnnxScorer(convertLightGBMToOnnx(modelText(spec)));
  try {
    return await scorer.score(matrixOf(spec.features, rows));
  } finally {
    await scorer.dispose();
  }
}

describe('convertLightGBMToOnnx', () => {
  it('takes no wrong turn in any tree, at and around every threshold (against the tree walker)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryTree(3), { minLength: 1, maxLength: 5 }),
        fc.array(fc.array(fc.float(), { minLength: 3, maxLength: 3 }), { maxLength: 20 }),
        async (trees, randomRows) => {
          const values = [...EDGE_VALUES, ...thresholdsOf(trees).slice(0, 20).flatMap(aroundThreshold)];
          const rows = [
            ...values.map((value, i) => [value, values[(i * 7) % values.length], value]),
            ...randomRows,
          ];
          const { raw } = await scoresOf({ trees, features, objective: binary }, rows);
          const matrix = matrixOf(features, rows);
          // Leaf values are small integers, so that the sum has to be equal, not only close.
          expect(Array.from(raw)).toEqual(rows.map((_, row) => walkAll(trees, rowOf(matrix, row))));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('follows the missing type: NaN goes the default way, or counts as 0 where there is none', async () => {
    const scoreOfNaN = async (decisionType: number, threshold: number) => {
      const tree: TreeSpec = { feature: 0, threshold, decisionType, left: -1, right: 1 };
      const { raw } = await scoresOf({ trees: [tree], features, objective: binary }, [[Number.NaN, 0, 0]]);
      return raw[0];
    };
    expect(await scoreOfNaN(8, 5)).toBe(1);
    expect(await scoreOfNaN(10, -5)).toBe(-1);
    expect(await scoreOfNaN(0, 5)).toBe(-1);
    expect(await scoreOfNaN(2, -5)).toBe(1);
    expect(await scoreOfNaN(0, 0)).toBe(-1);
  });

  it('computes the probability with the sigmoid parameter, to the rounding of float32', async () => {
    const trees: TreeSpec[] = [{ ...stump, left: -3.25, right: 1.75 }];
    const { probability } = await scoresOf({ trees, features, objective: 'binary sigmoid:2.5' }, [
      [0, 0, 0],
      [1, 0, 0],
    ]);
    expect(probability[0]).toBe(Math.fround(1 / (1 + Math.exp(2.5 * 3.25))));
    expect(probability[1]).toBe(Math.fround(1 / (1 + Math.exp(-2.5 * 1.75))));
  });

  it('orders probabilities as raw scores: the link function is monotone in what it puts out', async () => {
    const leaves = Array.from({ length: 400 }, (_, i) => -12 + i * 0.061);
    const chain = leaves.reduceRight<TreeSpec>(
      (right, left, i) => ({ feature: 0, threshold: i, decisionType: 2, left, right }),
      13,
    );
    const rows = leaves.map((_, i) => [i, 0, 0]);
    const { probability } = await scoresOf({ trees: [chain], features, objective: binary }, rows);
    expect(Array.from(probability)).toEqual(Array.from(probability).sort((a, b) => a - b));
  });

  it('averages a random forest before the link function, and leaves its raw score the sum', async () => {
    const spec = { trees: [stump, { ...stump, right: 5 }], features, objective: binary, averageOutput: true };
    const { raw, probability } = await scoresOf(spec, [[1, 0, 0]]);
    expect(raw[0]).toBe(7);
    expect(probability[0]).toBe(Math.fround(1 / (1 + Math.exp(-3.5))));
  });

  it('leaves the output as it is where the objective has no link function', async () => {
    for (const objective of ['regression', 'lambdarank', 'rank_xendcg']) {
      const { raw, probability } = await scoresOf({ trees: [stump], features, objective }, [[1, 0, 0]]);
      expect([raw[0], probability[0]]).toEqual([2, 2]);
    }
  });

  it('converts models of constant trees alone, and mixed with others', async () => {
    const constant = await scoresOf({ trees: [1.5], features, objective: 'cross_entropy' }, [[1, 2, 3]]);
    expect(constant.raw[0]).toBe(1.5);
    const mixed = await scoresOf({ trees: [1, stump, -4, stump], features, objective: binary }, [[1, 2, 3]]);
    expect(mixed.raw[0]).toBe(1);
  });

  it('names features, link and producer in the metadata, and gives the same bytes each time', () => {
    const text = modelText({ trees: [stump], features: ['a/b', 'größe', 'x'], objective: binary });
    const bytes = convertLightGBMToOnnx(text);
    expect(readOnnxMetadata(bytes)).toMatchObject({
      featureNames: ['a/b', 'größe', 'x'],
      link: 'logistic',
      producer: expect.stringMatching(/^risk-scoring \d+\.\d+\.\d+$/),
      properties: { objective: 'binary', trees: '1' },
    });
    expect(convertLightGBMToOnnx(text)).toEqual(bytes);
  });

  it.each([
    ['zero as the missing value', { trees: [{ ...stump, decisionType: 6 }], objective: binary }],
    ['linear trees', { trees: [stump], objective: binary, treeLines: { is_linear: '1' } }],
    ['several classes', { trees: [stump], objective: binary, header: { num_class: '3' } }],
    ['a custom objective', { trees: [stump] }],
    ['a multiclass objective', { trees: [stump], objective: 'multiclass num_class:3' }],
    ['a log link', { trees: [stump], objective: 'poisson' }],
    ['a square-root link', { trees: [stump], objective: 'regression sqrt' }],
    ['a sigmoid of 0', { trees: [stump], objective: 'binary sigmoid:0' }],
  ] satisfies [string, Omit<ModelSpec, 'features'>][])('refuses %s', (_, spec) => {
    expect(() => convertLightGBMToOnnx(modelText({ ...spec, features }))).toThrow(UnconvertibleModelError);
  });
});
