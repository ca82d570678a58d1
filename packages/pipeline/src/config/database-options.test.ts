import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { initDatabase } from '@risk-scoring/storage';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { databaseOptionsOf, environmentOf } from './database-options.ts';
import { type Config, readConfig } from './read-config.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const url = 'http://127.0.0.1:8123';
const network = 'simnet';

async function configOf(storage: string): Promise<Config> {
  writeFileSync(path.join(folder, 'mine.yaml'), `storage: ${storage}`);
  return readConfig({ folder, file: 'mine.yaml' });
}

describe('databaseOptionsOf', () => {
  it('leaves everything to the defaults where nobody says anything', async () => {
    expect(databaseOptionsOf(await configOf('{}'), { network, env: {} })).toEqual({ network });
  });

  it('takes the place of the flag, else of the environment, else of the file', async () => {
    const ofFile = await configOf('{ data_dir: ./data }');
    expect(databaseOptionsOf(ofFile, { network, env: {} }).dataDir).toBe(path.join(folder, 'data'));
    const env = { RISK_SCORING_DATA_DIR: '/env' };
    expect(databaseOptionsOf(ofFile, { network, env }).dataDir).toBe('/env');
    expect(databaseOptionsOf(ofFile, { network, env, dataDir: '/flag' }).dataDir).toBe('/flag');
    const server = databaseOptionsOf(ofFile, { network, env: { CLICKHOUSE_URL: url } });
    expect(server).toEqual({ network, server: { url } });
    const onServer = await configOf(`{ url: '${url}', cluster: three }`);
    expect(databaseOptionsOf(onServer, { network, env })).toEqual({ network, dataDir: '/env' });
    expect(databaseOptionsOf(onServer, { network, env: {}, dataDir: '/flag' })).toEqual({
      network,
      dataDir: '/flag',
    });
  });

  it('takes what is said of the server from the environment, else from the file', async () => {
    writeFileSync(path.join(folder, 'ca.pem'), 'of the file');
    const config = await configOf(
      `{ url: '${url}', user: miner, database: mine, cluster: three, request_timeout: 5, ca_cert: ca.pem }`,
    );
    const env = { CLICKHOUSE_USER: 'root', CLICKHOUSE_PASSWORD: 'secret', CLICKHOUSE_DATABASE: '' };
    expect(databaseOptionsOf(config, { network, env }).server).toEqual({
      url,
      user: 'root',
      password: 'secret',
      database: 'mine',
      cluster: 'three',
      requestTimeoutMs: 5000,
      tls: { ca: Buffer.from('of the file') },
    });
  });

  it('bounds the memory of the engine, but where the environment does', async () => {
    const config = await configOf('{ engine_memory: 1.5GiB }');
    expect(databaseOptionsOf(config, { network, env: {} }).engineMemory).toBe(1.5 * 2 ** 30);
    const env = { RISK_SCORING_ENGINE_MEMORY: '2GB' };
    expect(databaseOptionsOf(config, { network, env })).not.toHaveProperty('engineMemory');
  });

  it('refuses what is said of a server where there is none, but not where there may be one', async () => {
    const config = await configOf('{ cluster: three, client_key: k.pem }');
    const attempt = () => databaseOptionsOf(config, { network, env: {} });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(/storage\.cluster \(line 1, column 12\).*storage\.client_key/);
    const env = { RISK_SCORING_DATA_DIR: '/env' };
    expect(databaseOptionsOf(config, { network, env, dataDir: '/flag' }).dataDir).toBe('/flag');
  });

  it('opens the database that it names', async () => {
    const config = await configOf('{ data_dir: here, engine_memory: 1GB }');
    const { database } = await initDatabase(databaseOptionsOf(config, { network, env: {} }));
    const [setting] = await database.query<{ value: string }>({
      sql: "SELECT value FROM system.settings WHERE name = 'max_memory_usage'",
      doing: 'reading the settings',
    });
    expect(database.engine.location).toContain(path.join(folder, 'here'));
    expect(setting?.value).toBe('1000000000');
    await database.close();
  });
});

describe('environmentOf', () => {
  it('adds what the file says and the environment does not', async () => {
    const config = await configOf(`{ url: '${url}', user: miner }`);
    expect(environmentOf(config, { HOME: '/', CLICKHOUSE_USER: 'root' })).toEqual({
      HOME: '/',
      CLICKHOUSE_USER: 'root',
      CLICKHOUSE_URL: url,
    });
  });
});
