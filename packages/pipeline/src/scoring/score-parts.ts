import { type FeatureMatrix, RiskScoringError } from '@risk-scoring/contract';
import {
  buildClusterMatrix,
  buildFeatureMatrix,
  type FeatureSnapshot,
  partsOfSnapshot,
} from '@risk-scoring/features';
import type { StoredModel } from '@risk-scoring/model-storage';
import { type OnnxScorer, openOnnxScorer } from '@risk-scoring/onnx';
import type { Database } from '@risk-scoring/storage';
import { onnxOf } from '../onnx-of.ts';
import type { OnPipelineProgress } from '../progress.ts';
import { assertSchema, schemaOf } from './feature-schema.ts';
import { servedScores } from './served-scores.ts';

/** Some rows of a snapshot, with their features and scores. */
export interface ScoredPart {
  readonly matrix: FeatureMatrix;
  /** One per row of the matrix, 0..1, calibrated; a ranker's by the logistic function, which is no probability. */
  readonly scores: Float64Array;
  /** Before the link function and the calibration: what places go by. */
  readonly raw: Float64Array;
}

/**
 * How large the features of a part may be. Beside a server this process shall stay below half a gigabyte, whatever the snapshot's size; with the engine
 * in it, which needs more than that anyway, fewer parts take less time.
 */
const PART_BYTES = { server: 64_000_000, embedded: 256_000_000 } as const;

/** A saved model, ready to score any number of snapshots. */
export interface ModelScorer {
  readonly model: StoredModel;
  /**
   * Computes the features of every row of a snapshot by the SQL of the training, and scores them, part by part: memory holds one part, however
   * large the snapshot is. Parts are of no order; each row stands in one of them. The next part's features may take the memory of those before: whoever
   * needs them longer copies them.
   */
  parts(
    database: Database,
    snapshot: SnapshotToScore,
    options?: {
      readonly signal?: AbortSignal | undefined;
      readonly onProgress?: OnPipelineProgress | undefined;
      /** How large the features of a part may be, in bytes; by default 64 MB beside a server, 256 MB with the engine in this process. */
      readonly mostBytes?: number | undefined;
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
 * @throws {FeatureSchemaMismatchError} when this version computes other features than the model was trained on
 * @throws {OnnxModelError} where the bytes are no model
 * @example
 * const scorer = await openModelScorer(await loadModel(database, { model: 'champion' }));
 * for await (const { matrix, scores } of scorer.parts(database, snapshot)) scores[0];
 * await scorer.dispose();
 */
export async function openModelScorer(model: StoredModel): Promise<ModelScorer> {
  const { metadata } = model;
  assertSchema(model, schemaOf(metadata));
  const scorer = await openOnnxScorer(onnxOf(model.artifacts).bytes, { modelId: metadata.model_id });
  return {
    model,
    async *parts(
      database,
      snapshot,
      { signal, onProgress, mostBytes = PART_BYTES[database.engine.kind] } = {},
    ) {
      const ofClusters = metadata.model_type === 'cluster_scorer';
      const build = ofClusters ? buildClusterMatrix : buildFeatureMatrix;
      const mostRows = Math.max(1, Math.floor(mostBytes / (4 * metadata.feature_names.length)));
      const { processingDate, windowDays } = snapshot;
      const parts: readonly FeatureSnapshot[] =
        ofClusters || snapshot.rows <= mostRows
          ? [snapshot]
          : await partsOfSnapshot(database, { processingDate, windowDays, mostRows });
      const columns = metadata.feature_names.length;
      const largest = parts.reduce((most, { rows }) => Math.max(most, rows), 0);
      // Memory of their own would stay until the garbage is collected, part upon part.
      const into =
        parts.length > 1 ? new Float32Array(new SharedArrayBuffer(4 * columns * largest)) : undefined;
      for (const [index, part] of parts.entries()) {
        const matrix = await build(database, {
          ...(into ? { into } : {}),
          snapshots: [part],
          plan: metadata.feature_plan,
          ...(signal ? { signal } : {}),
          onProgress: ({ done, total, snapshots }) =>
            onProgress?.({
              stage: 'features',
              done: index * total + done,
              total: parts.length * total,
              detail: snapshots,
            }),
        });
        assertSchema(model, matrix);
        yield { matrix, ...(await scoreMatrix({ scorer, model }, matrix, { signal, onProgress })) };
      }
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
  const scores = servedScores(metadata.model_type, { probability, raw });
  assertScores(scores, metadata.model_id);
  return { scores, raw };
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
