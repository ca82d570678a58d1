import { type DatabaseOptions, serverFromEnvironment } from '@risk-scoring/storage';
import { ConfigError } from './config-error.ts';
import type { Config, StorageSettings } from './read-config.ts';
import { memoryBytes } from './storage-schema.ts';

/** The variables that say the same as a key of the configuration. */
const VARIABLES = {
  url: 'CLICKHOUSE_URL',
  user: 'CLICKHOUSE_USER',
  database: 'CLICKHOUSE_DATABASE',
  cluster: 'CLICKHOUSE_CLUSTER',
  requestTimeout: 'CLICKHOUSE_REQUEST_TIMEOUT',
  caCert: 'CLICKHOUSE_CA_CERT',
  clientCert: 'CLICKHOUSE_CLIENT_CERT',
  clientKey: 'CLICKHOUSE_CLIENT_KEY',
  dataDir: 'RISK_SCORING_DATA_DIR',
  engineMemory: 'RISK_SCORING_ENGINE_MEMORY',
} as const satisfies Record<keyof StorageSettings, string>;

/** Keys that say something about a server, and nothing without one. */
const OF_A_SERVER = {
  user: 'user',
  database: 'database',
  cluster: 'cluster',
  requestTimeout: 'request_timeout',
  caCert: 'ca_cert',
  clientCert: 'client_cert',
  clientKey: 'client_key',
} as const satisfies Partial<Record<keyof StorageSettings, string>>;

/**
 * The environment as it is with the configuration: what a variable does not say, the file does. Where the environment says by
 * `CLICKHOUSE_URL` or `RISK_SCORING_DATA_DIR` where the data is, the file does not; what it says of a server counts where there is one.
 *
 * @example
 * environmentOf(config, process.env).CLICKHOUSE_URL;
 */
export function environmentOf(
  { storage }: Pick<Config, 'storage'>,
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const placed = isPlaced(env);
  const onServer = Boolean(placed ? env.CLICKHOUSE_URL?.trim() : storage.url);
  const counts = (key: string) => {
    if (key === 'url' || key === 'dataDir') return !placed;
    return onServer || !Object.hasOwn(OF_A_SERVER, key);
  };
  const entries = Object.entries(VARIABLES).flatMap(([key, variable]) => {
    const value = storage[key as keyof StorageSettings];
    return value === undefined || env[variable] || !counts(key) ? [] : [[variable, `${value}`]];
  });
  return { ...env, ...Object.fromEntries(entries) };
}

/**
 * Where the database of a network is: by a flag, else by the environment, else by the configuration, else in `.risk-scoring`.
 *
 * @param where.dataDir the folder that a flag names, relative to the working folder
 * @throws {ConfigError} for keys about a server where nothing names one
 * @throws {InvalidInputError} for a variable that cannot be meant
 * @example
 * const database = await openDatabase(databaseOptionsOf(config, { network: 'ethereum', env: process.env }));
 */
export function databaseOptionsOf(
  config: Config,
  where: { readonly network: string; readonly dataDir?: string | undefined; readonly env: NodeJS.ProcessEnv },
): DatabaseOptions {
  const { network, dataDir, env } = where;
  if (dataDir === undefined && !isPlaced(env)) assertServer(config);
  const merged = environmentOf(config, env);
  // What the environment says of memory, storage reads by itself.
  const memory = env.RISK_SCORING_ENGINE_MEMORY?.trim() ? undefined : config.storage.engineMemory;
  const server = dataDir === undefined ? serverFromEnvironment(merged) : undefined;
  const folder = dataDir ?? (server === undefined ? merged.RISK_SCORING_DATA_DIR : undefined);
  return {
    network,
    ...(server === undefined ? {} : { server }),
    ...(folder ? { dataDir: folder } : {}),
    ...(memory === undefined ? {} : { engineMemory: memoryBytes(memory) }),
  };
}

/** Whether the environment says where the data is. */
function isPlaced(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env.CLICKHOUSE_URL?.trim() || env.RISK_SCORING_DATA_DIR);
}

function assertServer({ storage, file, whereOf }: Config): void {
  if (storage.url !== undefined || file === undefined) return;
  const useless = Object.entries(OF_A_SERVER).filter(
    ([key]) => storage[key as keyof StorageSettings] !== undefined,
  );
  if (useless.length === 0) return;
  throw new ConfigError({
    file,
    expected: 'storage.url, or CLICKHOUSE_URL in the environment, beside what is said about a server',
    found: useless.map(([, key]) => `${whereOf(['storage', key])} and no server`).join('; '),
    remedy: 'name the server, or remove what is said about it to use the embedded ClickHouse',
  });
}
