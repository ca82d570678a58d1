import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRandom, InvalidInputError } from '@risk-scoring/contract';
import { type Database, initDatabase } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelFileError, ModelNotFoundError, ModelNotRegisteredError, ModelNotSavedError } from './errors.ts';
import { loadModel, readStoredModel } from './load.ts';
import { validateModelVersion } from './model-name.ts';
import { saveModel } from './save.ts';
import { sampleArtifacts, sampleMetadata } from './testing/fixture.ts';
import { listModels } from './trained-models.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
let database: Database;
let outputs = 0;

beforeAll(async () => {
  ({ database } = await initDatabase({ network: 'simnet', dataDir: folder }));
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

function save(change: Partial<Parameters<typeof saveModel>[0]> = {}) {
  outputs += 1;
  return saveModel({
    database,
    outputDir: path.join(folder, `models-${outputs}`),
    metadata: sampleMetadata(),
    artifacts: sampleArtifacts,
    holdoutGroups: ['0xb', '0xa'],
    ...change,
  });
}

const noon = new Date('2025-03-01T12:00:00.900Z');

describe('saveModel', () => {
  it('writes the files under the names of the design, with the sha256 of each, and the row', async () => {
    const outputDir = path.join(folder, 'named');
    const saved = await save({ outputDir, createdAt: noon });
    const stem = 'alert_scorer_simnet_v1.0.0_2025-01-01_2025-02-01_w30d_20250301_120000';
    expect(readdirSync(path.join(outputDir, 'simnet')).sort()).toEqual(
      ['.holdout.txt', '.json', '.onnx', '.txt'].map((extension) => `${stem}${extension}`),
    );
    expect(saved.metadata.model_id).toBe('alert_scorer_simnet_v1.0.0_20250301_120000');
    for (const [name, file] of Object.entries(saved.metadata.files)) {
      const bytes = readFileSync(path.join(outputDir, 'simnet', name));
      expect(file).toMatchObject({
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
    }
    const [row] = await listModels(database, { modelId: saved.metadata.model_id });
    expect(row).toMatchObject({
      created_at: '2025-03-01 12:00:00',
      model_path: saved.metadataPath,
      training_start_date: '2025-01-01',
      num_samples: 100,
      num_features: 2,
    });
    expect(row?.test_auc).toBeCloseTo(0.9, 6);
  });

  it('comes back as it was saved, the holdout with it', async () => {
    const saved = await save();
    const model = await loadModel(database, { model: saved.metadata.model_id });
    expect(model.metadata).toEqual(saved.metadata);
    expect(model.holdoutGroups).toEqual(['0xa', '0xb']);
    expect(model.artifacts.map(({ role, extension, bytes }) => [role, extension, bytes.length])).toEqual(
      sampleArtifacts.map(({ role, extension, bytes }) => [role, extension, bytes.length]),
    );
  });

  it('gives every model of one second its own id, also when they are saved at once and of other periods', async () => {
    const outputDir = path.join(folder, 'at-once');
    const other = sampleMetadata({
      training_period: { start_date: '2024-01-01', end_date: '2024-02-01', window_days: 30 },
    });
    const saved = await Promise.all(
      [sampleMetadata(), sampleMetadata(), other, other].map((metadata) =>
        save({ outputDir, metadata, createdAt: noon }),
      ),
    );
    expect(new Set(saved.map((model) => model.metadata.model_id)).size).toBe(4);
    for (const { metadataPath } of saved) await readStoredModel(metadataPath);
  });

  it('refuses a version that could leave its folder', async () => {
    for (const version of ['../1.0.0', '1.0', 'v1.0.0', '1.0.0/..', '']) {
      expect(() => validateModelVersion(version)).toThrow(InvalidInputError);
    }
    await expect(save({ metadata: sampleMetadata({ version: '../../1.0.0' }) })).rejects.toThrow(
      InvalidInputError,
    );
  });

  it('leaves nothing behind where it cannot write', async () => {
    const outputDir = path.join(folder, 'blocked');
    mkdirSync(outputDir);
    writeFileSync(path.join(outputDir, 'simnet'), 'a file where the folder should be');
    const before = (await listModels(database)).length;
    await expect(save({ outputDir })).rejects.toThrow(ModelNotSavedError);
    expect((await listModels(database)).length).toBe(before);
  });

  it('refuses metadata that could not be read back, with nothing left behind', async () => {
    const outputDir = path.join(folder, 'nan');
    const metadata = sampleMetadata({ feature_importances: { a: Number.NaN } });
    await expect(save({ outputDir, metadata })).rejects.toThrow(/feature_importances/);
    expect(readdirSync(path.join(outputDir, 'simnet'))).toEqual([]);
  });

  it('keeps the whole model on disk where only the row fails, and says where', async () => {
    const outputDir = path.join(folder, 'unregistered');
    await database.command({ sql: 'RENAME TABLE trained_models TO hidden_models', doing: 'hiding' });
    const failing = await save({ outputDir }).catch((error: unknown) => error);
    await database.command({ sql: 'RENAME TABLE hidden_models TO trained_models', doing: 'showing' });
    expect(failing).toBeInstanceOf(ModelNotRegisteredError);
    const [json] = readdirSync(path.join(outputDir, 'simnet')).filter((name) => name.endsWith('.json'));
    const stored = await loadModel(database, { model: path.join(outputDir, 'simnet', json ?? '') });
    expect(stored.artifacts).toHaveLength(2);
  });

  it('never shows half a model, however often the saving process is killed', {
    timeout: 60_000,
  }, async () => {
    const outputDir = path.join(folder, 'killed');
    const script = `
      import { initDatabase } from ${JSON.stringify(import.meta.resolve('@risk-scoring/storage'))};
      import { saveModel } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
      import { sampleArtifacts, sampleMetadata } from ${JSON.stringify(new URL('../dist/testing/fixture.js', import.meta.url).href)};
      const { database } = await initDatabase({ network: 'simnet', dataDir: ${JSON.stringify(path.join(folder, 'killed-data'))} });
      console.log('begin');
      for (;;) await saveModel({ database, outputDir: ${JSON.stringify(outputDir)},
        metadata: sampleMetadata(), artifacts: sampleArtifacts, holdoutGroups: ['0xa'] });`;
    const random = createRandom(2, 'kills');
    const names = () => readdirSync(path.join(outputDir, 'simnet'));
    // Kills that never met a model half-way would prove nothing, so it goes on until one did.
    const metHalfAModel = () => names().some((name) => name.endsWith('.saving'));
    for (let kill = 0; kill < 6 || (kill < 60 && !metHalfAModel()); kill++) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, 20 + random.integer(150)));
      child.kill('SIGKILL');
      await ended;
    }
    expect(metHalfAModel()).toBe(true);
    const models = names().filter((name) => name.endsWith('.json'));
    expect(models.length).toBeGreaterThan(0);
    for (const name of models) await readStoredModel(path.join(outputDir, 'simnet', name));
    await save({ outputDir });
  });
});

describe('loadModel', () => {
  it('finds the newest of a type and window', async () => {
    const later = new Date(Date.now() + 3_600_000);
    const saved = await save({ createdAt: later });
    const newest = await loadModel(database, { modelType: 'alert_scorer', windowDays: 30 });
    expect(newest.metadata.model_id).toBe(saved.metadata.model_id);
  });

  it('says which models there are when the one named is not there', async () => {
    await expect(loadModel(database, { model: 'nope' })).rejects.toThrow(ModelNotFoundError);
    await expect(loadModel(database, { model: 'nope' })).rejects.toThrow(
      /model 'nope'.*models: alert_scorer_simnet/,
    );
    await expect(loadModel(database, { modelType: 'alert_scorer', windowDays: 7 })).rejects.toThrow(
      /window 7/,
    );
  });

  it.each([
    ['.txt', 'changed', 'MODEL_FILE_CHANGED'],
    ['.onnx', 'changed', 'MODEL_FILE_CHANGED'],
    ['.holdout.txt', 'changed', 'MODEL_FILE_CHANGED'],
    ['.json', 'changed', 'MODEL_FILE_CHANGED'],
    ['.onnx', 'removed', 'MODEL_FILE_MISSING'],
    ['.json', 'removed', 'MODEL_FILE_MISSING'],
  ])('refuses a model whose %s was %s', async (extension, how, code) => {
    const saved = await save();
    const file = saved.metadataPath.replace(/\.json$/, extension);
    if (how === 'changed') appendFileSync(file, ' ');
    else rmSync(file);
    const loading = loadModel(database, { model: saved.metadata.model_id });
    await expect(loading).rejects.toThrow(ModelFileError);
    await expect(loading).rejects.toMatchObject({ code });
  });

  it('refuses metadata that names a file elsewhere, is of another version or is no JSON', async () => {
    const saved = await save();
    const edit = (change: (json: Record<string, unknown>) => unknown) => {
      const file = path.join(folder, `edited-${Math.floor(performance.now() * 1000)}.json`);
      writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(saved.metadataPath, 'utf8')))));
      return readStoredModel(file);
    };
    const outside = { '../../etc/passwd': { role: 'native', sha256: '0', bytes: 1 } };
    await expect(edit((json) => ({ ...json, files: outside }))).rejects.toThrow(
      /files in the folder of the metadata/,
    );
    await expect(edit((json) => ({ ...json, metadata_version: 2 }))).rejects.toThrow(/metadata_version/);
    writeFileSync(path.join(folder, 'broken.json'), '{');
    await expect(readStoredModel(path.join(folder, 'broken.json'))).rejects.toMatchObject({
      code: 'MODEL_METADATA_INVALID',
    });
  });
});
