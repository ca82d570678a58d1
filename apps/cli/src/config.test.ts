import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, fourSnapshots, plainEnvironment, start } from './testing/command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const file = (...names: string[]) => path.join(folder, ...names);

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  start(args, { cwd: folder, env: { ...plainEnvironment(), ...env } }).ended;

async function ok(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
  const { code, stdout, stderr } = await run(args, env);
  expect(code, stderr).toBe(0);
  return stdout;
}

async function refused(args: readonly string[], env?: NodeJS.ProcessEnv) {
  const { code, stdout, stderr } = await run([...args, '--json'], env);
  expect(code, stderr).toBe(2);
  expect(stdout).toBe('');
  return JSON.parse(stderr.trim().split('\n').at(-1) ?? '').error as { code: string; found: string };
}

function configure(name: string, text: string): string[] {
  mkdirSync(path.dirname(file(name)), { recursive: true });
  writeFileSync(file(name), text);
  return ['--config', name];
}

const on = ['--network', 'simnet'];
const period = ['--start-date', '2025-01-06', '--end-date', '2025-01-20'];
const locationOf = async (args: readonly string[], env?: NodeJS.ProcessEnv) =>
  JSON.parse(await ok(['init', ...on, ...args, '--json'], env)).location as string;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('where the data is', () => {
  const inFile = configure('conf/place.yaml', 'storage: { data_dir: ../of-file }');

  it('is decided by the flag, else the environment, else the file, else the default', async () => {
    const env = { RISK_SCORING_DATA_DIR: 'of-environment' };
    expect(await locationOf([...inFile, '--data-dir', 'of-flag'], env)).toContain(file('of-flag'));
    expect(await locationOf(inFile, env)).toContain(file('of-environment'));
    expect(await locationOf(inFile)).toContain(file('of-file'));
    expect(await locationOf([])).toContain(file('.risk-scoring'));
  });

  it.each([
    ['status', ['status', ...on]],
    ['vacuum', ['vacuum', ...on]],
    ['models list', ['models', 'list', ...on]],
    ['ingest', ['ingest', ...on, '--from', '/nowhere']],
    ['score', ['score', ...on, '--date', '2001-01-01']],
    ['models show', ['models', 'show', 'none', ...on]],
    ['features export', ['features', 'export', ...on, ...period, '--out', 'm.arrow']],
    ['train', ['train', ...on, ...period]],
  ])('is the same for %s', async (_, args) => {
    const empty = configure('conf/empty.yaml', 'storage: { data_dir: nothing-here }');
    expect((await refused([...args, ...empty])).code).toBe('UNKNOWN_NETWORK');
    expect(existsSync(file('conf', 'nothing-here'))).toBe(false);
    const { stderr } = await run([...args, ...inFile, '--json']);
    expect(stderr).not.toContain('UNKNOWN_NETWORK');
  });

  it('may be a server, which a data folder in the environment or a flag goes before', async () => {
    const server = configure('server.yaml', 'storage: { url: "http://127.0.0.1:9", user: miner }');
    const { code, stderr } = await run(['status', ...on, ...server]);
    expect(stderr).toContain('[SERVER_UNREACHABLE]');
    expect(code).toBe(4);
    expect(await locationOf(server, { RISK_SCORING_DATA_DIR: 'of-environment' })).toContain('of-environment');
    expect(await locationOf([...server, '--data-dir', 'of-flag'])).toContain('of-flag');
  });

  it('takes no password, and tells none', async () => {
    const args = ['status', ...on];
    const asKey = await refused([...args, ...configure('a.yaml', 'storage:\n  password: hunter2\n')]);
    expect(asKey.code).toBe('CONFIG_INVALID');
    expect(asKey.found).toMatch(/storage\.password \(line 2, column 3\) is a secret.*CLICKHOUSE_PASSWORD/);
    const inUrl = await run([...args, ...configure('b.yaml', 'storage: { url: "http://me:hunter2@h:1" }')]);
    expect(inUrl.code).toBe(2);
    expect(inUrl.stderr).toContain('storage.url (line 1, column 12) must be an address');
    expect(inUrl.stderr + asKey.found).not.toContain('hunter2');
  });

  it('is where doctor looks', async () => {
    const { stdout } = await run(['doctor', ...inFile, '--json']);
    const { checks } = JSON.parse(stdout) as { checks: { name: string; found: string }[] };
    expect(checks.find(({ name }) => name === 'data folder')?.found).toContain(file('of-file'));
  });

  it('is kept in the commands to go on with', async () => {
    expect(await ok(['init', ...on, ...inFile])).toContain('--config conf/place.yaml');
  });
});

