import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelFileError, ModelNewerError } from './errors.ts';
import { loadModel } from './load.ts';
import { modelMetadataSchema } from './metadata.ts';
import { readStoredModel } from './read-model.ts';
import type { SavedModel } from './save.ts';
import { sha256 } from './sha256.ts';
import { openSite, refusal, type Site } from './testing/site.ts';

let site: Site;
let saved: SavedModel;
beforeAll(async () => {
  site = await openSite();
  saved = await site.save();
});
afterAll(() => site.close());

let copies = 0;

/** The saved model once more, in a folder of its own. */
function copy(): { folder: string; metadataPath: string; stem: string } {
  copies += 1;
  const folder = path.join(site.folder, `copy-${copies}`);
  cpSync(path.dirname(saved.metadataPath), folder, { recursive: true });
  const metadataPath = path.join(folder, path.basename(saved.metadataPath));
  return { folder, metadataPath, stem: metadataPath.replace(/\.json$/, '') };
}

/** Reads a copy whose metadata was edited. */
async function readEdited(edit: (json: Record<string, unknown>) => unknown): Promise<unknown> {
  const { metadataPath } = copy();
  writeFileSync(metadataPath, JSON.stringify(edit(JSON.parse(readFileSync(metadataPath, 'utf8')))));
  return refusal(readStoredModel(metadataPath));
}

describe('a model whose files are not those that were saved', () => {
  it.each([
    ['.txt', 'appended to', 'MODEL_FILE_CHANGED'],
    ['.onnx', 'edited', 'MODEL_FILE_CHANGED'],
    ['.onnx', 'truncated', 'MODEL_FILE_CHANGED'],
    ['.holdout.txt', 'truncated', 'MODEL_FILE_CHANGED'],
    ['.json', 'edited', 'MODEL_FILE_CHANGED'],
    ['.onnx', 'removed', 'MODEL_FILE_MISSING'],
    ['.json', 'removed', 'MODEL_FILE_MISSING'],
    ['.txt', 'a folder', 'MODEL_FILE_MISSING'],
  ])('is refused where %s was %s', async (extension, how, code) => {
    const model = await site.save();
    const file = model.metadataPath.replace(/\.json$/, extension);
    const bytes = readFileSync(file);
    if (how === 'appended to') appendFileSync(file, ' ');
    else if (how === 'edited') writeFileSync(file, bytes.with(bytes.length >> 1, 0x20));
    else if (how === 'truncated') truncateSync(file, bytes.length - 1);
    else rmSync(file);
    if (how === 'a folder') mkdirSync(file);
    const refused = await refusal(loadModel(site.database, { model: model.metadata.model_id }));
    expect(refused).toBeInstanceOf(ModelFileError);
    expect(refused).toMatchObject({ code, summary: expect.stringContaining(file) });
  });

  it('says how many bytes with which sha256 were expected and found', async () => {
    const { metadataPath, stem } = copy();
    const bytes = readFileSync(`${stem}.onnx`);
    truncateSync(`${stem}.onnx`, 10);
    expect(await refusal(readStoredModel(metadataPath))).toMatchObject({
      expected: expect.stringContaining(`${bytes.length} bytes with sha256 ${sha256(bytes)}`),
      found: `10 bytes with sha256 ${sha256(bytes.subarray(0, 10))}`,
    });
  });
});

describe('a model that is named by its file', () => {
  const load = (file: string) => loadModel(site.database, { model: file });

  it('is the registered one where its id is registered, wherever the file lies', async () => {
    const { metadataPath } = copy();
    expect((await load(metadataPath)).metadata).toEqual(saved.metadata);
    expect((await load(saved.metadataPath)).metadataPath).toBe(saved.metadataPath);
  });

  it('is refused where it claims the id of a registered model, or was edited in place', async () => {
    const other = await site.save();
    const claim = (file: string, change: object) => {
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }));
      return refusal(load(file));
    };
    const { model_id: id } = other.metadata;
    const forged = await claim(copy().metadataPath, { model_id: id });
    expect(forged).toBeInstanceOf(ModelFileError);
    expect(forged).toMatchObject({
      code: 'MODEL_FILE_CHANGED',
      expected: expect.stringContaining(sha256(readFileSync(other.metadataPath))),
      remedy: expect.stringContaining(id),
    });
    const edited = await claim(other.metadataPath, { version: '9.9.9' });
    expect(edited).toMatchObject({ code: 'MODEL_FILE_CHANGED' });
  });

  it('is taken as it is where nobody registered its id', async () => {
    const { metadataPath } = copy();
    const model_id = 'alert_scorer_simnet_v9.9.9_20250101_000000';
    const json = JSON.parse(readFileSync(metadataPath, 'utf8'));
    writeFileSync(metadataPath, JSON.stringify({ ...json, model_id }));
    expect((await load(metadataPath)).metadata.model_id).toBe(model_id);
  });
});

