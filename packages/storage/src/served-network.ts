import type { Database } from './database.ts';
import { WrongNetworkError } from './errors.ts';

/**
 * Writes down that a database serves this network, unless that stands there already.
 *
 * @throws {WrongNetworkError} when it serves another
 */
export async function claimNetwork(database: Database): Promise<void> {
  if ((await servedNetwork(database)) === undefined) {
    await database.insert('served_network', [{ network: database.network }], 'claiming the database');
  }
  await assertServes(database);
}

/**
 * Checks that a database serves this network. Of two that claimed it at once, the first counts.
 *
 * @throws {WrongNetworkError} when it serves another
 */
export async function assertServes(database: Database): Promise<void> {
  const serves = await servedNetwork(database);
  if (serves === undefined || serves === database.network) return;
  throw new WrongNetworkError({ database: database.name, serves, asked: database.network });
}

/** The network a database serves, or undefined where it was not claimed yet. */
async function servedNetwork(database: Database): Promise<string | undefined> {
  const [row] = await database.query<{ network: string }>({
    sql: 'SELECT network FROM served_network ORDER BY claimed_at, network LIMIT 1',
    doing: 'reading which network the database serves',
  });
  return row?.network;
}

/** As {@link assertServes}, on a database whose migrations may not have run yet. */
export async function assertServesIfKnown(database: Database): Promise<void> {
  const [row] = await database.query<{ known: number }>({
    sql: `SELECT count() > 0 AS known FROM system.tables WHERE database = currentDatabase() AND name = 'served_network'`,
    doing: 'looking for the network of the database',
  });
  if (row?.known) await assertServes(database);
}
