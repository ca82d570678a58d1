import { type FeatureMatrix, RiskScoringError, throwIfCancelled } from '@risk-scoring/contract';
import type { ModelMetadata } from '@risk-scoring/model-storage';
import { type Database, newBatchId, publishBatch, removeBatch } from '@risk-scoring/storage';
import { addressOf } from '../address-of.ts';
import type { OnPipelineProgress } from '../progress.ts';

/** The scores of a snapshot, about to be written. */
export interface SnapshotScores {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly windowDays: number;
  /** One per row of the matrix, 0..1. */
  readonly scores: Float64Array;
  /** Why each has its score, as JSON; undefined where nobody asked. */
  readonly explained?: readonly string[] | undefined;
  readonly metadata: ModelMetadata;
  /** When the scoring began, as `performance.now()` counts. */
  readonly startedAt: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnPipelineProgress | undefined;
}

/** Rows per insert: small enough to hold as objects, big enough to be quick. */
const INSERT_ROWS = 20_000;

/**
 * Writes scores into `alert_scores` and publishes them by one row in `batch_metadata`, which retires earlier scores of the
 * same snapshot and model. Readers of `published_alert_scores` see all of them or none.
 *
 * @returns the batch's id
 * @throws {CancelledError} when the signal aborts; what was written stays unseen and is removed
 */
export async function writeScores(
  database: Database,
  matrix: FeatureMatrix,
  snapshot: SnapshotScores,
): Promise<string> {
  const { date, windowDays, scores, metadata, signal } = snapshot;
  const batchId = await newBatchId(database);
  try {
    await insertScores(database, matrix, { snapshot, batchId });
    throwIfCancelled(signal, 'publishing the scores');
  } catch (error) {
    await removeBatch(database, ['alert_scores'], batchId);
    throw error;
  }
  // From here on the batch may be visible even if the call fails, so its rows stay.
  await publishBatch(database, 'batch_metadata', [
    {
      batch_id: batchId,
      processing_date: date,
      window_days: windowDays,
      model_type: metadata.model_type,
      model_ids: [metadata.model_id],
      counts: { alert_scores: scores.length },
      status: 'complete',
      latency_ms: Math.round(performance.now() - snapshot.startedAt),
    },
  ]);
  return batchId;
}

async function insertScores(
  database: Database,
  matrix: FeatureMatrix,
  { snapshot, batchId }: { readonly snapshot: SnapshotScores; readonly batchId: string },
): Promise<void> {
  const { date, windowDays, scores, explained, metadata } = snapshot;
  for (let from = 0; from < scores.length; from += INSERT_ROWS) {
    throwIfCancelled(snapshot.signal, 'writing the scores');
    const to = Math.min(from + INSERT_ROWS, scores.length);
    const rows = Array.from(scores.subarray(from, to), (score, index) => ({
      processing_date: date,
      window_days: windowDays,
      alert_id: matrix.keys.ids[from + index],
      address: addressOf(matrix, from + index),
      score,
      ...(explained ? { explain_json: explained[from + index] } : {}),
      model_id: metadata.model_id,
      model_version: metadata.version,
      batch_id: batchId,
    }));
    await database.insert('alert_scores', rows, `writing the scores of ${date}`);
    snapshot.onProgress?.({ stage: 'writing scores', done: to, total: scores.length });
  }
  const [counted] = await database.query<{ rows: number; alerts: number }>({
    sql: `SELECT toFloat64(count()) AS rows, toFloat64(uniqExact(alert_id)) AS alerts
FROM alert_scores
WHERE processing_date = {date:Date} AND window_days = {window:UInt16} AND batch_id = {batch_id:String}`,
    params: { date, window: windowDays, batch_id: batchId },
    doing: 'counting the scores',
  });
  if (counted?.rows !== scores.length || counted.alerts !== scores.length) {
    throw new RiskScoringError({
      code: 'SCORES_INCOMPLETE',
      category: 'internal',
      summary: `The scores of ${date} were not written as they should.`,
      expected: `${scores.length} rows, one per alert`,
      found: `${counted?.rows ?? 0} rows for ${counted?.alerts ?? 0} alerts`,
      remedy: 'score again; these scores were not published',
    });
  }
}
