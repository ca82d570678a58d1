import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { moveAlias, removeAlias } from './aliases/index.ts';
import { loadModel } from './load.ts';
import { derivedFiles } from './model-name.ts';
import { registerModel } from './register.ts';
import { sha256 } from './sha256.ts';
import { sampleMetadata } from './testing/fixture.ts';
import { openSite, refusal, type Site } from './testing/site.ts';
import { deleteTrainedModel, listModels } from './trained-models.ts';
import { type VerifyModelsOptions, verifyModels } from './verify.ts';

let site: Site;
let outputDir: string;
let rounds = 0;
beforeAll(async () => {
  site = await openSite();
});
beforeEach(async () => {
  rounds += 1;
  outputDir = path.join(site.folder, `round-${rounds}`);
  await forgetAll();
});
afterAll(() => site.close());

const forgetAll = () => site.database.command({ sql: 'TRUNCATE TABLE trained_models', doing: 'forgetting' });
const verify = (options: VerifyModelsOptions = {}) =>
  verifyModels(site.database, { outputDirs: [outputDir], ...options });
const clean = { missing: [], changed: [], newer: [], dangling: [], orphaned: [], removed: [] };

describe('verifyModels', () => {
  it('has nothing to say of models as they were saved, with report, card and what is not of models beside them', async () => {
    const { metadataPath } = await site.save({ outputDir });
    await site.save({ outputDir });
    for (const file of Object.values(derivedFiles(metadataPath))) writeFileSync(file, 'made of the model');
    const folder = path.dirname(metadataPath);
    writeFileSync(path.join(folder, 'notes.json'), '{"of": "the user"}');
    writeFileSync(path.join(folder, 'risk-scoring.config.yaml'), '');
    mkdirSync(path.join(folder, 'tuning'));
    expect(await verify()).toEqual({ models: 2, ...clean });
    expect(await verify({ outputDirs: ['/nowhere/at/all'] })).toEqual({ models: 2, ...clean });
  });

  it('names every file that is missing or changed, with what to do', async () => {
    const gone = await site.save({ outputDir });
    const harmed = await site.save({ outputDir });
    const edited = await site.save({ outputDir });
    const of = (saved: typeof gone, ending: string) => saved.metadataPath.replace(/\.json$/, ending);
    rmSync(gone.metadataPath);
    rmSync(of(harmed, '.holdout.txt'));
    const onnx = readFileSync(of(harmed, '.onnx'));
    appendFileSync(of(harmed, '.onnx'), 'x');
    appendFileSync(edited.metadataPath, ' ');
    const { missing, changed, orphaned } = await verify();
    expect(missing.map(({ model_id, file }) => [model_id, file]).sort()).toEqual(
      [
        [gone.metadata.model_id, gone.metadataPath],
        [harmed.metadata.model_id, of(harmed, '.holdout.txt')],
      ].sort(),
    );
    expect(changed.map(({ file }) => file).sort()).toEqual([of(harmed, '.onnx'), edited.metadataPath].sort());
    expect(changed.find(({ file }) => file.endsWith('.onnx'))).toMatchObject({
      expected: `${onnx.length} bytes with sha256 ${sha256(onnx)}, as it was saved`,
      found: expect.stringContaining(`${onnx.length + 1} bytes with sha256`),
      remedy: expect.stringContaining(`models delete --network simnet ${harmed.metadata.model_id}`),
    });
    // Their other files belong to models that rows name.
    expect(orphaned).toEqual([]);
  });

  it('finds models that no row knows, which the command it names registers', async () => {
    const { metadata, metadataPath } = await site.save({ outputDir });
    await forgetAll();
    const { orphaned } = await verify();
    expect(orphaned).toMatchObject([
      {
        kind: 'model',
        path: metadataPath,
        model_id: metadata.model_id,
        remedy: expect.stringContaining(`models register --network simnet ${metadataPath}`),
      },
    ]);
    expect(await refusal(loadModel(site.database))).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await registerModel(site.database, metadataPath);
    expect(await verify()).toEqual({ models: 1, ...clean });
  });

  it('looks through folders that rows name though nobody gives them, and through a network folder given as such', async () => {
    const { metadataPath } = await site.save({ outputDir });
    const dead = path.join(path.dirname(metadataPath), '.alert_scorer_simnet_v1.0.0_20250101_000000.saving');
    mkdirSync(dead);
    for (const outputDirs of [[], [path.dirname(metadataPath)], [outputDir, path.dirname(metadataPath)]]) {
      const { orphaned } = await verify({ outputDirs });
      expect(orphaned.map((orphan) => [orphan.kind, orphan.path])).toEqual([['saving', dead]]);
    }
  });

  it('leaves models of other networks alone', async () => {
    await site.save({ outputDir, metadata: sampleMetadata({ network: 'ethereum' }) });
    await forgetAll();
    expect(await verify({ outputDirs: [path.join(outputDir, 'ethereum')] })).toEqual({ models: 0, ...clean });
  });

  it('does not take a newer model for a changed one', async () => {
    const { metadata, metadataPath } = await site.save({ outputDir });
    const newer = JSON.stringify({ ...metadata, metadata_version: 2 });
    writeFileSync(metadataPath, newer);
    await site.database.command({
      sql: 'ALTER TABLE trained_models UPDATE metadata_sha256 = {hash:String} WHERE 1 SETTINGS mutations_sync = 1',
      params: { hash: sha256(newer) },
      doing: 'saving a newer model',
    });
    expect(await verify()).toMatchObject({ ...clean, newer: [{ file: metadataPath }] });
  });
});

