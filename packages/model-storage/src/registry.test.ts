import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aliasHistory, listAliases, moveAlias, rollbackAlias } from './aliases/index.ts';
import { deleteModel } from './delete.ts';
import { ModelInUseError, ModelNotFoundError, ModelRegisteredOtherwiseError } from './errors.ts';
import { loadModel } from './load.ts';
import { derivedFiles } from './model-name.ts';
import { registerModel } from './register.ts';
import type { SavedModel } from './save.ts';
import { openSite, refusal, type Site } from './testing/site.ts';
import { deleteTrainedModel, listModels } from './trained-models.ts';
import { verifyModels } from './verify.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

let places = 0;

/** The files of a saved model in a folder of their own, as if they came from elsewhere; the model itself is forgotten. */
async function madeElsewhere(): Promise<{ file: string; id: string }> {
  const saved = await site.save();
  const folder = copyOf(saved);
  await deleteModel(site.database, saved.metadata.model_id);
  return { file: path.join(folder, path.basename(saved.metadataPath)), id: saved.metadata.model_id };
}

function copyOf({ metadataPath }: SavedModel): string {
  places += 1;
  const folder = path.join(site.folder, `place-${places}`);
  cpSync(path.dirname(metadataPath), folder, { recursive: true });
  return folder;
}

function edit(file: string, change: (json: Record<string, unknown>) => object): void {
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')))));
}

describe('registerModel', () => {
  it('makes a folder from elsewhere known, once', async () => {
    const { file, id } = await madeElsewhere();
    expect(await registerModel(site.database, path.relative(process.cwd(), file))).toEqual({
      model_id: id,
      metadata_path: file,
      outcome: 'registered',
    });
    expect(await registerModel(site.database, file)).toMatchObject({ outcome: 'unchanged' });
    expect(await listModels(site.database, { modelId: id })).toHaveLength(1);
    expect((await loadModel(site.database, { model: id })).metadataPath).toBe(file);
  });

  it('writes the row that saving would have written', async () => {
    const saved = await site.save();
    const [before] = await listModels(site.database, { modelId: saved.metadata.model_id });
    await site.database.command({ sql: 'TRUNCATE TABLE trained_models', doing: 'forgetting' });
    await registerModel(site.database, saved.metadataPath);
    expect(await listModels(site.database)).toEqual([before]);
  });

  it('refuses files that are not as they were saved, before it writes anything', async () => {
    const changes: [string, (file: string) => void, string][] = [
      ['edited', (file) => appendFileSync(file.replace(/json$/, 'onnx'), 'x'), 'MODEL_FILE_CHANGED'],
      ['missing', (file) => rmSync(file.replace(/json$/, 'holdout.txt')), 'MODEL_FILE_MISSING'],
      ['newer', (file) => edit(file, (json) => ({ ...json, metadata_version: 9 })), 'MODEL_METADATA_NEWER'],
      [
        'of the future',
        (file) =>
          edit(file, (json) => ({
            ...json,
            created_at: '2100-01-01T00:00:00.000Z',
            model_id: 'alert_scorer_simnet_v1.0.0_21000101_000000',
          })),
        'MODEL_METADATA_INVALID',
      ],
      [
        'nested deeper than anything that walks over it can go',
        (file) => {
          const deep = `${'['.repeat(5000)}1${']'.repeat(5000)}`;
          const text = readFileSync(file, 'utf8');
          writeFileSync(file, text.replace('"num_leaves": 31', `"num_leaves": ${deep}`));
        },
        'MODEL_METADATA_INVALID',
      ],
      [
        'an id of no model',
        (file) => edit(file, (json) => ({ ...json, model_id: 'champion' })),
        'MODEL_METADATA_INVALID',
      ],
      [
        'of another network',
        (file) => edit(file, (json) => ({ ...json, network: 'ethereum' })),
        'MODEL_DOES_NOT_FIT',
      ],
    ];
    for (const [what, change, code] of changes) {
      const { file } = await madeElsewhere();
      change(file);
      const before = await listModels(site.database);
      expect(await refusal(registerModel(site.database, file)), what).toMatchObject({ code });
      expect(await listModels(site.database), what).toEqual(before);
    }
  });

  it('refuses an id that is registered with other content or at another place, and says what to do', async () => {
    const saved = await site.save();
    const { model_id: id } = saved.metadata;
    const file = path.join(copyOf(saved), path.basename(saved.metadataPath));
    const elsewhere = await refusal(registerModel(site.database, file));
    expect(elsewhere).toBeInstanceOf(ModelRegisteredOtherwiseError);
    expect(elsewhere).toMatchObject({
      code: 'MODEL_REGISTERED_OTHERWISE',
      expected: expect.stringContaining(saved.metadataPath),
      remedy: expect.stringContaining(`models delete --network simnet ${id}`),
    });
    edit(file, (json) => ({ ...json, seed: 1 }));
    expect(await refusal(registerModel(site.database, file))).toMatchObject({
      summary: expect.stringContaining('other content'),
    });
  });

  it('takes a folder that was moved once the old place is forgotten, as the error says', async () => {
    const saved = await site.save();
    const folder = path.dirname(saved.metadataPath);
    renameSync(folder, `${folder}-moved`);
    const file = path.join(`${folder}-moved`, path.basename(saved.metadataPath));
    expect(await refusal(registerModel(site.database, file))).toMatchObject({
      code: 'MODEL_REGISTERED_OTHERWISE',
    });
    expect(await deleteModel(site.database, saved.metadata.model_id)).toMatchObject({ files: [] });
    expect(await registerModel(site.database, file)).toMatchObject({ outcome: 'registered' });
  });
});