describe('metadata that names files elsewhere', () => {
  it.each([
    '../outside.txt',
    '..',
    '.',
    '',
    'folder/file.txt',
    '/etc/hostname',
    '..\\outside.txt',
    'folder\\file.txt',
    'C:\\windows\\win.ini',
    'C:file.txt',
    'file.txt\0.onnx',
    'file\u001b[31m.txt',
  ])('is refused: %j', async (name) => {
    writeFileSync(path.join(site.folder, 'outside.txt'), 'secret');
    const files = { [name]: { role: 'native', sha256: sha256('secret'), bytes: 6 } };
    expect(await readEdited((json) => ({ ...json, files }))).toMatchObject({
      code: 'MODEL_METADATA_INVALID',
      expected: 'files in the folder of the metadata',
    });
  });

  it('is refused where a link leads out, be the bytes the right ones', async () => {
    const { metadataPath, stem } = copy();
    const outside = path.join(site.folder, 'elsewhere.onnx');
    cpSync(`${stem}.onnx`, outside);
    rmSync(`${stem}.onnx`);
    symlinkSync(outside, `${stem}.onnx`);
    expect(await refusal(readStoredModel(metadataPath))).toMatchObject({
      code: 'MODEL_METADATA_INVALID',
      found: `a link to ${outside}`,
    });
  });

  it('may name a link within its folder, and the folder may be a link itself', async () => {
    const { folder, metadataPath, stem } = copy();
    cpSync(`${stem}.onnx`, path.join(folder, 'blob'));
    rmSync(`${stem}.onnx`);
    symlinkSync('blob', `${stem}.onnx`);
    symlinkSync(folder, `${folder}-link`);
    const linked = path.join(`${folder}-link`, path.basename(metadataPath));
    expect((await readStoredModel(linked)).artifacts).toHaveLength(2);
  });
});

describe('metadata of other versions', () => {
  it('is refused with the advice to update where it is newer, whatever else it holds', async () => {
    const refused = await readEdited(() => ({ metadata_version: 2, everything: 'else' }));
    expect(refused).toBeInstanceOf(ModelNewerError);
    expect(refused).toMatchObject({
      code: 'MODEL_METADATA_NEWER',
      found: 'metadata_version 2',
      remedy: expect.stringContaining('update risk-scoring'),
    });
  });

  it.each([
    ['no JSON', '{'],
    ['an empty file', ''],
    ['another JSON', '[1, 2]'],
    ['no version', '{"model_id": "x"}'],
    ['a version that is none', '{"metadata_version": "2"}'],
  ])('is refused where it is %s', async (_what, text) => {
    const { metadataPath } = copy();
    writeFileSync(metadataPath, text);
    expect(await refusal(readStoredModel(metadataPath))).toMatchObject({ code: 'MODEL_METADATA_INVALID' });
  });

  it('is read where it was saved before any optional field was there', async () => {
    const optional = Object.entries(modelMetadataSchema.shape)
      .filter(([, schema]) => schema.safeParse(undefined).success)
      .map(([name]) => name);
    expect(optional).toEqual(expect.arrayContaining(['labels', 'calibration', 'threshold', 'refit']));
    const { metadataPath } = copy();
    const json = JSON.parse(readFileSync(metadataPath, 'utf8'));
    for (const name of optional) delete json[name];
    writeFileSync(metadataPath, JSON.stringify(json));
    const model = await readStoredModel(metadataPath);
    expect(model.metadata.model_id).toBe(saved.metadata.model_id);
    expect(model.evaluation).toBeNull();
  });
});

describe('the evaluation of a model', () => {
  const distribution = { edges: [0.5], shares: [0.5, 0.5], missing: 0 };
  const evaluation = {
    evaluation_version: 1 as const,
    holdout: null,
    reference: {
      rows: 2,
      features: { a: distribution },
      scores: distribution,
      score_rows: 2,
      snapshots: [{ processing_date: '2025-01-01', rows: 2, labelled: 0, positives: 0 }],
    },
  };

  it('comes back as it was saved', async () => {
    const { metadataPath } = await site.save({ evaluation });
    expect((await readStoredModel(metadataPath)).evaluation).toEqual(evaluation);
  });

  it('is refused where it is of a newer version', async () => {
    const { metadataPath } = await site.save({ evaluation });
    const file = metadataPath.replace(/\.json$/, '.evaluation.json');
    const newer = JSON.stringify({ ...evaluation, evaluation_version: 2 });
    writeFileSync(file, newer);
    const json = JSON.parse(readFileSync(metadataPath, 'utf8'));
    json.files[path.basename(file)] = { role: 'evaluation', sha256: sha256(newer), bytes: newer.length };
    writeFileSync(metadataPath, JSON.stringify(json));
    expect(await refusal(readStoredModel(metadataPath))).toMatchObject({
      code: 'MODEL_METADATA_NEWER',
      found: 'evaluation_version 2',
    });
  });
});
