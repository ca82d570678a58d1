import type { Database } from './database.ts';

/** A table whose rows publish batches: the highest sequence of a snapshot counts. */
export type PublishingTable = 'ingestions' | 'batch_metadata';

/**
 * Publishes a batch by one single-row insert, which readers see whole or not at all, and which retires the batch
 * that was there for the same snapshot.
 *
 * @param row the publishing table's columns but `sequence`, which is numbered here
 * @example
 * await publishBatch(database, 'batch_metadata', { batch_id, processing_date, … });
 */
export async function publishBatch(database: Database, table: PublishingTable, row: object): Promise<void> {
  const [next] = await database.query<{ sequence: string }>({
    sql: `SELECT max(sequence) + 1 AS sequence FROM ${table}`,
    doing: `numbering a batch of ${table}`,
  });
  await database.insert(
    table,
    [{ ...row, sequence: next?.sequence ?? '1' }],
    `publishing a batch in ${table}`,
  );
}

/**
 * Removes the rows of a batch that was never published. They are invisible already; removing them
 * saves space, so a failure to do so is not reported.
 */
export async function removeBatch(
  database: Database,
  tables: readonly string[],
  batchId: string,
): Promise<void> {
  for (const table of tables) {
    await database
      .command({
        sql: 'DELETE FROM {table:Identifier} WHERE batch_id = {batch_id:String}',
        params: { table, batch_id: batchId },
        doing: `removing an unpublished batch from ${table}`,
      })
      .catch(() => undefined);
  }
}
