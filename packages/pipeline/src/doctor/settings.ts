import type { MachineCheck } from './machine-check.ts';

/** They say something about a server, and nothing without one. */
const WITH_SERVER = [
  'CLICKHOUSE_USER',
  'CLICKHOUSE_PASSWORD',
  'CLICKHOUSE_DATABASE',
  'CLICKHOUSE_CLUSTER',
  'CLICKHOUSE_REQUEST_TIMEOUT',
  'CLICKHOUSE_CA_CERT',
  'CLICKHOUSE_CLIENT_CERT',
  'CLICKHOUSE_CLIENT_KEY',
];

/** What may be shown. The others are told to be set, not to what. */
const SHOWN = ['CLICKHOUSE_CLUSTER', 'CLICKHOUSE_REQUEST_TIMEOUT'];

/**
 * The settings in the environment: one check for each that is set. No user name and no password is shown.
 *
 * @param dataDir the data folder that was named, which goes before any server
 */
export function checkSettings(env: NodeJS.ProcessEnv, dataDir?: string): MachineCheck[] {
  const server = env.CLICKHOUSE_URL?.trim();
  const checks = [
    ...(server ? [checkUrl(server, dataDir)] : []),
    ...WITH_SERVER.filter((name) => env[name]).map((name) => checkServerSetting(name, env, dataDir)),
    ...(env.RISK_SCORING_DATA_DIR ? [checkDataDir(env.RISK_SCORING_DATA_DIR, server && !dataDir)] : []),
  ];
  return checks.length > 0 ? checks : [ok('settings', 'none in the environment: ClickHouse is embedded')];
}

function checkUrl(text: string, dataDir: string | undefined): MachineCheck {
  const name = 'CLICKHOUSE_URL';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    return {
      name,
      status: 'missing',
      found: 'a text that is no http(s) address',
      expected: 'an address such as http://127.0.0.1:8123',
      remedy: `mend ${name}, or unset it for the embedded ClickHouse`,
    };
  }
  // Without the user and password that may stand in it.
  const address = `${url.protocol}//${url.host}`;
  return ok(name, dataDir ? `${address}, not used: the data folder ${dataDir} is named` : address);
}

function checkServerSetting(name: string, env: NodeJS.ProcessEnv, dataDir: string | undefined): MachineCheck {
  const found = SHOWN.includes(name) ? `${env[name]}` : 'set';
  if (env.CLICKHOUSE_URL?.trim()) return ok(name, found);
  return {
    name,
    // A cluster is refused where the engine is chosen by the environment; the others would not be noticed.
    status: name === 'CLICKHOUSE_CLUSTER' && !dataDir ? 'missing' : 'warning',
    found: `${found}, but no CLICKHOUSE_URL`,
    expected: 'CLICKHOUSE_URL beside it',
    remedy: `set CLICKHOUSE_URL to the server, or unset ${name}`,
  };
}

function checkDataDir(folder: string, isIgnored: boolean | string | undefined): MachineCheck {
  const name = 'RISK_SCORING_DATA_DIR';
  if (!isIgnored) return ok(name, folder);
  return {
    name,
    status: 'warning',
    found: `${folder}, not used: CLICKHOUSE_URL is set`,
    expected: 'a server or a data folder',
    remedy: `unset ${name} or CLICKHOUSE_URL`,
  };
}

function ok(name: string, found: string): MachineCheck {
  return { name, status: 'ok', found };
}
