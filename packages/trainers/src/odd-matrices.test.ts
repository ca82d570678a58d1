import { type FeatureMatrix, InvalidInputError, type TrainRequest } from '@risk-scoring/contract';
import { openOnnxScorer, proveParity } from '@risk-scoring/onnx';
import { describe, expect, it } from 'vitest';
import { createLightGBMTrainer } from './lightgbm-trainer.ts';
import { rankingData } from './testing/ranking-data.ts';
import { sampleData } from './testing/sample-data.ts';

const options = { maxRounds: 40, earlyStoppingRounds: 0, threads: 1 };

/** The sample with the first column made of something else. */
function withColumn(value: (row: number, label: number, before: number) => number): TrainRequest {
  const sample = sampleData();
  const { values, rows } = sample.data;
  for (let row = 0; row < rows; row++) values[row] = value(row, sample.labels[row] ?? 0, values[row] ?? 0);
  return sample;
}

/** Trains, proves the ONNX twin equal on all rows, and gives the probabilities. */
async function trainAndProve(request: TrainRequest, trainer = createLightGBMTrainer(options)) {
  const model = await trainer.train(request);
  try {
    const { data } = request;
    const rows = Int32Array.from({ length: data.rows }, (_, row) => row);
    const native = {
      raw: await model.predict(data, { output: 'raw' }),
      probability: await model.predict(data),
    };
    const onnx = (await model.artifacts()).find(({ role }) => role === 'onnx')?.bytes ?? new Uint8Array();
    const scorer = await openOnnxScorer(onnx);
    await proveParity({ scorer, matrix: data, rows, native });
    await scorer.dispose();
    return { scores: native.probability, description: model.describe() };
  } finally {
    await model.dispose();
  }
}

const [up, down] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

describe('a column with infinite values', () => {
  it.each([
    { what: '+∞', column: withColumn((row, label, before) => (row % 3 > 0 ? before : label ? up : 0)) },
    { what: '-∞', column: withColumn((row, label, before) => (row % 3 > 0 ? before : label ? down : 0)) },
    { what: 'both', column: withColumn((_, label) => (label ? up : down)) },
    {
      what: 'both and NaN',
      column: withColumn((row, label) => (row % 5 === 0 ? Number.NaN : label ? up : down)),
    },
  ])('is learned from like any other, and has an equal ONNX twin: $what', async ({ column }) => {
    const { scores, description } = await trainAndProve(column);
    expect(description.splits?.[0]).toBeGreaterThan(0);
    const told = Array.from(scores.keys()).filter((row) => !Number.isFinite(column.data.values[row]));
    const right = told.filter((row) => (scores[row] ?? 0) > 0.5 === (column.labels[row] === 1));
    expect(right.length / told.length).toBeGreaterThan(0.8);
  });
});

describe('columns that say nothing', () => {
  it('give a model of the weighted share of suspicious rows, with an equal ONNX twin', async () => {
    for (const value of [3, Number.NaN, up]) {
      const sample = sampleData();
      sample.data.values.fill(value);
      const { scores, description } = await trainAndProve(sample);
      const weight = (rows: Int32Array) => rows.reduce((sum, row) => sum + (sample.weights[row] ?? 0), 0);
      const share =
        weight(sample.trainRows.filter((row) => sample.labels[row] === 1)) / weight(sample.trainRows);
      expect(new Set(scores).size).toBe(1);
      expect(scores[0]).toBeCloseTo(share, 6);
      expect(description).toMatchObject({ numTrees: 1, bestIteration: 1, splits: [0, 0, 0, 0, 0, 0] });
    }
  });

  it('give a ranker that scores all rows alike', async () => {
    const sample = rankingData();
    sample.data.values.fill(3);
    const ranker = createLightGBMTrainer({ ...options, modelType: 'alert_ranker' });
    const { scores } = await trainAndProve(sample, ranker);
    expect(new Set(scores).size).toBe(1);
  });
});

describe('a matrix of more values than LightGBM counts', () => {
  const sample = sampleData({ rows: 10 });
  const columns = Array.from({ length: 64 }, (_, i) => ({
    name: `c${i}`,
    group: '',
    kind: 'numeric' as const,
    meaning: '',
    missing: '',
  }));
  const data: FeatureMatrix = { ...sample.data, rows: 2 ** 25, columns };

  it.each(['alert_scorer', 'alert_ranker'] as const)(
    'is refused before anything is made of it by an %s',
    async (modelType) => {
      const trainer = createLightGBMTrainer({ ...options, modelType });
      const { arrayBuffers } = process.memoryUsage();
      for (const refused of [trainer.train({ ...sample, data }), trainer.prepare?.(data, sample.trainRows)]) {
        await expect(refused).rejects.toThrow(InvalidInputError);
        await expect(refused).rejects.toThrow(/33554432 rows × 64 columns = 2147483648 values/);
      }
      expect(process.memoryUsage().arrayBuffers - arrayBuffers).toBeLessThan(1e6);
    },
  );
});
