import path from 'node:path';
import { InvalidInputError, RiskScoringError, throwIfCancelled } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import type { RecordBatch } from 'apache-arrow';
import { MATRIX_FORMATS, type MatrixEncoder } from '../export-features/matrix-formats.ts';
import { assertWritable, writeWhole } from '../export-features/whole-file.ts';
import { encodeCsv } from '../submission/submission-csv.ts';
import type { ScoringResult } from './score-snapshot.ts';

/** A file that scores are to be written to. */
export interface ScoresFile {
  /** Absolute. */
  readonly file: string;
  /** Whether a file that is there is replaced. */
  readonly force: boolean;
  /**
   * Writes the scores of batches, published or not yet, snapshot by snapshot, best place first, whole or not at all.
   *
   * @param batches of one model
   * @returns the size in bytes
   * @throws {FileNotWrittenError} when the disk does not let it
   * @throws {RiskScoringError} `SCORES_GONE` where a batch's rows are not there, as later scores took their place and they were removed
   */
  write(
    database: Database,
    batches: readonly WrittenBatch[],
    options?: {
      readonly signal?: AbortSignal | undefined;
      /** Called when the file is whole and safe on the disk, and only its name is still to be given; where it fails there is no file. */
      readonly beforeNaming?: () => Promise<void>;
    },
  ): Promise<number>;
}

/** A batch of scores. */
export type WrittenBatch = Pick<
  ScoringResult,
  'batch_id' | 'model_type' | 'processing_date' | 'window_days' | 'alerts' | 'clusters'
>;

const formats: Readonly<Record<string, MatrixEncoder>> = { ...MATRIX_FORMATS, '.csv': encodeCsv };

/**
 * Checks, before any work, that scores can be written under a name.
 *
 * @throws {InvalidInputError} for an ending that is none of .parquet, .arrow and .csv, a folder that is not there, or a file that is and shall stay
 * @throws {FileNotWrittenError} for a folder that takes no files
 * @example
 * const out = await openScoresFile('scores.parquet');
 * await scoreSnapshot(database, { date, windowDays: 30, out }); // published and in the file, or neither
 */
export async function openScoresFile(
  name: string,
  { force = false }: { readonly force?: boolean } = {},
): Promise<ScoresFile> {
  const file = path.resolve(name);
  const ending = path.extname(file).toLowerCase();
  const encode = Object.hasOwn(formats, ending) ? formats[ending] : undefined;
  if (encode === undefined) {
    throw new InvalidInputError({
      what: 'The ending of the file to write',
      expected: `one of ${Object.keys(formats).join(', ')}`,
      found: path.basename(file),
      remedy: 'write --out scores.parquet',
    });
  }
  await assertWritable(file, { force });
  return {
    file,
    force,
    async write(database, batches, { signal, beforeNaming } = {}) {
      const rows = batchesOf(database, batches, signal);
      try {
        const first = await rows.next();
        if (first.done) throw new RangeError('there are no scores to write');
        return await writeWhole(file, { force, ...(beforeNaming ? { beforeNaming } : {}) }, (sink) =>
          encode(startingWith(first.value, rows), first.value.schema, sink),
        );
      } finally {
        // Rows that nobody reads would keep the database busy.
        await rows.return(undefined);
      }
    },
  };
}

async function* startingWith(
  first: RecordBatch,
  rest: AsyncIterable<RecordBatch>,
): AsyncGenerator<RecordBatch> {
  yield first;
  yield* rest;
}

/** The rows of batches. One row: one alert (or cluster) with its score. */
async function* batchesOf(
  database: Database,
  batches: readonly WrittenBatch[],
  signal: AbortSignal | undefined,
): AsyncGenerator<RecordBatch> {
  for (const batch of batches) {
    const { batch_id, model_type, processing_date, window_days } = batch;
    const ofClusters = model_type === 'cluster_scorer';
    // Not the published views: the file may come before the publication, and holds the scores that it was asked for.
    const found = database.arrowBatches({
      sql: `SELECT
    toDate32(scored.processing_date) AS processing_date,
    window_days,
    ${ofClusters ? 'cluster_id' : 'alert_id, address, rank'},
    score,
    toString(model_id) AS model_id,
    toString(model_version) AS model_version,
    explain_json
FROM ${ofClusters ? 'cluster_scores' : 'alert_rankings'} AS scored
WHERE scored.processing_date = {date:Date} AND window_days = {window:UInt16} AND batch_id = {batch_id:String}
ORDER BY ${ofClusters ? 'score DESC, cluster_id' : 'rank'}`,
      params: { date: processing_date, window: window_days, batch_id },
      doing: `reading the scores of ${processing_date}`,
      ...(signal ? { signal } : {}),
    });
    let rows = 0;
    for await (const part of found) {
      throwIfCancelled(signal, 'writing the file of scores');
      rows += part.numRows;
      if (part.numRows > 0) yield part;
    }
    if (rows !== batch.alerts + batch.clusters) throw scoresGone(batch, rows);
  }
}

function scoresGone(
  { processing_date, batch_id, alerts, clusters }: WrittenBatch,
  found: number,
): RiskScoringError {
  return new RiskScoringError({
    code: 'SCORES_GONE',
    category: 'data',
    summary: `The scores of ${processing_date} are not there any more.`,
    expected: `${alerts + clusters} rows of the batch ${batch_id}`,
    found: `${found}`,
    remedy: 'score the snapshot again',
  });
}
