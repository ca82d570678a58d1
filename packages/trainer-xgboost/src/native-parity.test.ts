// The worker thread runs what was built, so the trainer comes from the package as its users see it.
import { openOnnxScorer, proveParity } from '@risk-scoring/onnx';
import { createXGBoostTrainer } from '@risk-scoring/trainer-xgboost';
import { describe, expect, it } from 'vitest';
import { parseModel } from './model/parse-model.ts';
import { columnMajor, rowsAround } from './testing/around-thresholds.ts';
import { fileOf, furthest, sameBits } from './testing/compare.ts';
import { missingLibrary, nativeImportances, nativeScores } from './testing/native-booster.ts';
import { plainScore, plainTrees, thresholdsOf } from './testing/plain-walk.ts';
import { matrixOf, rowMajor, sampleData } from './testing/sample-data.ts';

const sample = sampleData();
const { data } = sample;
const columns = data.columns.length;
const trainer = createXGBoostTrainer({ threads: 2 });

describe.skipIf(missingLibrary !== undefined)('a model against the library', () => {
  it.each([
    { what: 'the defaults', options: {} },
    { what: 'another base score', options: { parameters: { base_score: 0.3 } } },
    {
      what: 'trees by their leaves',
      options: { parameters: { grow_policy: 'lossguide', max_leaves: 40, max_depth: 0 } },
    },
    {
      what: 'several trees an iteration',
      options: { parameters: { num_parallel_tree: 3, subsample: 0.5 }, maxRounds: 20 },
    },
    { what: 'exact splits, pruned', options: { parameters: { tree_method: 'exact', gamma: 2 } } },
    { what: 'weights of the classes', options: { parameters: { scale_pos_weight: 4, max_delta_step: 1 } } },
  ])('takes the ways that the library takes, and so does ONNX: $what', async ({ options }) => {
    const model = await createXGBoostTrainer({ threads: 2, ...options }).train(sample);
    const native = await fileOf(model, 'native');
    const plain = plainTrees(native);
    const base = parseModel(native).baseMargin;
    // At every threshold, one float32 beside it, and where the value is unknown; then the data themselves.
    const thresholds = thresholdsOf(plain).filter((_, i) => i % 7 === 0);
    const around = rowsAround(thresholds, columns);
    const rowsOf = [
      { rows: around, matrix: matrixOf(columnMajor(around, columns), around.length / columns) },
      { rows: rowMajor(data), matrix: data },
    ];
    const scorer = await openOnnxScorer(await fileOf(model, 'onnx'));
    for (const { rows, matrix } of rowsOf) {
      const raw = await model.predict(matrix, { output: 'raw' });
      const probability = await model.predict(matrix);
      const walk = (round: (sum: number) => number) =>
        Float64Array.from({ length: matrix.rows }, (_, row) =>
          plainScore(plain, rows.subarray(row * columns, (row + 1) * columns), { base, round }),
        );
      // The library rounds to float32 after each tree, the model and its ONNX twin do not; the ways down the trees are the same.
      const theirs = nativeScores(native, { values: rows, columns, output: 'raw' });
      expect(sameBits(walk(Math.fround), Float64Array.from(theirs))).toBe(true);
      expect(
        sameBits(
          raw,
          walk((sum) => sum),
        ),
      ).toBe(true);
      expect(furthest(raw, theirs)).toBeLessThan(5e-6);
      const probabilities = nativeScores(native, { values: rows, columns, output: 'probability' });
      expect(furthest(probability, probabilities)).toBeLessThan(5e-7);
      const all = Int32Array.from({ length: matrix.rows }, (_, row) => row);
      const parity = await proveParity({ scorer, matrix, rows: all, native: { raw, probability } });
      expect(parity.maxProbabilityDifference).toBeLessThan(1e-7);
    }
    await scorer.dispose();
  });

  it("describes itself with the library's own importances", async () => {
    const model = await trainer.train(sample);
    const description = model.describe();
    const native = await fileOf(model, 'native');
    const [gains, splits] = [nativeImportances(native, 'total_gain'), nativeImportances(native, 'weight')];
    for (const [i, name] of description.featureNames.entries()) {
      const gain = gains.get(name) ?? 0;
      expect(Math.abs((description.importances[i] as number) - gain)).toBeLessThan(1e-5 * gain);
      expect(description.splits?.[i]).toBe(splits.get(name) ?? 0);
    }
    const [first = 0, second = 0, ...noise] = description.importances;
    expect(Math.min(first, second)).toBeGreaterThan(Math.max(...noise));
    expect(description.libraries.xgboost).toMatch(/^\d+\.\d+\.\d+$/);
    expect(description.hyperparameters).toMatchObject({
      max_depth: 6,
      seed: 42,
      nthread: 2,
      max_rounds: 100,
    });
  });
});
