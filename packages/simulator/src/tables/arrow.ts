import * as arrow from 'apache-arrow';
import type { ColumnKind, ColumnStorage, Table } from './table.ts';

const DECIMAL = new arrow.Decimal(18, 38, 128);
const UINT16_LIST = new arrow.List(new arrow.Field('element', new arrow.Uint16(), false));
const TEXT_LIST = new arrow.List(new arrow.Field('element', new arrow.Utf8(), false));

/**
 * The columns as one Arrow record batch without nulls, typed as SOT types them: USD and token sums as
 * Decimal(38, 18), dates as Date32, instants as UTC milliseconds, lists as List of UInt16 or Utf8.
 */
export function toArrow(table: Table): arrow.Table {
  const columns = Object.entries(table.definition).map(([name, kind]) => {
    const data = toData(kind, table.columns[name] as never, table.rows);
    return { field: new arrow.Field(name, data.type, false), data };
  });
  const schema = new arrow.Schema(columns.map(({ field }) => field));
  const struct = arrow.makeData({
    type: new arrow.Struct(schema.fields),
    length: table.rows,
    nullCount: 0,
    children: columns.map(({ data }) => data),
  });
  return new arrow.Table(schema, [new arrow.RecordBatch(schema, struct)]);
}

const converters: {
  readonly [Kind in ColumnKind]: (values: ColumnStorage[Kind], rows: number) => arrow.Data;
} = {
  uint8: (data) => plain(new arrow.Uint8(), data),
  uint16: (data) => plain(new arrow.Uint16(), data),
  uint32: (data) => plain(new arrow.Uint32(), data),
  uint64: (data) => plain(new arrow.Uint64(), wideIntegers(data)),
  float32: (data) => plain(new arrow.Float32(), data),
  float64: (data) => plain(new arrow.Float64(), data),
  bool: (data, rows) =>
    arrow.makeData({ type: new arrow.Bool(), length: rows, nullCount: 0, data: packBits(data) }),
  usd: (data, rows) => decimals(data, rows, 10n ** 16n),
  tokens: (data, rows) => decimals(data, rows, 10n ** 12n),
  date: (data) => plain(new arrow.DateDay(), data),
  instant: (data) => plain(new arrow.TimestampMillisecond('UTC'), BigInt64Array.from(data, BigInt)),
  text: (data) => texts(data),
  texts: (data, rows) => {
    const child = texts(data.flat());
    return arrow.makeData({
      type: TEXT_LIST,
      length: rows,
      nullCount: 0,
      valueOffsets: offsets(rows, (row) => (data[row] as readonly string[]).length),
      child,
    });
  },
  hours: (data, rows) => counts(data, rows, 24),
  weekdays: (data, rows) => counts(data, rows, 7),
};

function toData<Kind extends ColumnKind>(kind: Kind, values: ColumnStorage[Kind], rows: number): arrow.Data {
  return converters[kind](values, rows);
}

function plain<T extends arrow.DataType>(type: T, data: T['TArray']): arrow.Data<T> {
  const props = { type, length: data.length, nullCount: 0, data } as never;
  return arrow.makeData(props) as arrow.Data as arrow.Data<T>;
}

/** Whole numbers from 0 to 2^53 - 1 as 64-bit words, without a BigInt for each. */
function wideIntegers(values: Float64Array): BigUint64Array {
  const halves = new Uint32Array(values.length * 2);
  for (let row = 0; row < values.length; row++) {
    halves[2 * row] = values[row] % 2 ** 32;
    halves[2 * row + 1] = Math.floor(values[row] / 2 ** 32);
  }
  return new BigUint64Array(halves.buffer);
}

/** 128-bit two's complement, lower word first, of whole units times `scale`. */
function decimals(units: Float64Array, rows: number, scale: bigint): arrow.Data {
  const words = new BigUint64Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    const value = BigInt(units[row]) * scale;
    words[2 * row] = BigInt.asUintN(64, value);
    words[2 * row + 1] = BigInt.asUintN(64, value >> 64n);
  }
  return arrow.makeData({ type: DECIMAL, length: rows, nullCount: 0, data: new Uint32Array(words.buffer) });
}

function texts(values: readonly string[]): arrow.Data<arrow.Utf8> {
  return arrow.makeData({
    type: new arrow.Utf8(),
    length: values.length,
    nullCount: 0,
    valueOffsets: offsets(values.length, (row) => Buffer.byteLength(values[row] as string)),
    data: Buffer.from(values.join('')),
  });
}

function counts(values: Uint16Array, rows: number, perRow: number): arrow.Data {
  return arrow.makeData({
    type: UINT16_LIST,
    length: rows,
    nullCount: 0,
    valueOffsets: offsets(rows, () => perRow),
    child: plain(new arrow.Uint16(), values),
  });
}

function offsets(rows: number, lengthOf: (row: number) => number): Int32Array {
  const ends = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) ends[row + 1] = ends[row] + lengthOf(row);
  return ends;
}

function packBits(values: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  for (let row = 0; row < values.length; row++) bits[row >> 3] |= values[row] << (row & 7);
  return bits;
}
