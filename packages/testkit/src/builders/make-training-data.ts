import type { TrainingData, TrainingPeriod, TrainingTable } from '@risk-scoring/contract';
import { InvalidInputError } from '@risk-scoring/contract';
import {
  type Data,
  type DataType,
  Field,
  makeBuilder,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
} from 'apache-arrow';
import type { TextType } from './column-kinds.ts';
import { arrowType, arrowValue, KIND_DEFAULTS } from './column-kinds.ts';
import type { AddressLabelRow, AlertRow, ClusterRow, FeatureRow, MoneyFlowRow } from './table-columns.ts';
import { TABLE_COLUMNS, TABLE_DEFAULTS } from './table-columns.ts';

/** The rows of a period, and how they are stored. */
export interface TrainingDataParts {
  /** Default: network `testnet`, 2020-01-01 to 2020-01-31, 30 days. */
  readonly period?: TrainingPeriod;
  readonly alerts?: readonly AlertRow[];
  readonly features?: readonly FeatureRow[];
  readonly clusters?: readonly ClusterRow[];
  readonly moneyFlows?: readonly MoneyFlowRow[];
  readonly addressLabels?: readonly AddressLabelRow[];
  /** How texts are stored. Default `utf8`, as the extraction delivers them. */
  readonly textType?: TextType;
  /** Over how many record batches the rows of each table are spread. Default 1. */
  readonly recordBatches?: number;
}

type Row = Readonly<Record<string, unknown>>;
type Storage = Required<Pick<TrainingDataParts, 'period' | 'textType' | 'recordBatches'>>;

const defaultPeriod: TrainingPeriod = {
  network: 'testnet',
  startDate: '2020-01-01',
  endDate: '2020-01-31',
  windowDays: 30,
};

/**
 * Makes the tables of a period from plain row objects, with the column names and Arrow types that an extraction
 * delivers. A column that a row leaves out gets the default of its table; processing_date, window_days
 * and network follow the period; an alert without an id gets `alert-0`, `alert-1`… by its row. Rows stay in the order
 * given. A table that is left out is empty, but has its columns.
 *
 * @throws {InvalidInputError} where a row has a column that its table has not
 * @example
 * const data = makeTrainingData({
 *   alerts: [{ address: '0xa', volume_usd: 1200 }],
 *   addressLabels: [{ address: '0xa', risk_level: 'high', confidence_score: 0.9, source: 'etherscan' }],
 * });
 */
export function makeTrainingData(parts: TrainingDataParts): TrainingData {
  const { period = defaultPeriod, textType = 'utf8', recordBatches = 1 } = parts;
  const storage = { period, textType, recordBatches };
  const alerts = (parts.alerts ?? []).map((row, index) => ({ alert_id: `alert-${index}`, ...row }));
  return {
    period,
    alerts: makeTable('alerts', alerts, storage),
    features: makeTable('features', parts.features ?? [], storage),
    clusters: makeTable('clusters', parts.clusters ?? [], storage),
    moneyFlows: makeTable('moneyFlows', parts.moneyFlows ?? [], storage),
    addressLabels: makeTable('addressLabels', parts.addressLabels ?? [], storage),
  };
}

function makeTable(table: TrainingTable, rows: readonly Row[], storage: Storage): Table {
  for (const row of rows) assertKnownColumns(table, row);
  const batches = Math.max(1, Math.min(storage.recordBatches, rows.length));
  const size = Math.ceil(rows.length / batches);
  const parts = Array.from({ length: batches }, (_, i) => rows.slice(i * size, (i + 1) * size));
  const [first, ...rest] = parts.filter((part, i) => i === 0 || part.length > 0);
  return rest.reduce(
    (whole, part) => whole.concat(makeBatch(table, part, storage)),
    makeBatch(table, first ?? [], storage),
  );
}

/** A table of one record batch. */
function makeBatch(table: TrainingTable, rows: readonly Row[], { period, textType }: Storage): Table {
  const defaults: Row = {
    ...TABLE_DEFAULTS[table],
    window_days: period.windowDays,
    processing_date: period.startDate,
    network: period.network,
  };
  const columns = Object.entries(TABLE_COLUMNS[table]).map(([name, kind]) => {
    const type = arrowType(kind, textType);
    const fallback = defaults[name] ?? KIND_DEFAULTS[kind];
    const values = rows.map((row) => (row[name] === undefined ? fallback : row[name]));
    return {
      field: new Field(name, type, kind.startsWith('nullable')),
      data: makeColumn(
        type,
        values.map((value) => (value === null ? null : arrowValue(kind, value))),
      ),
    };
  });
  const fields = columns.map(({ field }) => field);
  const children = columns.map(({ data }) => data);
  const struct = makeData({ type: new Struct(fields), length: rows.length, nullCount: 0, children });
  return new Table([new RecordBatch(new Schema(fields), struct)]);
}

/** One chunk of a column. */
function makeColumn(type: DataType, values: readonly unknown[]): Data {
  const builder = makeBuilder({ type, nullValues: [null] });
  for (const value of values) builder.append(value);
  return builder.finish().flush();
}

function assertKnownColumns(table: TrainingTable, row: Row): void {
  const unknown = Object.keys(row).find((name) => !Object.hasOwn(TABLE_COLUMNS[table], name));
  if (unknown === undefined) return;
  throw new InvalidInputError({
    what: `A row for the table ${table}`,
    expected: `columns among ${Object.keys(TABLE_COLUMNS[table]).join(', ')}`,
    found: unknown,
  });
}
