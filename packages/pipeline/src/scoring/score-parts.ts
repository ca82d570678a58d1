import { type FeatureMatrix, FeatureSchemaMismatchError, RiskScoringError } from '@risk-scoring/contract';
import { buildClusterMatrix, buildFeatureMatrix } from '@risk-scoring/features';
import type { StoredModel } from '@risk-scoring/model-storage';
import { type OnnxScorer, openOnnxScorer } from '@risk-scoring/onnx';
import type { Database } from '@risk-scoring/storage';
import { onnxOf } from '../judge.ts';
import type { OnPipelineProgress } from '../progress.ts';

/** Some rows of a snapshot, with their features and scores. */
export interface ScoredPart {
  readonly matrix: FeatureMatrix;
  /** One per row of the matrix, 0..1, calibrated; a ranker's by the logistic function, which is no probability. */
  readonly scores: Float64Array;
  /** Before the link function and the calibration: what places go by. */
  readonly raw: Float64Array;
}

/** A saved model, ready to score any number of snapshots. */
export interface ModelScorer {
  readonly model: StoredModel;
  /**
   * Computes the features of every row of a snapshot by the SQL of the training, and scores them, part by part: memory holds one part, however
   * large the snapshot is. Parts are of no order; each row stands in one of them.
   *
   * @throws {FeatureSchemaMismatchError} when this version computes other features than the model was trained on
   */
  parts(
    database: Database,
    snapshot: SnapshotToScore,
    options?: {
      readonly signal?: AbortSignal | undefined;
      readonly onProgress?: OnPipelineProgress | undefined;
    },
  ): AsyncGenerator<ScoredPart>;
  dispose(): Promise<void>;
}

/** A snapshot to score. */
export interface SnapshotToScore {
  /** `YYYY-MM-DD` */
  readonly processingDate: string;
  readonly windowDays: number;
  /** How many alerts (for a cluster scorer: clusters) it has. */
  readonly rows: number;
}

/**
 * Opens the ONNX form of a saved model, which is what serves. Dispose of it at the end.
 *
 * @throws {OnnxModelError} where the bytes are no model
 * @example
 * const scorer = await openModelScorer(await loadModel(database, { model: 'champion' }));
 * for await (const { matrix, scores } of scorer.parts(database, snapshot)) scores[0];
 * await scorer.dispose();
 */
export async function openModelScorer(model: StoredModel): Promise<ModelScorer> {
  const { metadata } = model;
  const scorer = await openOnnxScorer(onnxOf(model.artifacts).bytes, { modelId: metadata.model_id });
  return {
    model,
    async *parts(database, snapshot, { signal, onProgress } = {}) {
      const build = metadata.model_type === 'cluster_scorer' ? buildClusterMatrix : buildFeatureMatrix;
      const matrix = await build(database, {
        snapshots: [snapshot],
        plan: metadata.feature_plan,
        ...(signal ? { signal } : {}),
        onProgress: ({ done, total, snapshots }) =>
          onProgress?.({ stage: 'features', done, total, detail: snapshots }),
      });
      assertSchema(model, matrix);
      yield { matrix, ...(await scoreMatrix({ scorer, model }, matrix, { signal, onProgress })) };
    },
    dispose: () => scorer.dispose(),
  };
}

async function scoreMatrix(
  { scorer, model: { metadata } }: { readonly scorer: OnnxScorer; readonly model: StoredModel },
  matrix: FeatureMatrix,
  {
    signal,
    onProgress,
  }: { readonly signal: AbortSignal | undefined; readonly onProgress: OnPipelineProgress | undefined },
): Promise<Pick<ScoredPart, 'scores' | 'raw'>> {
  const { probability, raw } = await scorer.score(matrix, {
    ...(signal ? { signal } : {}),
    onProgress: ({ rowsDone, rows }) => onProgress?.({ stage: 'scoring', done: rowsDone, total: rows }),
  });
  const scores = metadata.model_type === 'alert_ranker' ? raw.map(logistic) : probability;
  assertScores(scores, metadata.model_id);
  return { scores, raw };
}

function logistic(raw: number): number {
  return 1 / (1 + Math.exp(-raw));
}

/**
 * Checks that a matrix has the columns that a model was trained on, computed the same way.
 *
 * @throws {FeatureSchemaMismatchError} naming the columns that differ
 */
export function assertSchema({ metadata }: Pick<StoredModel, 'metadata'>, matrix: FeatureMatrix): void {
  const names = matrix.columns.map((column) => column.name);
  const trained = metadata.feature_names;
  if (names.length !== trained.length || names.some((name, index) => name !== trained[index])) {
    const missing = trained.filter((name) => !names.includes(name));
    const unknown = names.filter((name) => !trained.includes(name));
    const moved = names.find((name, index) => name !== trained[index]);
    throw new FeatureSchemaMismatchError({
      modelId: metadata.model_id,
      expected: `${trained.length} features in the order of training`,
      found: [
        `${names.length} features`,
        ...(missing.length > 0 ? [`without ${list(missing)}`] : []),
        ...(unknown.length > 0 ? [`with ${list(unknown)}, which it does not know`] : []),
        ...(missing.length + unknown.length === 0 ? [`in another order from ${moved} on`] : []),
      ].join(', '),
    });
  }
  if (matrix.schemaHash === metadata.feature_schema_hash) return;
  throw new FeatureSchemaMismatchError({
    modelId: metadata.model_id,
    expected: `schema hash ${metadata.feature_schema_hash}`,
    found: `schema hash ${matrix.schemaHash}: the same names, computed otherwise`,
  });
}

/** Names for a message: the first few of many. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}

function assertScores(scores: Float64Array, modelId: string): void {
  const wrong = scores.findIndex((score) => !(score >= 0 && score <= 1));
  if (wrong < 0) return;
  throw new RiskScoringError({
    code: 'SCORE_OUT_OF_RANGE',
    category: 'model',
    summary: `${modelId} gave a score that is no probability.`,
    expected: 'scores in 0..1',
    found: `${scores[wrong]} in row ${wrong}`,
    remedy: 'do not serve this model; train it again',
  });
}
