// The worker thread runs what was built, so the trainer comes from the package as its users see it.
import { FeatureSchemaMismatchError, InvalidInputError, SingleClassError } from '@risk-scoring/contract';
import { createXGBoostTrainer, XGBoostModelError } from '@risk-scoring/trainer-xgboost';
import { describe, expect, it } from 'vitest';
import { missingLibrary } from './testing/native-booster.ts';
import { sampleData } from './testing/sample-data.ts';

const sample = sampleData();
const { data, labels } = sample;
const trainer = createXGBoostTrainer({ threads: 2 });

describe.skipIf(missingLibrary !== undefined)('createXGBoostTrainer', () => {
  it('refuses what cannot be learned from, and values that XGBoost refuses in its own words', async () => {
    const ones = { ...sample, labels: new Int8Array(data.rows).fill(1) };
    await expect(trainer.train(ones)).rejects.toThrow(SingleClassError);
    await expect(trainer.train({ ...sample, labels: labels.with(5, -1) })).rejects.toThrow(
      /1 rows without a label/,
    );
    await expect(trainer.train({ ...sample, weights: sample.weights.with(7, -1) })).rejects.toThrow(
      InvalidInputError,
    );
    await expect(trainer.train({ ...sample, trainRows: Int32Array.of(data.rows) })).rejects.toThrow(
      InvalidInputError,
    );
    await expect(trainer.train({ ...sample, seed: 0.5 })).rejects.toThrow(/seed/);
    const infinite = { ...data, values: new Float32Array(data.values).fill(Number.POSITIVE_INFINITY, 3, 4) };
    await expect(trainer.train({ ...sample, data: infinite })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    const deep = createXGBoostTrainer({ parameters: { max_depth: 'deep' } });
    await expect(deep.train(sample)).rejects.toMatchObject({
      code: 'XGBOOST_CALL_FAILED',
      found: expect.stringMatching(/^Invalid Parameter format for max_depth expect int but value='deep'/),
    });
    const auc = createXGBoostTrainer({ earlyStoppingMetric: 'auc', threads: 2 });
    const negatives = sample.validationRows.filter((row) => labels[row] === 0);
    await expect(auc.train({ ...sample, validationRows: negatives })).rejects.toThrow(/compute auc/);
  });

  it('refuses other columns, rows that are not there, and files that are no model', async () => {
    const model = await trainer.train(sample);
    const renamed = { ...data, columns: data.columns.toReversed() };
    await expect(model.predict(renamed)).rejects.toThrow(FeatureSchemaMismatchError);
    await expect(model.predict(data, { rows: Int32Array.of(-1) })).rejects.toThrow(InvalidInputError);
    await expect(trainer.load([])).rejects.toMatchObject({ code: 'MODEL_ARTIFACT_MISSING' });
    const junk = { role: 'native', extension: '.xgb', bytes: new TextEncoder().encode('{}') } as const;
    await expect(trainer.load([junk])).rejects.toThrow(XGBoostModelError);
  });
});
