import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type FeatureMatrix, InvalidInputError } from '@risk-scoring/contract';
import {
  type Database,
  initDatabase,
  MigrationError,
  newBatchId,
  publishBatch,
  WrongNetworkError,
} from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnsOf, schemaHash } from '../catalogue.ts';
import { checkFeatureGroup } from '../extension/check-feature-group.ts';
import { SnapshotsReplacedError } from '../matrix/errors.ts';
import { fillMatrix } from '../matrix/fill-matrix.ts';
import { assertOthersUnchanged, findOtherNetworks } from '../other-networks.ts';
import { createCrossNetworkGroup } from './cross-network.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const networks: Record<string, Database> = {};
const of = (network: string): Database => {
  const database = networks[network];
  if (database === undefined) throw new Error(`no database of ${network}`);
  return database;
};

const alert = (date: string, id: string, address: string, more: object = {}) => ({
  window_days: 30,
  processing_date: date,
  alert_id: id,
  address,
  typology_type: 'fan_in',
  ...more,
});
const feature = (date: string, address: string, more: object) => ({
  window_days: 30,
  processing_date: date,
  address,
  ...more,
});

const upper = `0x${'AB'.repeat(20)}`;
const lower = upper.toLowerCase();

beforeAll(async () => {
  for (const network of ['ethereum', 'bsc', 'polygon', 'solana']) {
    ({ database: networks[network] } = await initDatabase({ network, dataDir }));
  }
  const insert = (network: string, table: string, rows: readonly object[]) =>
    of(network).insert(table, rows, 'inserting');
  // desk: here 0xdesk, there 0xd1 and 0xd2 (from the 15th on); late: only known from the 20th on.
  await insert('ethereum', 'raw_alerts', [
    ...['a-hex', 'b-hex'].map((id) => alert('2025-01-10', id, upper)),
    alert('2025-01-10', 'c-desk', '0xdesk'),
    alert('2025-01-10', 'd-late', '0xlate'),
    alert('2025-01-10', 'e-nobody', 'Base58Abc'),
    alert('2025-01-15', 'c-desk', '0xdesk'),
    alert('2025-01-20', 'd-late', '0xlate'),
  ]);
  await insert('bsc', 'raw_alerts', [
    // An older snapshot, another window and a later snapshot: none of them counts on the 10th.
    alert('2025-01-05', 'old', lower, { volume_usd: '1000' }),
    alert('2025-01-08', 'x', lower, { volume_usd: '10.5' }),
    alert('2025-01-08', 'y', lower.replace('0x', '0X'), { volume_usd: '20' }),
    alert('2025-01-08', 'z', 'base58abc', { volume_usd: '7' }),
    alert('2025-01-08', 'd1', '0xd1', { volume_usd: '100' }),
    alert('2025-01-08', 'd2', '0xd2', { volume_usd: '200' }),
    alert('2025-01-08', 'l1', '0xl1', { volume_usd: '3' }),
    { ...alert('2025-01-09', 'w', lower, { volume_usd: '5000' }), window_days: 7 },
    alert('2025-01-12', 'later', lower, { volume_usd: '9000' }),
    alert('2025-01-12', 'd1', '0xd1', { volume_usd: '1' }),
    alert('2025-01-12', 'd2', '0xd2', { volume_usd: '2' }),
    alert('2025-01-18', 'l1', '0xl1', { volume_usd: '4' }),
  ]);
  await insert('bsc', 'raw_features', [
    feature('2025-01-08', lower, {
      total_volume_usd: '50.25',
      behavioral_anomaly_score: 0.5,
      graph_anomaly_score: -1,
    }),
    feature('2025-01-08', '0xdesk', { total_volume_usd: '1', behavioral_anomaly_score: 0.25 }),
    feature('2025-01-08', '0xd1', { total_volume_usd: '2', behavioral_anomaly_score: 0.75 }),
    feature('2025-01-12', '0xd1', { total_volume_usd: '3', behavioral_anomaly_score: 0.125 }),
    feature('2025-01-12', '0xd2', { total_volume_usd: '4', behavioral_anomaly_score: 0.875 }),
    feature('2025-01-12', lower, { total_volume_usd: '77' }),
  ]);
  // Polygon knows nobody of here, and begins on the 15th.
  await insert('polygon', 'raw_alerts', [alert('2025-01-15', 'p', '0xother')]);
  const entity = (name: string, network: string, address: string, more: object = {}) => ({
    data_set: 'mine',
    data_set_version: '1',
    entity: name,
    network,
    address,
    ...more,
  });
  await insert('ethereum', 'entity_addresses', [
    entity('desk', 'ethereum', '0xdesk'),
    entity('desk', 'bsc', '0xd1'),
    entity('desk', 'bsc', '0xd1', { data_set_version: '0' }),
    entity('desk', 'ethereum', '0xdesk', { data_set_version: '0' }),
    entity('desk', 'bsc', '0xdesk'),
    entity('desk', 'bsc', '0xd2', { valid_from: '2025-01-15' }),
    // The same name in another data set is somebody else.
    entity('desk', 'ethereum', '0xlate', { data_set: 'other' }),
    entity('late', 'ethereum', '0xlate', { valid_from: '2025-01-20' }),
    entity('late', 'bsc', '0xl1'),
  ]);
  // Rows in a batch that was never published are nobody's.
  await insert('bsc', 'raw_alerts', [alert('2025-01-08', 'unpublished', lower, { batch_id: 'x' })]);
  await insert('ethereum', 'entity_addresses', [
    { ...entity('desk', 'bsc', '0xl1'), batch_id: 'never published' },
  ]);
});
afterAll(async () => {
  for (const database of Object.values(networks)) await database.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const rowsOf: Readonly<Record<string, number>> = { '2025-01-10': 5, '2025-01-15': 1, '2025-01-20': 1 };

/** The group's columns by name, for the alerts of some dates. */
async function compute(
  others: readonly string[],
  dates: readonly string[],
): Promise<{ names: string[]; value: (name: string, row: number) => number }> {
  const group = createCrossNetworkGroup({ networks: others });
  const through = dates.at(-1) ?? '';
  const found = await findOtherNetworks(of('ethereum'), { networks: others, windowDays: 30, through });
  const rows = dates.reduce((sum, date) => sum + (rowsOf[date] ?? 0), 0);
  const values: FeatureMatrix['values'] = new Float32Array(rows * group.columns.length).fill(-99);
  await fillMatrix(of('ethereum'), {
    values,
    rows,
    per: 'alert',
    snapshots: dates.map((date) => ({ processingDate: date, windowDays: 30, rows: rowsOf[date] ?? 0 })),
    groups: [{ group, firstColumn: 0 }],
    encodings: {},
    labels: { computationId: '', folds: 0 },
    otherNetworks: found,
  });
  const names = columnsOf([group]).map(({ name }) => name);
  return { names, value: (name, row) => values[names.indexOf(name) * rows + row] ?? Number.NaN };
}

describe('the cross-network group', () => {
  it('finds the same address in the latest snapshot there, whatever its letter case', async () => {
    const { value } = await compute(['bsc'], ['2025-01-10']);
    for (const row of [0, 1]) {
      expect(value('bsc_alert_count', row)).toBe(2);
      expect(value('bsc_alert_volume_usd', row)).toBe(30.5);
      expect(value('bsc_volume_usd', row)).toBe(50.25);
      expect(value('bsc_behavioral_anomaly_score', row)).toBe(0.5);
      expect(value('bsc_graph_anomaly_score', row)).toBe(-1);
    }
  });

  it('says 0 alerts and no features of an address that is unknown there; base58 compares with its letter case', async () => {
    const { value } = await compute(['bsc'], ['2025-01-10']);
    expect(value('bsc_alert_count', 4)).toBe(0);
    expect(value('bsc_alert_volume_usd', 4)).toBe(0);
    for (const name of ['volume_usd', 'behavioral_anomaly_score', 'global_anomaly_score'])
      expect(value(`bsc_${name}`, 4)).toBeNaN();
  });

  it('counts the addresses of the entity once each, those that it has by then', async () => {
    const before = await compute(['bsc'], ['2025-01-10']);
    expect(before.value('bsc_alert_count', 2)).toBe(1);
    expect(before.value('bsc_alert_volume_usd', 2)).toBe(100);
    expect(before.value('bsc_volume_usd', 2)).toBe(3);
    expect(before.value('bsc_behavioral_anomaly_score', 2)).toBe(0.75);
    const after = await compute(['bsc'], ['2025-01-15']);
    expect(after.value('bsc_alert_count', 0)).toBe(2);
    expect(after.value('bsc_alert_volume_usd', 0)).toBe(3);
    expect(after.value('bsc_volume_usd', 0)).toBe(7);
    expect(after.value('bsc_behavioral_anomaly_score', 0)).toBe(0.875);
  });

  it('sees no entity before it is valid', async () => {
    const { value } = await compute(['bsc'], ['2025-01-10', '2025-01-20']);
    expect(value('bsc_alert_count', 3)).toBe(0);
    expect(value('bsc_alert_count', 5)).toBe(1);
    expect(value('bsc_alert_volume_usd', 5)).toBe(4);
  });

  it('gives a date the same bits alone as among later ones', async () => {
    const dates = ['2025-01-10', '2025-01-15', '2025-01-20'];
    const together = await compute(['bsc', 'polygon'], dates);
    const alone = await compute(['bsc', 'polygon'], dates.slice(0, 1));
    for (const name of together.names) {
      for (let row = 0; row < 5; row++) expect(together.value(name, row)).toBe(alone.value(name, row));
    }
  });

  it('says NaN of a network without a database or without a snapshot by then', async () => {
    const { names, value } = await compute(
      ['tron', 'polygon', 'solana', 'bsc'],
      ['2025-01-10', '2025-01-15'],
    );
    for (const name of names) {
      if (!name.startsWith('bsc')) expect(value(name, 0), name).toBeNaN();
    }
    expect(value('bsc_alert_count', 0)).toBe(2);
    expect(value('polygon_alert_count', 5)).toBe(0);
    expect(value('polygon_alert_volume_usd', 5)).toBe(0);
    expect(value('polygon_volume_usd', 5)).toBeNaN();
    const none = await compute(['tron'], ['2025-01-10']);
    for (const name of none.names) for (let row = 0; row < 5; row++) expect(none.value(name, row)).toBeNaN();
  });

  it('reads nothing but the relations that it may', async () => {
    await checkFeatureGroup(of('ethereum'), createCrossNetworkGroup({ networks: ['bsc', 'b_2', 'tron'] }));
  });

  it('has a hash that depends on the list of networks, not on which are there', () => {
    const hash = (others: readonly string[]) =>
      schemaHash([createCrossNetworkGroup({ networks: others })], {});
    expect(hash(['bsc'])).toBe(hash(['bsc']));
    expect(hash(['bsc'])).not.toBe(hash(['bsc', 'polygon']));
    expect(hash(['polygon', 'bsc'])).not.toBe(hash(['bsc', 'polygon']));
  });

  it('refuses lists that cannot be meant', () => {
    for (const others of [[], ['bsc', 'bsc'], ['BSC'], ["b'"], [''], ['1st'], ['x', 'x_alert']]) {
      expect(() => createCrossNetworkGroup({ networks: others }), others.join()).toThrow(InvalidInputError);
    }
  });
});

describe('findOtherNetworks', () => {
  const find = (others: readonly string[], through = '2025-01-31') =>
    findOtherNetworks(of('ethereum'), { networks: others, windowDays: 30, through });

  it('lists networks with a database, and their snapshots of the window', async () => {
    const found = await find(['tron', 'solana', 'bsc']);
    expect(found.map(({ network, database, dates }) => [network, database, dates])).toEqual([
      ['solana', 'risk_scoring_solana', []],
      ['bsc', 'risk_scoring_bsc', ['2025-01-05', '2025-01-08', '2025-01-12', '2025-01-18']],
    ]);
    expect((await find(['bsc'], '2025-01-08'))[0]?.dates).toEqual(['2025-01-05', '2025-01-08']);
  });

  it('refuses the own network', async () => {
    await expect(find(['bsc', 'ethereum'])).rejects.toThrow(InvalidInputError);
  });

  it('refuses a database of an older version, and one of another network', async () => {
    await of('ethereum').command({ sql: 'CREATE DATABASE risk_scoring_older', doing: 'preparing' });
    await expect(find(['older'])).rejects.toThrow(MigrationError);
    const { database: taken } = await initDatabase({ network: 'taken', dataDir });
    await taken.command({ sql: 'TRUNCATE TABLE served_network', doing: 'preparing' });
    await taken.insert('served_network', [{ network: 'someone' }], 'preparing');
    await expect(find(['taken'])).rejects.toThrow(WrongNetworkError);
    await taken.close();
  });

  it('pins what is published, and notices what is published later', async () => {
    const pin = { windowDays: 30, through: '2025-02-28' };
    const [before, entities] = [await find(['solana'], pin.through), await find(['polygon'], pin.through)];
    await assertOthersUnchanged(of('ethereum'), before, pin);
    const publish = async (network: string, table: string, row: object, scope: object) => {
      const batch = await newBatchId(of(network));
      await of(network).insert(table, [{ ...row, batch_id: batch }], 'inserting');
      await publishBatch(of(network), 'ingestions', [
        { batch_id: batch, ...scope, table_rows: { [table]: 1 }, table_batches: { [table]: batch } },
      ]);
    };
    await publish('solana', 'raw_alerts', alert('2025-02-01', 's', 'Abc'), {
      processing_date: '2025-02-01',
      window_days: 30,
    });
    expect((await find(['solana'], pin.through))[0]?.dates).toEqual(['2025-02-01']);
    await expect(assertOthersUnchanged(of('ethereum'), before, pin)).rejects.toThrow(SnapshotsReplacedError);
    await assertOthersUnchanged(of('ethereum'), before, { ...pin, through: '2025-01-31' });

    const row = { data_set: 'new', data_set_version: '1', entity: 'e', network: 'bsc', address: '0x1' };
    await publish('ethereum', 'entity_addresses', row, {
      processing_date: '1970-01-01',
      window_days: 0,
      scope: 'new@1',
    });
    await expect(assertOthersUnchanged(of('ethereum'), entities, pin)).rejects.toThrow(
      SnapshotsReplacedError,
    );
  });
});
