import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CancelledError,
  createRandom,
  type FeatureGroup,
  type FeatureMatrix,
  InvalidInputError,
} from '@risk-scoring/contract';
import { Database, type EngineRequest, initDatabase, newBatchId, publishBatch } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClusterMatrix, CLUSTER_GROUPS } from './build-cluster-matrix.ts';
import { checkFeatureGroup } from './extension/check-feature-group.ts';
import { clusterMatrixGroup } from './groups/cluster-matrix.ts';
import { FeatureAlignmentError, SnapshotsReplacedError } from './matrix/errors.ts';
import {
  type Cluster,
  clusterFeatures,
  WORLD_DATES as dates,
  DAY_MS as day,
  insertClusterWorld,
  makeClusterWorld,
} from './testing/cluster-world.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const world = makeClusterWorld();
let database: Database;
let shuffled: Database;

beforeAll(async () => {
  ({ database } = await initDatabase({ network: 'simnet', dataDir }));
  ({ database: shuffled } = await initDatabase({ network: 'shuffled', dataDir }));
  await insertClusterWorld(database, world, (rows) => [rows]);
  await insertClusterWorld(shuffled, world, (rows) => {
    const order = createRandom(3).shuffle([...rows]);
    return [order.slice(0, 9), order.slice(9, 20), order.slice(20)];
  });
});
afterAll(async () => {
  await database.close();
  await shuffled.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const snapshotsOf = (some: readonly string[]) =>
  some.map((processingDate) => ({
    processingDate,
    windowDays: 30,
    rows: world.clusters.filter((cluster) => cluster.processing_date === processingDate).length,
  }));
const clusterOf = (matrix: FeatureMatrix, row: number): Cluster => {
  const date = new Date((matrix.keys.processingDates[row] ?? 0) * day).toISOString().slice(0, 10);
  const found = world.clusters.find(
    (cluster) => cluster.processing_date === date && cluster.cluster_id === matrix.keys.ids[row],
  );
  if (found === undefined) throw new Error(`no cluster ${matrix.keys.ids[row]} on ${date}`);
  return found;
};
const valueAt = (matrix: FeatureMatrix, name: string, row: number): number =>
  matrix.values[matrix.columns.findIndex((column) => column.name === name) * matrix.rows + row] ?? Number.NaN;

describe('buildClusterMatrix', () => {
  it('has the figures of a row-wise calculation', async () => {
    const matrix = await buildClusterMatrix(database, { snapshots: snapshotsOf(dates) });
    expect(matrix.rows).toBe(28);
    const seen = new Map(matrix.columns.map(({ name }) => [name, new Set<number>()]));
    for (let row = 0; row < matrix.rows; row++) {
      const expected = clusterFeatures(clusterOf(matrix, row), world);
      expect(Object.keys(expected).sort()).toEqual(matrix.columns.map(({ name }) => name).sort());
      for (const { name } of matrix.columns) {
        const found = valueAt(matrix, name, row);
        const wanted = expected[name] ?? Number.NaN;
        seen.get(name)?.add(found);
        const near = Math.abs(found - wanted) <= 1e-6 * Math.max(1, Math.abs(wanted));
        if (!near && !(Number.isNaN(found) && Number.isNaN(wanted)))
          throw new Error(`${name} of ${matrix.keys.ids[row]}, row ${row}: ${found}, not ${wanted}`);
      }
    }
    // Every column tells clusters apart, so no figure is right by being constant.
    for (const [name, values] of seen) expect(values.size, name).toBeGreaterThan(2);
  });

  it('names the rows by cluster, and orders within snapshots', async () => {
    const matrix = await buildClusterMatrix(database, { snapshots: snapshotsOf(dates) });
    const first = [...Array.from({ length: 9 }, (_, index) => `cluster-${index}`), 'strangers'];
    expect(matrix.keys.ids.slice(0, 10)).toEqual(first);
    expect(matrix.keys.ids.slice(10, 19)).toEqual(first.slice(0, 9));
    expect(Array.from(matrix.queryIds)).toEqual([
      ...Array(10).fill(0),
      ...Array(9).fill(1),
      ...Array(9).fill(2),
    ]);
    expect(matrix.values.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('has the same bits whatever the order of the rows in the database', async () => {
    const one = await buildClusterMatrix(database, { snapshots: snapshotsOf(dates) });
    const other = await buildClusterMatrix(shuffled, { snapshots: snapshotsOf(dates) });
    expect(Buffer.from(other.values).equals(Buffer.from(one.values))).toBe(true);
    expect(new Uint8Array(other.values.buffer)).toEqual(new Uint8Array(one.values.buffer));
    expect(other.splitGroups).toEqual(one.splitGroups);
    expect(other.splitGroupNames).toEqual(one.splitGroupNames);
  });

  it('adds exactly: large numbers that cancel out leave the small ones', async () => {
    const row = { window_days: 60, processing_date: '2025-01-01' };
    const kinds = [
      { volume: '1e15', score: 9e11 },
      { volume: '0.02', score: 0.3 },
      { volume: '-1e15', score: -9e11 },
      { volume: '0.04', score: 0.3 },
    ];
    const members = Array.from({ length: 40 }, (_, index) => `0x${index}`);
    const cluster = { ...row, cluster_id: 'c', addresses_involved: members };
    await database.insert('raw_clusters', [cluster], 'inserting');
    const alerts = members.map((address, index) => ({
      ...row,
      alert_id: address,
      address,
      volume_usd: kinds[index % 4]?.volume,
    }));
    await database.insert('raw_alerts', alerts, 'inserting');
    const features = members.map((address, index) => ({
      ...row,
      address,
      behavioral_anomaly_score: kinds[index % 4]?.score,
    }));
    await database.insert('raw_features', features, 'inserting');
    const snapshot = { processingDate: '2025-01-01', windowDays: 60, rows: 1 };
    const matrix = await buildClusterMatrix(database, { snapshots: [snapshot] });
    expect(valueAt(matrix, 'member_alert_volume_usd_mean', 0)).toBe(Math.fround(0.015));
    expect(valueAt(matrix, 'member_behavioral_anomaly_score_mean', 0)).toBeCloseTo(0.15, 6);
  });

  it('has the same bits for a snapshot alone as among later ones', async () => {
    const together = await buildClusterMatrix(database, { snapshots: snapshotsOf(dates) });
    for (const [index, date] of dates.entries()) {
      const alone = await buildClusterMatrix(database, { snapshots: snapshotsOf([date]) });
      const before = index === 0 ? 0 : index * 9 + 1;
      for (const { name } of alone.columns) {
        for (let row = 0; row < alone.rows; row++) {
          expect(valueAt(alone, name, row), `${name}, ${date}`).toBe(valueAt(together, name, before + row));
        }
      }
      expect(alone.schemaHash).toBe(together.schemaHash);
    }
  });

  it('says NaN of clusters whose addresses nobody knows, and of one without addresses', async () => {
    const matrix = await buildClusterMatrix(database, { snapshots: snapshotsOf([dates[0]]) });
    for (const id of ['strangers', 'cluster-4']) {
      const row = matrix.keys.ids.indexOf(id);
      for (const name of [
        'member_alert_volume_usd_mean',
        'member_alert_high_share',
        'member_global_anomaly_score_max',
        'member_volume_usd_log1p_mean',
        'member_degree_mean',
        'internal_usd_share',
      ])
        expect(valueAt(matrix, name, row), `${name} of ${id}`).toBeNaN();
      expect(valueAt(matrix, 'member_alert_count', row)).toBe(0);
      expect(valueAt(matrix, 'inflow_usd', row)).toBe(0);
    }
    expect(valueAt(matrix, 'member_known_share', matrix.keys.ids.indexOf('strangers'))).toBe(0);
    expect(valueAt(matrix, 'member_known_share', matrix.keys.ids.indexOf('cluster-4'))).toBeNaN();
  });

  it('computes some clusters as among all', async () => {
    const [snapshot] = snapshotsOf([dates[1]]);
    if (snapshot === undefined) throw new Error('no snapshot');
    const all = await buildClusterMatrix(database, { snapshots: [snapshot] });
    const ids = ['cluster-2', 'cluster-7'];
    const some = await buildClusterMatrix(database, { snapshots: [{ ...snapshot, rows: 2, ids }] });
    expect(some.keys.ids).toEqual(ids);
    for (const { name } of all.columns) {
      expect([0, 1].map((row) => valueAt(some, name, row))).toEqual(
        [2, 7].map((row) => valueAt(all, name, row)),
      );
    }
    const none = await buildClusterMatrix(database, { snapshots: [{ ...snapshot, rows: 0, ids: [] }] });
    expect([none.rows, none.values.length, none.splitGroupNames.length]).toEqual([0, 0, 0]);
  });

  it('has no rows where a snapshot has no clusters', async () => {
    const empty = { processingDate: '2025-03-01', windowDays: 30, rows: 0 };
    const none = await buildClusterMatrix(database, { snapshots: [empty] });
    expect(none.rows).toBe(0);
    expect(none.keys.ids).toEqual([]);
    expect(none.columns).toHaveLength(clusterMatrixGroup.columns.length);
    const beside = await buildClusterMatrix(database, { snapshots: [...snapshotsOf([dates[2]]), empty] });
    expect(beside.rows).toBe(9);
    await expect(buildClusterMatrix(database, { snapshots: [] })).rejects.toThrow(RangeError);
  });

  it('refuses what it cannot line up', async () => {
    const [first, second] = snapshotsOf(dates);
    if (first === undefined || second === undefined) throw new Error('no snapshots');
    for (const snapshots of [
      [second, first],
      [first, { ...second, windowDays: 7 }],
    ]) {
      await expect(buildClusterMatrix(database, { snapshots })).rejects.toThrow(InvalidInputError);
    }
    const stale = [{ ...first, rows: first.rows + 1 }];
    await expect(buildClusterMatrix(database, { snapshots: stale })).rejects.toThrow(FeatureAlignmentError);
    const signal = AbortSignal.abort();
    await expect(buildClusterMatrix(database, { snapshots: [first], signal })).rejects.toThrow(
      CancelledError,
    );
  });

  it('has groups that read nothing but the relations that they may', async () => {
    for (const group of CLUSTER_GROUPS) await checkFeatureGroup(database, group);
  });

  it('takes other groups about clusters, and no others', async () => {
    const mine: FeatureGroup = {
      specificationVersion: 'v1',
      name: 'mine',
      per: 'cluster',
      columns: [
        { name: 'id_length', kind: 'numeric', meaning: 'length of the id', missing: 'never missing' },
      ],
      sql: 'SELECT processing_date, cluster_id, length(cluster_id) AS id_length FROM clusters',
    };
    const plan = { groups: ['cluster-matrix', 'mine'], encodings: {} };
    const matrix = await buildClusterMatrix(database, {
      snapshots: snapshotsOf([dates[1], dates[2]]),
      plan,
      groups: [...CLUSTER_GROUPS, mine],
    });
    expect(Array.from(matrix.values.subarray(-18))).toEqual(Array(18).fill(9));
    for (const other of [
      { ...mine, per: 'alert' },
      { ...mine, readsLabels: true },
      { ...mine, otherNetworks: ['bsc'] },
    ] as const) {
      await expect(
        buildClusterMatrix(database, {
          snapshots: snapshotsOf([dates[1]]),
          plan: { groups: ['mine'], encodings: {} },
          groups: [other],
        }),
      ).rejects.toThrow(InvalidInputError);
    }
  });
});

describe('its split groups', () => {
  const cluster = (date: string, id: string, ...members: string[]) => ({
    window_days: 7,
    processing_date: date,
    cluster_id: id,
    addresses_involved: members,
  });
  const snapshot = (processingDate: string, rows: number) => ({ processingDate, windowDays: 7, rows });

  beforeAll(() =>
    database.insert(
      'raw_clusters',
      [
        cluster('2025-01-01', 'a', '0xAA', 'Key'),
        cluster('2025-01-01', 'b', '0x1'),
        cluster('2025-01-01', 'c', '0x2', '0x2', '0x3'),
        cluster('2025-01-01', 'd'),
        cluster('2025-01-02', 'a', '0x9'),
        cluster('2025-01-02', 'y', 'key', '0x3', '0x4'),
        cluster('2025-01-02', 'z', '0xaa', '0x5'),
        cluster('2025-01-03', 'd'),
        cluster('2025-01-03', 'e', '0x5', '0x1'),
      ],
      'inserting',
    ),
  );
  const split = async (...snapshots: ReturnType<typeof snapshot>[]) => {
    const { keys, splitGroups, splitGroupNames } = await buildClusterMatrix(database, { snapshots });
    return keys.ids.map((id, row) => `${id}: ${splitGroupNames[splitGroups[row] ?? -1]}`);
  };

  it('join clusters that share an address, across dates and through others', async () => {
    // a and z share 0xaa whatever the letter case, z and e 0x5, e and b 0x1; Key and key are two.
    expect(
      await split(snapshot('2025-01-01', 4), snapshot('2025-01-02', 3), snapshot('2025-01-03', 2)),
    ).toEqual([
      'a: a@2025-01-01',
      'b: a@2025-01-01',
      'c: c',
      'd: d@2025-01-01',
      'a: a@2025-01-02',
      'y: c',
      'z: a@2025-01-01',
      'd: d@2025-01-03',
      'e: a@2025-01-01',
    ]);
  });

  it('know nothing of snapshots that were not asked for', async () => {
    expect(await split(snapshot('2025-01-01', 4))).toEqual(['a: a', 'b: b', 'c: c', 'd: d']);
    expect(await split(snapshot('2025-01-01', 4), snapshot('2025-01-02', 3))).toEqual([
      'a: a@2025-01-01',
      'b: b',
      'c: c',
      'd: d',
      'a: a@2025-01-02',
      'y: c',
      'z: a@2025-01-01',
    ]);
  });

  it('hold no address twice, in a thousand random clusters', async () => {
    const random = createRandom(11);
    const rows = Array.from({ length: 1000 }, (_, index) =>
      cluster(
        index < 500 ? '2025-02-01' : '2025-02-02',
        `r${index}`,
        ...Array.from({ length: 1 + random.integer(3) }, () => `0x${random.integer(2500)}`),
      ),
    );
    await database.insert('raw_clusters', rows, 'inserting');
    const matrix = await buildClusterMatrix(database, {
      snapshots: [snapshot('2025-02-01', 500), snapshot('2025-02-02', 500)],
    });
    const members = new Map(
      rows.map(({ cluster_id, addresses_involved }) => [cluster_id, addresses_involved]),
    );
    // A flood through shared addresses, from each row that none reached yet.
    const rowsWith = new Map<string, number[]>();
    matrix.keys.ids.forEach((id, row) => {
      for (const member of members.get(id) ?? [])
        rowsWith.set(member, [...(rowsWith.get(member) ?? []), row]);
    });
    const expected = new Int32Array(1000).fill(-1);
    let code = 0;
    matrix.keys.ids.forEach((_, start) => {
      if (expected[start] !== -1) return;
      const open = [start];
      for (let row = open.pop(); row !== undefined; row = open.pop()) {
        if (expected[row] !== -1) continue;
        expected[row] = code;
        for (const member of members.get(matrix.keys.ids[row] ?? '') ?? [])
          open.push(...(rowsWith.get(member) ?? []));
      }
      code += 1;
    });
    expect(code).toBeGreaterThan(20);
    expect(matrix.splitGroups).toEqual(expected);
  });
});

describe('what is published', () => {
  it('alone is seen, and a change meanwhile is noticed', async () => {
    const row = { window_days: 14, processing_date: '2025-01-01', addresses_involved: ['0x1'] };
    const publish = async (id: string) => {
      const batch = await newBatchId(database);
      await database.insert('raw_clusters', [{ ...row, cluster_id: id, batch_id: batch }], 'inserting');
      await publishBatch(database, 'ingestions', [
        {
          batch_id: batch,
          processing_date: '2025-01-01',
          window_days: 14,
          table_rows: { raw_clusters: 1 },
          table_batches: { raw_clusters: batch },
        },
      ]);
    };
    await publish('old');
    await publish('new');
    await database.insert('raw_clusters', [{ ...row, cluster_id: 'never', batch_id: 'x' }], 'inserting');
    const snapshots = [{ processingDate: '2025-01-01', windowDays: 14, rows: 1 }];
    const matrix = await buildClusterMatrix(database, { snapshots });
    expect(matrix.keys.ids).toEqual(['new']);
    // Published while the last query is about to run.
    const engine = new Proxy(database.engine, {
      get(target, name) {
        if (name !== 'arrowBatches') {
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        }
        return async function* (request: EngineRequest) {
          if (request.sql.includes('AS member_key')) await publish('newer');
          yield* target.arrowBatches(request);
        };
      },
    });
    const changing = new Database({ network: database.network, name: database.name, engine });
    await expect(buildClusterMatrix(changing, { snapshots })).rejects.toThrow(SnapshotsReplacedError);
    expect((await buildClusterMatrix(database, { snapshots })).keys.ids).toEqual(['newer']);
  });
});
