import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { RiskScoringError, throwIfCancelled } from '@risk-scoring/contract';
import { CsvSyntaxError, csvRecords } from './csv-records.ts';
import { SubmissionFileError } from './errors.ts';
import { readParquetSubmission } from './read-parquet.ts';
import { type RowsOfSnapshot, type SubmissionFile, SubmissionRows } from './submission-rows.ts';

/** Larger files are not read. */
const MOST_BYTES: Readonly<Record<string, number>> = { '.csv': 2_000_000_000, '.parquet': 500_000_000 };

/** How {@link readSubmission} reads. */
export interface ReadSubmissionOptions {
  /** The snapshot whose rows count, where a row says of which it is; all rows when absent. */
  readonly only?: RowsOfSnapshot;
  readonly signal?: AbortSignal;
}

/**
 * Reads a submission, which may be a stranger's: CSV or Parquet, by its name. What its rows say is not judged; a score that is no number is NaN.
 * `alert_id` and `score` have to be there; `address`, `processing_date`, `window_days`, `model_version` and `model_github_url` are read where they are.
 *
 * @throws {SubmissionFileError} for a file that cannot be read: none, too large, no CSV or Parquet, other columns
 * @throws {CancelledError} soon after the signal aborts
 * @example
 * const { alertIds, scores } = await readSubmission('submission.csv', { only: { date: '2020-01-01', windowDays: 30 } });
 */
export async function readSubmission(
  file: string,
  { only, signal }: ReadSubmissionOptions = {},
): Promise<SubmissionFile> {
  const ending = path.extname(file).toLowerCase();
  const most = Object.hasOwn(MOST_BYTES, ending) ? MOST_BYTES[ending] : undefined;
  if (most === undefined) {
    throw new SubmissionFileError({
      file,
      category: 'input',
      expected: 'a name that ends in .csv or .parquet',
      found: path.basename(file),
    });
  }
  const size = await sizeOf(file);
  if (size === 0) {
    throw new SubmissionFileError({ file, expected: 'a header and rows', found: 'an empty file' });
  }
  if (size > most) {
    throw new SubmissionFileError({ file, expected: `at most ${most} bytes`, found: `${size}` });
  }
  throwIfCancelled(signal, `reading ${file}`);
  return ending === '.parquet'
    ? readParquetSubmission(file, only)
    : readCsvSubmission(file, { only, signal });
}

async function sizeOf(file: string): Promise<number> {
  const status = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    const found = cause.code === 'ENOENT' ? 'no such file' : `an error while opening it: ${cause.code}`;
    throw new SubmissionFileError({
      file,
      category: 'input',
      expected: 'a file that can be read',
      found,
      cause,
    });
  });
  if (status.isFile()) return status.size;
  const found = status.isDirectory() ? 'a folder' : 'no regular file';
  throw new SubmissionFileError({ file, category: 'input', expected: 'a file that can be read', found });
}

async function readCsvSubmission(
  file: string,
  { only, signal }: { readonly only: RowsOfSnapshot | undefined; readonly signal: AbortSignal | undefined },
): Promise<SubmissionFile> {
  let rows: SubmissionRows | undefined;
  let width = 0;
  let record = 0;
  try {
    for await (const records of csvRecords(textOf(file))) {
      throwIfCancelled(signal, `reading ${file}`);
      for (const cells of records) {
        record += 1;
        if (rows === undefined) {
          width = cells.length;
          rows = new SubmissionRows(
            file,
            cells.map((cell) => cell.trim()),
            only,
          );
        } else if (cells.length === width) rows.add(cells);
        else throw new CsvSyntaxError(`${cells.length} cells where the header has ${width}`, record);
      }
    }
  } catch (cause) {
    if (RiskScoringError.isInstance(cause)) throw cause;
    throw new SubmissionFileError({
      file,
      expected: 'CSV in UTF-8, separated by commas',
      found: faultOf(cause),
      cause,
    });
  }
  if (rows) return rows.build();
  throw new SubmissionFileError({ file, expected: 'a header and rows', found: 'nothing but blank lines' });
}

/** The text of a file, without a byte order mark. */
async function* textOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) {
    yield decoder.decode(chunk as Uint8Array, { stream: true });
  }
  yield decoder.decode();
}

function faultOf(cause: unknown): string {
  if (cause instanceof CsvSyntaxError)
    return `in record ${cause.record}, the header being 1: ${cause.message}`;
  if (cause instanceof TypeError) return 'bytes that are no UTF-8';
  return cause instanceof Error ? cause.message : String(cause);
}
