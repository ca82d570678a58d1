import { assertCluster, onCluster } from './cluster/index.ts';
import { Database, type DatabaseBehaviour } from './database.ts';
import { hasEmbeddedEngine, resolveDataDir } from './engine/data-folder.ts';
import { openEmbeddedEngine } from './engine/embedded-engine.ts';
import type { Engine } from './engine/engine.ts';
import { checkEngineMemory, engineMemoryFromEnvironment } from './engine/engine-memory.ts';
import { openServerEngine } from './engine/server-engine.ts';
import { type ServerOptions, serverFromEnvironment } from './engine/server-options.ts';
import { ServerVersionError, UnknownNetworkError } from './errors.ts';
import { applyMigrations, assertMigrated, type MigrationReport } from './migrations.ts';
import { databaseName, networkOfDatabase, validateDatabaseName } from './network.ts';
import { assertServes, assertServesIfKnown, claimNetwork } from './served-network.ts';

/** The oldest server that has every function and statement that is used here. */
const OLDEST_SERVER = { text: '24.8', major: 24, minor: 8 };

/** Which database, and where. */
export interface DatabaseOptions extends DatabaseBehaviour {
  readonly network: string;
  /**
   * Folder of the embedded engine; see {@link resolveDataDir}. Naming one means the embedded engine, whatever the environment says.
   */
  readonly dataDir?: string;
  /** A server or cluster. Without it and without `dataDir`, the environment decides; see {@link serverFromEnvironment}. */
  readonly server?: ServerOptions;
  /**
   * Bytes that one query of the engine may take; beyond half of them it goes on on disk. Without it `RISK_SCORING_ENGINE_MEMORY`
   * decides, and without that the engine's own configuration.
   */
  readonly engineMemory?: number;
}

/**
 * Opens the database of a network that was initialised. Close it when done: the embedded engine holds
 * its folder until then.
 *
 * @throws {UnknownNetworkError} when the network was never initialised here
 * @throws {WrongNetworkError} when the named database holds another network
 * @throws {MigrationError} when its tables are of another version than this package
 * @throws {ServerUnreachableError | ServerAccessError | ServerVersionError} when a server does not let us work
 * @example
 * const database = await openDatabase({ network: 'ethereum' });
 * const [row] = await database.query<{ n: string }>({ sql: 'SELECT count() AS n FROM published_alerts', doing: 'counting' });
 * await database.close();
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const place = placeOf(options);
  // Looking must not leave an empty engine behind in a folder that was named by mistake.
  if (place.kind === 'embedded' && !hasEmbeddedEngine(place.dataDir)) {
    throw new UnknownNetworkError({ network: options.network, location: place.dataDir, available: [] });
  }
  return connected(options, place, async (database) => {
    const databases = await listDatabases(database);
    if (!databases.includes(database.name)) {
      throw new UnknownNetworkError({
        network: options.network,
        location: database.engine.location,
        available: databases.map(networkOfDatabase).filter((network) => network !== undefined),
      });
    }
    const { cluster } = database.engine;
    if (cluster !== undefined) await assertCluster(database, cluster);
    await database.engine.selectDatabase(database.name);
    await assertServesIfKnown(database);
    await assertMigrated(database);
    await assertServes(database);
    return database;
  });
}

/**
 * Makes the database of a network and brings its tables up to date; harmless to repeat.
 *
 * @throws {WrongNetworkError} when the named database holds another network
 * @throws {MigrationError} when a migration that ran was edited since, or the database is newer than this package
 */
export async function initDatabase(
  options: DatabaseOptions,
): Promise<{ database: Database; migrations: MigrationReport }> {
  return connected(options, placeOf(options), async (database) => {
    const { cluster } = database.engine;
    if (cluster !== undefined) await assertCluster(database, cluster);
    await database.command({
      sql: `CREATE DATABASE IF NOT EXISTS {name:Identifier}${cluster === undefined ? '' : ` ${onCluster(cluster)}`}`,
      params: { name: database.name },
      doing: `creating ${database.name}`,
    });
    await database.engine.selectDatabase(database.name);
    await assertServesIfKnown(database);
    const migrations = await applyMigrations(database);
    await claimNetwork(database);
    return { database, migrations };
  });
}

type Place =
  | { readonly kind: 'embedded'; readonly dataDir: string; readonly name: string }
  | { readonly kind: 'server'; readonly server: ServerOptions; readonly name: string };

function placeOf(options: DatabaseOptions): Place {
  const name = databaseName(options.network);
  const server = options.server ?? (options.dataDir ? undefined : serverFromEnvironment());
  if (server === undefined) return { kind: 'embedded', dataDir: resolveDataDir(options.dataDir), name };
  return { kind: 'server', server, name: server.database ? validateDatabaseName(server.database) : name };
}

async function connected<T>(
  options: DatabaseOptions,
  place: Place,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const memory =
    options.engineMemory === undefined
      ? engineMemoryFromEnvironment()
      : checkEngineMemory(options.engineMemory);
  const engine: Engine =
    place.kind === 'embedded'
      ? await openEmbeddedEngine(place.dataDir, memory)
      : openServerEngine(place.server, memory);
  const database = new Database({
    network: options.network,
    name: place.name,
    engine,
    ...(options.retry ? { retry: options.retry } : {}),
    ...(options.onRetry ? { onRetry: options.onRetry } : {}),
  });
  try {
    if (place.kind === 'server') await checkVersion(database);
    return await work(database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The first request: says whether the server answers, knows the user and is new enough. */
async function checkVersion(database: Database): Promise<void> {
  const [row] = await database.query<{ version: string }>({
    sql: 'SELECT version() AS version',
    doing: 'connecting',
    attempts: database.retryPolicy.connectAttempts,
  });
  const found = row?.version ?? '';
  const [major = 0, minor = 0] = found.split('.').map(Number);
  if (major > OLDEST_SERVER.major || (major === OLDEST_SERVER.major && minor >= OLDEST_SERVER.minor)) return;
  throw new ServerVersionError({
    location: database.engine.location,
    expected: `ClickHouse ${OLDEST_SERVER.text} or newer`,
    found: `ClickHouse ${found}`,
  });
}

async function listDatabases(database: Database): Promise<string[]> {
  const rows = await database.query<{ name: string }>({
    sql: 'SELECT name FROM system.databases ORDER BY name',
    doing: 'listing the databases',
  });
  return rows.map((row) => row.name);
}
