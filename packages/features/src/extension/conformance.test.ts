import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom, type FeatureGroup } from '@risk-scoring/contract';
import { type Database, initDatabase } from '@risk-scoring/storage';
import { describeFeatureGroup } from '@risk-scoring/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFeatureMatrix } from '../build-matrix.ts';
import { ALL_GROUPS, type Encodings } from '../catalogue.ts';
import { markOwn } from '../groups/own-groups.ts';
import { checkFeatureGroup } from './check-feature-group.ts';
import { loadFeatureGroups } from './load-feature-groups.ts';

const data = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const dates = ['2025-02-03', '2025-02-10', '2025-02-17'];
const rows: Readonly<Record<string, number>> = { '2025-02-03': 40, '2025-02-10': 43, '2025-02-17': 46 };
const encodings: Encodings = { typology: ['fan_in', 'fan_out'] };
let database: Database;

const folder = fileURLToPath(new URL('../../examples', import.meta.url));
const [example] = await loadFeatureGroups(['./my-features'], { folder, known: ALL_GROUPS });
if (example === undefined) throw new Error('the example is not there');

beforeAll(async () => {
  ({ database } = await initDatabase({ network: 'simnet', dataDir: data }));
  const random = createRandom(1, 'conformance');
  const usd = () => (random.next() * 10 ** (3 + random.integer(5))).toFixed(18);
  for (const date of dates) {
    const scope = { window_days: 30, processing_date: date };
    const address = () => `0x${random.integer(15)}`;
    await database.insert(
      'raw_alerts',
      Array.from({ length: rows[date] ?? 0 }, (_, index) => ({
        ...scope,
        alert_id: `a${index}`,
        address: address(),
        typology_type: ['fan_in', 'fan_out', 'cycle'][random.integer(3)],
        volume_usd: usd(),
      })),
      'inserting alerts',
    );
    await database.insert(
      'raw_features',
      Array.from({ length: 12 }, (_, index) => ({
        ...scope,
        address: `0x${index}`,
        total_volume_usd: usd(),
        degree_total: random.integer(50),
        tx_total_count: random.integer(500),
        behavioral_anomaly_score: random.next(),
      })),
      'inserting features',
    );
  }
});
afterAll(async () => {
  await database.close();
  rmSync(data, { recursive: true, force: true });
});

/** The suite's options for a group on the database above. */
function onDatabase(group: FeatureGroup) {
  return {
    group,
    dates,
    rows,
    compute: (asked: readonly string[], ids?: readonly string[]) =>
      buildFeatureMatrix(database, {
        snapshots: asked.map((date) => ({
          processingDate: date,
          windowDays: 30,
          rows: ids?.length ?? rows[date] ?? 0,
          ...(ids === undefined ? {} : { ids }),
        })),
        plan: { groups: [group.name], encodings },
        groups: [group],
      }),
  };
}

describeFeatureGroup('the example folder', onDatabase(example.group));

for (const group of ALL_GROUPS.filter(({ name }) => ['history', 'recurrence'].includes(name))) {
  describeFeatureGroup(`the group ${group.name}`, onDatabase(group));
}

const alone = 'computes a snapshot alone as among others, so that it looks at no later one';
const column = { name: 'x', kind: 'numeric', meaning: 'a number', missing: 'never missing' } as const;
const ahead: FeatureGroup = {
  specificationVersion: 'v1',
  name: 'ahead',
  per: 'alert',
  severalSnapshots: true,
  encodings: { typology: 'typology_type' },
  columns: [column],
  sql: `SELECT processing_date, alert_id,
    count() OVER (PARTITION BY address_key) * (1 + has({encoding_typology:Array(String)}, typology_type)) AS x
FROM alerts`,
};

// It says that it takes several snapshots and does not tell the dates apart, but only our own groups are believed.
describeFeatureGroup('a group that would count alerts of later snapshots', onDatabase(ahead));

describeFeatureGroup('the same group where it counts as one of ours', {
  ...onDatabase(markOwn({ ...ahead })),
  knownFailures: { [alone]: 'it does not tell the dates apart' },
});

describeFeatureGroup('a group that leaves out alerts', {
  ...onDatabase({
    ...ahead,
    encodings: {},
    sql: "SELECT processing_date, alert_id, 1 AS x FROM alerts WHERE alert_id != 'a7'",
  }),
  knownFailures: Object.fromEntries(
    [
      'computes its declared columns, in their order',
      'gives each alert one row, and no row for another date',
      'gives numbers or NaN, and in every column some number',
      'computes the same bits each time',
      alone,
      'computes some alerts as among all',
    ].map((name) => [name, 'it cannot be computed']),
  ),
});

describe('the example folder', () => {
  it('passes the check', async () => {
    await checkFeatureGroup(database, example.group);
    expect(example.origin).toBe(path.join(folder, 'my-features'));
  });

  it('has the numbers that its columns promise, by hand calculation', async () => {
    const { compute } = onDatabase(example.group);
    const matrix = await compute(dates);
    const alerts = await database.query<{ date: string; address: string; typology: string; usd: number }>({
      sql: 'SELECT toString(processing_date) AS date, address, typology_type AS typology, toFloat64(volume_usd) AS usd FROM raw_alerts ORDER BY processing_date, alert_id',
      doing: 'reading alerts',
    });
    alerts.forEach(({ date, address, typology, usd }, row) => {
      const value = (column: number) => matrix.values[column * matrix.rows + row];
      const today = alerts.filter((other) => other.date === date);
      expect(value(0)).toBe(today.filter((other) => other.address === address).length);
      const total = today.reduce((sum, other) => sum + (other.typology === typology ? other.usd : 0), 0);
      expect(value(1)).toBeCloseTo(usd / total, 6);
      const earlier = alerts.filter((other) => other.address === address && other.date < date);
      const expected = earlier.length === 0 ? Number.NaN : usd / Math.max(...earlier.map((o) => o.usd));
      if (Number.isNaN(expected)) expect(value(2)).toBeNaN();
      else expect((value(2) ?? 0) / expected).toBeCloseTo(1, 6);
    });
  });
});
