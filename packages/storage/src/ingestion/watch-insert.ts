import type { Database } from '../database.ts';
import type { Source, SourceReading } from './source.ts';

const EVERY_MS = 500;

/**
 * Tells how far an insert is while it runs: by the bytes that were sent where Node sends them, else by what the engine says of its
 * running statements.
 *
 * @param options.batchId a value in the statement, by which it is found
 */
export function watchInsert(
  database: Database,
  source: Source,
  options: {
    readonly reading: SourceReading;
    readonly batchId: string;
    readonly onRows: ((rows: number) => void) | undefined;
  },
): { stop(): Promise<void> } {
  const { reading, batchId, onRows } = options;
  if (onRows === undefined) return { stop: async () => undefined };
  let stopped = false;
  let asking: Promise<void> | undefined;
  const ask = async () => {
    const sent = reading.sent();
    if (sent !== undefined) {
      onRows(((source.rows ?? 0) * sent) / Math.max(1, source.bytes));
      return;
    }
    const rows = await rowsRead(database, batchId);
    if (!stopped && rows > 0) onRows(rows);
  };
  const timer = setInterval(() => {
    // Not knowing how far an insert is does not matter; what a listener throws it will throw again in the insert's own reports.
    asking ??= ask()
      .catch(() => undefined)
      .finally(() => {
        asking = undefined;
      });
  }, EVERY_MS);
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await asking;
    },
  };
}

async function rowsRead(database: Database, batchId: string): Promise<number> {
  const [row] = await database.query<{ rows: number }>({
    sql: `SELECT toFloat64(max(read_rows)) AS rows
FROM system.processes
WHERE startsWith(query, 'INSERT') AND position(query, {batch_id:String}) > 0`,
    params: { batch_id: batchId },
    doing: 'asking how far an insert is',
    attempts: 1,
    beside: true,
  });
  return row?.rows ?? 0;
}
