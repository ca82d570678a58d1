import type { Data, Table } from 'apache-arrow';

/** A column that is not there, or holds no numbers where numbers are needed. */
export class ColumnReadError extends RangeError {}

/**
 * A column of dates as days since 1970-01-01.
 *
 * @throws {ColumnReadError} when there is no such column
 * @example
 * readDays(data.alerts, 'processing_date')[0]; // 17563
 */
export function readDays(table: Table, name: string): Int32Array {
  const days = new Int32Array(table.numRows);
  fill(table, name, (data, offset) => days.set((data.values as Int32Array).subarray(0, data.length), offset));
  return days;
}

/**
 * A column of any kind of number, Bool or Decimal as floats; NULL as NaN.
 *
 * @throws {ColumnReadError} when there is no such column, or it holds no numbers
 * @example
 * readNumbers(data.alerts, 'volume_usd');
 */
export function readNumbers(table: Table, name: string): Float64Array {
  const numbers = new Float64Array(table.numRows);
  fill(table, name, (data, offset) => {
    const read = readerOf(data);
    if (read === undefined)
      throw new ColumnReadError(`the column ${name} of type ${data.type} holds no numbers`);
    const values: unknown = data.values;
    if (data.nullCount === 0 && (values instanceof Float32Array || values instanceof Float64Array)) {
      numbers.set(values.subarray(0, data.length), offset);
      return;
    }
    for (let row = 0; row < data.length; row++) {
      numbers[offset + row] = isValid(data, row) ? read(row) : Number.NaN;
    }
  });
  return numbers;
}

function fill(table: Table, name: string, copy: (data: Data, offset: number) => void): void {
  const column = table.getChild(name);
  if (column === null) throw new ColumnReadError(`the table has no column ${name}`);
  let offset = 0;
  for (const data of column.data) {
    copy(data, offset);
    offset += data.length;
  }
}

function isValid({ nullBitmap, nullCount, offset }: Data, row: number): boolean {
  if (nullCount === 0 || nullBitmap === undefined || nullBitmap.length === 0) return true;
  return (((nullBitmap[(offset + row) >> 3] ?? 0) >> ((offset + row) & 7)) & 1) === 1;
}

/** Arrow's own numbers of the types that hold numbers (Schema.fbs, `Type`), so that no copy of its code is needed here. */
const ARROW = { int: 2, float: 3, bool: 6, decimal: 7, date: 8 } as const;

/** How to read one number of a batch; `undefined` where it holds none. */
function readerOf(data: Data): ((row: number) => number) | undefined {
  const { typeId, scale = 0 } = data.type as { readonly typeId: number; readonly scale?: number };
  const values: unknown = data.values;
  switch (typeId) {
    case ARROW.bool: {
      const bits = values as Uint8Array;
      return (row) => ((bits[(data.offset + row) >> 3] ?? 0) >> ((data.offset + row) & 7)) & 1;
    }
    case ARROW.decimal:
      return decimalReader(values as Uint32Array, scale);
    case ARROW.int:
    case ARROW.float:
    case ARROW.date: {
      const numbers = values as { readonly [row: number]: number | bigint };
      return (row) => Number(numbers[row]);
    }
    default:
      return undefined;
  }
}

/** Decimal128: four 32-bit words a value, the lowest first, in two's complement. */
function decimalReader(words: Uint32Array, scale: number): (row: number) => number {
  const unit = 10 ** scale;
  return (row) => {
    const high = words[4 * row + 3] ?? 0;
    let value = high | 0;
    for (let word = 2; word >= 0; word--) value = value * 2 ** 32 + (words[4 * row + word] ?? 0);
    return value / unit;
  };
}
