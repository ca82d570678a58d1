import path from 'node:path';
import { addressKey, type FeatureMatrix } from '@risk-scoring/contract';
import { ingestSnapshots } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFeatureMatrix } from './build-matrix.ts';
import { columnOf, differences } from './testing/compare-bits.ts';
import { gatedDatabase } from './testing/gated-database.ts';
import {
  publishedSnapshots,
  type TemporaryDatabase,
  temporaryDatabase,
} from './testing/simulated-database.ts';
import { EVERY_GROUP, SmallWorldDatabase } from './testing/small-world-database.ts';
import {
  changed,
  DATES,
  reordered,
  type SmallRow,
  type SmallWorld,
  sampleWorlds,
} from './testing/small-worlds.ts';

/** The window of the simulated snapshots; that of each small world is another. */
const SIMULATED = 30;
const [FRIDAY, SATURDAY, MONDAY] = DATES;
const [WORLD, OTHER] = sampleWorlds(20_250_203);

let temporary: TemporaryDatabase;
let worlds: SmallWorldDatabase;
/** All rows of the simulated snapshots. */
let simulated: FeatureMatrix;
/** All rows of the small world, which is left alone in its window. */
let whole: FeatureMatrix;
let windowOfWorld: number;

beforeAll(async () => {
  temporary = await temporaryDatabase({ seed: 5, alerts: 240, snapshots: 3, firstDate: '2025-01-20' });
  worlds = new SmallWorldDatabase(temporary.database);
  simulated = await worlds.build(SIMULATED);
  windowOfWorld = await worlds.insert(WORLD);
  whole = await worlds.build(windowOfWorld);
});
afterAll(() => temporary.dispose());

