// The processes of the probes run what was built, so this takes the package as its users see it.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspectMachine, type MachineCheck, worstStatus } from '@risk-scoring/pipeline';
import { afterAll, describe, expect, it } from 'vitest';

const scratch = mkdtempSync(path.join(tmpdir(), 'doctor-test-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const places = { dataDir: path.join(scratch, 'data'), modelsDir: path.join(scratch, 'models') };

/** This machine, with what would decide instead of the test taken out. */
const {
  CLICKHOUSE_URL: _,
  CLICKHOUSE_CLUSTER: __,
  RISK_SCORING_DATA_DIR: ___,
  NODE_OPTIONS: ____,
  ...env
} = process.env;

const named = (checks: readonly MachineCheck[]) => new Map(checks.map((check) => [check.name, check]));

/** Every process of a probe runs this first, as a broken native library would. */
function sabotage(script: string): NodeJS.ProcessEnv {
  const file = path.join(mkdtempSync(path.join(scratch, 'sabotage-')), 'first.cjs');
  writeFileSync(file, script);
  return { ...env, NODE_OPTIONS: `--require ${file}` };
}

const PROBED = ['ClickHouse', 'data folder', 'models folder', 'koffi', 'LightGBM', 'onnxruntime'];

describe('inspectMachine', () => {
  it('finds everything here, tells of each part, and leaves nothing behind', async () => {
    const told: string[] = [];
    const checks = await inspectMachine({ ...places, env, onProgress: ({ detail }) => told.push(detail) });
    expect(worstStatus(checks), JSON.stringify(checks)).not.toBe('missing');
    const found = named(checks);
    expect(found.size).toBe(checks.length);
    for (const name of PROBED) expect(found.get(name)?.status, name).toBe('ok');
    expect(found.get('ClickHouse')?.found).toMatch(/^\d+\.\d+.*embedded$/);
    expect(new Set(told)).toContain('lightgbm');
    expect(existsSync(places.dataDir)).toBe(false);
    expect(existsSync(places.modelsDir)).toBe(false);
  });

  it('survives what crashes, and says how it ended', async () => {
    const checks = named(await inspectMachine({ ...places, env: sabotage('process.abort()') }));
    for (const name of PROBED) expect(checks.get(name), name).toMatchObject({ status: 'missing' });
    // Only its own trainer needs it.
    expect(checks.get('XGBoost')).toMatchObject({ status: 'warning' });
    if (process.platform !== 'win32') expect(checks.get('LightGBM')?.found).toContain('SIGABRT');
    expect(checks.get('memory')).toBeDefined();
  });

  it('survives what hangs, and says how long it waited', async () => {
    const hangs = { ...places, env: sabotage('for (;;);'), timeLimitMs: 200 };
    const checks = named(await inspectMachine(hangs));
    for (const name of PROBED) {
      expect(checks.get(name), name).toMatchObject({ status: 'missing', found: 'no answer within 0.2 s' });
    }
  });

  it('survives what throws, and repeats its words', async () => {
    const broken = sabotage(`throw new Error('libgomp.so.1: cannot open shared object file')`);
    const checks = named(await inspectMachine({ ...places, env: broken }));
    expect(checks.get('onnxruntime')).toMatchObject({
      status: 'missing',
      found: expect.stringContaining('libgomp.so.1: cannot open shared object file'),
      remedy: expect.any(String),
    });
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const inspecting = inspectMachine({
      ...places,
      env: sabotage('for (;;);'),
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(inspecting).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('refuses a network that cannot be one', async () => {
    await expect(inspectMachine({ network: 'No-Such', env })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
