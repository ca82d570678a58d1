import path from 'node:path';
import { InvalidInputError } from '@risk-scoring/contract';
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
  /**
   * Writes published scores, snapshot by snapshot, best place first, whole or not at all.
   *
   * @param results of one model
   * @returns the size in bytes
   * @throws {FileNotWrittenError} when the disk does not let it
   */
  write(database: Database, results: readonly ScoringResult[]): Promise<number>;
}

const formats: Readonly<Record<string, MatrixEncoder>> = { ...MATRIX_FORMATS, '.csv': encodeCsv };

/**
 * Checks, before any work, that scores can be written under a name.
 *
 * @throws {InvalidInputError} for an ending that is none of .parquet, .arrow and .csv, a folder that is not there, or a file that is and shall stay
 * @example
 * const out = await openScoresFile('scores.parquet');
 * await out.write(database, [await scoreSnapshot(database, { date, windowDays: 30 })]);
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
    async write(database, results) {
      const batches = batchesOf(database, results);
      const first = await batches.next();
      if (first.done) throw new RangeError('there are no scores to write');
      return writeWhole(file, { force }, (sink) =>
        encode(startingWith(first.value, batches), first.value.schema, sink),
      );
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

/** The rows of published scores. One row: one alert (or cluster) with its score. */
async function* batchesOf(
  database: Database,
  results: readonly ScoringResult[],
): AsyncGenerator<RecordBatch> {
  for (const { batch_id, model_type, processing_date, window_days } of results) {
    const ofClusters = model_type === 'cluster_scorer';
    const batches = database.arrowBatches({
      sql: `SELECT
    toDate32(scored.processing_date) AS processing_date,
    window_days,
    ${ofClusters ? 'cluster_id' : 'alert_id, address, rank'},
    score,
    toString(model_id) AS model_id,
    toString(model_version) AS model_version,
    explain_json
FROM ${ofClusters ? 'published_cluster_scores' : 'published_alert_rankings'} AS scored
WHERE scored.processing_date = {date:Date} AND window_days = {window:UInt16} AND batch_id = {batch_id:String}
ORDER BY ${ofClusters ? 'score DESC, cluster_id' : 'rank'}`,
      params: { date: processing_date, window: window_days, batch_id },
      doing: `reading the scores of ${processing_date}`,
    });
    for await (const batch of batches) if (batch.numRows > 0) yield batch;
  }
}