describe('a row’s features', () => {
  it('are the same bits when no later snapshot is there', async () => {
    for (const last of [FRIDAY, SATURDAY]) {
      const until = changed(WORLD, (row) => (row.processing_date <= last ? row : undefined));
      expect(differences(whole, await worlds.matrixOf(until))).toEqual([]);
    }
  });

  it('are the same bits when alerts of a later date are others, or gone', async () => {
    const later = (row: SmallRow) => row.processing_date > FRIDAY;
    const until = WORLD.raw_alerts.filter((row) => !later(row));
    const few = WORLD.raw_alerts.filter((row) => later(row) && row.alert_id === 'a0');
    for (const others of [few, OTHER.raw_alerts.filter(later)]) {
      const matrix = await worlds.matrixOf({ ...WORLD, raw_alerts: [...until, ...others] });
      const found = differences(whole, matrix, { common: true });
      expect(found.filter(({ date }) => date === FRIDAY)).toEqual([]);
      expect(found.some(({ date }) => date > FRIDAY)).toBe(true);
    }
  });

  it('are the same bits in whatever order and parts rows were inserted', async () => {
    const halvesFirst = (rows: readonly SmallRow[]) =>
      [1, 0].flatMap((half) => rows.filter((_, place) => place % 2 === half));
    const backwards = reordered(WORLD, (rows) => [...rows].reverse());
    expect(differences(whole, await worlds.matrixOf(backwards, { parts: 4 }))).toEqual([]);
    const mixed = reordered(WORLD, halvesFirst);
    expect(differences(whole, await worlds.matrixOf(mixed, { parts: 20 }))).toEqual([]);
  });

  it('are the same bits after batches were published again in another order', async () => {
    const snapshots = await publishedSnapshots(temporary.database, SIMULATED);
    for (const { processingDate } of snapshots.reverse()) await ingestAgain(processingDate);
    expect(differences(simulated, await worlds.build(SIMULATED))).toEqual([]);
  });

  it('are the same bits when only some alerts are asked for, or one', async () => {
    const all = await publishedSnapshots(temporary.database, windowOfWorld);
    const snapshots = all.map((snapshot) => ({ ...snapshot, rows: 2, ids: ['a0', 'a2'] }));
    const some = await worlds.build(windowOfWorld, { snapshots });
    expect(some.keys.ids).toEqual(['a0', 'a2', 'a0', 'a2', 'a0', 'a2']);
    expect(differences(whole, some)).toEqual([]);
    const last = snapshots.slice(-1).map((snapshot) => ({ ...snapshot, rows: 1, ids: ['a1'] }));
    const one = await worlds.build(windowOfWorld, { snapshots: last });
    expect(one.keys.ids).toEqual(['a1']);
    expect(differences(whole, one)).toEqual([]);
  });

  it('are the same bits one snapshot at a time as all together', async () => {
    for (const [windowDays, together] of [
      [windowOfWorld, whole],
      [SIMULATED, simulated],
    ] as const) {
      for (const snapshot of await publishedSnapshots(temporary.database, windowDays)) {
        const alone = await worlds.build(windowDays, { snapshots: [snapshot] });
        expect(alone.rows).toBe(snapshot.rows);
        expect(differences(together, alone)).toEqual([]);
      }
    }
  });

  it('are the same bits for severities in capitals', async () => {
    const words = ['severity', 'severity_max', 'risk_level'];
    const capitals = changed(WORLD, (row) => ({
      ...row,
      ...Object.fromEntries(
        words.filter((word) => word in row).map((word) => [word, String(row[word]).toUpperCase()]),
      ),
    }));
    expect(differences(whole, await worlds.matrixOf(capitals))).toEqual([]);
  });

  it('are unknown where raw_features has no row, and the same where they come from elsewhere', async () => {
    const without = await worlds.matrixOf({ ...WORLD, raw_features: [] });
    const unknown = without.columns.filter(
      ({ group, name }) => group === 'address' || group === 'history' || name.startsWith('days_since_'),
    );
    expect(unknown.length).toBeGreaterThan(100);
    for (const { name } of unknown) expect(columnOf(without, name).every(Number.isNaN), name).toBe(true);
    const changedGroups = new Set(differences(whole, without).map(({ group }) => group));
    expect([...changedGroups].sort()).toEqual(['address', 'history', 'network', 'recurrence', 'temporal']);
  });

  it('are refused where raw_features has two rows for an address', async () => {
    const row = { processing_date: MONDAY, address: '0xab01' };
    const world: SmallWorld = {
      raw_alerts: [{ ...row, alert_id: 'a0' }],
      raw_features: [row, { ...row, address: '0xAB01' }],
      raw_clusters: [],
      raw_money_flows: [],
      raw_address_labels: [],
    };
    await expect(worlds.matrixOf(world)).rejects.toMatchObject({
      code: expect.stringMatching(/^(DUPLICATE_FEATURES|FEATURE_ALIGNMENT)$/),
    });
  });

  it('come from the snapshot’s own flows and clusters, and from no later features', async () => {
    const movedTo = (rows: readonly SmallRow[], processing_date: string) =>
      rows.filter((row) => row.processing_date === MONDAY).map((row) => ({ ...row, processing_date }));
    const windowDays = await worlds.insert(WORLD);
    const snapshots = await publishedSnapshots(temporary.database, windowDays);
    for (const date of ['2025-01-23', '2025-01-31', '2025-02-04']) {
      await worlds.add(windowDays, 'raw_money_flows', movedTo(OTHER.raw_money_flows, date));
      await worlds.add(windowDays, 'raw_clusters', movedTo(OTHER.raw_clusters, date));
      if (date > MONDAY) await worlds.add(windowDays, 'raw_features', movedTo(OTHER.raw_features, date));
    }
    expect(differences(whole, await worlds.build(windowDays, { snapshots }))).toEqual([]);
    // Earlier features are what history is made of.
    await worlds.add(windowDays, 'raw_features', movedTo(OTHER.raw_features, '2025-01-23'));
    const found = differences(whole, await worlds.build(windowDays, { snapshots }));
    expect([...new Set(found.map(({ group }) => group))].sort()).toEqual(['history', 'recurrence']);
    const added = new Set(OTHER.raw_features.map(({ address }) => addressKey(String(address))));
    expect(found.filter(({ address }) => !added.has(addressKey(address)))).toEqual([]);
  });

  it('are finite or unknown, whatever is in raw_features', async () => {
    const scores = ['nan', 'inf', '-inf'];
    const odd = changed(WORLD, (row, table) => {
      if (table !== 'raw_features') return row;
      return { ...row, global_anomaly_score: scores[Number(row.degree_in) % 3], pagerank: 'inf' };
    });
    const matrix = await worlds.matrixOf(odd);
    expect(matrix.values.some((value) => Math.abs(value) === Number.POSITIVE_INFINITY)).toBe(false);
    const touched = new Set(differences(whole, matrix).map(({ column }) => column));
    for (const name of touched) {
      expect(name).toMatch(/global_anomaly_score|pagerank/);
      expect(columnOf(matrix, name).every(Number.isNaN), name).toBe(true);
    }
    expect(touched).toContain('counterparty_global_anomaly_score');
  });
});

describe('a computation', () => {
  /** Builds the simulated rows while a snapshot is published: no result after the first one comes before it is. */
  async function buildMeanwhile(published: string, snapshots: number): Promise<FeatureMatrix> {
    let publication: Promise<void> | undefined;
    const gated = gatedDatabase(temporary.database, () => publication);
    return buildFeatureMatrix(gated, {
      snapshots: (await publishedSnapshots(temporary.database, SIMULATED)).slice(0, snapshots),
      plan: EVERY_GROUP,
      onProgress: () => {
        publication ??= ingestAgain(published);
      },
    });
  }

  it('notices a snapshot that is published meanwhile', async () => {
    await expect(buildMeanwhile('2025-01-27', 3)).rejects.toMatchObject({ code: 'DATA_CHANGED' });
    await expect(buildMeanwhile('2025-01-20', 2)).rejects.toMatchObject({ code: 'DATA_CHANGED' });
  });

  it('does not mind one that is later than its own', async () => {
    expect(differences(simulated, await buildMeanwhile('2025-02-03', 2))).toEqual([]);
  });
});

/** Ingests a simulated snapshot once more: the same rows under new batch ids. */
async function ingestAgain(date: string): Promise<void> {
  await ingestSnapshots(temporary.database, { from: path.join(temporary.snapshots, date), force: true });
}
