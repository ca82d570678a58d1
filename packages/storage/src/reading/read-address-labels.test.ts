import { DataType, type RecordBatch, Table } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { importLabelSet } from '../label-sets/index.ts';
import { initDatabase } from '../open-database.ts';
import { engines, type StartedEngine } from '../testing/engines.ts';
import { labelRows } from '../testing/label-rows.ts';
import {
  ADDRESS_LABEL_COLUMNS,
  type AddressLabelsOfPeriod,
  readAddressLabels,
} from './read-address-labels.ts';

describe.each(engines)('$name: readAddressLabels', (engine) => {
  let started: StartedEngine;
  let database: Database;
  const january = { startDate: '2025-01-01', endDate: '2025-01-31', windowDays: 30 };

  beforeAll(async () => {
    started = await engine.start();
    ({ database } = await initDatabase(started.options('simnet')));
    const ofSnapshots = ['2025-01-02', '2025-01-01', '2025-02-01'].flatMap((processing_date) =>
      ['0xb', '0xa'].map((address) => ({ window_days: 30, processing_date, network: 'simnet', address })),
    );
    await database.insert('raw_address_labels', ofSnapshots, 'inserting');
    const rows = { ...labelRows(2), validFrom: Int32Array.of(0, 20_000) };
    for (const name of ['z/2', 'z/1', 'a/1']) {
      const [dataSet = '', version = ''] = name.split('/');
      await importLabelSet(database, { dataSet, version, source: 'x', sha256: 'a'.repeat(64), rows });
    }
  });
  afterAll(async () => {
    await database.close();
    await started.stop();
  });

  async function read(options: Partial<AddressLabelsOfPeriod> = {}): Promise<Table> {
    const batches: RecordBatch[] = [];
    for await (const batch of readAddressLabels(database, { ...january, ...options })) batches.push(batch);
    return new Table(batches);
  }
  /** Each row as text, dates as days. */
  const rowsOf = (table: Table) =>
    Array.from({ length: table.numRows }, (_, row) =>
      table.schema.fields
        .map(({ name, type }) => {
          const value: unknown = table.getChild(name)?.get(row);
          return `${DataType.isDate(type) ? Number(value) / 86_400_000 : value}`;
        })
        .join(' '),
    );

  it.each([true, false])(
    'gives the labels of the period, then those of every data set, in one order (beside: %s)',
    async (beside) => {
      const columns = [
        'processing_date',
        'window_days',
        'address',
        'data_set',
        'data_set_version',
        'data_set_is_latest',
        'valid_from',
      ];
      const table = await read({ columns, beside });
      expect(table.schema.names).toEqual(columns);
      expect(rowsOf(table)).toEqual([
        '20089 30 0xa   1 0',
        '20089 30 0xb   1 0',
        '20090 30 0xa   1 0',
        '20090 30 0xb   1 0',
        '0 30 0x0 a 1 1 0',
        '20000 30 0x1 a 1 1 20000',
        '0 30 0x0 z 1 1 0',
        '20000 30 0x1 z 1 1 20000',
        '0 30 0x0 z 2 0 0',
        '20000 30 0x1 z 2 0 20000',
      ]);
    },
  );

  it('gives all columns, of one type in both parts', async () => {
    const table = await read();
    expect(table.schema.names).toEqual(ADDRESS_LABEL_COLUMNS);
    const schemas = new Set<string>();
    for await (const batch of readAddressLabels(database, january)) {
      schemas.add(batch.schema.fields.map((field) => `${field.name} ${field.type} ${field.nullable}`).join());
    }
    expect(schemas.size).toBe(1);
    expect(table.getChild('risk_level')?.get(5)).toBe('medium');
    expect(table.getChild('confidence_score')?.get(5)).toBe(0.5);
  });

  it('gives the labels of data sets where no snapshot has any, and batches as small as asked', async () => {
    const table = await read({ windowDays: 7, batchRows: 2 });
    expect(table.numRows).toBe(6);
    expect([...(table.getChild('window_days') ?? [])]).toEqual([7, 7, 7, 7, 7, 7]);
  });

  it('refuses a column that is none', async () => {
    await expect(read({ columns: ['address', 'batch'] })).rejects.toMatchObject({ code: 'MISSING_COLUMN' });
  });
});