describe('what to do', () => {
  it('of a harmed model that is in use: another one in its place first', async () => {
    const { metadata, metadataPath } = await site.save({ outputDir });
    const { model_id: id } = metadata;
    await moveAlias(site.database, { modelType: 'alert_scorer', alias: 'champion', modelId: id });
    rmSync(metadataPath.replace(/json$/, 'onnx'));
    const [problem] = (await verify()).missing;
    expect(problem?.remedy).toMatch(
      /promote --network simnet MODEL --alias champion .*then delete the model with/,
    );
    await removeAlias(site.database, { modelType: 'alert_scorer', alias: 'champion' });
    expect((await verify()).missing[0]?.remedy).not.toContain('promote');
  });

  it('of a copy: nothing, as the registered model is elsewhere; a path that a shell would take apart is quoted', async () => {
    const { metadataPath } = await site.save({ outputDir });
    const folder = path.join(site.folder, "a copy, it's");
    cpSync(path.dirname(metadataPath), folder, { recursive: true });
    const copied = path.join(folder, path.basename(metadataPath));
    const remedyOf = async () => (await verify({ outputDirs: [folder] })).orphaned[0]?.remedy;
    expect(await remedyOf()).toBe(
      `nothing where it is a copy; the registered model of this id is ${metadataPath}`,
    );
    await forgetAll();
    expect(await remedyOf()).toContain(
      `models register --network simnet '${copied.replaceAll("'", "'\\''")}'; to be rid of it`,
    );
  });
});

describe('aliases', () => {
  it('are named where their model is gone', async () => {
    const { metadata } = await site.save();
    const { model_id: id } = metadata;
    await moveAlias(site.database, { modelType: 'alert_scorer', alias: 'champion', modelId: id });
    // As a process leaves it that is killed between the two steps of another one's deletion.
    await deleteTrainedModel(site.database, id);
    expect((await verify()).dangling).toMatchObject([{ alias: 'champion', model_id: id }]);
    await removeAlias(site.database, { modelType: 'alert_scorer', alias: 'champion' });
    expect((await verify()).dangling).toEqual([]);
  });
});

describe('leftovers', () => {
  it('are removed when they are old and nobody asks for them: hidden folders and files that no metadata names', async () => {
    const kept = await site.save({ outputDir });
    const { metadataPath, files } = await site.save({ outputDir });
    const folder = path.dirname(metadataPath);
    rmSync(metadataPath);
    await site.database.command({
      sql: 'ALTER TABLE trained_models DELETE WHERE model_path = {file:String} SETTINGS mutations_sync = 1',
      params: { file: metadataPath },
      doing: 'forgetting one',
    });
    const staging = path.join(folder, '.alert_scorer_simnet_v1.0.0_20250101_000000.saving');
    mkdirSync(staging);
    writeFileSync(path.join(staging, 'half.txt'), 'ha');
    // A file that was copied here keeps its old time.
    for (const file of files.filter((each) => existsSync(each))) utimesSync(file, 0, 0);
    const leftovers = [...files.filter((file) => file !== metadataPath), staging].sort();

    const young = await verify({ removeLeftovers: true });
    expect(young.removed).toEqual([]);
    expect(young.orphaned.map((orphan) => orphan.path).sort()).toEqual(leftovers);
    for (const { remedy } of young.orphaned)
      expect(remedy).toContain(`models verify --network simnet --remove-leftovers --output-dir ${folder}`);

    const old = await verify({ removeLeftovers: true, leftoverAgeHours: 0 });
    expect([...old.removed].sort()).toEqual(leftovers);
    expect(await verify()).toEqual({ models: 1, ...clean });
    await loadModel(site.database, { model: kept.metadata.model_id });
    expect(await listModels(site.database)).toHaveLength(1);
  });

  it('are not the files of a model that cannot be read or that no row knows', async () => {
    const unread = await site.save({ outputDir });
    const unknown = await site.save({ outputDir });
    const newer = await site.save({ outputDir });
    await forgetAll();
    writeFileSync(unread.metadataPath, '{');
    writeFileSync(newer.metadataPath, JSON.stringify({ ...newer.metadata, metadata_version: 2 }));
    const { orphaned, removed } = await verify({ removeLeftovers: true, leftoverAgeHours: 0 });
    expect(removed).toEqual([]);
    expect(orphaned.map(({ kind, path: file }) => [kind, file]).sort()).toEqual(
      [unread, unknown, newer].map(({ metadataPath }) => ['model', metadataPath]).sort(),
    );
    for (const file of [...unread.files, ...unknown.files, ...newer.files])
      expect(existsSync(file)).toBe(true);
  });
});
