import { type FeatureMatrix, FeatureSchemaMismatchError, RiskScoringError } from '@risk-scoring/contract';
import {
  ALL_GROUPS,
  buildClusterMatrix,
  buildFeatureMatrix,
  CLUSTER_GROUPS,
  columnsOf,
  type FeatureSnapshot,
  groupsOfPlan,
  partsOfSnapshot,
  schemaHash,
} from '@risk-scoring/features';
import type { ModelMetadata, StoredModel } from '@risk-scoring/model-storage';
import { type OnnxScorer, openOnnxScorer } from '@risk-scoring/onnx';
import type { Database } from '@risk-scoring/storage';
import { onnxOf } from '../onnx-of.ts';
import type { OnPipelineProgress } from '../progress.ts';
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

/**
 * What a matrix of a model's features would look like, as this version computes them.
 *
 * @throws {FeatureSchemaMismatchError} where it has groups or columns that this version does not know
 */
function schemaOf({ model_id: modelId, model_type, feature_plan: plan }: ModelMetadata): FeatureSchema {
  try {
    const groups = groupsOfPlan(plan, model_type === 'cluster_scorer' ? CLUSTER_GROUPS : ALL_GROUPS);
    return {
      columns: columnsOf(groups, plan.excluded),
      schemaHash: schemaHash(groups, plan.encodings, plan.excluded),
    };
  } catch (cause) {
    if (!RiskScoringError.isInstance(cause) || cause.category !== 'input') throw cause;
    throw new FeatureSchemaMismatchError({
      modelId,
      expected: cause.expected ?? 'feature groups that this version has',
      found: cause.found ?? cause.message,
    });
  }
}

type FeatureSchema = Pick<FeatureMatrix, 'columns' | 'schemaHash'>;

/**
 * Checks that features are those that a model was trained on: the same columns in the same order, computed the same way.
 *
 * @throws {FeatureSchemaMismatchError} naming the columns that differ
 */
export function assertSchema({ metadata }: Pick<StoredModel, 'metadata'>, found: FeatureSchema): void {
  const names = found.columns.map((column) => column.name);
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
  if (found.schemaHash === metadata.feature_schema_hash) return;
  throw new FeatureSchemaMismatchError({
    modelId: metadata.model_id,
    expected: `schema hash ${metadata.feature_schema_hash}`,
    found: `schema hash ${found.schemaHash}: the same names, computed otherwise`,
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
