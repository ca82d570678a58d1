import { InvalidInputError, throwIfCancelled } from '@risk-scoring/contract';
import { newBatchId, publishBatch, removeBatch } from '../batches.ts';
import { type Database, mayHaveRun } from '../database.ts';
import { DatabaseError } from '../errors.ts';
import { withRetries } from '../retry.ts';
import { LabelSetExistsError } from './errors.ts';
import { insertRows } from './insert-rows.ts';
import { assertRows, type LabelSetRows } from './label-set-rows.ts';
import { assertNames, type LabelSetName, scopeOf } from './names.ts';

/** A label set to import. */
export interface NewLabelSet extends LabelSetName {
  /** Where it came from, for the record: a file's name, an address without credentials. */
  readonly source: string;
  /** sha256 of what it came from, in hex: the same again changes nothing. */
  readonly sha256: string;
  readonly rows: LabelSetRows;
}

/** Options of {@link importLabelSet}. */
export interface ImportLabelSetOptions {
  /** Replace the version that is there, also by the same content. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly rows: number; readonly totalRows: number }) => void;
}

/** What happened to a label set. */
export interface LabelSetOutcome extends LabelSetName {
  /** `unchanged`: the same content was imported before, so nothing was written. */
  readonly outcome: 'imported' | 'replaced' | 'unchanged';
  readonly rows: number;
}

/**
 * Stores labels at hand as one version of a data set in miner_labels. Readers see all of it at once, or nothing, whatever goes wrong; and it is
 * then the latest version of its data set.
 *
 * @throws {InvalidInputError} for names that are not 1 to 100 of A-Z a-z 0-9 . _ -, and a sha256 that is none
 * @throws {InvalidLabelRowsError} LABEL_SET_INVALID, naming column and row
 * @throws {LabelSetExistsError} when the version is there with other content, and `force` was not given
 * @throws {CancelledError} when the signal aborts before it was published
 * @example
 * await importLabelSet(database, { dataSet: 'my-labels', version: '1', source: 'my.csv', sha256, rows });
 */
export async function importLabelSet(
  database: Database,
  set: NewLabelSet,
  options: ImportLabelSetOptions = {},
): Promise<LabelSetOutcome> {
  const { dataSet, version, rows, sha256 } = set;
  assertNames(set);
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new InvalidInputError({
      what: 'The sha256 of the label set',
      expected: '64 hexadecimal digits, a-f in lower case',
      found: sha256,
    });
  }
  const there = await stateOf(database, set, options.force === true);
  if (there === 'unchanged') return { dataSet, version, outcome: 'unchanged', rows: rows.rows };
  assertRows(set, rows);

  const ingestionId = await newBatchId(database);
  const batchId = await insertChecked(database, set, { ...options, ingestionId });
  // From here on the rows may be visible even if the call fails, so they stay.
  await publishBatch(database, 'ingestions', [
    {
      batch_id: ingestionId,
      processing_date: '1970-01-01',
      window_days: 0,
      scope: scopeOf(set),
      source: set.source,
      fingerprint: sha256,
      file_md5: { miner_labels: sha256 },
      table_rows: { miner_labels: rows.rows },
      table_batches: { miner_labels: batchId },
    },
  ]);
  return { dataSet, version, outcome: there === 'there' ? 'replaced' : 'imported', rows: rows.rows };
}

/**
 * What there is of a version.
 *
 * @throws {LabelSetExistsError} when it may not be replaced
 */
async function stateOf(
  database: Database,
  set: NewLabelSet,
  force: boolean,
): Promise<'absent' | 'unchanged' | 'there'> {
  const { dataSet, version } = set;
  const doing = `looking for the label set ${scopeOf(set)}`;
  const [recorded] = await database.query<{
    batch: string;
    rows: number;
    checksum: string;
    source: string;
  }>({
    sql: `SELECT
    published_batch_id AS batch,
    toFloat64(published_rows) AS rows,
    published_checksum AS checksum,
    published_source AS source
FROM published_label_sets
WHERE data_set = {data_set:String} AND data_set_version = {version:String}`,
    params: { data_set: dataSet, version },
    doing,
  });
  const [stored] = await database.query<{ rows: number; by_hand: number }>({
    sql: `SELECT toFloat64(countIf(batch_id = {batch:String})) AS rows, toFloat64(countIf(batch_id = '')) AS by_hand
FROM miner_labels
WHERE data_set = {data_set:String} AND data_set_version = {version:String}`,
    params: { data_set: dataSet, version, batch: recorded?.batch ?? '' },
    doing,
  });
  if (stored !== undefined && stored.by_hand > 0) {
    const found = `${stored.by_hand} rows that were inserted by hand`;
    throw new LabelSetExistsError({ dataSet, version, found, byHand: true });
  }
  if (recorded === undefined) return 'absent';
  if (force) return 'there';
  // The same again, unless rows of it went away meanwhile.
  if (recorded.checksum === set.sha256) return recorded.rows === stored?.rows ? 'unchanged' : 'there';
  const found = `${recorded.rows} rows, imported from ${recorded.source}`;
  throw new LabelSetExistsError({ dataSet, version, found, byHand: false });
}

/** Inserts the rows and counts them; what fails is removed again. An insert whose answer was lost is repeated under another id. */
async function insertChecked(
  database: Database,
  set: NewLabelSet,
  { ingestionId, signal, onProgress }: ImportLabelSetOptions & { readonly ingestionId: string },
): Promise<string> {
  const totalRows = set.rows.rows;
  const doing = `importing the label set ${scopeOf(set)}`;
  let batchId = '';
  try {
    await withRetries(
      async (attempt) => {
        throwIfCancelled(signal, doing);
        batchId = `${ingestionId}.miner_labels.${attempt}`;
        await insertRows(database, set.rows, {
          dataSet: set.dataSet,
          version: set.version,
          batchId,
          signal,
          onRows: (rows) => onProgress?.({ rows, totalRows }),
        });
      },
      {
        doing,
        policy: database.retryPolicy,
        onRetry: (event) => database.reportRetry(event),
        signal,
        shouldRepeat: mayHaveRun,
      },
    );
    const [stored] = await database.query<{ rows: number }>({
      sql: 'SELECT toFloat64(count()) AS rows FROM miner_labels WHERE batch_id = {batch_id:String}',
      params: { batch_id: batchId },
      doing: `counting the rows of the label set ${scopeOf(set)}`,
    });
    if (stored?.rows !== totalRows) {
      throw new DatabaseError({
        doing,
        cause: new Error(`${stored?.rows ?? 0} of ${totalRows} rows arrived`),
      });
    }
    throwIfCancelled(signal, doing);
    return batchId;
  } catch (error) {
    await removeBatch(database, ['miner_labels'], batchId);
    throw error;
  }
}
