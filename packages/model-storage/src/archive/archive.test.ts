import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InvalidInputError } from '@risk-scoring/contract';
import { type Database, initDatabase } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveAlias } from '../aliases/index.ts';
import { loadModel } from '../load.ts';
import type { StoredModel } from '../read-model.ts';
import { registerModel } from '../register.ts';
import { type SavedModel, saveModel } from '../save.ts';
import { sampleArtifacts, sampleMetadata } from '../testing/fixture.ts';
import { listModels } from '../trained-models.ts';
import { exportModel, importModel } from './index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
let here: Database;
let there: string;
let saved: SavedModel;
let archives = 0;

beforeAll(async () => {
  ({ database: here } = await initDatabase({ network: 'simnet', dataDir: path.join(folder, 'data') }));
  saved = await saveModel({
    database: here,
    outputDir: path.join(folder, 'models'),
    metadata: sampleMetadata(),
    artifacts: sampleArtifacts,
    holdoutGroups: ['0xa', '0xb'],
  });
  there = saved.metadata.model_id;
});
afterAll(async () => {
  await here.close();
  rmSync(folder, { recursive: true, force: true });
});

function newFile(): string {
  archives += 1;
  return path.join(folder, `archive-${archives}.zip`);
}

const forget = (): Promise<void> =>
  here.command({ sql: 'TRUNCATE TABLE trained_models', doing: 'forgetting all models' });

