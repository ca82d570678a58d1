import type { Database } from './database.ts';

/** A table whose rows publish batches: the highest sequence of a snapshot counts. */
export type PublishingTable = 'ingestions' | 'batch_metadata';

/**
 * A new batch id. It begins with the database's own time (UUID version 7), which tells `vacuum` how old a
 * batch is that was never published.
 */
export async function newBatchId(database: Database): Promise<string> {
  const [row] = await database.query<{ id: string }>({
    sql: 'SELECT toString(generateUUIDv7()) AS id',
    doing: 'naming a batch',
  });
  return row?.id ?? '';
}

/**
 * Publishes a batch by one insert, which readers see whole or not at all, and which retires the batches that were
 * there for the same snapshots. One row per snapshot; they make one block, so they appear together.
 *
 * @param rows the publishing table's columns but `sequence`, which is numbered here
 * @example
 * await publishBatch(database, 'batch_metadata', [{ batch_id, processing_date, … }]);
 */
export async function publishBatch(
  database: Database,
  table: PublishingTable,
  rows: readonly object[],
): Promise<void> {
  const [next] = await database.query<{ sequence: string }>({
    sql: `SELECT max(sequence) + 1 AS sequence FROM ${table}`,
    doing: `numbering a batch of ${table}`,
  });
  const sequence = next?.sequence ?? '1';
  await database.insert(
    table,
    rows.map((row) => ({ ...row, sequence })),
    `publishing a batch in ${table}`,
  );
}

/**
 * Removes the rows of a batch that was never published. They are invisible already; removing them
 * saves space, so a failure to do so is not reported: `vacuum` finds what is left.
 */
export async function removeBatch(
  database: Database,
  tables: readonly string[],
  batchId: string,
): Promise<void> {
  for (const table of tables) {
    await removeUnseen(database, { table, batchId, where: 'batch_id = {batch_id:String}' });
  }
}

/** What {@link removeBatch} does in one table, of the rows that `where` tells by the bound `batch_id`. */
export async function removeUnseen(
  database: Database,
  { table, batchId, where }: { readonly table: string; readonly batchId: string; readonly where: string },
): Promise<void> {
  // Rows without a batch are those that a user inserted by hand.
  if (batchId === '') return;
  await database
    .command({
      sql: `DELETE FROM ${database.mutable(table)} WHERE ${where}`,
      params: { batch_id: batchId },
      doing: `removing an unpublished batch from ${table}`,
      // A server that is gone for good should not be waited for once more.
      attempts: database.retryPolicy.connectAttempts,
    })
    .catch(() => undefined);
}
