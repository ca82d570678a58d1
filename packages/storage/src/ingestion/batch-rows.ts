import { removeUnseen } from '../batches.ts';
import type { Database } from '../database.ts';
import type { ColumnPlan } from './column-check.ts';

/**
 * The id that the rows of one insert carry, as SQL over a file's columns: the bound `batch_id`, and where a file may hold several
 * snapshots (or data sets) something after it for each. So an id never stands in two of them, and replacing one of them retires its rows alone.
 *
 * @param scope the columns that tell the snapshots apart; empty where there is one
 */
export function batchIdExpression(plan: ColumnPlan, scope: readonly string[]): string {
  if (scope.length === 0) return '{batch_id:String}';
  const values = scope.map(
    (name) => plan.expressions[plan.columns.findIndex((column) => column.name === name)],
  );
  return `concat({batch_id:String}, '.', lower(hex(sipHash128(${values.join(', ')}))))`;
}

/** True for the rows of one insert, whatever stands after their id. */
export const ofBatch = `(batch_id = {batch_id:String} OR startsWith(batch_id, concat({batch_id:String}, '.')))`;

/** Removes the rows of an insert that nobody has seen. A failure is not reported: `vacuum` finds what is left. */
export async function removeRows(database: Database, table: string, batchId: string): Promise<void> {
  await removeUnseen(database, { table, batchId, where: ofBatch });
}
