import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MachineCheck } from '@risk-scoring/pipeline';
import { startClickHouseFront } from '@risk-scoring/test-servers';
import { afterAll, describe, expect, it } from 'vitest';
import { type Ended, plainEnvironment, start } from './testing/command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-doctor-test-'));
const dataDir = path.join(folder, 'data');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command in a folder of its own, without the settings of this machine that the tests are about. */
function run(args: readonly string[], settings: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return start(args, { cwd: folder, env: { ...plainEnvironment(), ...settings } }).ended;
}

async function doctor(args: readonly string[], settings: NodeJS.ProcessEnv = {}) {
  const { code, stdout, stderr } = await run(['doctor', '--json', ...args], settings);
  expect(stdout, stderr).toMatch(/^\{/);
  const report = JSON.parse(stdout) as { status: string; checks: MachineCheck[] };
  const checks = new Map(report.checks.map((check) => [check.name, check]));
  return { code, stdout, status: report.status, checks };
}

describe('risk-scoring doctor', () => {
  it('finds everything that the other commands need, and leaves nothing behind', async () => {
    const { code, status, checks } = await doctor([]);
    expect(status).not.toBe('missing');
    expect(code).toBe(0);
    for (const name of ['ClickHouse', 'data folder', 'models folder', 'koffi', 'LightGBM', 'onnxruntime']) {
      expect(checks.get(name)?.status, name).toBe('ok');
    }
    expect(checks.get('data folder')?.found).toContain(path.join(folder, '.risk-scoring'));
    expect(existsSync(path.join(folder, '.risk-scoring'))).toBe(false);
  });

  it('shows a table with a mark for each check', async () => {
    const { code, stdout } = await run(['doctor']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok {2}Node\.js +\d+\.\d+\.\d+$/m);
    expect(stdout).toMatch(/^ok {2}LightGBM +\d/m);
  });

  it('misses a LightGBM that is not where it should be, and says what to do', async () => {
    const settings = { LIGHTGBM_LIBRARY: path.join(folder, 'nowhere.so') };
    const { code, checks } = await doctor([], settings);
    expect(code).toBe(4);
    expect(checks.get('LightGBM')).toMatchObject({
      status: 'missing',
      found: expect.stringContaining(settings.LIGHTGBM_LIBRARY),
      remedy: expect.stringContaining('unset LIGHTGBM_LIBRARY'),
    });
    expect(checks.get('onnxruntime')?.status).toBe('ok');
    const { stdout } = await run(['doctor'], settings);
    expect(stdout).toMatch(/^✗ {3}LightGBM/m);
    expect(stdout).toMatch(
      /1 missing[\s\S]*✗ LightGBM\n {2}expected: .*\n {2}to do: +unset LIGHTGBM_LIBRARY/,
    );
  });

  it('refuses a data folder that is a file', async () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    const { code, checks } = await doctor([], { RISK_SCORING_DATA_DIR: file });
    expect(code).toBe(4);
    expect(checks.get('data folder')).toMatchObject({
      status: 'missing',
      found: `${file} is a file`,
      remedy: expect.any(String),
    });
  });

  it('looks at the database of a network', async () => {
    const on = ['--network', 'ethereum', '--data-dir', dataDir];
    const before = await doctor(on);
    expect(before.code).toBe(4);
    expect(before.checks.get('network ethereum')).toMatchObject({
      status: 'missing',
      remedy: expect.stringContaining('init --network ethereum'),
    });
    expect(existsSync(dataDir)).toBe(false);

    expect((await run(['init', ...on])).code).toBe(0);
    const after = await doctor(on);
    expect(after.code).toBe(0);
    expect(after.checks.get('network ethereum')).toMatchObject({
      status: 'ok',
      found: 'risk_scoring_ethereum, up to date',
    });
  });

  it('names the process that has the data folder open', async () => {
    const holder = hold(dataDir);
    try {
      await new Promise((resolve) => holder.stdout?.once('data', resolve));
      const { code, checks } = await doctor(['--data-dir', dataDir]);
      expect(checks.get('data folder')).toMatchObject({
        status: 'warning',
        found: expect.stringContaining(`process ${holder.pid}`),
      });
      expect(code).toBe(0);
    } finally {
      holder.kill('SIGKILL');
    }
  });

  it('misses a server that does not answer, and shows nobody who would use it', async () => {
    const { code, stdout, checks } = await doctor(['--network', 'ethereum'], {
      CLICKHOUSE_URL: `http://alice:opensesame@127.0.0.1:${await closedPort()}`,
      CLICKHOUSE_USER: 'bob',
      CLICKHOUSE_PASSWORD: 'swordfish',
    });
    expect(code).toBe(4);
    const unreachable = {
      status: 'missing',
      found: expect.stringMatching(/127\.0\.0\.1:\d+ does not answer.*ECONNREFUSED/),
      remedy: expect.stringContaining('CLICKHOUSE_URL'),
    };
    expect(checks.get('ClickHouse')).toMatchObject(unreachable);
    expect(checks.get('network ethereum')).toMatchObject(unreachable);
    expect(checks.has('data folder')).toBe(false);
    expect(stdout).not.toMatch(/alice|opensesame|bob|swordfish/);
  });

  it('asks a server for its version and its databases', async () => {
    const user = { CLICKHOUSE_USER: 'alice', CLICKHOUSE_PASSWORD: 'opensesame' };
    const front = await startClickHouseFront({
      dataDir: path.join(folder, 'served'),
      user: user.CLICKHOUSE_USER,
      password: user.CLICKHOUSE_PASSWORD,
    });
    try {
      const on = ['--network', 'ethereum'];
      const settings = { ...user, CLICKHOUSE_URL: front.url };
      const before = await doctor(on, settings);
      expect(before.checks.get('ClickHouse')?.status).toBe('ok');
      expect(before.checks.get('network ethereum')?.status).toBe('missing');

      expect((await run(['init', ...on], settings)).code).toBe(0);
      const after = await doctor(on, settings);
      expect(after.code).toBe(0);
      expect(after.checks.get('ClickHouse')?.found).toMatch(/^\d+\.\d+.* at http:/);
      expect(after.checks.get('network ethereum')?.status).toBe('ok');

      const refused = await doctor(on, { ...settings, CLICKHOUSE_PASSWORD: 'swordfish' });
      expect(refused.code).toBe(4);
      expect(refused.checks.get('ClickHouse')).toMatchObject({
        status: 'missing',
        remedy: expect.stringContaining('CLICKHOUSE_PASSWORD'),
      });
      expect(refused.stdout).not.toMatch(/alice|opensesame|swordfish/);
    } finally {
      await front.close();
    }
  });

  it('takes a network that cannot be one for bad input', async () => {
    const { code, stderr } = await run(['doctor', '--network', 'No-Such']);
    expect(code).toBe(2);
    expect(stderr).toContain('INVALID_INPUT');
  });
});

/** A port that was free a moment ago, so that nobody answers there. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A process that works in the data folder until it is ended. */
function hold(held: string): ChildProcess {
  const script = `import { openDatabase } from '@risk-scoring/pipeline';
    await openDatabase({ network: 'ethereum', dataDir: ${JSON.stringify(held)} });
    console.log('open');
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: plainEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
