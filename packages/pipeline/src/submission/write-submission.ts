import path from 'node:path';
import { InvalidInputError, RiskScoringError, throwIfCancelled } from '@risk-scoring/contract';
import { snapshotsOfPeriod, validatePeriod } from '@risk-scoring/extraction';
import type { Database } from '@risk-scoring/storage';
import { DataType, makeData, RecordBatch, type Schema, Struct } from 'apache-arrow';
import { MATRIX_FORMATS, type MatrixEncoder } from '../export-features/matrix-formats.ts';
import { assertWritable, writeWhole } from '../export-features/whole-file.ts';
import { checkScores } from './check-scores.ts';
import { SUBMISSION_COLUMNS, submissionSchema } from './columns.ts';
import { findScores } from './find-scores.ts';
import { checkModelVersion, checkRepositoryUrl } from './repository-url.ts';
import { encodeCsv } from './submission-csv.ts';

/** Options of {@link writeSubmission}. */
export interface WriteSubmissionOptions {
  /** Processing date of the snapshot, `YYYY-MM-DD`. */
  readonly date: string;
  readonly windowDays: number;
  /** A model id, an alias or `latest`; needed where several models scored the snapshot. */
  readonly model?: string;
  /** Where to: `.parquet` or `.csv`. */
  readonly out: string;
  /** The model's own when left out. */
  readonly modelVersion?: string;
  /** Where the source of the model can be read. */
  readonly modelGithubUrl: string;
  /** Whether a file that is there is replaced; it is not by default. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

/** A submission as written. */
export interface WrittenSubmission {
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  readonly alerts: number;
  readonly network: string;
  readonly processing_date: string;
  readonly window_days: number;
  readonly model_id: string;
  readonly model_version: string;
  readonly model_github_url: string;
}

const FORMATS: Readonly<Record<string, MatrixEncoder | undefined>> = {
  '.parquet': MATRIX_FORMATS['.parquet'],
  '.csv': encodeCsv,
};

/**
 * Writes the published scores of a snapshot as a submission: one row per alert, by alert_id, with the columns {@link SUBMISSION_COLUMNS}. What a
 * validator's integrity check would refuse is refused here. The file is written whole or not at all.
 *
 * @throws {InvalidInputError} for a date, a version, a URL or a file name that cannot be meant, a file that is there already, or several models to choose from
 * @throws {NoAlertsFoundError} when there is no such snapshot
 * @throws {NoScoresFoundError} when it was not scored
 * @throws {ScoresOutdatedError} when it was replaced since
 * @throws {SubmissionRefusedError} when alerts are missing, double or unknown, or scores are not from 0 to 1
 * @throws {FileNotWrittenError} when the disk does not let it
 * @example
 * await writeSubmission(database, {
 *   date: '2020-01-01', windowDays: 30, out: 'submission.parquet', modelGithubUrl: 'https://github.com/owner/model',
 * });
 */
export async function writeSubmission(
  database: Database,
  options: WriteSubmissionOptions,
): Promise<WrittenSubmission> {
  const { date, windowDays, model, force = false, signal } = options;
  const file = path.resolve(options.out);
  const encode = encoderOf(file);
  const url = checkRepositoryUrl(options.modelGithubUrl);
  if (options.modelVersion !== undefined) checkModelVersion(options.modelVersion);
  const period = validatePeriod({ network: database.network, startDate: date, endDate: date, windowDays });
  await assertWritable(file, { force });
  await snapshotsOfPeriod(database, period);

  const snapshot = { network: database.network, date, windowDays };
  const scores = await findScores(database, snapshot, model);
  const version = checkModelVersion(options.modelVersion ?? scores.model_version);
  await checkScores(database, snapshot, scores);
  throwIfCancelled(signal, 'writing the submission');

  const schema = submissionSchema();
  let alerts = 0;
  async function* counted() {
    const rows = database.arrowBatches({
      sql: ROWS,
      params: { date, window: windowDays, model: scores.model_id, batches: scores.batches, version, url },
      doing: 'reading the scores to submit',
      ...(signal ? { signal } : {}),
    });
    for await (const batch of rows) {
      if (batch.numRows === 0) continue;
      alerts += batch.numRows;
      yield withSchema(batch, schema);
    }
    // Before the file is renamed to its name: what was checked is what is written.
    if (alerts !== scores.rows) throw changedMeanwhile(scores.rows, alerts);
  }
  const bytes = await writeWhole(file, { force }, (sink) => encode(counted(), schema, sink));
  return {
    file,
    bytes,
    alerts,
    network: database.network,
    processing_date: date,
    window_days: windowDays,
    model_id: scores.model_id,
    model_version: version,
    model_github_url: url,
  };
}

/** One row: an alert with its score. The columns are {@link SUBMISSION_COLUMNS}, in their order. */
const ROWS = `SELECT
    alert_id,
    address,
    score,
    toDate32(processing_date) AS date_of_processing,
    window_days,
    {version:String} AS version_of_model,
    {url:String} AS url_of_model
FROM published_alert_scores
WHERE processing_date = {date:Date} AND window_days = {window:UInt16} AND model_id = {model:String}
    AND batch_id IN {batches:Array(String)}
ORDER BY alert_id`;

/** The columns of a batch under the names and types of the submission. */
function withSchema(batch: RecordBatch, schema: Schema): RecordBatch {
  const { children, length } = batch.data;
  if (children.length !== SUBMISSION_COLUMNS.length || !DataType.isDate(children[3]?.type)) {
    throw new TypeError('The scores came in other columns than they were asked for.');
  }
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length, nullCount: 0, children: [...children] }),
  );
}

function encoderOf(file: string): MatrixEncoder {
  const ending = path.extname(file).toLowerCase();
  const encode = Object.hasOwn(FORMATS, ending) ? FORMATS[ending] : undefined;
  if (encode) return encode;
  throw new InvalidInputError({
    what: 'The ending of the file to write',
    expected: `one of ${Object.keys(FORMATS).join(', ')}`,
    found: path.basename(file),
    remedy: 'write --out submission.parquet',
  });
}

function changedMeanwhile(expected: number, found: number): RiskScoringError {
  return new RiskScoringError({
    code: 'SCORES_CHANGED_MEANWHILE',
    category: 'data',
    summary: 'The scores changed while they were being written.',
    expected: `${expected} rows, as they were checked`,
    found: `${found}`,
    remedy: 'run the command again when nobody is scoring this snapshot',
  });
}
