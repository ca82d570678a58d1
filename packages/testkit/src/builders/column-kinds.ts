import {
  Bool,
  type DataType,
  DateDay,
  Decimal,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int8,
  Int32,
  LargeUtf8,
  List,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
} from 'apache-arrow';

/** What a row object may hold for a column of each kind. */
export interface ColumnValues {
  readonly text: string;
  readonly texts: readonly string[];
  readonly nullableText: string | null;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly uint8: number;
  readonly uint16: number;
  readonly uint16s: readonly number[];
  readonly uint32: number;
  readonly nullableUint32: number | null;
  readonly uint64: number | bigint;
  readonly nullableInt8: number | null;
  readonly float32: number;
  readonly nullableFloat32: number | null;
  readonly float64: number;
  /** Decimal128 with 18 digits after the point. */
  readonly decimal: number;
  readonly bool: boolean;
}

/** A kind of column: an Arrow type as an extraction from ClickHouse delivers it, and whether it may be null. */
export type ColumnKind = keyof ColumnValues;

/** The kinds of a table's columns, in their order. */
export type TableColumns = Readonly<Record<string, ColumnKind>>;

/** A row of a table as a plain object; a column left out has its default value. */
export type RowOf<Columns extends TableColumns> = {
  readonly [Name in keyof Columns]?: ColumnValues[Columns[Name]];
};

/** How texts are stored: plain, with 64-bit offsets, or as codes into a dictionary. */
export type TextType = 'utf8' | 'largeUtf8' | 'dictionary';

/** A column's value where a row leaves it out and the table says nothing else. */
export const KIND_DEFAULTS: ColumnValues = {
  text: '',
  texts: [],
  nullableText: null,
  date: '1970-01-01',
  uint8: 0,
  uint16: 0,
  uint16s: [],
  uint32: 0,
  nullableUint32: null,
  uint64: 0n,
  nullableInt8: null,
  float32: 0,
  nullableFloat32: null,
  float64: 0,
  decimal: 0,
  bool: false,
};

/** The Arrow type of a kind. */
export function arrowType(kind: ColumnKind, textType: TextType): DataType {
  switch (kind) {
    case 'text':
    case 'nullableText':
      return textArrowType(textType);
    case 'texts':
      return new List(new Field('item', new Utf8(), false));
    case 'date':
      return new DateDay();
    case 'uint8':
      return new Uint8();
    case 'uint16':
      return new Uint16();
    case 'uint16s':
      return new List(new Field('item', new Uint16(), false));
    case 'uint32':
    case 'nullableUint32':
      return new Uint32();
    case 'uint64':
      return new Uint64();
    case 'nullableInt8':
      return new Int8();
    case 'float32':
    case 'nullableFloat32':
      return new Float32();
    case 'float64':
      return new Float64();
    case 'decimal':
      return new Decimal(18, 38, 128);
    case 'bool':
      return new Bool();
  }
}

function textArrowType(textType: TextType): DataType {
  if (textType === 'largeUtf8') return new LargeUtf8();
  return textType === 'dictionary' ? new Dictionary(new Utf8(), new Int32()) : new Utf8();
}

/** The value as an Arrow builder takes it. */
export function arrowValue(kind: ColumnKind, value: unknown): unknown {
  if (kind === 'date') return new Date(`${value}T00:00:00Z`);
  if (kind === 'uint64') return BigInt(value as number | bigint);
  if (kind === 'decimal') return decimalWords(value as number);
  return value;
}

/** The four little-endian 32-bit words of a Decimal128 with scale 18. */
function decimalWords(value: number): Uint32Array {
  // Six digits after the point are exact enough for amounts in tests, and stay exact in a double.
  const scaled = BigInt.asUintN(128, BigInt(Math.round(value * 1e6)) * 10n ** 12n);
  return Uint32Array.from([0n, 32n, 64n, 96n], (shift) => Number((scaled >> shift) & 0xffffffffn));
}