describe('deleteModel', () => {
  it('takes the row, the metadata, the other files, the report and the card, and nothing else', async () => {
    const outputDir = path.join(site.folder, 'deleting');
    const saved = await site.save({ outputDir });
    const other = await site.save({ outputDir });
    const folder = path.dirname(saved.metadataPath);
    for (const file of Object.values(derivedFiles(saved.metadataPath))) writeFileSync(file, 'of the model');
    writeFileSync(path.join(folder, 'notes.txt'), 'of the user');
    const { files } = await deleteModel(site.database, saved.metadata.model_id);
    expect([...files].sort()).toEqual(
      [...saved.files, ...Object.values(derivedFiles(saved.metadataPath))].sort(),
    );
    expect(readdirSync(folder).sort()).toEqual(
      [...other.files.map((file) => path.basename(file)), 'notes.txt'].sort(),
    );
    expect(await refusal(loadModel(site.database, { model: saved.metadata.model_id }))).toBeInstanceOf(
      ModelNotFoundError,
    );
    await loadModel(site.database, { model: other.metadata.model_id });
  });

  it('deletes by the names of the design where the metadata is gone or was changed, and believes no changed name', async () => {
    for (const harm of ['gone', 'changed']) {
      const outputDir = path.join(site.folder, harm);
      const saved = await site.save({ outputDir });
      const other = await site.save({ outputDir });
      if (harm === 'gone') rmSync(saved.metadataPath);
      else {
        edit(saved.metadataPath, (json) => ({
          ...json,
          files: { [path.basename(other.metadataPath)]: { role: 'native', sha256: '', bytes: 0 } },
        }));
      }
      await deleteModel(site.database, saved.metadata.model_id);
      expect(readdirSync(path.dirname(saved.metadataPath)).sort()).toEqual(
        other.files.map((file) => path.basename(file)).sort(),
      );
    }
  });

  it('refuses a model that an alias stands for, but with force', async () => {
    const saved = await site.save();
    const { model_id: id } = saved.metadata;
    await moveAlias(site.database, { modelType: 'alert_scorer', alias: 'champion', modelId: id });
    const refused = await refusal(deleteModel(site.database, id));
    expect(refused).toBeInstanceOf(ModelInUseError);
    expect(refused).toMatchObject({ code: 'MODEL_IN_USE', found: "alert_scorer alias 'champion'" });
    await loadModel(site.database, { model: id });
  });

  it('with force, lets the aliases stand for nothing first, as their history says', async () => {
    const before = await site.save();
    const doomed = await site.save();
    const { model_id: id } = doomed.metadata;
    const modelType = 'alert_scorer';
    for (const { metadata } of [before, doomed])
      await moveAlias(site.database, { modelType, alias: 'kept', modelId: metadata.model_id });
    await moveAlias(site.database, { modelType, alias: 'only', modelId: id });
    const { aliases } = await deleteModel(site.database, id, { force: true });
    expect(aliases.map(({ alias }) => alias)).toEqual(['kept', 'only']);
    expect(existsSync(doomed.metadataPath)).toBe(false);
    expect(await listAliases(site.database, { modelId: id })).toEqual([]);
    expect((await verifyModels(site.database)).dangling).toEqual([]);
    const [last] = await aliasHistory(site.database, { modelType, alias: 'kept' });
    expect(last).toMatchObject({ from: id, to: null, reason: 'its model was deleted' });
    expect(await rollbackAlias(site.database, { modelType, alias: 'kept' })).toMatchObject({
      to: before.metadata.model_id,
    });
    expect(await refusal(rollbackAlias(site.database, { modelType, alias: 'only' }))).toMatchObject({
      code: 'ALIAS_NOTHING_BEFORE',
    });
  });

  it('leaves the model where an alias cannot be moved, so that none stands for a model that is gone', async () => {
    const saved = await site.save();
    const { model_id: modelId } = saved.metadata;
    await moveAlias(site.database, { modelType: 'alert_scorer', alias: 'stays', modelId });
    const failing = new Proxy(site.database, {
      get: (target, name) => {
        if (name === 'command')
          return (request: { readonly sql: string }) =>
            request.sql.includes('model_aliases')
              ? Promise.reject(new Error('no such server'))
              : target.command({ doing: 'anything else', ...request });
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    await expect(deleteModel(failing, modelId, { force: true })).rejects.toThrow('no such server');
    expect((await loadModel(site.database, { model: 'stays' })).metadata.model_id).toBe(modelId);
  });

  it('brings no alias back to life when other content is registered under the id', async () => {
    const modelType = 'alert_scorer';
    for (const how of ['deleted with force', 'deleted by a process that was killed']) {
      const alias = how.replaceAll(' ', '-');
      const saved = await site.save();
      const { model_id: modelId } = saved.metadata;
      const file = path.join(copyOf(saved), path.basename(saved.metadataPath));
      await moveAlias(site.database, { modelType, alias, modelId });
      if (how === 'deleted with force') await deleteModel(site.database, modelId, { force: true });
      else {
        await deleteTrainedModel(site.database, modelId);
        expect((await verifyModels(site.database)).dangling).toMatchObject([{ alias, model_id: modelId }]);
      }
      edit(file, (json) => ({ ...json, seed: 1 }));
      expect(await registerModel(site.database, file)).toMatchObject({ outcome: 'registered' });
      expect(await refusal(loadModel(site.database, { model: alias })), how).toMatchObject({
        code: 'MODEL_NOT_FOUND',
      });
      const [last] = await aliasHistory(site.database, { modelType, alias });
      expect(last, how).toMatchObject({ from: modelId, to: null });
      expect(await refusal(rollbackAlias(site.database, { modelType, alias })), how).toMatchObject({
        code: 'ALIAS_NOTHING_BEFORE',
      });
    }
  });

  it('takes no id for a new model that an alias still stands for', async () => {
    const createdAt = new Date('2025-04-01T00:00:00Z');
    const { metadata } = await site.save({ createdAt });
    const modelId = metadata.model_id;
    await moveAlias(site.database, { modelType: 'alert_scorer', alias: 'of-the-second', modelId });
    await deleteTrainedModel(site.database, modelId);
    expect((await site.save({ createdAt })).metadata.model_id).toBe(modelId.replace(/0$/, '1'));
  });

  it('knows no other id', async () => {
    expect(await refusal(deleteModel(site.database, 'nope'))).toBeInstanceOf(ModelNotFoundError);
  });

  it('says what is left where files cannot be removed, and verify names it', async () => {
    const outputDir = path.join(site.folder, 'stuck');
    const saved = await site.save({ outputDir });
    const onnx = saved.metadataPath.replace(/json$/, 'onnx');
    rmSync(onnx);
    // A folder in place of a file cannot be removed as a file, whoever tries.
    mkdirSync(onnx);
    const refused = await refusal(deleteModel(site.database, saved.metadata.model_id));
    expect(refused).toMatchObject({
      code: 'MODEL_FILES_LEFT',
      remedy: expect.stringContaining('models verify'),
    });
    expect(existsSync(saved.metadataPath)).toBe(false);
    const { orphaned } = await verifyModels(site.database, { outputDirs: [outputDir] });
    const left = saved.files.filter((file) => existsSync(file) && file !== onnx);
    expect(left.length).toBeGreaterThan(0);
    expect(orphaned.map((orphan) => orphan.path).sort()).toEqual(left.sort());
  });
});
