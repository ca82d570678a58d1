import { type FeatureMatrix, RiskScoringError } from '@risk-scoring/contract';
import type { ModelMetadata, StoredModel } from '@risk-scoring/model-storage';
import { type OnnxScorer, openOnnxScorer } from '@risk-scoring/onnx';
import { onnxOf } from './onnx-of.ts';
import { servedScores } from './scoring/served-scores.ts';

/**
 * Checks that a model from elsewhere can serve, as far as that can be told without data: its ONNX form opens in the scorer, takes the features that the
 * metadata names in their order, and gives a row of zeros a score in 0..1. Whether this version still computes those features is told when it scores.
 *
 * @throws {RiskScoringError} `MODEL_CANNOT_SERVE`, or `ONNX_MISSING` where no file is its ONNX form
 * @example
 * await importModel(database, 'model.zip', { outputDir: 'trained_models', check: assertServes });
 */
export async function assertServes({ metadata, artifacts }: StoredModel): Promise<void> {
  const { bytes } = onnxOf(artifacts);
  const scorer = await openOnnxScorer(bytes, { sessions: 1 }).catch((cause: unknown) => {
    // What is no fault of the model, such as a runtime that cannot be loaded, is told as it is.
    throw RiskScoringError.isInstance(cause) ? cannotServe(metadata, foundBy(cause), cause) : cause;
  });
  try {
    const { featureNames: own } = scorer;
    const names = metadata.feature_names;
    if (own.length !== names.length) throw cannotServe(metadata, `one of ${own.length} features`);
    const at = own.findIndex((name, index) => name !== names[index]);
    if (at >= 0) throw cannotServe(metadata, `one whose feature ${at} is '${own[at]}', not '${names[at]}'`);
    const [score = Number.NaN] = await scoreOfZeros(scorer, metadata);
    if (!(score >= 0 && score <= 1)) throw cannotServe(metadata, `${score} for a row of zeros`);
  } finally {
    await scorer.dispose();
  }
}

async function scoreOfZeros(scorer: OnnxScorer, metadata: ModelMetadata): Promise<Float64Array> {
  try {
    return servedScores(metadata.model_type, await scorer.score(rowOfZeros(metadata)));
  } catch (cause) {
    throw cannotServe(metadata, foundBy(cause), cause);
  }
}

function cannotServe(
  { model_id: id, feature_names: names }: ModelMetadata,
  found: string,
  cause?: unknown,
): RiskScoringError {
  return new RiskScoringError({
    code: 'MODEL_CANNOT_SERVE',
    category: 'model',
    summary: `${id} cannot score, and was not made known.`,
    expected: `an ONNX form that gives a row of its ${names.length} features a score in 0..1`,
    found,
    remedy: 'get the model again from whoever made it, or train one',
    cause,
  });
}

function foundBy(cause: unknown): string {
  if (RiskScoringError.isInstance(cause)) return cause.found ?? cause.summary;
  return cause instanceof Error ? cause.message : String(cause);
}

function rowOfZeros({ feature_names: names, feature_schema_hash: schemaHash }: ModelMetadata): FeatureMatrix {
  return {
    values: new Float32Array(names.length),
    rows: 1,
    columns: names.map((name) => ({ name, group: '', kind: 'numeric', meaning: '', missing: '' })),
    keys: { processingDates: Int32Array.of(0), ids: [''] },
    splitGroups: Int32Array.of(0),
    splitGroupNames: [''],
    queryIds: Int32Array.of(0),
    schemaHash,
  };
}
