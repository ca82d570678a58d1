import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { initDatabase, type ModelMetadata, moveAlias, registerModel } from '@risk-scoring/pipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandsIn, type Ended, fourSnapshots, paste, plainEnvironment, start } from './testing/command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const dataDir = path.join(folder, 'data');
const outputDir = path.join(folder, 'trained_models');
const saved: Record<'old' | 'week' | 'clusters', { id: string; file: string }> = {
  old: { id: '', file: '' },
  week: { id: '', file: '' },
  clusters: { id: '', file: '' },
};

/** Runs `risk-scoring models …` in a folder of its own. */
const models = (...args: string[]): Promise<Ended> =>
  start(['models', ...args, '--network', 'simnet'], {
    cwd: folder,
    env: { ...plainEnvironment(), RISK_SCORING_DATA_DIR: dataDir },
  }).ended;

async function ok(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await models(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

async function refused(...args: string[]): Promise<{ code: number | null; error: string }> {
  const { code, stdout, stderr } = await models(...args, '--json');
  expect(stdout).toBe('');
  return { code, error: JSON.parse(stderr.trim().split('\n').at(-1) ?? '').error.code };
}

/** Trains one model, elsewhere: those of the tests are made of it. */
async function trainTemplate(): Promise<string> {
  const elsewhere = {
    cwd: folder,
    env: { ...plainEnvironment(), RISK_SCORING_DATA_DIR: `${dataDir}-template` },
  };
  const snapshots = path.join(folder, 'snapshots');
  const period = ['--start-date', '2025-01-06', '--end-date', '2025-01-20', '--cv-folds', '2'];
  const on = ['--network', 'simnet'];
  for (const args of [
    ['simulate', '--out', snapshots, ...fourSnapshots],
    ['init', ...on],
    ['ingest', ...on, '--from', snapshots],
    ['train', ...on, ...period, '--output-dir', path.join(folder, 'template')],
  ]) {
    const { code, stderr } = await start(args, elsewhere).ended;
    expect(code, stderr).toBe(0);
  }
  const { stdout } = await start(['models', 'list', ...on, '--json'], elsewhere).ended;
  return JSON.parse(stdout)[0].model_path;
}

/** Writes a model that differs from the template in what is listed, and returns its metadata file. */
function derive(template: string, day: string, change: Partial<ModelMetadata>): string {
  const metadata = JSON.parse(readFileSync(template, 'utf8')) as ModelMetadata;
  const type = change.model_type ?? metadata.model_type;
  const { data_stats: stats, metrics } = metadata;
  const stem = `${type}_simnet_v1.0.0_of_${day}_w30d_202503${day}_000000`;
  const renamed = (name: string) => name.replace(path.basename(template, '.json'), stem);
  mkdirSync(path.join(outputDir, 'simnet'), { recursive: true });
  for (const name of Object.keys(metadata.files)) {
    copyFileSync(path.join(path.dirname(template), name), path.join(outputDir, 'simnet', renamed(name)));
  }
  const file = path.join(outputDir, 'simnet', `${stem}.json`);
  const derived = {
    ...metadata,
    model_id: `${type}_simnet_v1.0.0_202503${day}_000000`,
    created_at: `2025-03-${day}T00:00:00Z`,
    data_stats: { ...stats, num_samples: 1234 },
    metrics: { ...metrics, test_auc: 0.9, cv_auc_mean: 0.88, cv_auc_std: 0.02 },
    ...change,
    files: Object.fromEntries(Object.entries(metadata.files).map(([name, each]) => [renamed(name), each])),
  };
  writeFileSync(file, JSON.stringify(derived));
  return file;
}

beforeAll(async () => {
  const template = await trainTemplate();
  const { metrics, training_period: period } = JSON.parse(readFileSync(template, 'utf8')) as ModelMetadata;
  const files = {
    old: derive(template, '01', {}),
    week: derive(template, '02', { training_period: { ...period, window_days: 7 } }),
    clusters: derive(template, '03', {
      model_type: 'cluster_scorer',
      metrics: { ...metrics, test_auc: null, cv_auc_mean: null, cv_auc_std: null },
    }),
  };
  const { database } = await initDatabase({ network: 'simnet', dataDir });
  for (const [name, file] of Object.entries(files)) {
    const { model_id: id } = await registerModel(database, file);
    saved[name as keyof typeof saved] = { id, file };
  }
  for (const alias of ['champion', 'baseline']) {
    await moveAlias(database, { modelType: 'alert_scorer', alias, modelId: saved.old.id });
  }
  await moveAlias(database, { modelType: 'cluster_scorer', alias: 'champion', modelId: saved.clusters.id });
  await database.close();
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('models list', () => {
  it('shows what helps to choose, newest first, and the aliases', async () => {
    const [heading = '', ...rows] = (await ok('list')).trimEnd().split('\n');
    expect(heading.split(/ {2,}/)).toEqual([
      'model',
      'type',
      'created (UTC)',
      'trained on',
      'window',
      'samples',
      'test AUC',
      'CV AUC',
      'aliases',
    ]);
    expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
      [
        saved.clusters.id,
        'cluster_scorer',
        '2025-03-03 00:00:00',
        '2025-01-06 to 2025-01-20',
        '30',
        '1,234',
        '–',
        '–',
        'champion',
      ],
      [
        saved.week.id,
        'alert_scorer',
        '2025-03-02 00:00:00',
        '2025-01-06 to 2025-01-20',
        '7',
        '1,234',
        '0.900',
        '0.880 ± 0.020',
      ],
      [
        saved.old.id,
        'alert_scorer',
        '2025-03-01 00:00:00',
        '2025-01-06 to 2025-01-20',
        '30',
        '1,234',
        '0.900',
        '0.880 ± 0.020',
        'baseline, champion',
      ],
    ]);
  });

  it('filters by type and window', async () => {
    const ids = async (...args: string[]) =>
      JSON.parse(await ok('list', '--json', ...args)).map((row: { model_id: string }) => row.model_id);
    expect(await ids('--model-type', 'alert_scorer')).toEqual([saved.week.id, saved.old.id]);
    expect(await ids('--window-days', '30')).toEqual([saved.clusters.id, saved.old.id]);
    expect(await ok('list', '--model-type', 'alert_ranker')).toContain('of that type and window yet');
    expect(await refused('list', '--model-type', 'magic')).toEqual({ code: 2, error: 'INVALID_INPUT' });
  });
});

describe('models show', () => {
  it('takes an id, latest, a path or an alias, which mean the alert_scorer where no type is said', async () => {
    const id = async (...args: string[]) => JSON.parse(await ok('show', '--json', ...args)).model_id;
    expect(await id()).toBe(saved.week.id);
    expect(await id('latest', '--model-type', 'cluster_scorer')).toBe(saved.clusters.id);
    expect(await id(saved.week.file)).toBe(saved.week.id);
    expect(await id('baseline')).toBe(saved.old.id);
    expect(await id('champion', '--model-type', 'alert_scorer')).toBe(saved.old.id);
    expect(await id('champion')).toBe(saved.old.id);
    expect(await id('champion', '--model-type', 'cluster_scorer')).toBe(saved.clusters.id);
    expect(await refused('show', 'nobody')).toEqual({ code: 2, error: 'MODEL_NOT_FOUND' });
  });
});

describe('models verify, register and delete', () => {
  it('verify says that all is well, with the default output folder', async () => {
    expect(await ok('verify')).toBe('3 of 3 registered models are as they were saved.\n');
  });

  it('verify exits with 5 where a file was changed, names it, and goes back to 0 once it is restored', async () => {
    const onnx = saved.week.file.replace(/json$/, 'onnx');
    const bytes = readFileSync(onnx);
    appendFileSync(onnx, 'x');
    const { code, stdout } = await models('verify');
    expect(code).toBe(5);
    expect(stdout).toContain('2 of 3 registered models are as they were saved.');
    expect(stdout).toContain(`Changed:\n  ${onnx}\n`);
    const json = JSON.parse((await models('verify', '--json')).stdout);
    expect(json).toMatchObject({
      models: 3,
      missing: [],
      changed: [{ file: onnx, model_id: saved.week.id }],
    });
    expect(await refused('show', saved.week.id)).toEqual({ code: 5, error: 'MODEL_FILE_CHANGED' });
    writeFileSync(onnx, bytes);
    expect(JSON.parse(await ok('verify', '--json'))).toMatchObject({ changed: [], orphaned: [] });
  });

  it('delete refuses a model that an alias stands for, and takes all files of another', async () => {
    expect(await refused('delete', saved.old.id)).toEqual({ code: 2, error: 'MODEL_IN_USE' });
    expect(existsSync(saved.old.file)).toBe(true);
    const { files } = JSON.parse(await ok('delete', saved.week.id, '--json'));
    expect(files.length).toBeGreaterThanOrEqual(4);
    expect(existsSync(saved.week.file)).toBe(false);
    expect(await refused('delete', saved.week.id)).toEqual({ code: 2, error: 'MODEL_NOT_FOUND' });
    const forced = await ok('delete', saved.old.id, '--force');
    expect(forced).toContain(saved.old.file);
    for (const alias of ['baseline', 'champion'])
      expect(forced).toContain(`The alert_scorer alias ${alias} stands for nothing now`);
    const states = JSON.parse(await ok('aliases', '--model-type', 'alert_scorer', '--json'));
    expect(states).toEqual([]);
    const [last] = JSON.parse(await ok('aliases', '--alias', 'champion', '--history', '--json'));
    expect(last).toMatchObject({ from: saved.old.id, to: null, reason: 'its model was deleted' });
    expect(await ok('verify')).toBe('1 of 1 registered models are as they were saved.\n');
  });

  it('register makes known what another database lacks, as verify there says', async () => {
    const other = path.join(folder, 'other-data');
    const { database } = await initDatabase({ network: 'simnet', dataDir: other });
    await database.close();
    const there = ['--data-dir', other];
    const found = await ok('verify', ...there);
    expect(found).toContain('No model is registered.');
    expect(found).toContain(`models register --network simnet --data-dir ${other} ${saved.clusters.file}`);
    expect(await ok('register', saved.clusters.file, ...there)).toContain('is registered');
    expect(JSON.parse(await ok('register', saved.clusters.file, '--json', ...there))).toEqual({
      model_id: saved.clusters.id,
      metadata_path: saved.clusters.file,
      outcome: 'unchanged',
    });
    expect(await ok('list', ...there)).toContain(saved.clusters.id);
    expect(await refused('register', path.join(folder, 'nothing.json'), ...there)).toEqual({
      code: 5,
      error: 'MODEL_FILE_MISSING',
    });
  });
});

describe('commands that are advised', () => {
  it('work as they are pasted, on the database and in the folder that were meant', {
    timeout: 120_000,
  }, async () => {
    const there = ['--data-dir', 'my data'];
    const elsewhere = path.join(folder, "it's my models, all of them");
    const { database } = await initDatabase({ network: 'simnet', dataDir: path.join(folder, 'my data') });
    await database.close();
    const advised = ({ stdout, stderr }: Ended) => commandsIn(stdout + stderr);
    const pasted = async (command = '') => paste(command, { cwd: folder, env: plainEnvironment() });
    const file = path.join(elsewhere, path.basename(saved.clusters.file));
    const half = path.join(elsewhere, '.alert_scorer_simnet_v1.0.0_20250301_000000.saving');
    cpSync(path.dirname(saved.clusters.file), elsewhere, { recursive: true });
    mkdirSync(half);

    const look = advised(await models('verify', ...there, '--output-dir', elsewhere));
    expect(look).toHaveLength(2);
    const register = look.find((command) => command.includes('register'));
    const tidy = await pasted(look.find((command) => command.includes('--remove-leftovers')));
    expect(tidy.stdout, tidy.stderr).toContain(half);
    const registered = await pasted(register);
    expect(registered.stdout, registered.stderr).toContain('is registered');

    const [list, train] = advised(await models('show', 'nobody', ...there));
    expect((await pasted(list)).stdout).toContain(saved.clusters.id);
    expect((await pasted(train)).stderr).not.toMatch(/required|unknown option/);

    const type = ['--model-type', 'cluster_scorer'];
    const [aliases, promote] = advised(await models('rollback', 'champion', ...type, ...there));
    expect((await pasted(aliases)).code).toBe(0);
    expect((await pasted(promote)).stderr).toContain('MODEL_NOT_FOUND');
    const promoted = await pasted(promote?.replace('MODEL', saved.clusters.id));
    expect(promoted.stdout, promoted.stderr).toContain(`champion now stands for ${saved.clusters.id}`);
    const [another] = advised(await models('rollback', 'champion', ...type, ...there));
    expect((await pasted(another)).stderr).toContain('MODEL_NOT_FOUND');

    rmSync(file);
    const [instead, forget] = advised(await models('verify', ...there));
    expect((await pasted(instead)).stderr).toContain('MODEL_NOT_FOUND');
    const refused = await pasted(forget);
    expect(refused.stderr).toContain('MODEL_IN_USE');
    const force = advised(refused).find((command) => command.includes('--force'));
    const deleted = await pasted(force);
    expect(deleted.code, deleted.stderr).toBe(0);
    const [fill, back] = advised(deleted);
    expect((await pasted(fill)).stderr).toContain('MODEL_NOT_FOUND');
    expect((await pasted(back)).stderr).toContain('ALIAS_NOTHING_BEFORE');
  });
});
