import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, fourSnapshots, plainEnvironment, start } from './testing/command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const password = 'not to be shown';
let front: ChildProcess;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  const main = path.join(
    path.dirname(createRequire(import.meta.url).resolve('@risk-scoring/test-servers/package.json')),
    'dist/front-main.js',
  );
  front = spawn(
    process.execPath,
    [main, '--data-dir', path.join(folder, 'server'), '--user', 'miner', '--password', password],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const line = await new Promise((resolve) => front.stdout?.once('data', resolve));
  const { url } = JSON.parse(String(line)) as { url: string };
  env = {
    ...plainEnvironment(),
    CLICKHOUSE_URL: url,
    CLICKHOUSE_USER: 'miner',
    CLICKHOUSE_PASSWORD: password,
  };
});
afterAll(() => {
  front.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]): Promise<Ended> => start(args, { cwd: folder, env }).ended;

async function ok(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args);
  expect(code, stderr).toBe(0);
  expect(stdout + stderr).not.toContain(password);
  return stdout;
}

describe('on a server named by CLICKHOUSE_URL', () => {
  const on = ['--network', 'simnet'];

  it('does the whole main job, and keeps nothing in a data folder', { timeout: 300_000 }, async () => {
    await ok('simulate', '--out', 'snapshots', ...fourSnapshots);
    expect(await ok('init', ...on)).toContain('risk_scoring_simnet in http://127.0.0.1');
    await ok('ingest', ...on, '--from', 'snapshots');
    const period = ['--start-date', '2025-01-06', '--end-date', '2025-01-20'];
    const metadata = JSON.parse(await ok('train', ...on, ...period, '--output-dir', 'models', '--json'));
    expect(metadata.metrics.test_auc).toBeGreaterThan(0.7);
    const scored = JSON.parse(await ok('score', ...on, '--date', '2025-01-27', '--json'));
    expect(scored.alerts).toBeGreaterThan(500);
    const status = JSON.parse(await ok('status', ...on, '--json'));
    expect(status.engine).toBe('server');
    expect(status.snapshots).toHaveLength(4);
    expect(status.tables.find(({ table }: { table: string }) => table === 'alert_scores').rows).toBe(
      scored.alerts,
    );
    expect(existsSync(path.join(folder, '.risk-scoring'))).toBe(false);
  });

  it('says what is wrong with the user or the address', { timeout: 60_000 }, async () => {
    const attempt = async (change: NodeJS.ProcessEnv) =>
      start(['status', ...on], { cwd: folder, env: { ...env, ...change } }).ended;
    const refused = await attempt({ CLICKHOUSE_PASSWORD: 'wrong' });
    expect(refused.stderr).toContain('[SERVER_AUTHENTICATION_FAILED]');
    expect(refused.code).toBe(4);
    const unreachable = await attempt({ CLICKHOUSE_URL: 'http://127.0.0.1:9' });
    expect(unreachable.stderr).toContain('[SERVER_UNREACHABLE]');
    expect(unreachable.code).toBe(4);
    const malformed = await attempt({ CLICKHOUSE_URL: 'clickhouse' });
    expect(malformed.stderr).toContain('[INVALID_INPUT]');
    expect(malformed.code).toBe(2);
    const other = await start(['init', '--network', 'othernet'], {
      cwd: folder,
      env: { ...env, CLICKHOUSE_DATABASE: 'risk_scoring_simnet' },
    }).ended;
    expect(other.stderr).toContain('[DATABASE_SERVES_ANOTHER_NETWORK]');
    expect(other.code).toBe(2);
  });

  it('uses a data folder that is named, whatever the environment says', { timeout: 60_000 }, async () => {
    const shown = await ok('init', ...on, '--data-dir', 'here');
    expect(shown).toContain(path.join(folder, 'here'));
    expect(existsSync(path.join(folder, 'here', 'clickhouse'))).toBe(true);
  });
});
