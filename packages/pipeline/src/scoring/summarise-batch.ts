import type { ModelMetadata } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import type { SnapshotToScore } from './score-parts.ts';

/** An address near the top of a snapshot. */
export interface TopAddress {
  readonly address: string;
  /** Its highest score. */
  readonly score: number;
  /** The alert with that score. */
  readonly alert_id: string;
  /** How many alerts of the snapshot it has. */
  readonly alerts: number;
}

/** A cluster near the top of a snapshot. */
export interface TopCluster {
  readonly cluster_id: string;
  readonly score: number;
}

/** What published scores look like. */
export interface BatchSummary {
  readonly score_min: number;
  readonly score_mean: number;
  readonly score_max: number;
  /** From which score on a row is flagged, as it was chosen in training; null where no threshold was. */
  readonly threshold: number | null;
  /** Rows flagged; null without a threshold. */
  readonly flagged: number | null;
  /** The addresses with the highest places, highest first, each with its highest alert. None of a cluster scorer. */
  readonly top: readonly TopAddress[];
  /** The clusters with the highest scores; only of a cluster scorer. */
  readonly top_clusters?: readonly TopCluster[];
}

/** Rows that a summary names. */
const MOST_NAMED = 5;

/** Looks at the scores of a batch, in the database. */
export async function summariseBatch(
  database: Database,
  {
    batchId,
    snapshot,
    metadata,
  }: { readonly batchId: string; readonly snapshot: SnapshotToScore; readonly metadata: ModelMetadata },
): Promise<BatchSummary> {
  const ofClusters = metadata.model_type === 'cluster_scorer';
  const table = ofClusters ? 'cluster_scores' : 'alert_rankings';
  const threshold = metadata.threshold?.threshold ?? null;
  const params = { date: snapshot.processingDate, window: snapshot.windowDays, batch_id: batchId };
  const from = `FROM ${table}
WHERE processing_date = {date:Date} AND window_days = {window:UInt16} AND batch_id = {batch_id:String}`;
  const doing = 'looking at the scores';
  const [figures] = await database.query<{ low: number; mean: number; high: number; flagged: number }>({
    sql: `SELECT
    min(score) AS low,
    avg(score) AS mean,
    max(score) AS high,
    toFloat64(countIf(score >= {threshold:Float64})) AS flagged
${from}`,
    params: { ...params, threshold: threshold ?? 2 },
    doing,
  });
  const summary = {
    score_min: figures?.low ?? Number.NaN,
    score_mean: figures?.mean ?? Number.NaN,
    score_max: figures?.high ?? Number.NaN,
    threshold,
    flagged: threshold === null ? null : (figures?.flagged ?? 0),
  };
  if (ofClusters) {
    const top_clusters = await database.query<TopCluster>({
      sql: `SELECT cluster_id, score ${from} ORDER BY score DESC, cluster_id LIMIT ${MOST_NAMED}`,
      params,
      doing,
    });
    return { ...summary, top: [], top_clusters };
  }
  // One row: one address, by its alert with the best place.
  const top = await database.query<TopAddress>({
    sql: `SELECT
    address,
    argMin(best.score, rank) AS score,
    argMin(alert_id, rank) AS alert_id,
    toFloat64(count()) AS alerts
FROM (SELECT address, score, alert_id, rank ${from}) AS best
GROUP BY address
ORDER BY min(rank)
LIMIT ${MOST_NAMED}`,
    params,
    doing,
  });
  return { ...summary, top };
}
