import { Database } from './database.ts';
import { hasEmbeddedEngine, openEmbeddedEngine, resolveDataDir } from './embedded-engine.ts';
import { UnknownNetworkError } from './errors.ts';
import { applyMigrations, assertMigrated, type MigrationReport } from './migrations.ts';
import { databaseName, networkOfDatabase } from './network.ts';

/** Which database, and where. */
export interface DatabaseOptions {
  readonly network: string;
  /** Folder of the embedded engine; see {@link resolveDataDir}. */
  readonly dataDir?: string;
}

/**
 * Opens the database of a network that was initialised. Close it when done: the embedded engine holds
 * its folder until then.
 *
 * @throws {UnknownNetworkError} when the network was never initialised here
 * @throws {MigrationError} when its tables are of another version than this package
 * @example
 * const database = await openDatabase({ network: 'ethereum' });
 * const [row] = await database.query<{ n: string }>({ sql: 'SELECT count() AS n FROM published_alerts', doing: 'counting' });
 * await database.close();
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { network } = options;
  const dataDir = resolveDataDir(options.dataDir);
  databaseName(network);
  // Looking must not leave an empty engine behind in a folder that was named by mistake.
  if (!hasEmbeddedEngine(dataDir))
    throw new UnknownNetworkError({ network, location: dataDir, available: [] });
  const database = await connect(options);
  try {
    const networks = await listNetworks(database);
    if (!networks.includes(network)) {
      throw new UnknownNetworkError({
        network,
        location: database.engine.location,
        available: networks,
      });
    }
    await use(database);
    await assertMigrated(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * Makes the database of a network and brings its tables up to date; harmless to repeat.
 *
 * @throws {MigrationError} when a migration that ran was edited since, or the database is newer than this package
 */
export async function initDatabase(
  options: DatabaseOptions,
): Promise<{ database: Database; migrations: MigrationReport }> {
  const database = await connect(options);
  try {
    await database.command({
      sql: 'CREATE DATABASE IF NOT EXISTS {name:Identifier}',
      params: { name: database.name },
      doing: `creating ${database.name}`,
    });
    await use(database);
    return { database, migrations: await applyMigrations(database) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function connect(options: DatabaseOptions): Promise<Database> {
  const name = databaseName(options.network);
  return new Database({
    network: options.network,
    name,
    engine: await openEmbeddedEngine(resolveDataDir(options.dataDir)),
  });
}

async function use(database: Database): Promise<void> {
  await database.command({
    sql: 'USE {name:Identifier}',
    params: { name: database.name },
    doing: `opening ${database.name}`,
  });
}

async function listNetworks(database: Database): Promise<string[]> {
  const rows = await database.query<{ name: string }>({
    sql: 'SELECT name FROM system.databases ORDER BY name',
    doing: 'listing the databases',
  });
  return rows.map((row) => networkOfDatabase(row.name)).filter((network) => network !== undefined);
}
