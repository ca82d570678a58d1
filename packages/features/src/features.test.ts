import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CancelledError,
  type FeatureGroup,
  type FeatureMatrix,
  InvalidInputError,
} from '@risk-scoring/contract';
import { type Database, initDatabase } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAlertRows } from './alert-rows.ts';
import { CLUSTER_GROUPS } from './build-cluster-matrix.ts';
import { buildFeatureMatrix } from './build-matrix.ts';
import { columnsOf, DEFAULT_GROUPS, type FeaturePlan, readsEarlier, schemaHash } from './catalogue.ts';
import { fitEncodings } from './encodings.ts';
import { FeatureAlignmentError } from './matrix/errors.ts';
import { relationsRead } from './relations/compose-query.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
let database: Database;

const plan: FeaturePlan = {
  groups: ['alert', 'address', 'temporal'],
  encodings: { typology: ['fan_in', 'fan_out'], suspected_address_type: ['unknown'] },
};
// 2025-01-25 is a Saturday, late in the month.
const saturday = { processingDate: '2025-01-25', windowDays: 30, rows: 2 };
const monday = { processingDate: '2025-02-03', windowDays: 30, rows: 1 };

beforeAll(async () => {
  ({ database } = await initDatabase({ network: 'simnet', dataDir: folder }));
  await database.insert(
    'raw_alerts',
    [
      {
        window_days: 30,
        processing_date: '2025-01-25',
        alert_id: 'a',
        address: '0xa',
        typology_type: 'fan_out',
        severity: 'HIGH',
        alert_confidence_score: 0.75,
        volume_usd: '1000.5',
        risk_indicators: ['x', 'y'],
      },
      {
        window_days: 30,
        processing_date: '2025-01-25',
        alert_id: 'b',
        address: '0xb',
        typology_type: 'never seen',
        severity: 'odd',
        volume_usd: '-5',
        suspected_address_type: 'exchange',
      },
      {
        window_days: 30,
        processing_date: '2025-02-03',
        alert_id: 'a',
        address: '0xA',
        typology_type: 'fan_in',
      },
    ],
    'inserting',
  );
  // 0xb has no features; those of 0xa on the later date must not reach the earlier one, nor those of another window.
  const features = { window_days: 30, address: '0xa' };
  await database.insert(
    'raw_features',
    [
      {
        ...features,
        processing_date: '2025-01-25',
        degree_in: 3,
        total_in_usd: '12.25',
        pagerank: 0.125,
        is_whale: true,
        community_id: 77,
        first_activity_timestamp: Date.UTC(2025, 0, 5),
        last_activity_timestamp: Date.UTC(2025, 0, 24, 12),
      },
      { ...features, processing_date: '2025-02-03', degree_in: 99 },
      { ...features, processing_date: '2025-01-25', window_days: 7, degree_in: 55 },
    ],
    'inserting',
  );
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

function value(matrix: FeatureMatrix, name: string, row: number): number {
  const column = matrix.columns.findIndex((candidate) => candidate.name === name);
  return matrix.values[column * matrix.rows + row] ?? Number.NaN;
}

describe('buildFeatureMatrix', () => {
  it('gives each alert its own snapshot’s values, by hand calculation', async () => {
    const matrix = await buildFeatureMatrix(database, { snapshots: [saturday, monday], plan });
    expect(matrix.rows).toBe(3);
    const first = (name: string) => value(matrix, name, 0);
    expect(first('severity_encoded')).toBe(3);
    expect(first('alert_volume_usd')).toBe(1000.5);
    expect(first('alert_volume_usd_log1p')).toBe(Math.fround(Math.log1p(1000.5)));
    expect(first('alert_confidence_score')).toBe(0.75);
    expect(first('typology_encoded')).toBe(1);
    expect(first('risk_indicator_count')).toBe(2);
    expect(first('degree_in')).toBe(3);
    expect(first('total_in_usd')).toBe(12.25);
    expect(first('pagerank')).toBe(0.125);
    expect(first('is_whale')).toBe(1);
    expect(first('day_of_week')).toBe(5);
    expect(first('day_of_month')).toBe(25);
    expect(first('is_weekend')).toBe(1);
    expect(first('is_month_end')).toBe(1);
    expect(first('days_since_first_activity')).toBe(20);
    expect(first('days_since_last_activity')).toBe(0.5);
  });

  it('finds the features of a hex address whatever its letter case, like labels and splits do', async () => {
    const matrix = await buildFeatureMatrix(database, { snapshots: [monday], plan });
    expect(value(matrix, 'degree_in', 0)).toBe(99);
  });

  it('says NaN where something is unknown, never 0', async () => {
    const matrix = await buildFeatureMatrix(database, { snapshots: [saturday], plan });
    const second = (name: string) => value(matrix, name, 1);
    for (const name of [
      'severity_encoded',
      'typology_encoded',
      'suspected_address_type_encoded',
      'degree_in',
      'is_whale',
      'days_since_last_activity',
    ]) {
      expect(second(name), name).toBeNaN();
    }
    expect(second('alert_volume_usd')).toBe(-5);
    expect(second('alert_volume_usd_log1p')).toBe(0);
  });

  it('computes the same bits for a snapshot alone as among others', async () => {
    const together = await buildFeatureMatrix(database, { snapshots: [saturday, monday], plan });
    const alone = await buildFeatureMatrix(database, { snapshots: [monday], plan });
    const row = together.columns.map((_, column) => together.values[column * together.rows + 2]);
    expect(Array.from(alone.values)).toEqual(row);
    expect(alone.schemaHash).toBe(together.schemaHash);
  });

  it('names rows, groups addresses by spelling-free key and queries by snapshot', async () => {
    const { keys, splitGroups, splitGroupNames, queryIds } = await buildFeatureMatrix(database, {
      snapshots: [saturday, monday],
      plan,
    });
    expect(keys.ids).toEqual(['a', 'b', 'a']);
    expect(Array.from(keys.processingDates)).toEqual([20113, 20113, 20122]);
    expect(Array.from(splitGroups)).toEqual([0, 1, 0]);
    expect(splitGroupNames).toEqual(['0xa', '0xb']);
    expect(Array.from(queryIds)).toEqual([0, 0, 1]);
  });

  it('stays finite and in order where amounts are absurd', async () => {
    const date = '2026-05-01';
    const rows = { window_days: 14, processing_date: date };
    const alert = { ...rows, typology_type: 'fan_in' };
    await database.insert(
      'raw_alerts',
      [
        { ...alert, alert_id: 'absurd', address: '0x1', volume_usd: '90000000000000000000' },
        ...Array.from({ length: 700 }, (_, index) => ({
          ...alert,
          alert_id: `usual ${index}`,
          address: `0x${index + 2}`,
          volume_usd: '5',
        })),
      ],
      'inserting',
    );
    const most = '90000000000000000000';
    await database.insert(
      'raw_features',
      [{ ...rows, address: '0x1', total_in_usd: most, total_out_usd: most }],
      'inserting',
    );
    await database.insert(
      'raw_money_flows',
      ['0x7', '0x8', '0x9'].map((from_address) => ({
        ...rows,
        from_address,
        to_address: '0x1',
        amount_usd_sum: most,
      })),
      'inserting',
    );
    const matrix = await buildFeatureMatrix(database, {
      snapshots: [{ processingDate: date, windowDays: 14, rows: 701 }],
      plan: { groups: ['address', 'statistical', 'network'], encodings: {} },
    });
    const of = (name: string) => value(matrix, name, matrix.keys.ids.indexOf('absurd'));
    // One value far above 700 equal ones is sqrt(700) standard deviations above the mean, whatever its size.
    expect(of('volume_zscore')).toBeCloseTo(Math.sqrt(700), 4);
    expect(of('volume_percentile')).toBe(1);
    expect(of('total_volume')).toBe(Math.fround(1.8e20));
    expect(of('flow_in_usd')).toBe(Math.fround(3e15));
    expect(of('flow_in_concentration')).toBeCloseTo(1 / 3, 6);
  });

  it('notices when alerts were added or removed meanwhile', async () => {
    const stale = { ...saturday, rows: 3 };
    await expect(buildFeatureMatrix(database, { snapshots: [stale], plan })).rejects.toThrow(
      FeatureAlignmentError,
    );
  });

  it('takes groups from elsewhere', async () => {
    const mine: FeatureGroup = {
      specificationVersion: 'v1',
      name: 'mine',
      per: 'alert',
      columns: [
        { name: 'id_length', kind: 'numeric', meaning: 'length of the alert_id', missing: 'never missing' },
      ],
      sql: 'SELECT processing_date, alert_id, length(alert_id) AS id_length FROM alerts',
    };
    const matrix = await buildFeatureMatrix(database, {
      snapshots: [saturday],
      plan: { groups: ['mine'], encodings: {} },
      groups: [mine],
    });
    expect(Array.from(matrix.values)).toEqual([1, 1]);
    await expect(
      buildFeatureMatrix(database, { snapshots: [saturday], plan: { groups: ['mine'], encodings: {} } }),
    ).rejects.toThrow(/alert, address, temporal, statistical/);
  });

  it('says which group failed on which snapshot where a value makes its SQL fail', async () => {
    const failing: FeatureGroup = {
      specificationVersion: 'v1',
      name: 'failing',
      per: 'alert',
      columns: [{ name: 'tenth', kind: 'numeric', meaning: 'ten over nothing', missing: 'never missing' }],
      sql: `SELECT processing_date, alert_id, intDiv(10, toUInt8(severity = 'none')) AS tenth FROM alerts`,
    };
    const build = buildFeatureMatrix(database, {
      snapshots: [saturday],
      plan: { groups: ['failing'], encodings: {} },
      groups: [failing],
    });
    await expect(build).rejects.toMatchObject({
      code: 'FEATURE_SQL_FAILED',
      category: 'data',
      summary: expect.stringMatching(/'failing'.*2025-01-25/),
    });
  });

  it('refuses a group about clusters among those about alerts', async () => {
    const build = buildFeatureMatrix(database, {
      snapshots: [saturday],
      plan: { groups: ['cluster-matrix'], encodings: {} },
      groups: CLUSTER_GROUPS,
    });
    await expect(build).rejects.toThrow(/buildClusterMatrix/);
  });

  it('refuses snapshots out of order or of two windows', async () => {
    for (const snapshots of [
      [monday, saturday],
      [saturday, { ...monday, windowDays: 7 }],
    ]) {
      await expect(buildFeatureMatrix(database, { snapshots, plan })).rejects.toThrow(InvalidInputError);
    }
  });

  it('stops when it was cancelled', async () => {
    const signal = AbortSignal.abort();
    await expect(buildFeatureMatrix(database, { snapshots: [saturday], plan, signal })).rejects.toThrow(
      CancelledError,
    );
  });
});

describe('the catalogue', () => {
  it('has every numeric and boolean column of raw_features but identifiers and absolute timestamps', async () => {
    const columns = await database.query<{ name: string; type: string }>({
      sql: `SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = 'raw_features' AND default_kind != 'MATERIALIZED'`,
      doing: 'reading the columns',
    });
    const left = ['window_days', 'community_id', 'first_activity_timestamp', 'last_activity_timestamp'];
    const expected = columns
      .filter(({ name, type }) => /^(U?Int|Float|Decimal|Bool)/.test(type) && !left.includes(name))
      .map(({ name }) => name);
    const address = columnsOf(DEFAULT_GROUPS.filter((group) => group.name === 'address')).map(
      ({ name }) => name,
    );
    expect(address.slice(0, expected.length).sort()).toEqual(expected.sort());
  });

  it('names each feature once and says what it means and what NaN means', () => {
    const columns = columnsOf(DEFAULT_GROUPS);
    expect(new Set(columns.map((column) => column.name)).size).toBe(columns.length);
    for (const column of columns) {
      expect(column.meaning.length, column.name).toBeGreaterThan(5);
      expect(column.missing.length, column.name).toBeGreaterThan(5);
    }
  });

  it('says which relations a group reads, quoted or not, but not from texts and comments', () => {
    const [group] = DEFAULT_GROUPS;
    const sql = 'SELECT * FROM "earlier_alerts", `alerts` /* clusters */ WHERE \'money_flows\' != address';
    const quoted = { ...(group as FeatureGroup), sql };
    expect(relationsRead(quoted)).toEqual(['alerts', 'earlier_alerts']);
    expect(readsEarlier(quoted)).toBe(true);
  });

  it('never reads a label', () => {
    for (const group of DEFAULT_GROUPS) {
      expect(group.sql).not.toMatch(/address_labels|miner_labels|risk_level|label_source/);
    }
  });

  it('hashes the encodings and the SQL: other codes are other features', () => {
    const hash = schemaHash(DEFAULT_GROUPS, plan.encodings);
    expect(schemaHash(DEFAULT_GROUPS, plan.encodings)).toBe(hash);
    expect(schemaHash(DEFAULT_GROUPS, { ...plan.encodings, typology: ['fan_out', 'fan_in'] })).not.toBe(hash);
    const edited = DEFAULT_GROUPS.map((group) => ({ ...group, sql: `${group.sql} ` }));
    expect(schemaHash(edited, plan.encodings)).not.toBe(hash);
    const elsewhere = DEFAULT_GROUPS.map((group) => ({ ...group, otherNetworks: ['bsc'] }));
    expect(schemaHash(elsewhere, plan.encodings)).not.toBe(hash);
  });
});

describe('fitEncodings', () => {
  it('sees the given rows only', async () => {
    const alerts = await database.arrow({
      sql: 'SELECT * FROM published_alerts WHERE window_days = 30 ORDER BY processing_date, alert_id',
      doing: 'reading',
    });
    expect(readAlertRows(alerts).keys.ids).toEqual(['a', 'b', 'a']);
    expect(fitEncodings(DEFAULT_GROUPS, alerts, Int32Array.of(0, 2)).typology).toEqual(['fan_in', 'fan_out']);
    expect(fitEncodings(DEFAULT_GROUPS, alerts, Int32Array.of(0)).typology).toEqual(['fan_out']);
  });
});
