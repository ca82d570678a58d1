import { type ModelType, RiskScoringError, throwIfCancelled } from '@risk-scoring/contract';
import { SnapshotsReplacedError } from '@risk-scoring/features';
import type { ModelMetadata } from '@risk-scoring/model-storage';
import {
  type Database,
  insertColumns,
  newBatchId,
  publishedTables,
  removeBatch,
} from '@risk-scoring/storage';
import type { ScoredPart, SnapshotToScore } from './score-parts.ts';

/** Scores on their way into the tables. Nobody sees them before they are published. */
export interface ScoreBatch {
  readonly id: string;
  readonly snapshot: SnapshotToScore;
  /** Writes some rows; each row of the snapshot must come once. */
  append(part: ScoredPart, explained: readonly string[] | undefined): Promise<void>;
  /**
   * Checks that every row of the snapshot has exactly one score, and gives alerts their places. Then the batch is ready to be published.
   *
   * @returns how many rows each table got
   */
  complete(): Promise<Readonly<Record<string, number>>>;
  /**
   * The row that publishes the batch.
   *
   * @throws {SnapshotsReplacedError} when the snapshot was published anew since the batch was begun
   */
  record(): Promise<object>;
  /** Removes what was written. Only of a batch that nobody tried to publish. */
  discard(): Promise<void>;
}

/** What a batch is of. */
export interface ScoreBatchOptions {
  readonly snapshot: SnapshotToScore;
  readonly metadata: ModelMetadata;
  /** When the scoring began, as `performance.now()` counts. */
  readonly startedAt: number;
  readonly signal?: AbortSignal | undefined;
}

/** Where a model's scores go: rows are written to `staged` as they come, and what is published stands in `tables`. */
const targets: Readonly<
  Record<ModelType, { readonly staged: string; readonly tables: readonly string[]; readonly ids: string }>
> = {
  alert_scorer: { staged: 'alert_scores', tables: ['alert_scores', 'alert_rankings'], ids: 'alert_id' },
  alert_ranker: { staged: 'alert_scores', tables: ['alert_rankings'], ids: 'alert_id' },
  cluster_scorer: { staged: 'cluster_scores', tables: ['cluster_scores'], ids: 'cluster_id' },
};

/**
 * Begins a batch of scores.
 *
 * @example
 * const batch = await openScoreBatch(database, { snapshot, metadata, startedAt: performance.now() });
 * for await (const part of scorer.parts(database, snapshot)) await batch.append(part, undefined);
 * await batch.complete();
 * await new Publications().publish(database, [batch], signal);
 */
export async function openScoreBatch(database: Database, options: ScoreBatchOptions): Promise<ScoreBatch> {
  const { snapshot, metadata, signal } = options;
  const { staged, tables, ids } = targets[metadata.model_type];
  const read = await batchesOfData(database, snapshot);
  const id = await newBatchId(database);
  // A ranker's rows are only needed to give places; under another id they are never published.
  const stagedId = tables.includes(staged) ? id : `${id}.order`;
  const work: Work = { database, options, staged, stagedId, id, ids };
  const counts = Object.fromEntries(tables.map((table) => [table, snapshot.rows]));
  let latency = 0;
  return {
    id,
    snapshot,
    async append(part, explained) {
      throwIfCancelled(signal, 'writing the scores');
      await insertPart(work, part, explained);
    },
    async complete() {
      await assertWhole(work);
      throwIfCancelled(signal, 'publishing the scores');
      if (tables.includes('alert_rankings')) await insertRanks(work);
      if (stagedId !== id) await removeBatch(database, [staged], stagedId);
      latency = Math.round(performance.now() - options.startedAt);
      return counts;
    },
    async record() {
      const now = await batchesOfData(database, snapshot);
      if (JSON.stringify(now) !== JSON.stringify(read)) {
        throw new SnapshotsReplacedError({ through: snapshot.processingDate });
      }
      return {
        batch_id: id,
        processing_date: snapshot.processingDate,
        window_days: snapshot.windowDays,
        model_type: metadata.model_type,
        model_ids: [metadata.model_id],
        counts,
        data_batches: read,
        status: 'complete',
        latency_ms: latency,
      };
    },
    async discard() {
      await removeBatch(database, tables, id);
      if (stagedId !== id) await removeBatch(database, [staged], stagedId);
    },
  };
}

/** A batch, and where its rows are written. */
interface Work {
  readonly database: Database;
  readonly options: ScoreBatchOptions;
  readonly staged: string;
  readonly stagedId: string;
  readonly id: string;
  /** The column that names a row. */
  readonly ids: string;
}

