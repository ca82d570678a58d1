import { type ModelArtifact, nativeArtifact, type TrainedModel } from '@risk-scoring/contract';
import { describeLibrary } from '@risk-scoring/lightgbm';
import { parseLightGBMModel } from '@risk-scoring/onnx';
import { createLightGBMModel } from './lightgbm-model.ts';
import { leaseSession } from './session-lease.ts';

/**
 * The model of LightGBM's text format, in a session of its own.
 *
 * @throws {RiskScoringError} `MODEL_ARTIFACT_MISSING` where there is no native file
 * @throws {LightGBMModelError} where it is no whole model
 */
export async function loadLightGBMModel(artifacts: readonly ModelArtifact[]): Promise<TrainedModel> {
  const { bytes } = nativeArtifact(artifacts, "LightGBM's text format");
  const text = new TextDecoder().decode(bytes);
  const lease = await leaseSession();
  try {
    const model = await lease.session.loadModel(text);
    const parsed = parseLightGBMModel(text);
    return createLightGBMModel({
      lease,
      model,
      text,
      description: {
        hyperparameters: Object.fromEntries(parsed.parameters),
        featureNames: model.featureNames,
        numTrees: model.numTrees,
        bestIteration: model.numTrees / parsed.treesPerIteration,
        importances: Array.from(model.gains),
        splits: Array.from(model.splits),
        libraries: { lightgbm: describeLibrary().version },
      },
    });
  } catch (error) {
    await lease.release();
    throw error;
  }
}
