import type {
  Explanation,
  FeatureMatrix,
  ModelArtifact,
  ModelDescription,
  PredictOptions,
  TrainedModel,
} from '@risk-scoring/contract';
import type { SessionModel } from '@risk-scoring/lightgbm';
import { convertLightGBMToOnnx } from '@risk-scoring/onnx';
import type { SessionLease } from './session-lease.ts';

/** What a {@link TrainedModel} of LightGBM is made of; it takes over the lease and the model. */
export interface LightGBMModelParts {
  readonly lease: SessionLease;
  readonly model: SessionModel;
  /** LightGBM's text format. */
  readonly text: string;
  readonly description: ModelDescription;
}

/** A trained or loaded model, predicting in its session's worker thread. */
export function createLightGBMModel({ lease, model, text, description }: LightGBMModelParts): TrainedModel {
  const request = (data: FeatureMatrix, { rows }: PredictOptions) => ({
    matrix: namedMatrix(data),
    ...(rows === undefined ? {} : { selected: rows }),
  });
  return {
    specificationVersion: 'v1',
    predict: (data, options = {}) =>
      model.predict({ ...request(data, options), output: options.output ?? 'probability' }),
    async explain(data, options = {}): Promise<Explanation> {
      const values = await model.predict({ ...request(data, options), output: 'contrib' });
      return { values, features: model.featureNames.length };
    },
    async artifacts(): Promise<ModelArtifact[]> {
      return [
        { role: 'native', extension: '.txt', bytes: new TextEncoder().encode(text) },
        { role: 'onnx', extension: '.onnx', bytes: convertLightGBMToOnnx(text) },
      ];
    },
    describe: () => description,
    async dispose() {
      await model.dispose();
      await lease.release();
    },
  };
}

/** The matrix as the binding takes it; nothing is copied. */
export function namedMatrix(data: FeatureMatrix): { values: Float32Array; rows: number; columns: string[] } {
  return { values: data.values, rows: data.rows, columns: data.columns.map((column) => column.name) };
}