describe('exportModel', () => {
  it('packs every file of a model, flat and as it is, by id or alias', async () => {
    const exported = await exportModel(here, there, { file: newFile() });
    expect([...exported.names].sort()).toEqual(saved.files.map((file) => path.basename(file)).sort());
    expect(exported.bytes).toBe(readFileSync(exported.file).length);
    await moveAlias(here, { modelType: 'alert_scorer', alias: 'champion', modelId: there });
    const again = await exportModel(here, 'champion', { file: newFile() });
    expect(again.sha256).toBe(exported.sha256);
  });

  // Another reader of zips than the one that wrote it.
  it.skipIf(!hasPython())('makes a zip that others read', async () => {
    const { file } = await exportModel(here, there, { file: newFile() });
    const script = `import sys, zipfile, hashlib, json
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps({n: hashlib.sha256(z.read(n)).hexdigest() for n in z.namelist()}))`;
    const hashes = JSON.parse(execFileSync('python3', ['-c', script, file], { encoding: 'utf8' }));
    for (const [name, { sha256 }] of Object.entries(saved.metadata.files)) expect(hashes[name]).toBe(sha256);
    expect(Object.keys(hashes)).toHaveLength(saved.files.length);
  });

  it('leaves a file that is there, unless it is told to replace it', async () => {
    const file = newFile();
    writeFileSync(file, 'mine');
    await expect(exportModel(here, there, { file })).rejects.toMatchObject({ code: 'MODEL_ARCHIVE_EXISTS' });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    await exportModel(here, there, { file, force: true });
    expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
  });

  it('writes nothing of a model with a changed file, and nothing where it cannot write', async () => {
    const outputDir = path.join(folder, 'changed');
    const model = await saveModel({
      database: here,
      outputDir,
      metadata: sampleMetadata(),
      artifacts: sampleArtifacts,
      holdoutGroups: [],
    });
    const onnx = model.files.find((file) => file.endsWith('.onnx')) ?? '';
    writeFileSync(onnx, 'another');
    const into = path.join(folder, 'empty');
    mkdirSync(into);
    await expect(
      exportModel(here, model.metadata.model_id, { file: path.join(into, 'a.zip') }),
    ).rejects.toMatchObject({ code: 'MODEL_FILE_CHANGED' });
    expect(readdirSync(into)).toEqual([]);
    await expect(
      exportModel(here, there, { file: path.join(folder, 'no-folder', 'a.zip') }),
    ).rejects.toMatchObject({ code: 'MODEL_ARCHIVE_NOT_WRITTEN' });
    await expect(exportModel(here, 'nobody', { file: newFile() })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
  });
});

describe('importModel', () => {
  it('lets the caller judge a model before anything of it can be seen', async () => {
    const { file } = await exportModel(here, there, { file: newFile() });
    await forget();
    const outputDir = path.join(folder, 'judged');
    const judged: string[] = [];
    const refuse = async ({ metadata, artifacts }: StoredModel) => {
      judged.push(metadata.model_id, ...artifacts.map((artifact) => artifact.role));
      throw new InvalidInputError({ what: 'The model', expected: 'a better one', found: 'this one' });
    };
    const refused = importModel(here, file, { outputDir, check: refuse });
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(judged).toEqual([there, 'native', 'onnx']);
    expect(existsSync(outputDir)).toBe(false);
    await expect(registerModel(here, saved.metadataPath, { check: refuse })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(await listModels(here)).toEqual([]);
    await registerModel(here, saved.metadataPath, { check: async () => undefined });
    expect(await listModels(here)).toHaveLength(1);
  });

  it('brings a model to another database and folder, byte for byte; a second time changes nothing', async () => {
    const { file } = await exportModel(here, there, { file: newFile() });
    const outputDir = path.join(folder, 'imported');
    await forget();
    const first = await importModel(here, file, { outputDir });
    expect(first).toMatchObject({ outcome: 'imported', metadata: saved.metadata });
    const names = readdirSync(path.join(outputDir, 'simnet'));
    expect(names.sort()).toEqual(saved.files.map((one) => path.basename(one)).sort());
    for (const one of saved.files) {
      const copy = path.join(outputDir, 'simnet', path.basename(one));
      expect(readFileSync(copy).equals(readFileSync(one))).toBe(true);
    }
    expect((await loadModel(here, { model: there })).metadataPath).toBe(first.metadataPath);
    expect(await importModel(here, file, { outputDir })).toMatchObject({
      outcome: 'unchanged',
      metadataPath: first.metadataPath,
    });
    // It is registered, so another folder gets no second copy either.
    const elsewhere = path.join(folder, 'elsewhere');
    expect(await importModel(here, file, { outputDir: elsewhere })).toMatchObject({ outcome: 'unchanged' });
    expect(existsSync(elsewhere)).toBe(false);
    expect(await listModels(here, { modelId: there })).toHaveLength(1);
  });

  it('completes what a killed import left, and mends a model that lost a file', async () => {
    const outputDir = path.join(folder, 'mended');
    const { file } = await exportModel(here, there, { file: newFile() });
    await forget();
    const { metadataPath } = await importModel(here, file, { outputDir });
    const onnx = metadataPath.replace(/json$/, 'onnx');
    rmSync(onnx);
    expect(await importModel(here, file, { outputDir })).toMatchObject({ outcome: 'imported' });
    rmSync(metadataPath);
    await forget();
    expect(await importModel(here, file, { outputDir })).toMatchObject({ outcome: 'imported' });
    expect((await loadModel(here, { model: there })).artifacts).toHaveLength(2);
  });

  it('refuses an id that is there with other content, registered or not', async () => {
    const { file } = await exportModel(here, there, { file: newFile() });
    const outputDir = path.join(folder, 'conflict');
    await forget();
    const { metadataPath } = await importModel(here, file, { outputDir });
    const row = "UPDATE metadata_sha256 = 'other' WHERE 1 SETTINGS mutations_sync = 2";
    await here.command({ sql: `ALTER TABLE trained_models ${row}`, doing: 'changing the row' });
    await expect(importModel(here, file, { outputDir })).rejects.toMatchObject({
      code: 'MODEL_REGISTERED_OTHERWISE',
    });
    await forget();
    const onnx = metadataPath.replace(/json$/, 'onnx');
    writeFileSync(onnx, 'another model');
    const before = readdirSync(path.dirname(metadataPath));
    await expect(importModel(here, file, { outputDir })).rejects.toMatchObject({
      code: 'MODEL_EXISTS_OTHERWISE',
      found: expect.stringContaining(onnx),
    });
    expect(readFileSync(onnx, 'utf8')).toBe('another model');
    expect(readdirSync(path.dirname(metadataPath))).toEqual(before);
    expect(await listModels(here, { modelId: there })).toEqual([]);
    await importModel(here, file, { outputDir: path.join(folder, 'conflict-2') });
  });

  it('waits for nobody: an id that is being saved is refused, and imports at once make one model', async () => {
    const { file } = await exportModel(here, there, { file: newFile() });
    await forget();
    const outputDir = path.join(folder, 'at-work');
    const staging = path.join(outputDir, 'simnet', `.${there}.saving`);
    mkdirSync(staging, { recursive: true });
    await expect(importModel(here, file, { outputDir })).rejects.toMatchObject({
      code: 'MODEL_AT_WORK',
      found: expect.stringContaining(staging),
    });
    expect(existsSync(staging)).toBe(true);
    rmSync(staging, { recursive: true });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 4 }, () => importModel(here, file, { outputDir })),
    );
    expect(outcomes.some((outcome) => outcome.status === 'fulfilled')).toBe(true);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason.code).toBe('MODEL_AT_WORK');
    }
    expect((await loadModel(here, { model: there })).metadata).toEqual(saved.metadata);
    expect(readdirSync(path.join(outputDir, 'simnet'))).toHaveLength(saved.files.length);
  });

  it('leaves nothing where it cannot write', async () => {
    const { file } = await exportModel(here, there, { file: newFile() });
    await forget();
    const blocked = path.join(folder, 'blocked');
    writeFileSync(blocked, 'a file where the folder should be');
    await expect(importModel(here, file, { outputDir: blocked })).rejects.toMatchObject({
      code: 'MODEL_NOT_SAVED',
    });
    expect(await listModels(here)).toEqual([]);
    await importModel(here, file, { outputDir: path.join(folder, 'unblocked') });
  });
});

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('no python3: zips are not read with another reader');
    return false;
  }
}
