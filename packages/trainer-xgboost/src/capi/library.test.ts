import { RiskScoringError } from '@risk-scoring/contract';
import { openOnnxScorer } from '@risk-scoring/onnx';
import { createXGBoostTrainer, describeXGBoost } from '@risk-scoring/trainer-xgboost';
import { afterEach, describe, expect, it } from 'vitest';
import { modelBytes, modelJson } from '../testing/model-json.ts';
import { missingLibrary } from '../testing/native-booster.ts';
import { matrixOf, sampleData } from '../testing/sample-data.ts';
import { assertSupported } from './library.ts';

const variable = process.env.XGBOOST_LIBRARY;

afterEach(() => {
  if (variable === undefined) delete process.env.XGBOOST_LIBRARY;
  else process.env.XGBOOST_LIBRARY = variable;
});

/** The error of a training, whose thread looks for the library anew. */
async function errorWith(path: string): Promise<RiskScoringError> {
  process.env.XGBOOST_LIBRARY = path;
  const error: unknown = await createXGBoostTrainer({ maxRounds: 1 })
    .train(sampleData())
    .catch((reason) => reason);
  if (RiskScoringError.isInstance(error)) return error;
  throw new Error(`no typed error: ${error}`);
}

describe('the native library', () => {
  it('is looked for at XGBOOST_LIBRARY alone where that is set, and how to get one is said', async () => {
    const error = await errorWith('/nowhere/libxgboost.so');
    expect(error).toMatchObject({ code: 'XGBOOST_LIBRARY_NOT_FOUND', name: 'XGBoostLibraryNotFoundError' });
    expect(error.found).toContain('/nowhere/libxgboost.so');
    expect(error.remedy).toMatch(/apt-get install libxgboost0.*brew install libomp xgboost.*XGBOOST_LIBRARY/);
  });

  it('is refused where the file is none', async () => {
    expect(await errorWith(import.meta.filename)).toMatchObject({ code: 'XGBOOST_LIBRARY_INVALID' });
  });

  it('is refused where it is older than 1.6', () => {
    for (const version of ['1.6.0', '1.7.4', '2.0.0', '3.1.2']) assertSupported('lib', version);
    for (const version of ['0.90.0', '1.5.2']) expect(() => assertSupported('lib', version)).toThrow(/1\.6/);
  });

  it('is not needed for loading, predicting and scoring by ONNX', async () => {
    process.env.XGBOOST_LIBRARY = '/nowhere/libxgboost.so';
    const native = {
      role: 'native',
      extension: '.xgb',
      bytes: modelBytes(modelJson([2], { columns: 1 })),
    } as const;
    const model = await createXGBoostTrainer().load([native]);
    const data = matrixOf(Float32Array.of(0), 1);
    expect(await model.predict(data, { output: 'raw' })).toEqual(Float64Array.of(2));
    const onnx = (await model.artifacts()).find(({ role }) => role === 'onnx');
    const scorer = await openOnnxScorer(onnx?.bytes ?? new Uint8Array());
    expect((await scorer.score(data)).raw).toEqual(Float64Array.of(2));
    await scorer.dispose();
  });

  it.skipIf(missingLibrary !== undefined)('says which it is', () => {
    const { path, version } = describeXGBoost();
    expect(path).toMatch(/xgboost/);
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
