/** How each kind of column is kept while a table is being filled. */
export interface ColumnStorage {
  readonly uint8: Uint8Array;
  readonly uint16: Uint16Array;
  readonly uint32: Uint32Array;
  /** Whole numbers below 2^53. */
  readonly uint64: Float64Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  /** 0 or 1. */
  readonly bool: Uint8Array;
  /** Decimal(38, 18), kept as whole cents. */
  readonly usd: Float64Array;
  /** Decimal(38, 18), kept as whole millionths of a token. */
  readonly tokens: Float64Array;
  /** Days since 1970-01-01. */
  readonly date: Int32Array;
  /** Milliseconds since 1970-01-01, UTC. */
  readonly instant: Float64Array;
  readonly text: string[];
  readonly texts: (readonly string[])[];
  /** 24 entries per row, one per hour. */
  readonly hours: Uint16Array;
  /** 7 entries per row, Monday first. */
  readonly weekdays: Uint16Array;
}

/** The kinds of columns that the tables have. */
export type ColumnKind = keyof ColumnStorage;

/** The columns of a table, in the order of the file. */
export type TableDefinition = Readonly<Record<string, ColumnKind>>;

/** A table of known length, column by column. */
export interface Table<D extends TableDefinition = TableDefinition> {
  readonly definition: D;
  readonly rows: number;
  readonly columns: { readonly [Name in keyof D]: ColumnStorage[D[Name]] };
}

const allocate: { readonly [Kind in ColumnKind]: (rows: number) => ColumnStorage[Kind] } = {
  uint8: (rows) => new Uint8Array(rows),
  uint16: (rows) => new Uint16Array(rows),
  uint32: (rows) => new Uint32Array(rows),
  uint64: (rows) => new Float64Array(rows),
  float32: (rows) => new Float32Array(rows),
  float64: (rows) => new Float64Array(rows),
  bool: (rows) => new Uint8Array(rows),
  usd: (rows) => new Float64Array(rows),
  tokens: (rows) => new Float64Array(rows),
  date: (rows) => new Int32Array(rows),
  instant: (rows) => new Float64Array(rows),
  text: (rows) => new Array<string>(rows).fill(''),
  texts: (rows) => new Array<readonly string[]>(rows).fill([]),
  hours: (rows) => new Uint16Array(rows * 24),
  weekdays: (rows) => new Uint16Array(rows * 7),
};

/** An empty table of `rows` rows: zeros, empty texts and lists. */
export function createTable<D extends TableDefinition>(definition: D, rows: number): Table<D> {
  const columns = Object.fromEntries(
    Object.entries(definition).map(([name, kind]) => [name, allocate[kind](rows)]),
  );
  return { definition, rows, columns: columns as Table<D>['columns'] };
}
