import { type FeatureGroup, InvalidInputError, NoAlertsFoundError } from '@risk-scoring/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClusterMatrix } from './build-cluster-matrix.ts';
import { buildFeatureMatrix } from './build-matrix.ts';
import { ALL_GROUPS, type FeaturePlan, planOf } from './catalogue.ts';
import { createCrossNetworkGroup } from './groups/cross-network.ts';
import { partsOfSnapshot } from './matrix/parts-of-snapshot.ts';
import { differences } from './testing/compare-bits.ts';
import {
  publishedSnapshots,
  type TemporaryDatabase,
  temporaryDatabase,
} from './testing/simulated-database.ts';
import { EVERY_GROUP, SmallWorldDatabase } from './testing/small-world-database.ts';
import { sampleWorlds } from './testing/small-worlds.ts';
import { insertTraps } from './testing/traps.ts';

const windowDays = 30;
const column = { kind: 'numeric', meaning: 'a number', missing: 'never missing' } as const;

/** Groups of others, whose values depend on rows of other parts. */
const ofOthers: readonly FeatureGroup[] = [
  {
    specificationVersion: 'v1',
    name: 'rank',
    per: 'alert',
    columns: [{ ...column, name: 'volume_rank' }],
    sql: `SELECT processing_date, alert_id, row_number() OVER (ORDER BY volume_usd, alert_id) AS volume_rank FROM alerts`,
  },
  {
    specificationVersion: 'v1',
    name: 'share',
    per: 'address',
    columns: [{ ...column, name: 'share_of_all', absent: -1 }],
    sql: `SELECT any(processing_date) AS processing_date, address_key, count() / (SELECT count() FROM alerts) AS share_of_all
FROM alerts GROUP BY address_key HAVING count() > 1`,
  },
  // Called as one of this package, and not it.
  {
    specificationVersion: 'v1',
    name: 'network',
    per: 'alert',
    columns: [{ ...column, name: 'flows_of_all' }],
    sql: `SELECT processing_date, alert_id, (SELECT count() FROM money_flows) + (SELECT count() FROM alerts) AS flows_of_all FROM alerts`,
  },
  createCrossNetworkGroup({ networks: ['elsewhere'] }),
];
const encodings = EVERY_GROUP.encodings;
const plans: readonly (readonly [string, FeaturePlan])[] = [
  ['every group of the package', planOf(ALL_GROUPS, encodings)],
  [
    'some columns only',
    planOf(ALL_GROUPS, encodings, ['volume_percentile', 'flow_in_degree', 'severity_encoded']),
  ],
  ['groups of others', planOf(ofOthers, {})],
];

let temporary: TemporaryDatabase;
beforeAll(async () => {
  temporary = await temporaryDatabase({ seed: 3, alerts: 1200, snapshots: 3, firstDate: '2025-01-20' });
  await insertTraps(temporary.database);
});
afterAll(() => temporary.dispose());

describe.each(plans)('a snapshot in parts: %s', (_, plan) => {
  it('has each alert in one of them, with the same bits', async () => {
    const { database } = temporary;
    const snapshots = await publishedSnapshots(database, windowDays);
    // The last one with more than traps.
    const last = snapshots.filter(({ rows }) => rows > 300).at(-1);
    if (last === undefined) throw new Error('no snapshot');
    const { processingDate } = last;
    const whole = await buildFeatureMatrix(database, { snapshots: [last], plan });
    const parts = await partsOfSnapshot(database, { processingDate, windowDays, mostRows: 250 });
    expect(parts.length).toBeGreaterThan(1);
    expect(Math.max(...parts.map(({ rows }) => rows))).toBeLessThanOrEqual(250);
    const ids: string[] = [];
    const partOfAddress = new Map<string, number>();
    for (const [index, part] of parts.entries()) {
      const matrix = await buildFeatureMatrix(database, { snapshots: [part], plan });
      expect(matrix.schemaHash).toBe(whole.schemaHash);
      expect(differences(whole, matrix)).toEqual([]);
      ids.push(...matrix.keys.ids);
      for (const address of matrix.splitGroupNames) {
        expect(partOfAddress.get(address) ?? index).toBe(index);
        partOfAddress.set(address, index);
      }
    }
    expect(ids.sort()).toEqual([...whole.keys.ids].sort());
  });
});

it.each([
  [3, 2, 0],
  [4, 3, 2],
])(
  'gives the same bits for a small world (seed %i) cut for %i parts, under hidden labels and %i folds',
  async (seed, of, folds) => {
    const { database } = temporary;
    const worlds = new SmallWorldDatabase(database, 1000 * seed);
    const [world] = sampleWorlds(seed);
    const window = await worlds.insert(world);
    const labels = { hidden: ['0xab01', 'bc1qab'], folds };
    // The last one, with two before it.
    const snapshots = (await publishedSnapshots(database, window)).slice(-1);
    const { processingDate = '', rows = 0 } = snapshots[0] ?? {};
    const whole = await worlds.build(window, { snapshots, labels });
    const mostRows = Math.ceil(rows / of);
    let found = 0;
    for (const part of await partsOfSnapshot(database, { processingDate, windowDays: window, mostRows })) {
      const matrix = await worlds.build(window, { snapshots: [part], labels });
      expect(differences(whole, matrix)).toEqual([]);
      found += matrix.rows;
    }
    expect(found).toBe(rows);
  },
);

describe('partsOfSnapshot', () => {
  it('gives a small snapshot as it is', async () => {
    const [first] = await publishedSnapshots(temporary.database, windowDays);
    if (first === undefined) throw new Error('no snapshot');
    const { processingDate, rows } = first;
    const parts = await partsOfSnapshot(temporary.database, { processingDate, windowDays, mostRows: rows });
    expect(parts).toEqual([{ processingDate, windowDays, rows }]);
  });

  it('stops cutting where one address has more alerts than a part may have', async () => {
    const { database } = temporary;
    const window = 999;
    const alerts = Array.from({ length: 300 }, (_, index) => ({
      window_days: window,
      processing_date: '2025-01-01',
      alert_id: `a${index}`,
      address: index < 200 ? '0xbusy' : `0x${index}`,
    }));
    await database.insert('raw_alerts', alerts, 'inserting');
    const request = { processingDate: '2025-01-01', windowDays: window };
    const parts = await partsOfSnapshot(database, { ...request, mostRows: 50 });
    expect(parts.reduce((sum, { rows }) => sum + rows, 0)).toBe(300);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.length).toBeLessThan(20);
    expect(Math.max(...parts.map(({ rows }) => rows))).toBeLessThan(230);
  });

  it('refuses what it cannot cut', async () => {
    const { database } = temporary;
    const cut = (processingDate: string, mostRows: number) =>
      partsOfSnapshot(database, { processingDate, windowDays, mostRows });
    await expect(cut('1999-01-01', 10)).rejects.toThrow(NoAlertsFoundError);
    await expect(cut('2025-01-20', 0)).rejects.toThrow(InvalidInputError);
  });
});

it('refuses a part of a snapshot of clusters, whose addresses fall to several', async () => {
  const part = { processingDate: '2025-01-20', windowDays, rows: 1, part: { index: 0, of: 2 } };
  await expect(buildClusterMatrix(temporary.database, { snapshots: [part] })).rejects.toThrow(
    InvalidInputError,
  );
});
