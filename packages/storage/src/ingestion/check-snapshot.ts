import type { Database } from '../database.ts';
import { DatabaseError, SnapshotError } from '../errors.ts';
import { RAW_TABLES } from '../tables.ts';
import { type ColumnPlan, planColumns, quote } from './column-check.ts';
import { type SnapshotFile, type SnapshotFolder, verifyChecksum } from './snapshot-folder.ts';

/** A snapshot whose every file is what META.json says, and how its columns are taken. */
export interface CheckedSnapshot {
  readonly folder: SnapshotFolder;
  readonly plans: ReadonlyMap<string, ColumnPlan>;
}

/**
 * Checks a snapshot before any of its rows is stored: md5, columns, row counts, dates, keys.
 *
 * @throws {SnapshotError} for the first thing that is wrong
 */
export async function checkSnapshot(database: Database, folder: SnapshotFolder): Promise<CheckedSnapshot> {
  if (folder.network !== database.network) {
    throw new SnapshotError({
      code: 'SNAPSHOT_WRONG_NETWORK',
      summary: `${folder.folder} is a snapshot of another network.`,
      expected: `network '${database.network}'`,
      found: `network '${folder.network}'`,
      remedy: `ingest it with --network ${folder.network}`,
    });
  }
  const plans = new Map<string, ColumnPlan>();
  for (const file of folder.files) {
    await verifyChecksum(file);
    plans.set(file.table, await planColumns(database, file));
    await checkRows(database, folder, file);
  }
  return { folder, plans };
}

/** Counts a file's rows, those of another date or window, and those whose key stands twice. */
async function checkRows(database: Database, folder: SnapshotFolder, file: SnapshotFile): Promise<void> {
  const source = database.engine.parquetSource(file.path);
  const key = RAW_TABLES.find((table) => table.name === file.table)?.key ?? [];
  const repeated = key.length > 0 ? `count() - uniqExact(${key.map(quote).join(', ')})` : '0';
  const [counts] = await database
    .query<{ all_rows: number; strangers: number; repeated: number }>({
      sql: `SELECT
    toFloat64(count()) AS all_rows,
    toFloat64(countIf(processing_date != {date:Date} OR window_days != {window:UInt16})) AS strangers,
    toFloat64(${repeated}) AS repeated
FROM ${source.sql}`,
      params: { ...source.params, date: folder.processingDate, window: folder.windowDays },
      doing: `checking the rows of ${file.path}`,
    })
    .catch((error: unknown) => {
      throw unreadableFile(file, error);
    });
  if (counts === undefined || counts.all_rows !== file.rows) {
    throw new SnapshotError({
      code: 'SNAPSHOT_ROW_COUNT_MISMATCH',
      summary: `${file.path} does not hold the rows that META.json promises.`,
      expected: `${file.rows} rows`,
      found: `${counts?.all_rows ?? 0} rows`,
      remedy: 'fetch the snapshot again',
    });
  }
  if (counts.strangers > 0) {
    throw new SnapshotError({
      code: 'SNAPSHOT_WRONG_ROWS',
      summary: `${file.path} holds rows of another snapshot.`,
      expected: `processing_date ${folder.processingDate} and window_days ${folder.windowDays} in every row`,
      found: `${counts.strangers} rows with others`,
      remedy: 'fetch the snapshot again',
    });
  }
  if (counts.repeated > 0) {
    throw new SnapshotError({
      code: 'SNAPSHOT_DUPLICATE_KEYS',
      summary: `${file.path} names the same row more than once.`,
      expected: `each (${key.join(', ')}) once`,
      found: `${counts.repeated} repetitions`,
      remedy: 'fetch the snapshot again',
    });
  }
}

/** Refuses two folders with one snapshot: which of them should count? */
export function checkDistinct(snapshots: readonly CheckedSnapshot[]): void {
  const seen = new Map<string, string>();
  for (const { folder } of snapshots) {
    const name = `${folder.processingDate}, window ${folder.windowDays}`;
    const other = seen.get(name);
    if (other !== undefined) {
      throw new SnapshotError({
        code: 'SNAPSHOT_META_INVALID',
        summary: `Two folders hold the snapshot ${name}.`,
        expected: 'one folder per processing date and window',
        found: `${other} and ${folder.folder}`,
        remedy: 'remove one of them, or ingest the right one alone',
      });
    }
    seen.set(name, folder.folder);
  }
}

/** A value that does not fit its column shows only while the rows are read. */
export function unreadableFile(file: SnapshotFile, error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  return new SnapshotError({
    code: 'SNAPSHOT_COLUMN_TYPE',
    summary: `${file.path} holds values that ${file.table} cannot take.`,
    expected: `values within the types of ${file.table}`,
    found: error.found ?? error.message,
    remedy: 'fetch the snapshot again, or mend the values',
    cause: error,
  });
}
