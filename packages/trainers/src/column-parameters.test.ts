import { createRandom, type FeatureMatrix, InvalidInputError } from '@risk-scoring/contract';
import { LightGBMParameterError } from '@risk-scoring/lightgbm';
import { openOnnxScorer, proveParity } from '@risk-scoring/onnx';
import { describe, expect, it } from 'vitest';
import { columnParameters } from './column-parameters.ts';
import { createLightGBMTrainer, type LightGBMTrainerOptions } from './index.ts';
import { sampleData } from './testing/sample-data.ts';

const sample = sampleData();
const { columns } = sample.data;
const quick = { maxRounds: 40, earlyStoppingRounds: 0, threads: 1 };

describe('columnParameters', () => {
  it('turns names into the positions that LightGBM has', () => {
    expect(columnParameters(columns, { monotoneConstraints: { feature_4: -1, feature_1: 1 } })).toEqual({
      monotone_constraints: [0, 1, 0, 0, -1, 0],
    });
    expect(columnParameters(columns, { categoricalColumns: ['feature_5', 'feature_0'] })).toEqual({
      categorical_feature: [0, 5],
    });
    expect(columnParameters(columns, {})).toEqual({});
  });

  it('finds the categorical columns of the matrix by itself', () => {
    const kinds = columns.map((column, i) =>
      i === 2 ? { ...column, kind: 'categorical' as const } : column,
    );
    expect(columnParameters(kinds, { categoricalColumns: 'auto' })).toEqual({ categorical_feature: [2] });
    expect(columnParameters(columns, { categoricalColumns: 'auto' })).toEqual({});
  });

  it.each([
    { what: 'an unknown monotone column', options: { monotoneConstraints: { feature_l: 1 } } },
    { what: 'an unknown categorical column', options: { categoricalColumns: ['feature_l'] } },
  ] as const)('refuses $what, naming the nearest', ({ options }) => {
    expect(() => columnParameters(columns, options)).toThrow(InvalidInputError);
    expect(() => columnParameters(columns, options)).toThrow(/'feature_l'.*the nearest: 'feature_/s);
  });

  it('refuses a column that is both', () => {
    const both = { monotoneConstraints: { feature_1: 1 }, categoricalColumns: ['feature_1'] } as const;
    expect(() => columnParameters(columns, both)).toThrow(/'feature_1' of monotoneConstraints/);
  });
});

/** The most by which the raw score falls while one feature of a row grows, over many rows. */
async function largestFall(options: LightGBMTrainerOptions, feature: number): Promise<number> {
  const model = await createLightGBMTrainer({ ...quick, ...options }).train(sample);
  const [bases, steps] = [60, 60];
  const rows = bases * steps;
  const { data } = sample;
  const values = Float32Array.from({ length: rows * columns.length }, (_, i) => {
    const [column, row] = [Math.floor(i / rows), i % rows];
    return column === feature
      ? -3 + (6 * (row % steps)) / steps
      : (data.values[column * data.rows + Math.floor(row / steps) * 37] ?? Number.NaN);
  });
  const scores = await model.predict({ ...data, values, rows }, { output: 'raw' });
  await model.dispose();
  const falls = Array.from(scores, (score, i) => (i % steps === 0 ? 0 : (scores[i - 1] ?? 0) - score));
  return Math.max(...falls);
}

describe('monotone constraints', () => {
  it('hold for what the trained model predicts, in the direction asked for', async () => {
    expect(await largestFall({}, 0)).toBeGreaterThan(0);
    expect(await largestFall({ monotoneConstraints: { feature_0: 1 } }, 0)).toBe(0);
    expect(await largestFall({ monotoneConstraints: { feature_0: -1 } }, 0)).toBeGreaterThanOrEqual(0);
    expect(await largestFall({ monotoneConstraints: { feature_1: 1 } }, 1)).toBe(0);
    expect(await largestFall({ monotoneConstraints: { feature_0: 1 }, modelType: 'alert_ranker' }, 0)).toBe(
      0,
    );
  });

  it('are in the hyperparameters by name, and refused where they cannot be meant', async () => {
    const trainer = createLightGBMTrainer({ ...quick, monotoneConstraints: { feature_1: -1 } });
    expect(trainer.hyperparameters).toMatchObject({ monotone_constraints: { feature_1: -1 } });
    const unknown = createLightGBMTrainer({ ...quick, monotoneConstraints: { featur_1: 1 } });
    await expect(unknown.train(sample)).rejects.toThrow(/'featur_1'.*'feature_1'/s);
    await expect(unknown.prepare?.(sample.data, sample.trainRows)).rejects.toThrow(InvalidInputError);
    const up = 'up' as unknown as 1;
    expect(() => createLightGBMTrainer({ monotoneConstraints: { feature_1: up } })).toThrow(/1 or -1/);
    const parameters = { mc: [1, 0, 0, 0, 0, 0] };
    expect(() => createLightGBMTrainer({ monotoneConstraints: { feature_1: 1 }, parameters })).toThrow(
      /both/,
    );
  });
});

describe('unequal classes', () => {
  it('are weighed as LightGBM does, by either parameter but not by both', async () => {
    const meanOf = async (parameters: LightGBMTrainerOptions['parameters'] = {}) => {
      const rare = sample.labels.map((label, row) => (row % 8 === 0 ? label : 0));
      const model = await createLightGBMTrainer({ ...quick, parameters }).train({ ...sample, labels: rare });
      const scores = await model.predict(sample.data);
      await model.dispose();
      return scores.reduce((sum, score) => sum + score, 0) / scores.length;
    };
    const plain = await meanOf();
    expect(await meanOf({ scale_pos_weight: 10 })).toBeGreaterThan(2 * plain);
    expect(await meanOf({ unbalance: true })).toBeGreaterThan(2 * plain);
    const both = { is_unbalance: true, scale_pos_weight: 10 };
    expect(() => createLightGBMTrainer({ parameters: both })).toThrow(LightGBMParameterError);
    createLightGBMTrainer({ parameters: { is_unbalance: false, scale_pos_weight: 10 } });
    createLightGBMTrainer({ parameters: { is_unbalance: true, scale_pos_weight: 1 } });
  });
});

/** The second column is one of 12 categories, of which four are suspicious; some are missing. */
function categoricalSample() {
  const { data } = sample;
  const random = createRandom(3, 'categories');
  const values = data.values.slice();
  const labels = sample.labels.slice();
  for (let row = 0; row < data.rows; row++) {
    const category = random.integer(12);
    values[data.rows + row] = random.next() < 0.05 ? Number.NaN : category;
    labels[row] = (category % 3 === 1) !== random.next() < 0.1 ? 1 : 0;
  }
  const kinds = columns.map((column, i) => (i === 1 ? { ...column, kind: 'categorical' as const } : column));
  const matrix: FeatureMatrix = { ...data, values, columns: kinds };
  return { ...sample, data: matrix, labels };
}

describe('categorical columns', () => {
  it('become splits by sets of categories, with an ONNX twin that is equal', async () => {
    const request = categoricalSample();
    const model = await createLightGBMTrainer({ ...quick, categoricalColumns: 'auto' }).train(request);
    const artifacts = await model.artifacts();
    const textOf = Buffer.from(artifacts.find(({ role }) => role === 'native')?.bytes ?? []).toString();
    expect(textOf).toMatch(/^num_cat=[1-9]/m);
    const rows = request.testRows;
    // Categories that were never seen, and values between and below categories, are scored, too.
    const odd = request.data.values.slice();
    for (const [i, row] of rows.entries())
      if (i % 3 === 0) odd[request.data.rows + row] = [99, 2.5, -4, 1e9][i % 4] ?? 0;
    for (const data of [request.data, { ...request.data, values: odd }]) {
      const native = {
        raw: await model.predict(data, { rows, output: 'raw' }),
        probability: await model.predict(data, { rows }),
      };
      const onnx = artifacts.find(({ role }) => role === 'onnx')?.bytes ?? new Uint8Array();
      const scorer = await openOnnxScorer(onnx);
      await proveParity({ scorer, matrix: data, rows, native });
      await scorer.dispose();
    }
    await model.dispose();
  });

  it.each([1.5, -1, Number.POSITIVE_INFINITY])('hold no %d', async (wrong) => {
    const request = categoricalSample();
    request.data.values[request.data.rows + 5] = wrong;
    const trainer = createLightGBMTrainer({ ...quick, categoricalColumns: ['feature_1'] });
    await expect(trainer.train(request)).rejects.toThrow(/'feature_1' of categories.*in row 5/s);
  });
});
