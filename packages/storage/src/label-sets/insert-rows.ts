import type { Database } from '../database.ts';
import { insertColumns } from '../inserting/index.ts';
import { type LabelSetRows, textColumns } from './label-set-rows.ts';
import { type LabelSetName, scopeOf } from './names.ts';

/**
 * Inserts a set's rows under a batch id that nobody reads yet. What is lost on the way the caller repeats, under another batch id.
 *
 * @throws {CancelledError} between two inserts
 */
export async function insertRows(
  database: Database,
  rows: LabelSetRows,
  options: LabelSetName & {
    readonly batchId: string;
    readonly signal: AbortSignal | undefined;
    readonly onRows: ((rows: number) => void) | undefined;
  },
): Promise<void> {
  const text = (value: string) => ({ type: 'String', value });
  await insertColumns(database, {
    table: 'miner_labels',
    columns: [
      { name: 'confidence_score', type: 'Float32', values: rows.confidences },
      { name: 'valid_from', type: 'Date', values: rows.validFrom },
      ...textColumns(rows).map(([name, values]) => ({ name, type: 'String' as const, values })),
    ],
    constants: {
      network: text(database.network),
      data_set: text(options.dataSet),
      data_set_version: text(options.version),
      batch_id: text(options.batchId),
    },
    rows: rows.rows,
    doing: `inserting the label set ${scopeOf(options)}`,
    signal: options.signal,
    onRows: options.onRows,
  });
}
