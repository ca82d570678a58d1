import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listModels, moveAlias, openDatabase } from '@risk-scoring/pipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, fourSnapshots, plainEnvironment, start } from './testing/command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const on = ['--network', 'simnet'];
const here = path.join(folder, 'here');
const there = path.join(folder, 'there');
const archive = path.join(folder, 'model.zip');
let older: string;
let newer: string;

const run = (dataDir: string, ...args: string[]): Promise<Ended> =>
  start([...args], { cwd: folder, env: { ...plainEnvironment(), RISK_SCORING_DATA_DIR: dataDir } }).ended;

async function ok(dataDir: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(dataDir, ...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

/** How a command that must fail failed. */
async function failed(dataDir: string, ...args: string[]): Promise<{ exit: number | null; code: string }> {
  const { code: exit, stdout, stderr } = await run(dataDir, ...args, '--json');
  expect(stdout).toBe('');
  const [, code = ''] = /"code": ?"([A-Z_]+)"/.exec(stderr) ?? [];
  return { exit, code };
}

beforeAll(async () => {
  const snapshots = path.join(folder, 'snapshots');
  await ok(here, 'simulate', '--out', snapshots, ...fourSnapshots);
  await ok(here, 'init', ...on);
  await ok(there, 'init', ...on);
  await ok(here, 'ingest', ...on, '--from', snapshots);
  const train = ['train', ...on, '--start-date', '2025-01-06', '--end-date', '2025-01-20', '--cv-folds', '2'];
  // Two models of one period; their figures do not matter here.
  for (const version of ['1.0.0', '1.1.0']) {
    await ok(here, ...train, '--model-version', version, '--output-dir', path.join(folder, 'models'));
  }
  const database = await openDatabase({ network: 'simnet', dataDir: here });
  const models = await listModels(database);
  [older = '', newer = ''] = models.map((model) => model.model_id).sort();
  for (const modelId of [older, newer]) {
    await moveAlias(database, { modelType: 'alert_scorer', alias: 'champion', modelId, reason: 'by hand' });
  }
  await database.close();
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('models export and import', () => {
  it('bring a model from one place to another, byte for byte, once', { timeout: 120_000 }, async () => {
    const exported = JSON.parse(
      await ok(here, 'models', 'export', 'champion', ...on, '--out', archive, '--json'),
    );
    expect(exported).toMatchObject({ model_id: newer, file: archive, bytes: readFileSync(archive).length });
    expect(exported.names.length).toBeGreaterThanOrEqual(4);
    const output = path.join(folder, 'imported');
    const said = await ok(there, 'models', 'import', archive, ...on, '--output-dir', output);
    expect(said).toContain(`${newer} was imported`);
    const [one, other] = await Promise.all(
      [here, there].map((place) => ok(place, 'models', 'show', newer, ...on, '--json')),
    );
    expect(other).toBe(one);
    expect(readdirSync(path.join(output, 'simnet')).sort()).toEqual([...exported.names].sort());
    const again = await ok(there, 'models', 'import', archive, ...on, '--output-dir', output, '--json');
    expect(JSON.parse(again)).toMatchObject({ model_id: newer, outcome: 'unchanged' });
  });

  it('import to where the configuration says, and name the archive after the model', {
    timeout: 120_000,
  }, async () => {
    const config = path.join(folder, 'mine.yaml');
    writeFileSync(config, 'training:\n  output_dir: ./configured\n');
    await ok(here, 'models', 'export', older, ...on);
    const file = path.join(folder, `${older}.zip`);
    expect(existsSync(file)).toBe(true);
    await ok(there, 'models', 'import', file, ...on, '--config', config);
    expect(readdirSync(path.join(folder, 'configured', 'simnet')).length).toBeGreaterThanOrEqual(4);
  });

  it('refuse what they must, with its exit code, and leave nothing', { timeout: 120_000 }, async () => {
    writeFileSync(path.join(folder, 'taken.zip'), 'mine');
    const taken = ['models', 'export', newer, ...on, '--out', 'taken.zip'];
    expect(await failed(here, ...taken)).toEqual({ exit: 2, code: 'MODEL_ARCHIVE_EXISTS' });
    expect(await failed(here, 'models', 'export', 'nobody', ...on)).toEqual({
      exit: 2,
      code: 'MODEL_NOT_FOUND',
    });
    const nowhere = path.join(folder, 'nowhere');
    const broken = ['models', 'import', 'taken.zip', ...on, '--output-dir', nowhere];
    expect(await failed(there, ...broken)).toEqual({ exit: 5, code: 'MODEL_ARCHIVE_INVALID' });
    expect(existsSync(nowhere)).toBe(false);
    await ok(here, ...taken, '--force');
    await ok(there, 'init', '--network', 'othernet');
    const other = ['models', 'import', 'taken.zip', '--network', 'othernet', '--output-dir', nowhere];
    expect(await failed(there, ...other)).toEqual({ exit: 2, code: 'MODEL_DOES_NOT_FIT' });
    expect(existsSync(nowhere)).toBe(false);
  });
});

describe('a model whose files are as its metadata says, but cannot score', () => {
  it('is not made known by import or register, and leaves nothing', { timeout: 120_000 }, async () => {
    const made = path.join(folder, 'garbage');
    cpSync(path.join(folder, 'models'), made, { recursive: true });
    const place = path.join(made, 'simnet');
    const name = readdirSync(place).find((each) => /_v1\.0\.0_.*\d\.json$/.test(each)) ?? '';
    const file = path.join(place, name);
    const json = JSON.parse(readFileSync(file, 'utf8'));
    const onnx = name.replace(/json$/, 'onnx');
    const bytes = Buffer.alloc(5000, 'garbage');
    writeFileSync(path.join(place, onnx), bytes);
    json.files[onnx] = {
      role: 'onnx',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
    };
    writeFileSync(file, JSON.stringify(json));
    const elsewhere = path.join(folder, 'elsewhere');
    await ok(elsewhere, 'init', ...on);
    // A file need not be registered to be packed.
    const zip = path.join(folder, 'garbage.zip');
    await ok(elsewhere, 'models', 'export', file, ...on, '--out', zip);
    const output = path.join(folder, 'garbage-imported');
    const refused = { exit: 5, code: 'MODEL_CANNOT_SERVE' };
    expect(await failed(elsewhere, 'models', 'import', zip, ...on, '--output-dir', output)).toEqual(refused);
    expect(existsSync(output)).toBe(false);
    expect(await failed(elsewhere, 'models', 'register', file, ...on)).toEqual(refused);
    expect(JSON.parse(await ok(elsewhere, 'models', 'list', ...on, '--json'))).toEqual([]);
  });
});

describe('models aliases and rollback', () => {
  it('show what aliases stand for and go back', { timeout: 120_000 }, async () => {
    const states = JSON.parse(await ok(here, 'models', 'aliases', ...on, '--json'));
    expect(states).toMatchObject([{ alias: 'champion', model_id: newer, sequence: 2, reason: 'by hand' }]);
    expect(await ok(here, 'models', 'aliases', ...on)).toMatch(new RegExp(`champion +${newer}`));
    const said = await ok(here, 'models', 'rollback', 'champion', ...on);
    expect(said).toContain(`The alert_scorer alias champion stands for ${older} (before: ${newer}).`);
    const moves = JSON.parse(await ok(here, 'models', 'aliases', ...on, '--history', '--json'));
    expect(moves.map((move: { to: string; reason: string }) => [move.to, move.reason])).toEqual([
      [older, 'rollback'],
      [newer, 'by hand'],
      [older, 'by hand'],
    ]);
    expect(await failed(here, 'models', 'rollback', 'champion', ...on)).toEqual({
      exit: 2,
      code: 'ALIAS_NOTHING_BEFORE',
    });
    expect(await failed(here, 'models', 'rollback', 'nobody', ...on)).toEqual({
      exit: 2,
      code: 'ALIAS_NOT_FOUND',
    });
    expect(await ok(there, 'models', 'aliases', ...on)).toContain('models promote');
  });
});
