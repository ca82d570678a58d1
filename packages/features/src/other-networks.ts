import { InvalidInputError } from '@risk-scoring/contract';
import {
  type Database,
  databaseName,
  MigrationError,
  publishedBatches,
  quote,
  WrongNetworkError,
} from '@risk-scoring/storage';
import { SnapshotsReplacedError } from './matrix/errors.ts';
import type { OtherNetwork } from './relations/scope.ts';

/** What of other networks a computation may see. */
export interface OtherNetworksOptions {
  readonly networks: readonly string[];
  readonly windowDays: number;
  /** Last processing date, `YYYY-MM-DD`, inclusive. */
  readonly through: string;
}

/**
 * The networks that have a database on the same engine, with what is published there now: a computation that is given them reads these
 * batches and no later ones. A network without a database is left out; its features are unknown.
 *
 * @throws {InvalidInputError} for a name that is no network's, stands twice, or is that of the database itself
 * @throws {MigrationError} when a network's database is of an older version
 * @throws {WrongNetworkError} when it holds another network
 * @example
 * const others = await findOtherNetworks(database, { networks: ['bsc'], windowDays: 30, through: '2020-01-01' });
 * others[0]?.dates; // ['2019-12-31', '2020-01-01']
 */
export async function findOtherNetworks(
  database: Database,
  { networks, windowDays, through }: OtherNetworksOptions,
): Promise<OtherNetwork[]> {
  assertOtherNetworks(networks, database.network);
  const names = networks.map(databaseName);
  const there = await database.query<{ name: string }>({
    sql: 'SELECT name FROM system.databases WHERE name IN {names:Array(String)}',
    params: { names },
    doing: "looking for other networks' databases",
  });
  const existing = new Set(there.map(({ name }) => name));
  const entities = { network: database.network, batches: await entityBatches(database) };
  const found: OtherNetwork[] = [];
  for (const network of networks) {
    const name = databaseName(network);
    if (!existing.has(name)) continue;
    await assertReadable(database, { network, name });
    const batches = await publishedBatches(database, { windowDays, through, database: name });
    const unpinned = { network, database: name, batches, entities };
    found.push({ ...unpinned, dates: await datesOf(database, unpinned, { windowDays, through }) });
  }
  return found;
}

/**
 * Checks that nothing was published there, nor any entity, since {@link findOtherNetworks} was asked.
 *
 * @param others what it answered, for the same window and date
 * @throws {SnapshotsReplacedError} otherwise
 * @example
 * await assertOthersUnchanged(database, others, { windowDays: 30, through: '2020-01-01' });
 */
export async function assertOthersUnchanged(
  database: Database,
  others: readonly OtherNetwork[],
  { windowDays, through }: Omit<OtherNetworksOptions, 'networks'>,
): Promise<void> {
  if (others.length === 0) return;
  const entities = (await entityBatches(database)).join();
  for (const { database: name, batches, entities: before } of others) {
    const now = await publishedBatches(database, { windowDays, through, database: name });
    if (now.mark !== batches.mark || entities !== before.batches.join()) {
      throw new SnapshotsReplacedError({ through });
    }
  }
}

/**
 * Checks names of other networks.
 *
 * @param own the network that they are other than, where it is known
 * @throws {InvalidInputError} for a name that is no network's, stands twice, or is the own one
 * @example
 * assertOtherNetworks(['bsc', 'bsc']); // throws
 */
export function assertOtherNetworks(networks: readonly string[], own?: string): void {
  networks.forEach((network, index) => {
    databaseName(network);
    if (network !== own && networks.indexOf(network) === index) return;
    throw new InvalidInputError({
      what: 'The list of other networks',
      expected: own === undefined ? 'each network once' : `each network once, and not ${own} itself`,
      found: networks.join(', '),
      remedy: `leave out ${network}`,
    });
  });
}

/** Whether a network's database can be read as this version of the product does. */
async function assertReadable(
  database: Database,
  { network, name }: { network: string; name: string },
): Promise<void> {
  const [found] = await database.query<{ keys: number }>({
    sql: `SELECT toFloat64(count()) AS keys
FROM system.columns
WHERE database = {name:String} AND name = 'address_key' AND table IN ('raw_alerts', 'raw_features')`,
    params: { name },
    doing: `reading the columns of ${name}`,
  });
  if (found?.keys !== 2) {
    throw new MigrationError({
      summary: `${name} is older than this version of risk-scoring.`,
      expected: 'raw_alerts and raw_features with the column address_key',
      found: `${found?.keys ?? 0} of them`,
      remedy: `run: npx risk-scoring init --network ${network}`,
    });
  }
  const [served] = await database.query<{ network: string }>({
    sql: `SELECT network FROM ${quote(name)}.served_network ORDER BY claimed_at, network LIMIT 1`,
    doing: `reading which network ${name} serves`,
  });
  if (served !== undefined && served.network !== network) {
    throw new WrongNetworkError({ database: name, serves: served.network, asked: network });
  }
}

/** Dates on which a network has alerts or features that count. */
async function datesOf(
  database: Database,
  { network, database: name, batches }: Pick<OtherNetwork, 'network' | 'database' | 'batches'>,
  { windowDays, through }: Omit<OtherNetworksOptions, 'networks'>,
): Promise<string[]> {
  const tables = ['raw_alerts', 'raw_features'] as const;
  const ids = (table: string) => ['', ...batches.before(table, through), ...batches.of(table, through)];
  const dates = await database.query<{ date: string }>({
    sql: `SELECT DISTINCT toString(processing_date) AS date
FROM
(
    ${tables
      .map(
        (table) => `SELECT processing_date FROM ${quote(name)}.${table}
    WHERE window_days = {window:UInt16} AND processing_date <= {through:Date} AND batch_id IN {${table}_batches:Array(String)}`,
      )
      .join('\n    UNION ALL\n    ')}
)
ORDER BY date`,
    params: {
      window: windowDays,
      through,
      ...Object.fromEntries(tables.map((table) => [`${table}_batches`, ids(table)])),
    },
    doing: `listing the snapshots of ${network}`,
  });
  return dates.map(({ date }) => date);
}

async function entityBatches(database: Database): Promise<string[]> {
  const rows = await database.query<{ batch: string }>({
    sql: `SELECT DISTINCT published_batch_id AS batch
FROM published_table_batches
WHERE table_name = 'entity_addresses'
ORDER BY batch`,
    doing: 'listing the published batches of entity_addresses',
  });
  return rows.map(({ batch }) => batch);
}
