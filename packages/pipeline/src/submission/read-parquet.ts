import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { RiskScoringError } from '@risk-scoring/contract';
import { DataType, tableFromIPC, type Vector } from 'apache-arrow';
import { SUBMISSION_COLUMNS } from './columns.ts';
import { dateCell } from './date-cell.ts';
import { SubmissionFileError } from './errors.ts';
import type { ParquetMessage, ParquetTask } from './parquet-worker.ts';
import { type Cell, type RowsOfSnapshot, type SubmissionFile, SubmissionRows } from './submission-rows.ts';

/** What the wanted columns may be without compression, as the file says. */
const MOST_BYTES = 2_000_000_000;

/**
 * Reads a submission from Parquet, one row group after the other and only the columns that mean something. A thread of its own decodes it, which
 * damaged bytes may end.
 *
 * @throws {SubmissionFileError} for a file that is no whole Parquet, is too large when unpacked, or has other columns
 */
export async function readParquetSubmission(
  file: string,
  only: RowsOfSnapshot | undefined,
): Promise<SubmissionFile> {
  const bytes = new Uint8Array(await readFile(file));
  const worker = new Worker(workerModule(), {
    workerData: { bytes, wanted: SUBMISSION_COLUMNS, mostBytes: MOST_BYTES } satisfies ParquetTask,
  });
  try {
    return await collect(worker, file, only);
  } catch (cause) {
    if (RiskScoringError.isInstance(cause)) throw cause;
    const found = String(cause instanceof Error ? cause.message : cause).slice(0, 200);
    throw new SubmissionFileError({
      file,
      expected: 'a whole Parquet file',
      found: `one that cannot be decoded: ${found}`,
      cause,
    });
  } finally {
    await worker.terminate();
  }
}

/** Threads run built files only, also where this module is read as source. */
function workerModule(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  return new URL(
    isSource ? '../../dist/submission/parquet-worker.js' : './parquet-worker.js',
    import.meta.url,
  );
}

function collect(worker: Worker, file: string, only: RowsOfSnapshot | undefined): Promise<SubmissionFile> {
  return new Promise((resolve, reject) => {
    let rows: SubmissionRows | undefined;
    worker.on('message', (message: ParquetMessage) => {
      try {
        if (message.kind === 'columns') rows = new SubmissionRows(file, message.columns, only);
        else if (message.kind === 'rows' && rows) addRows(file, message.ipc, rows);
        else if (message.kind === 'too large') throw tooLarge(file, message.bytes);
        else if (rows) resolve(rows.build());
      } catch (error) {
        reject(error);
      }
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('the decoder ended')));
  });
}

function addRows(file: string, ipc: Uint8Array, rows: SubmissionRows): void {
  const table = tableFromIPC(ipc);
  const readers = rows.columns.map((name) => readerOf(file, name, table.getChild(name)));
  for (let row = 0; row < table.numRows; row++) rows.add(readers.map((read) => read(row)));
}

/** Gives a column's cells as text or numbers, whatever type wrote them. */
function readerOf(file: string, column: string, vector: Vector | null): (row: number) => Cell {
  if (vector === null) return () => undefined;
  const type: DataType = DataType.isDictionary(vector.type) ? vector.type.dictionary : vector.type;
  const get = (row: number): unknown => vector.get(row);
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return (row) => get(row) as string | null;
  if (DataType.isBinary(type) || DataType.isLargeBinary(type)) {
    return (row) => decode(get(row) as Uint8Array | null);
  }
  if (DataType.isDate(type) || DataType.isTimestamp(type)) return (row) => dateCell(get(row));
  if (DataType.isInt(type) || DataType.isFloat(type)) return (row) => get(row) as number | bigint | null;
  throw new SubmissionFileError({
    file,
    expected: `a column ${column} of ${column === 'score' ? 'floating-point numbers' : 'text'}`,
    found: `one of the type ${type}`,
  });
}

function decode(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

function tooLarge(file: string, bytes: number): SubmissionFileError {
  return new SubmissionFileError({
    file,
    expected: `columns of at most ${MOST_BYTES} bytes without compression`,
    found: `${bytes}`,
  });
}
