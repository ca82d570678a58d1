import {
  type FeatureMatrix,
  type ModelArtifact,
  RiskScoringError,
  type TrainedModel,
} from '@risk-scoring/contract';
import { type BinaryMetrics, evaluateBinary } from '@risk-scoring/evaluation';
import { openOnnxScorer, type ParityReport, proveParity } from '@risk-scoring/onnx';
import type { TrainingPlan } from './training-plan.ts';

/** A model's scores of the holdout, and what they are worth. */
export interface Judged {
  readonly metrics: BinaryMetrics;
  readonly probability: Float64Array;
  readonly raw: Float64Array;
}

/** Scores the holdout, once, and judges the scores: unweighted, with intervals by address. */
export async function judge(
  model: TrainedModel,
  plan: TrainingPlan,
  { matrix, seed }: { readonly matrix: FeatureMatrix; readonly seed: number },
): Promise<Judged> {
  const rows = plan.holdout.test;
  const probability = await model.predict(matrix, { rows });
  const raw = await model.predict(matrix, { rows, output: 'raw' });
  const metrics = evaluateBinary({
    labels: plan.labelSet.labels,
    scores: probability,
    rows,
    splitGroups: matrix.splitGroups,
    seed,
  });
  return { metrics, probability, raw };
}

/**
 * Proves the ONNX twin among some artifacts equal to the native model on the holdout.
 *
 * @throws {OnnxParityError} when it is not
 */
export async function proveOnnx(
  artifacts: readonly ModelArtifact[],
  {
    matrix,
    rows,
    judged,
  }: { readonly matrix: FeatureMatrix; readonly rows: Int32Array; readonly judged: Judged },
): Promise<ParityReport> {
  const scorer = await openOnnxScorer(onnxOf(artifacts).bytes);
  try {
    return await proveParity({ scorer, matrix, rows, native: judged });
  } finally {
    await scorer.dispose();
  }
}

/**
 * The ONNX form among a model's artifacts: what serves.
 *
 * @throws {RiskScoringError} `ONNX_MISSING` where there is none
 */
export function onnxOf(artifacts: readonly ModelArtifact[]): ModelArtifact {
  const onnx = artifacts.find((artifact) => artifact.role === 'onnx');
  if (onnx !== undefined) return onnx;
  throw new RiskScoringError({
    code: 'ONNX_MISSING',
    category: 'model',
    summary: 'The model has no ONNX form, and ONNX is what serves.',
    expected: "an artifact with role 'onnx'",
    found: artifacts.map((artifact) => artifact.role).join(', ') || 'no artifact',
    remedy: 'mend the trainer, or restore the metadata of the model as it was saved',
  });
}
