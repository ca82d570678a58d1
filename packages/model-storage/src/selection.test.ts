import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveAlias } from './aliases/index.ts';
import { ModelAliasAmbiguousError, ModelNotFoundError } from './errors.ts';
import { getLatestModel, loadModel } from './load.ts';
import { sampleMetadata } from './testing/fixture.ts';
import { openSite, refusal, type Site } from './testing/site.ts';
import { deleteTrainedModel, listModels, type ModelFilter } from './trained-models.ts';

let site: Site;
const ids: Record<string, string> = {};

beforeAll(async () => {
  site = await openSite();
  const week = { start_date: '2025-01-01', end_date: '2025-02-01', window_days: 7 };
  const models = {
    old: [sampleMetadata(), '2025-03-01T12:00:00Z'],
    week: [sampleMetadata({ training_period: week }), '2025-03-02T12:00:00Z'],
    next: [sampleMetadata({ version: '1.1.0' }), '2025-03-03T12:00:00Z'],
    clusters: [sampleMetadata({ model_type: 'cluster_scorer' }), '2025-03-04T12:00:00Z'],
  } as const;
  for (const [name, [metadata, time]] of Object.entries(models)) {
    const saved = await site.save({ metadata, createdAt: new Date(time) });
    ids[name] = saved.metadata.model_id;
  }
});
afterAll(() => site.close());

const loaded = async (selection: Parameters<typeof loadModel>[1]) =>
  (await loadModel(site.database, selection)).metadata.model_id;

describe('listModels', () => {
  it.each<[what: string, filter: ModelFilter, names: string[]]>([
    ['everything, newest first', {}, ['clusters', 'next', 'week', 'old']],
    ['a type', { modelType: 'alert_scorer' }, ['next', 'week', 'old']],
    ['a window', { windowDays: 7 }, ['week']],
    ['a version', { version: '1.1.0' }, ['next']],
    ['from a time on', { createdAfter: new Date('2025-03-03T12:00:00Z') }, ['clusters', 'next']],
    ['before a time', { createdBefore: new Date('2025-03-02T12:00:00Z') }, ['old']],
    ['the newest ones', { limit: 2 }, ['clusters', 'next']],
    ['all of it', { modelType: 'alert_scorer', windowDays: 30, version: '1.0.0' }, ['old']],
    ['nothing', { modelType: 'alert_ranker' }, []],
    ['nothing by an empty id', { modelId: '' }, []],
  ])('finds %s', async (_what, filter, names) => {
    const rows = await listModels(site.database, filter);
    expect(rows.map((row) => row.model_id)).toEqual(names.map((name) => ids[name]));
  });
});

describe('getLatestModel', () => {
  it('is the newest of a type and window, or null', async () => {
    const latest = async (wanted: Parameters<typeof getLatestModel>[1]) =>
      (await getLatestModel(site.database, wanted))?.model_id ?? null;
    expect(await latest({ modelType: 'alert_scorer', windowDays: 30 })).toBe(ids.next);
    expect(await latest({ modelType: 'alert_scorer', windowDays: 7 })).toBe(ids.week);
    expect(await latest({})).toBe(ids.clusters);
    expect(await latest({ modelType: 'cluster_scorer', windowDays: 7 })).toBeNull();
  });
});

describe('loadModel', () => {
  it('takes latest, an id or an alias; an id whatever type is asked for', async () => {
    await moveAlias(site.database, {
      modelType: 'alert_scorer',
      alias: 'champion',
      modelId: ids.old ?? '',
    });
    expect(await loaded({ modelType: 'alert_scorer', windowDays: 30 })).toBe(ids.next);
    expect(await loaded({ model: ids.week ?? '' })).toBe(ids.week);
    expect(await loaded({ model: 'champion' })).toBe(ids.old);
    expect(await loaded({ model: ids.old ?? '', modelType: 'cluster_scorer' })).toBe(ids.old);
  });

  it('says which models there are when the one named is not there', async () => {
    const refused = await refusal(loadModel(site.database, { model: 'nope' }));
    expect(refused).toBeInstanceOf(ModelNotFoundError);
    expect(String(refused)).toMatch(/model 'nope'.*models: cluster_scorer_simnet/);
    expect(await refusal(loadModel(site.database, { model: '' }))).toBeInstanceOf(ModelNotFoundError);
    expect(
      String(await refusal(loadModel(site.database, { modelType: 'alert_ranker', windowDays: 7 }))),
    ).toMatch(/alert_ranker for window 7/);
    expect(
      await refusal(loadModel(site.database, { model: 'champion', modelType: 'alert_ranker' })),
    ).toBeInstanceOf(ModelNotFoundError);
  });

  it('means the alert_scorer where no type is given, and wants the type where there is none', async () => {
    const alias = 'shared';
    const { metadata: ranker } = await site.save({
      metadata: sampleMetadata({ model_type: 'alert_ranker' }),
      createdAt: new Date('2025-03-01T12:00:00Z'),
    });
    await moveAlias(site.database, { modelType: 'alert_ranker', alias, modelId: ranker.model_id });
    await moveAlias(site.database, { modelType: 'cluster_scorer', alias, modelId: ids.clusters ?? '' });
    const refused = await refusal(loadModel(site.database, { model: alias }));
    expect(refused).toBeInstanceOf(ModelAliasAmbiguousError);
    expect(refused).toMatchObject({
      code: 'MODEL_ALIAS_AMBIGUOUS',
      found: `alert_ranker: ${ranker.model_id}, cluster_scorer: ${ids.clusters}`,
    });
    expect(await loaded({ model: alias, modelType: 'cluster_scorer' })).toBe(ids.clusters);
    await moveAlias(site.database, { modelType: 'alert_scorer', alias, modelId: ids.old ?? '' });
    expect(await loaded({ model: alias })).toBe(ids.old);
  });

  it('says for which model an alias stands that a killed process deleted', async () => {
    const { metadata } = await site.save({ createdAt: new Date('2025-02-01T12:00:00Z') });
    const { model_id: id } = metadata;
    await moveAlias(site.database, { modelType: 'alert_scorer', alias: 'gone', modelId: id });
    await deleteTrainedModel(site.database, id);
    const refused = await refusal(loadModel(site.database, { model: 'gone' }));
    expect(refused).toBeInstanceOf(ModelNotFoundError);
    expect(String(refused)).toContain(`'${id}', for which the alert_scorer alias 'gone' stands`);
  });
});
