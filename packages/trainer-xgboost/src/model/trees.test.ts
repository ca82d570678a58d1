// Reading, walking and converting need no native library.
import { openOnnxScorer } from '@risk-scoring/onnx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnMajor, rowsAround } from '../testing/around-thresholds.ts';
import { modelBytes, modelJson, type TreeSpec } from '../testing/model-json.ts';
import { plainScore, plainTrees, thresholdsOf } from '../testing/plain-walk.ts';
import { matrixOf } from '../testing/sample-data.ts';
import { createXGBoostModel } from './xgboost-model.ts';

const columns = 3;
const denormal = 1.401298464324817e-45;
const nasty = [0, -0, denormal, -denormal, 1.1754943508222875e-38, 1, -1, 3.4028234663852886e38, 0.1];

const threshold = fc.oneof(fc.constantFrom(...nasty), fc.float({ noNaN: true, noDefaultInfinity: true }));
const leaf = fc.float({ min: -2, max: 2, noNaN: true });
const tree: fc.Arbitrary<TreeSpec> = fc.letrec<{ tree: TreeSpec }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'tree' },
    leaf,
    fc.record({
      column: fc.nat(columns - 1),
      threshold,
      missingLeft: fc.boolean(),
      left: tie('tree'),
      right: tie('tree'),
    }),
  ),
})).tree;

describe('a model that is read without the library', () => {
  it('sends every row where the JSON says, at thresholds and beside them, and so does its ONNX twin', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(tree, { minLength: 1, maxLength: 5 }), async (trees) => {
        const bytes = modelBytes(modelJson(trees, { columns }));
        const plain = plainTrees(bytes);
        const around = rowsAround([...thresholdsOf(plain), { column: 0, threshold: 1 }], columns);
        const rows = around.length / columns;
        const data = matrixOf(columnMajor(around, columns), rows);
        const model = createXGBoostModel(bytes);
        const raw = await model.predict(data, { output: 'raw' });
        const onnx = (await model.artifacts()).find(({ role }) => role === 'onnx');
        const scorer = await openOnnxScorer(onnx?.bytes ?? new Uint8Array());
        const twin = await scorer.score(data);
        await scorer.dispose();
        for (let row = 0; row < rows; row++) {
          const values = around.subarray(row * columns, (row + 1) * columns);
          const expected = plainScore(plain, values, { base: 0 });
          expect(raw[row]).toBe(expected);
          expect(Math.abs((twin.raw[row] as number) - expected)).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('tells values apart that are one float32 from the threshold, zeros of either sign alike', async () => {
    const spec = (at: number): TreeSpec => ({
      column: 0,
      threshold: at,
      missingLeft: false,
      left: -1,
      right: 1,
    });
    const goesRight = async (at: number, x: number) => {
      const model = createXGBoostModel(modelBytes(modelJson([spec(at)], { columns: 1 })));
      const data = matrixOf(Float32Array.of(x), 1);
      const onnx = (await model.artifacts()).find(({ role }) => role === 'onnx');
      const scorer = await openOnnxScorer(onnx?.bytes ?? new Uint8Array());
      const [native, twin] = [await model.predict(data, { output: 'raw' }), await scorer.score(data)];
      await scorer.dispose();
      expect(twin.raw[0], `${x} against ${at}`).toBe(native[0]);
      return native[0] === 1;
    };
    for (const zero of [0, -0]) {
      expect(await goesRight(zero, 0)).toBe(true);
      expect(await goesRight(zero, -0)).toBe(true);
      expect(await goesRight(zero, -denormal)).toBe(false);
    }
    expect(await goesRight(denormal, 0)).toBe(false);
    expect(await goesRight(denormal, denormal)).toBe(true);
    expect(await goesRight(1, 1)).toBe(true);
    expect(await goesRight(1, 0.9999999403953552)).toBe(false);
    expect(await goesRight(3.4028234663852886e38, Number.POSITIVE_INFINITY)).toBe(true);
    expect(await goesRight(-3.4028234663852886e38, Number.NEGATIVE_INFINITY)).toBe(false);
    expect(await goesRight(5, Number.NaN)).toBe(true);
  });

  it('begins with the base margin, which is a float32, and adds leaves in double precision', async () => {
    const leaves = [0.1, 0.7, 1e-8, -0.3, 1e-8];
    const model = createXGBoostModel(modelBytes(modelJson(leaves, { columns: 1, baseScore: '2E-1' })));
    const [raw] = await model.predict(matrixOf(Float32Array.of(0), 1), { output: 'raw' });
    const base = -Math.fround(Math.log(Math.fround(Math.fround(1 / Math.fround(0.2)) - 1)));
    expect(Math.abs(base + Math.log(4))).toBeLessThan(1e-7);
    expect(raw).toBe(leaves.reduce((sum, value) => sum + Math.fround(value), base));
    const [probability] = await model.predict(matrixOf(Float32Array.of(0), 1));
    expect(probability).toBe(1 / (1 + Math.exp(-(raw as number))));
  });

  it("takes a ranker's score for either output, and its base score as it is", async () => {
    const options = { columns: 1, objective: 'rank:pairwise', baseScore: '[5E-1]' };
    const model = createXGBoostModel(modelBytes(modelJson([3], options)));
    const data = matrixOf(Float32Array.of(0), 1);
    expect(await model.predict(data)).toEqual(Float64Array.of(3.5));
    expect(await model.predict(data, { output: 'raw' })).toEqual(Float64Array.of(3.5));
  });
});
