import { readFileSync } from 'node:fs';
import type { TrainingTable } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import type { ColumnKind } from './column-kinds.ts';
import { TABLE_COLUMNS } from './table-columns.ts';

const kinds: Readonly<Record<string, ColumnKind>> = {
  String: 'text',
  'Array(String)': 'texts',
  'Nullable(String)': 'nullableText',
  Date: 'date',
  UInt8: 'uint8',
  UInt16: 'uint16',
  'Array(UInt16)': 'uint16s',
  UInt32: 'uint32',
  'Nullable(DateTime)': 'nullableUint32',
  UInt64: 'uint64',
  'Nullable(Int8)': 'nullableInt8',
  'Nullable(Enum8': 'nullableInt8',
  Float32: 'float32',
  'Nullable(Float32)': 'nullableFloat32',
  Float64: 'float64',
  'Decimal(38,18)': 'decimal',
  Bool: 'bool',
};

const files: Readonly<Record<TrainingTable, readonly string[]>> = {
  alerts: ['0001_raw_alerts', '0007_raw_alerts_labels'],
  features: ['0002_raw_features'],
  clusters: ['0003_raw_clusters'],
  moneyFlows: ['0004_raw_money_flows'],
  addressLabels: ['0005_raw_address_labels'],
};

/** The columns of migrations, without those that belong to ingestion, as the kinds here. */
function columnsOf(names: readonly string[]): Record<string, ColumnKind | undefined> {
  const sql = names.map((name) =>
    readFileSync(new URL(`../../../../schema/${name}.sql`, import.meta.url), 'utf8').replaceAll(
      ', 18',
      ',18',
    ),
  );
  const lines = sql
    .join('\n')
    .matchAll(/^ {4}(?:ADD COLUMN IF NOT EXISTS )?([a-z]\w*) +([A-Z]\w*(?:\([\w,]+\)?)?)/gm);
  const columns = Array.from(lines, ([, name, type]) => [name, kinds[type ?? '']] as const);
  return Object.fromEntries(columns.filter(([name]) => name !== 'created_at' && name !== 'batch_id'));
}

describe('TABLE_COLUMNS', () => {
  it.each(Object.entries(files))('are those of the migrations: %s', (table, names) => {
    expect(TABLE_COLUMNS[table as TrainingTable]).toEqual(columnsOf(names));
  });
});
