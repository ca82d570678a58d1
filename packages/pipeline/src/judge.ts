import {
  type FeatureMatrix,
  type ModelArtifact,
  RiskScoringError,
  type TrainedModel,
} from '@risk-scoring/contract';
import { type BinaryMetrics, evaluateBinary } from '@risk-scoring/evaluation';
import { openOnnxScorer, type ParityReport, proveParity } from '@risk-scoring/onnx';
import { countClasses } from './labelling/judging-labels.ts';
import { labelledRows } from './labelling/mask.ts';
import type { TrainingPlan } from './training-plan.ts';

/** A model's scores of some rows, and what they are worth. */
export interface Judged {
  /** By the labels that judge; null where there are none. */
  readonly metrics: BinaryMetrics | null;
  /**
   * By the labels that the model learned from, on the alerts of the holdout's addresses that have one: only where others judge. Null when these
   * alerts are not of both classes.
   */
  readonly byOwnLabels?: BinaryMetrics | null;
  /** The rows that were scored: the holdout, or some alerts where there is none. */
  readonly rows: Int32Array;
  readonly probability: Float64Array;
  readonly raw: Float64Array;
}

/** Alerts on which the ONNX twin is proven where there is no holdout. */
const MOST_UNJUDGED = 10_000;

/** Scores the holdout, once, and judges the scores: unweighted, with intervals by address. */
export async function judge(
  model: TrainedModel,
  plan: TrainingPlan,
  { matrix, seed }: { readonly matrix: FeatureMatrix; readonly seed: number },
): Promise<Judged> {
  const { judging, holdout, rows: alerts } = plan;
  const rows = judging
    ? holdout.test
    : Int32Array.from({ length: Math.min(matrix.rows, MOST_UNJUDGED) }, (_, row) => row);
  const probability = await model.predict(matrix, { rows });
  const raw = await model.predict(matrix, { rows, output: 'raw' });
  const scored = { rows, probability, raw };
  if (judging === undefined) return { ...scored, metrics: null };
  const common = { splitGroups: alerts.splitGroups, seed };
  const metrics = evaluateBinary({ labels: judging.labels, scores: probability, rows, ...common });
  if (judging.own || plan.counts.labelled === 0) return { ...scored, metrics };
  const { labels } = plan.labelSet;
  const ownRows = labelledRows(labels).filter(
    (row) => plan.holdoutGroups[alerts.splitGroups[row] ?? 0] === 1,
  );
  const classes = countClasses(Int8Array.from(ownRows, (row) => labels[row] ?? -1));
  if (classes.positives === 0 || classes.negatives === 0) return { ...scored, metrics, byOwnLabels: null };
  const scores = await model.predict(matrix, { rows: ownRows });
  return { ...scored, metrics, byOwnLabels: evaluateBinary({ labels, scores, rows: ownRows, ...common }) };
}

/**
 * Proves the ONNX twin among some artifacts equal to the native model on the rows that were judged.
 *
 * @throws {OnnxParityError} when it is not
 */
export async function proveOnnx(
  artifacts: readonly ModelArtifact[],
  { matrix, judged }: { readonly matrix: FeatureMatrix; readonly judged: Judged },
): Promise<ParityReport> {
  const scorer = await openOnnxScorer(onnxOf(artifacts).bytes);
  try {
    return await proveParity({ scorer, matrix, rows: judged.rows, native: judged });
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
