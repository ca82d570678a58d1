import { newBatchId, publishBatch } from '../batches.ts';
import type { Database } from '../database.ts';
import { findLabelSets } from './find-label-sets.ts';
import { type LabelSetName, scopeOf } from './names.ts';

/**
 * Takes a label set from all readers at once, by publishing an empty batch in its place; `vacuum` drops the rows later. Rows of the set that a user
 * inserted by hand are deleted.
 *
 * @param set.version one version; all of the data set by default
 * @returns what was removed
 * @throws {LabelSetNotFoundError} where there is none, naming those that there are
 * @example
 * await removeLabelSet(database, { dataSet: 'my-labels', version: '1' }); // [{ dataSet: 'my-labels', version: '1' }]
 */
export async function removeLabelSet(
  database: Database,
  set: { readonly dataSet: string; readonly version?: string },
): Promise<LabelSetName[]> {
  const found = await findLabelSets(database, set);
  const removed = found.map(({ dataSet, version }) => ({ dataSet, version }));
  const batchId = await newBatchId(database);
  await publishBatch(
    database,
    'ingestions',
    removed.map((name) => ({
      batch_id: batchId,
      processing_date: '1970-01-01',
      window_days: 0,
      scope: scopeOf(name),
      source: 'removed',
      fingerprint: '',
      file_md5: {},
      table_rows: { miner_labels: 0 },
      table_batches: { miner_labels: `${batchId}.removed` },
    })),
  );
  await deleteByHand(database, set.dataSet, removed);
  return removed;
}

async function deleteByHand(
  database: Database,
  dataSet: string,
  removed: readonly LabelSetName[],
): Promise<void> {
  const where = `batch_id = '' AND data_set = {data_set:String} AND data_set_version IN {versions:Array(String)}`;
  const params = { data_set: dataSet, versions: removed.map(({ version }) => version) };
  const doing = `removing rows of the label set ${dataSet} that were inserted by hand`;
  const [row] = await database.query<{ found: number }>({
    sql: `SELECT count() > 0 AS found FROM miner_labels WHERE ${where}`,
    params,
    doing,
  });
  if (!row?.found) return;
  await database.command({
    sql: `DELETE FROM ${database.mutable('miner_labels')} WHERE ${where}`,
    params,
    doing,
  });
}
