import { InvalidInputError, type TextColumn } from '@risk-scoring/contract';

/** Whole numbers in an array of their own kind or a wider one. */
export type IntegerValues = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

/** How the numbers of a ClickHouse type lie in memory. */
export const NUMBER_ARRAYS = {
  UInt8: Uint8Array,
  UInt16: Uint16Array,
  UInt32: Uint32Array,
  Int8: Int8Array,
  Int16: Int16Array,
  Int32: Int32Array,
  /** Days since 1970-01-01. */
  Date: Uint16Array,
  /** Seconds since 1970-01-01 UTC. */
  DateTime: Uint32Array,
  Float32: Float32Array,
  Float64: Float64Array,
} as const;

type FloatType = 'Float32' | 'Float64';
type IntegerType = Exclude<keyof typeof NUMBER_ARRAYS, FloatType>;

/** A column of rows to insert, one value per row. Texts that repeat may come as codes, and are then encoded once each. */
export type InsertColumn =
  | { readonly name: string; readonly type: 'String'; readonly values: readonly string[] | TextColumn }
  | { readonly name: string; readonly type: FloatType; readonly values: Float32Array | Float64Array }
  | { readonly name: string; readonly type: IntegerType; readonly values: IntegerValues };

/** A value that is the same for all rows, with its ClickHouse type. */
export interface InsertConstant {
  readonly type: string;
  readonly value: unknown;
}

/** Whether texts come as codes into their distinct values. */
export function isCoded(values: readonly string[] | TextColumn): values is TextColumn {
  return 'codes' in values;
}

/**
 * Checks that every column has one value per row.
 *
 * @throws {InvalidInputError} naming the column that has not
 */
export function assertLengths(columns: readonly InsertColumn[], rows: number): void {
  for (const { name, values } of columns) {
    const found = 'codes' in values ? values.codes.length : values.length;
    if (found === rows) continue;
    throw new InvalidInputError({
      what: `The column ${name} of the rows to insert`,
      expected: `${rows} values, one per row`,
      found: `${found}`,
    });
  }
}