async function insertPart(
  { database, options: { snapshot, metadata, signal }, staged, stagedId, ids }: Work,
  { matrix, scores, raw }: ScoredPart,
  explained: readonly string[] | undefined,
): Promise<void> {
  const ofAlerts =
    staged === 'alert_scores'
      ? [
          {
            name: 'address',
            type: 'String' as const,
            values: { codes: matrix.splitGroups, values: matrix.splitGroupNames },
          },
          { name: 'raw_score', type: 'Float64' as const, values: raw },
        ]
      : [];
  await insertColumns(database, {
    table: staged,
    columns: [
      { name: ids, type: 'String', values: matrix.keys.ids },
      { name: 'score', type: 'Float64', values: scores },
      ...ofAlerts,
      ...(explained ? [{ name: 'explain_json', type: 'String' as const, values: explained }] : []),
    ],
    constants: {
      processing_date: { type: 'Date', value: snapshot.processingDate },
      window_days: { type: 'UInt16', value: snapshot.windowDays },
      model_id: { type: 'String', value: metadata.model_id },
      model_version: { type: 'String', value: metadata.version },
      batch_id: { type: 'String', value: stagedId },
    },
    rows: matrix.rows,
    doing: `writing the scores of ${snapshot.processingDate}`,
    signal,
  });
}

/** Every row of the snapshot has one score, in 0..1. */
async function assertWhole({ database, options, staged, stagedId, ids }: Work): Promise<void> {
  const { snapshot } = options;
  const [counted] = await database.query<{ rows: number; distinct: number; wrong: number }>({
    sql: `SELECT
    toFloat64(count()) AS rows,
    toFloat64(uniqExact(${ids})) AS distinct,
    toFloat64(countIf(NOT (score >= 0 AND score <= 1))) AS wrong
FROM ${staged}
WHERE ${IN_BATCH}`,
    params: batchOf(snapshot, stagedId),
    doing: 'counting the scores',
  });
  if (counted?.rows === snapshot.rows && counted.distinct === snapshot.rows && counted.wrong === 0) return;
  throw incomplete(snapshot, {
    expected: `${snapshot.rows} scores in 0..1, one for each ${ids}`,
    found: `${counted?.rows ?? 0} scores for ${counted?.distinct ?? 0}, of them ${counted?.wrong ?? 0} out of range`,
  });
}

/** Places 1, 2, … by raw score, then in order of ids: without ties. */
async function insertRanks({
  database,
  options: { snapshot, signal },
  staged,
  stagedId,
  id,
}: Work): Promise<void> {
  const params = batchOf(snapshot, stagedId);
  const shared =
    'processing_date, window_days, alert_id, address, score, model_id, model_version, explain_json';
  await database.command({
    sql: `INSERT INTO alert_rankings (${shared}, rank, batch_id)
SELECT ${shared}, row_number() OVER (ORDER BY raw_score DESC, alert_id) AS rank, {rank_batch:String}
FROM ${staged}
WHERE ${IN_BATCH}`,
    params: { ...params, rank_batch: id },
    doing: `ranking the alerts of ${snapshot.processingDate}`,
    repeatable: false,
    ...(signal ? { signal } : {}),
  });
  const [counted] = await database.query<{ rows: number; ranks: number; last: number }>({
    sql: `SELECT toFloat64(count()) AS rows, toFloat64(uniqExact(rank)) AS ranks, toFloat64(max(rank)) AS last
FROM alert_rankings
WHERE ${IN_BATCH}`,
    params: { ...params, batch_id: id },
    doing: 'counting the places',
  });
  const { rows } = snapshot;
  if (counted?.rows === rows && counted.ranks === rows && counted.last === rows) return;
  throw incomplete(snapshot, {
    expected: `places 1 to ${rows}, each once`,
    found: `${counted?.rows ?? 0} rows with ${counted?.ranks ?? 0} places up to ${counted?.last ?? 0}`,
  });
}

const IN_BATCH =
  'processing_date = {date:Date} AND window_days = {window:UInt16} AND batch_id = {batch_id:String}';

function batchOf({ processingDate, windowDays }: SnapshotToScore, batchId: string) {
  return { date: processingDate, window: windowDays, batch_id: batchId };
}

/** The batch that counts of each table of a snapshot, by table. */
async function batchesOfData(database: Database, snapshot: SnapshotToScore): Promise<Record<string, string>> {
  const tables = await publishedTables(database, snapshot);
  return Object.fromEntries(tables.map(({ table, batchId }): [string, string] => [table, batchId]).sort());
}

function incomplete(
  { processingDate }: SnapshotToScore,
  parts: { readonly expected: string; readonly found: string },
): RiskScoringError {
  return new RiskScoringError({
    code: 'SCORES_INCOMPLETE',
    category: 'internal',
    summary: `The scores of ${processingDate} were not written as they should.`,
    ...parts,
    remedy: 'score again; these scores were not published',
  });
}
