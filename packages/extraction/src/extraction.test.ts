import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CancelledError, InvalidInputError, NoAlertsFoundError } from '@risk-scoring/contract';
import { type Database, importLabelSet, initDatabase, removeLabelSet } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extractTrainingData } from './extract.ts';
import { fingerprintPeriod } from './fingerprint.ts';
import { validatePeriod } from './period.ts';
import { InvalidDataError } from './quality.ts';
import { listSnapshots } from './snapshots.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
let database: Database;

const alert = (processing_date: string, alert_id: string, more: object = {}) => ({
  window_days: 30,
  processing_date,
  alert_id,
  address: `0x${alert_id}`,
  typology_type: 'fan_in',
  alert_confidence_score: 0.5,
  volume_usd: '1.000000000000000001',
  ...more,
});

beforeAll(async () => {
  ({ database } = await initDatabase({ network: 'simnet', dataDir: folder }));
  await database.insert(
    'raw_alerts',
    [
      alert('2025-01-02', 'b'),
      alert('2025-01-01', 'c'),
      alert('2025-01-01', 'a'),
      alert('2025-01-02', 'other window', { window_days: 7 }),
      alert('2025-01-04', 'later'),
    ],
    'inserting',
  );
  await database.insert(
    'raw_address_labels',
    [
      {
        window_days: 30,
        processing_date: '2025-01-01',
        network: 'simnet',
        address: '0xa',
        label: 'x',
        risk_level: 'high',
      },
      {
        window_days: 30,
        processing_date: '2025-01-03',
        network: 'simnet',
        address: '0xb',
        label: 'x',
        risk_level: 'low',
      },
      {
        window_days: 30,
        processing_date: '2025-01-05',
        network: 'simnet',
        address: '0xc',
        label: 'x',
        risk_level: 'low',
      },
    ],
    'inserting',
  );
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Imports labels of some addresses as a version of the data set 'mine'. */
async function addLabelSet(version: string, addresses: readonly string[], force = false): Promise<void> {
  const same = (text: string) => ({ codes: new Int32Array(addresses.length), values: [text] });
  const rows = {
    rows: addresses.length,
    addresses: { codes: Int32Array.from(addresses, (_, row) => row), values: addresses },
    riskLevels: same('critical'),
    sources: same('me'),
    confidences: new Float32Array(addresses.length).fill(1),
    validFrom: new Int32Array(addresses.length),
  };
  const set = { dataSet: 'mine', version, source: 'x', sha256: 'a'.repeat(64), rows };
  await importLabelSet(database, set, { force });
}

const period = { network: 'simnet', startDate: '2025-01-01', endDate: '2025-01-03', windowDays: 30 };

describe('validatePeriod', () => {
  it.each([
    ['a date that is none', { startDate: '2025-02-30' }, /start date.*YYYY-MM-DD.*'2025-02-30'/],
    ['another way to write dates', { startDate: '1/2/2025' }, /start date/],
    ['a time besides', { endDate: '2025-01-03T00:00:00Z' }, /end date/],
    ['a year that Date cannot hold', { endDate: '2150-01-01' }, /end date/],
    ['an end before the start', { endDate: '2024-12-31' }, /on or after the start date.*swap/],
    ['a window of no days', { windowDays: 0 }, /window/],
    ['a window of half days', { windowDays: 1.5 }, /window/],
  ])('refuses %s', (_, change, words) => {
    expect(() => validatePeriod({ ...period, ...change })).toThrow(InvalidInputError);
    expect(() => validatePeriod({ ...period, ...change })).toThrow(words);
  });

  it('takes a leap day and one date as a whole period', () => {
    const day = { ...period, startDate: '2024-02-29', endDate: '2024-02-29' };
    expect(validatePeriod(day)).toBe(day);
  });
});

describe('extractTrainingData', () => {
  it('reads the alerts of the window between both dates, by date and id', async () => {
    const { data, snapshots } = await extractTrainingData(database, period);
    expect(Array.from(data.alerts.getChild('alert_id') ?? [])).toEqual(['a', 'c', 'b']);
    expect(snapshots).toEqual([
      { processingDate: '2025-01-01', windowDays: 30, alerts: 2 },
      { processingDate: '2025-01-02', windowDays: 30, alerts: 1 },
    ]);
  });

  it('reads labels of every date in the period, also where no alert was raised, and none from after it', async () => {
    const { data } = await extractTrainingData(database, period);
    expect(Array.from(data.addressLabels.getChild('address') ?? [])).toEqual(['0xa', '0xb']);
  });

  it('gives the label sets of miner_labels after them, whatever the period', async () => {
    await addLabelSet('2', ['0xm', '0xn']);
    await addLabelSet('1', ['0xo']);
    const columns = [
      'address',
      'risk_level',
      'data_set',
      'data_set_version',
      'data_set_is_latest',
      'valid_from',
    ];
    const { data } = await extractTrainingData(database, period, {
      tables: ['addressLabels'],
      columns: { addressLabels: columns },
    });
    expect(data.addressLabels.schema.names).toEqual(columns);
    const column = (name: string) => Array.from(data.addressLabels.getChild(name) ?? []);
    expect(column('address')).toEqual(['0xa', '0xb', '0xo', '0xm', '0xn']);
    expect(column('data_set')).toEqual(['', '', 'mine', 'mine', 'mine']);
    expect(column('data_set_version')).toEqual(['', '', '1', '2', '2']);
    expect(column('data_set_is_latest')).toEqual([1, 1, 1, 0, 0]);
    expect(column('risk_level')).toEqual(['high', 'low', 'critical', 'critical', 'critical']);
    const whole = await extractTrainingData(database, period);
    expect(Array.from(whole.data.addressLabels.getChild('window_days') ?? [])).toEqual([30, 30, 30, 30, 30]);
    const none = await extractTrainingData(database, period, { tables: ['alerts'] });
    expect(none.data.addressLabels.numRows).toBe(0);
    expect(none.data.addressLabels.schema.names).toEqual(whole.data.addressLabels.schema.names);
    await removeLabelSet(database, { dataSet: 'mine' });
    const after = await extractTrainingData(database, period);
    expect(after.data.addressLabels.numRows).toBe(2);
  });

  it('keeps decimals exact', async () => {
    const { data } = await extractTrainingData(database, period);
    const words = data.alerts.getChild('volume_usd')?.get(0) as Uint32Array;
    const value = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
    expect(value).toBe(1_000_000_000_000_000_001n);
  });

  it('leaves tables nobody asked for empty, with their columns', async () => {
    const { data } = await extractTrainingData(database, period, { tables: ['alerts'] });
    expect(data.addressLabels.numRows).toBe(0);
    expect(data.addressLabels.getChild('risk_level')).not.toBeNull();
  });

  it('says what there is when the period is empty', async () => {
    const empty = extractTrainingData(database, {
      ...period,
      startDate: '2024-01-01',
      endDate: '2024-01-31',
    });
    await expect(empty).rejects.toThrow(NoAlertsFoundError);
    await expect(empty).rejects.toThrow(
      /window 7: 1 snapshots.*window 30: 3 snapshots from 2025-01-01 to 2025-01-04/,
    );
  });

  it('stops when it was cancelled', async () => {
    await expect(extractTrainingData(database, period, { signal: AbortSignal.abort() })).rejects.toThrow(
      CancelledError,
    );
  });
});

describe('assertUsable', () => {
  it.each([
    [
      'an alert_id twice',
      'raw_alerts',
      [alert('2025-06-01', 'x'), alert('2025-06-01', 'x')],
      /1 alerts whose alert_id stands twice in a snapshot: x on 2025-06-01/,
    ],
    [
      'an empty address',
      'raw_alerts',
      [alert('2025-06-02', 'x', { address: '' })],
      /1 alerts without an address/,
    ],
    [
      'a confidence above 1',
      'raw_alerts',
      [alert('2025-06-03', 'x', { alert_confidence_score: 1.5 })],
      /confidence outside/,
    ],
    [
      'an address with two feature rows',
      'raw_features',
      [1, 2].map(() => ({ window_days: 30, processing_date: '2025-06-04', address: '0xx' })),
      /1 feature rows whose address stands twice in a snapshot: 0xx on 2025-06-04/,
    ],
    [
      'a pair of addresses with two money flows, in other letter case',
      'raw_money_flows',
      [
        ['0xab', '0xcd'],
        ['0xAB', '0xCD'],
        ['0xcd', '0xab'],
      ].map(([from_address, to_address]) => ({
        window_days: 30,
        processing_date: '2025-06-07',
        from_address,
        to_address,
      })),
      /1 money flows whose pair of addresses stands twice in a snapshot: 0xAB to 0xCD on 2025-06-07/,
    ],
    [
      'timestamps in seconds',
      'raw_features',
      [
        {
          window_days: 30,
          processing_date: '2025-06-05',
          address: '0xx',
          last_activity_timestamp: 1748900000,
        },
      ],
      /not in milliseconds/,
    ],
    [
      'activity after the processing date',
      'raw_features',
      [
        {
          window_days: 30,
          processing_date: '2025-06-06',
          address: '0xx',
          last_activity_timestamp: 1749168000000,
        },
      ],
      /on or after their processing date/,
    ],
  ])('refuses %s', async (_, table, rows, words) => {
    const date = (rows[0] as { processing_date: string }).processing_date;
    if (table !== 'raw_alerts') await database.insert('raw_alerts', [alert(date, 'x')], 'inserting');
    await database.insert(table, rows, 'inserting');
    const extracting = extractTrainingData(database, { ...period, startDate: date, endDate: date });
    await expect(extracting).rejects.toThrow(InvalidDataError);
    await expect(extracting).rejects.toThrow(words);
  });
});

describe('fingerprintPeriod', () => {
  it('is the same for the same rows and another once a value changes', async () => {
    const before = await fingerprintPeriod(database, period);
    expect(before.raw_alerts?.rows).toBe(3);
    expect(await fingerprintPeriod(database, period)).toEqual(before);
    await database.insert('raw_alerts', [alert('2025-01-03', 'new')], 'inserting');
    const after = await fingerprintPeriod(database, period);
    expect(after.raw_alerts).not.toEqual(before.raw_alerts);
    expect(after.raw_features).toEqual(before.raw_features);
    expect(after.miner_labels).toEqual(before.miner_labels);
  });

  it('is another once a label set comes, goes, or becomes the latest', async () => {
    const print = async () => (await fingerprintPeriod(database, period)).miner_labels;
    expect(await print()).toEqual({ rows: 0, hash: '0' });
    await addLabelSet('1', ['0xm']);
    const first = await print();
    expect(first?.rows).toBe(1);
    await addLabelSet('2', ['0xm']);
    const second = await print();
    expect(second?.rows).toBe(2);
    await addLabelSet('1', ['0xm'], true);
    expect((await print())?.rows).toBe(2);
    expect((await print())?.hash).not.toBe(second?.hash);
    await removeLabelSet(database, { dataSet: 'mine', version: '2' });
    expect(await print()).toEqual(first);
    await removeLabelSet(database, { dataSet: 'mine' });
    expect(await print()).toEqual({ rows: 0, hash: '0' });
  });
});

describe('listSnapshots', () => {
  it('lists windows and dates in order', async () => {
    const [first] = await listSnapshots(database);
    expect(first).toEqual({ processingDate: '2025-01-02', windowDays: 7, alerts: 1 });
  });
});
