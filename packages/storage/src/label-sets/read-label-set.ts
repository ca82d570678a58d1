import type { Table } from 'apache-arrow';
import type { Database } from '../database.ts';
import { findLabelSets } from './find-label-sets.ts';
import { labelOrder } from './published-labels.ts';

/**
 * The rows of one label set, all columns of miner_labels but the product's own (batch_id, created_at), by address and source.
 *
 * @param set.version the one that was imported last by default
 * @throws {LabelSetNotFoundError} where there is none, naming those that there are
 * @example
 * const table = await readLabelSet(database, { dataSet: 'my-labels' });
 * table.getChild('risk_level');
 */
export async function readLabelSet(
  database: Database,
  set: { readonly dataSet: string; readonly version?: string },
): Promise<Table> {
  const found = await findLabelSets(database, set);
  const version = found.find(({ isLatest }) => isLatest)?.version ?? found[0]?.version;
  return database.arrow({
    sql: `SELECT * EXCEPT (batch_id, created_at)
FROM published_miner_labels
WHERE data_set = {data_set:String} AND data_set_version = {version:String}
ORDER BY ${labelOrder}`,
    params: { data_set: set.dataSet, version },
    doing: `reading the label set ${set.dataSet}@${version}`,
  });
}