describe('how a model is trained', () => {
  const data = ['--data-dir', 'data'];

  beforeAll(async () => {
    await ok(['simulate', '--out', 'snapshots', ...fourSnapshots]);
    await ok(['init', ...on, ...data]);
    await ok(['ingest', ...on, ...data, '--from', 'snapshots']);
  }, 60_000);

  const train = (...more: string[]) => ['train', ...on, ...period, ...data, '--json', ...more];
  const small = `
  trainer_settings: { num_leaves: 7, max_rounds: 20, early_stopping_rounds: 5 }
  cv_folds: 2
  test_fraction: 0.3
  seed: 7
  model_version: 2.0.0
  output_dir: ../models
`;

  it('is decided by the file, and before it by flags', { timeout: 300_000 }, async () => {
    const config = configure('conf/train.yaml', `training:${small}`);
    const metadata = JSON.parse(await ok(train(...config)));
    expect(metadata).toMatchObject({
      version: '2.0.0',
      seed: 7,
      split: { test_fraction: 0.3, cv_folds: 2 },
      hyperparameters: { num_leaves: 7, max_rounds: 20, early_stopping_rounds: 5 },
    });
    expect(existsSync(file('models', 'simnet'))).toBe(true);
    const flags = ['--seed', '8', '--cv-folds', '3', '--test-fraction', '0.2', '--model-version', '3.0.0'];
    const settings = ['--trainer-setting', 'num_leaves=5', '--output-dir', 'elsewhere'];
    const other = JSON.parse(await ok(train(...config, ...flags, ...settings)));
    expect(other).toMatchObject({
      version: '3.0.0',
      seed: 8,
      split: { test_fraction: 0.2, cv_folds: 3 },
      hyperparameters: { num_leaves: 5, max_rounds: 20 },
    });
    expect(existsSync(file('elsewhere', 'simnet'))).toBe(true);
  });

  /** Labels every so many alerts suspicious. */
  const strategy = `export const labelStrategy = ({ every }) => ({
  specificationVersion: 'v1', name: 'every', settings: { every }, requires: ['alerts'],
  async deriveLabels(alerts) {
    const labels = Int8Array.from({ length: alerts.numRows }, (_, row) => (row % every === 0 ? 1 : 0));
    const codes = new Int32Array(labels.length);
    return { labels, weights: new Float32Array(labels.length).fill(1), sources: { names: ['rule'], codes } };
  },
  validateLabels() {},
  getLabelWeights: (set) => set.weights,
});`;

  it('may be by a label strategy of a file, with settings from the file and from flags', async () => {
    writeFileSync(file('conf/labels.mjs'), strategy);
    const config = configure(
      'conf/mine.yaml',
      'training: { label_strategy: ./labels.mjs, label_settings: { every: 4 } }',
    );
    const dryRun = (...more: string[]) => ok(train('--dry-run', ...more)).then((text) => JSON.parse(text));
    expect((await dryRun(...config)).positive_rate).toBeCloseTo(0.25, 1);
    const flag = ['--label-setting', 'every=2'];
    expect((await dryRun(...config, ...flag)).positive_rate).toBeCloseTo(0.5, 1);
    // Another strategy than the file's has none of the file's settings.
    expect((await dryRun(...config, '--label-strategy', 'address')).labelled).toBeGreaterThan(0);
    expect((await dryRun('--label-strategy', './conf/labels.mjs', ...flag)).positive_rate).toBeCloseTo(
      0.5,
      1,
    );
  });

  it('tells what is wrong with settings by their place', async () => {
    const config = configure('conf/wrong.yaml', 'training:\n  label_settings:\n    polcy: drop\n');
    const { code, found } = await refused(train(...config));
    expect(code).toBe('INVALID_INPUT');
    expect(found).toContain('training.label_settings.polcy (line 3, column 5) is unknown');
    const flag = await refused(train('--label-setting', 'polcy=drop'));
    expect(flag.found).toContain('--label-setting polcy is unknown');
    const value = configure('conf/value.yaml', 'training:\n  trainer_settings:\n    max_rounds: many\n');
    expect((await refused(train(...value))).found).toBe(
      'training.trainer_settings.max_rounds (line 3, column 5) must be a whole number of at least 1',
    );
  });

  it('shows its defaults in the help', async () => {
    const help = (await ok(['train', '--help'])).replace(/\s+/g, ' ');
    expect(help).toContain('seed of everything random (default: 42; configuration: training.seed)');
    expect(help).toContain('(default: none; configuration: training.evaluation_labels)');
  });
});
