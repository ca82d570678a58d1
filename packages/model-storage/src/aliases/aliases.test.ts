import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ModelType } from '@risk-scoring/contract';
import { type Database, initDatabase } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteModel } from '../delete.ts';
import { saveModel } from '../save.ts';
import { sampleArtifacts, sampleMetadata } from '../testing/fixture.ts';
import { deleteTrainedModel } from '../trained-models.ts';
import {
  aliasHistory,
  listAliases,
  moveAlias,
  removeAlias,
  rollbackAlias,
  validateAliasName,
} from './index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const modelType = 'alert_scorer';
let database: Database;
let models: string[];
let ranker: string;

beforeAll(async () => {
  ({ database } = await initDatabase({ network: 'simnet', dataDir: folder }));
  models = [];
  for (let n = 0; n < 3; n += 1) models.push(await save('alert_scorer'));
  ranker = await save('alert_ranker');
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

async function save(type: ModelType): Promise<string> {
  const saved = await saveModel({
    database,
    outputDir: path.join(folder, 'models'),
    metadata: sampleMetadata({ model_type: type }),
    artifacts: sampleArtifacts,
    holdoutGroups: [],
  });
  return saved.metadata.model_id;
}

const model = (n: number): string => models[n] ?? 'none';
const present = async (alias: string) =>
  (await listAliases(database, { modelType, alias }))[0]?.model_id ?? null;

describe('moveAlias', () => {
  it('makes an alias stand for a model, and keeps what it stood for', async () => {
    const first = await moveAlias(database, {
      modelType,
      alias: 'champion',
      modelId: model(0),
      reason: 'the first',
    });
    expect(first).toMatchObject({ sequence: 1, from: null, to: model(0), reason: 'the first' });
    const second = await moveAlias(database, {
      modelType,
      alias: 'champion',
      modelId: model(1),
      expected: model(0),
    });
    expect(second).toMatchObject({ sequence: 2, from: model(0), to: model(1), reason: '' });
    expect(await aliasHistory(database, { modelType, alias: 'champion' })).toEqual([second, first]);
    const states = await listAliases(database, { alias: 'champion' });
    expect(states).toEqual([
      {
        network: 'simnet',
        model_type: modelType,
        alias: 'champion',
        model_id: model(1),
        sequence: 2,
        moved_at: second.moved_at,
        reason: '',
      },
    ]);
    expect(Math.abs(Date.now() - Date.parse(`${second.moved_at.replace(' ', 'T')}Z`))).toBeLessThan(60_000);
  });

  it('keeps aliases of one name apart by model type', async () => {
    await moveAlias(database, { modelType, alias: 'best', modelId: model(0) });
    await moveAlias(database, { modelType: 'alert_ranker', alias: 'best', modelId: ranker });
    const states = await listAliases(database, { alias: 'best' });
    expect(states.map((state) => [state.model_type, state.model_id])).toEqual([
      ['alert_ranker', ranker],
      ['alert_scorer', model(0)],
    ]);
    expect(await listAliases(database, { modelId: ranker })).toHaveLength(1);
  });

  it('writes nothing where the alias stands for the model already', async () => {
    const move = await moveAlias(database, { modelType, alias: 'same', modelId: model(0), reason: 'once' });
    expect(
      await moveAlias(database, { modelType, alias: 'same', modelId: model(0), reason: 'twice' }),
    ).toEqual(move);
    expect(await aliasHistory(database, { modelType, alias: 'same' })).toHaveLength(1);
  });

  it('refuses when the alias does not stand for what was expected, and names what it stands for', async () => {
    const request = { modelType, alias: 'expected', modelId: model(1) } as const;
    await expect(moveAlias(database, { ...request, expected: model(0) })).rejects.toMatchObject({
      code: 'ALIAS_MOVED_MEANWHILE',
      found: 'an alias that stands for no model',
    });
    await moveAlias(database, { ...request, expected: null });
    await expect(
      moveAlias(database, { ...request, modelId: model(2), expected: null }),
    ).rejects.toMatchObject({
      code: 'ALIAS_MOVED_MEANWHILE',
      found: expect.stringContaining(model(1)),
    });
    expect(await present('expected')).toBe(model(1));
  });

  it('refuses a model that is not registered, and one of another type', async () => {
    await expect(
      moveAlias(database, { modelType, alias: 'champion', modelId: 'nobody' }),
    ).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
    await expect(
      moveAlias(database, { modelType, alias: 'champion', modelId: ranker }),
    ).rejects.toMatchObject({
      code: 'MODEL_DOES_NOT_FIT',
      found: 'one of type alert_ranker',
    });
  });

  it('takes names of 1 to 40 characters that mean nothing else', async () => {
    for (const good of ['champion', 'a', '7', 'eu.west_2-b', 'x'.repeat(40)]) {
      expect(validateAliasName(good)).toBe(good);
    }
    const bad = [
      '',
      'x'.repeat(41),
      'latest',
      'a.json',
      'Champion',
      'a b',
      'a/b',
      '../a',
      '.a',
      '-a',
      'ä',
      "a'",
      'a\n',
    ];
    for (const alias of [...bad, 'alert_ranker_eth_v1.0.0_20250301_120000']) {
      await expect(moveAlias(database, { modelType, alias, modelId: model(0) })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    }
  });

  it('counts the earliest of rows that were put at one place by other means', async () => {
    const row = { network: 'simnet', model_type: modelType, alias: 'twice', sequence: 1, reason: '' };
    await database.insert(
      'model_aliases',
      [
        { ...row, model_id: model(1), moved_at: '2025-01-01 00:00:01.000000', move_id: 'a' },
        { ...row, model_id: model(0), moved_at: '2025-01-01 00:00:00.000000', move_id: 'b' },
        { ...row, model_id: model(2), moved_at: '2025-01-01 00:00:00.000000', move_id: 'c' },
      ],
      'putting rows there',
    );
    expect(await present('twice')).toBe(model(0));
    const history = await aliasHistory(database, { modelType, alias: 'twice' });
    expect(history.map((move) => move.to)).toEqual([model(0)]);
  });

  it('lets one of two moves through where the other was seen late: the place in the sequence is taken once', async () => {
    const row = { network: 'simnet', model_type: modelType, alias: 'late', model_id: model(2), reason: '' };
    await moveAlias(database, { modelType, alias: 'late', modelId: model(0) });
    // What a second process would write that looked before the first move: earlier by its clock, later to arrive.
    await database.command({
      sql: `INSERT INTO model_aliases SETTINGS insert_deduplication_token = 'alias/simnet/${modelType}/late/1'
VALUES ('simnet', '${modelType}', 'late', 1, '${row.model_id}', '', '2020-01-01 00:00:00', 'late')`,
      doing: 'moving late',
    });
    expect(await present('late')).toBe(model(0));
  });
});

describe('rollbackAlias', () => {
  it('goes back one model after the other, and says when there is none before', async () => {
    const alias = 'back';
    for (const modelId of models) await moveAlias(database, { modelType, alias, modelId });
    expect(await rollbackAlias(database, { modelType, alias })).toMatchObject({
      sequence: 4,
      from: model(2),
      to: model(1),
      reason: 'rollback',
    });
    expect((await rollbackAlias(database, { modelType, alias })).to).toBe(model(0));
    await expect(rollbackAlias(database, { modelType, alias })).rejects.toMatchObject({
      code: 'ALIAS_NOTHING_BEFORE',
      found: 'no earlier model',
    });
    expect(await present(alias)).toBe(model(0));
    // A new move starts from here: what was rolled back is not gone back to.
    await moveAlias(database, { modelType, alias, modelId: model(2) });
    expect((await rollbackAlias(database, { modelType, alias })).to).toBe(model(0));
  });

  it('goes back several steps, and none where they are too many', async () => {
    const alias = 'steps';
    for (const modelId of models) await moveAlias(database, { modelType, alias, modelId });
    await expect(rollbackAlias(database, { modelType, alias, steps: 3 })).rejects.toMatchObject({
      code: 'ALIAS_NOTHING_BEFORE',
      found: `2 earlier: ${model(1)}, ${model(0)}`,
    });
    expect((await rollbackAlias(database, { modelType, alias, steps: 2 })).to).toBe(model(0));
    for (const steps of [0, -1, 1.5, Number.NaN]) {
      await expect(rollbackAlias(database, { modelType, alias, steps })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    }
  });

  it('refuses a model that was deleted, and says how to go past it', async () => {
    const alias = 'deleted';
    const doomed = await save('alert_scorer');
    for (const modelId of [model(0), doomed, model(1)])
      await moveAlias(database, { modelType, alias, modelId });
    await database.command({
      sql: 'DELETE FROM trained_models WHERE model_id = {id:String}',
      params: { id: doomed },
      doing: 'deleting a model',
    });
    await expect(rollbackAlias(database, { modelType, alias })).rejects.toMatchObject({
      code: 'ALIAS_MODEL_DELETED',
      found: `${doomed}, which was deleted`,
      remedy: expect.stringContaining(
        `models rollback --network simnet ${alias} --model-type alert_scorer --steps 2, or name a model with`,
      ),
    });
    expect((await rollbackAlias(database, { modelType, alias, steps: 2 })).to).toBe(model(0));
  });
});

/** The database, to somebody who is slow: between a write and what follows it, others do their work. */
function slow(work: () => Promise<unknown>): Database {
  return new Proxy(database, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'command') return value.bind(target);
      return async (request: Parameters<Database['command']>[0]) => {
        await target.command(request);
        await work();
      };
    },
  });
}

describe('a model that is deleted while an alias is moved to it', () => {
  it.each([
    ['moved', 'saw the alias'],
    ['moved', 'did not see it'],
    ['rolled back', 'did not see it'],
  ])('leaves an alias that stands for no model: %s, and the deletion %s', async (how, seen) => {
    const alias = `${how} ${seen}`.replaceAll(' ', '-');
    const doomed = await save('alert_scorer');
    if (how === 'rolled back')
      for (const modelId of [doomed, model(0)]) await moveAlias(database, { modelType, alias, modelId });
    const racing = slow(() =>
      seen === 'saw the alias'
        ? deleteModel(database, doomed, { force: true }).catch(() => undefined)
        : deleteTrainedModel(database, doomed),
    );
    const moving =
      how === 'moved'
        ? moveAlias(racing, { modelType, alias, modelId: doomed })
        : rollbackAlias(racing, { modelType, alias });
    await expect(moving).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(await present(alias)).toBeNull();
    const [last] = await aliasHistory(database, { modelType, alias });
    expect(last).toMatchObject({ from: doomed, to: null, reason: 'its model was deleted' });
  });
});

describe('removeAlias', () => {
  it('leaves the history, from which a rollback brings the alias back', async () => {
    const alias = 'gone';
    await moveAlias(database, { modelType, alias, modelId: model(0) });
    await moveAlias(database, { modelType, alias, modelId: model(1) });
    await expect(removeAlias(database, { modelType, alias, expected: model(0) })).rejects.toMatchObject({
      code: 'ALIAS_MOVED_MEANWHILE',
    });
    expect(await removeAlias(database, { modelType, alias })).toMatchObject({ from: model(1), to: null });
    expect(await listAliases(database, { alias })).toEqual([]);
    await expect(removeAlias(database, { modelType, alias })).rejects.toMatchObject({
      code: 'ALIAS_NOT_FOUND',
    });
    expect(await rollbackAlias(database, { modelType, alias })).toMatchObject({ from: null, to: model(1) });
    expect((await rollbackAlias(database, { modelType, alias })).to).toBe(model(0));
    expect(await aliasHistory(database, { modelType, alias })).toHaveLength(5);
  });

  it('refuses an alias that never was', async () => {
    const never = { modelType, alias: 'never' } as const;
    await expect(removeAlias(database, never)).rejects.toMatchObject({ code: 'ALIAS_NOT_FOUND' });
    await expect(rollbackAlias(database, never)).rejects.toMatchObject({ code: 'ALIAS_NOT_FOUND' });
    expect(await aliasHistory(database, never)).toEqual([]);
  });
});
