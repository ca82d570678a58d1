import type { Database } from '../database.ts';
import { SnapshotError } from '../errors.ts';
import { literal, quote } from '../sql-text.ts';
import type { IngestTableName } from '../tables.ts';
import { textConversion, textStructure } from './files/index.ts';
import type { Source } from './source.ts';

/** A column of a table. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  /** Whether a file may lack it. */
  readonly optional: boolean;
}

/** How a table's rows are taken from a file: which columns, and as what. */
export interface ColumnPlan {
  /** Columns of the table that the file holds, in the table's order. */
  readonly columns: readonly TableColumn[];
  /** One expression per column, converting exactly or failing. */
  readonly expressions: readonly string[];
  /**
   * Columns of the table that the first lines of a file with a key in every row do not name. They take the table's defaults, so a
   * value further down is an error, and not left out unseen.
   */
  readonly late: readonly TableColumn[];
  /** The column list to read the file by. */
  readonly structure: string;
  /** The same of {@link columns} and {@link late} alone. */
  readonly usedStructure: string;
  /** Columns of the file that the table does not have; they are left out. */
  readonly extra: readonly string[];
}

/** Columns that the product fills, whatever a file says. */
const own = new Set(['batch_id']);

/** The columns of a table that a file may fill. */
export async function tableColumns(database: Database, table: IngestTableName): Promise<TableColumn[]> {
  const rows = await database.query<{ name: string; type: string; default_kind: string }>({
    sql: `SELECT name, type, default_kind
FROM system.columns
WHERE database = currentDatabase() AND table = {table:String}
ORDER BY position`,
    params: { table },
    doing: `reading the columns of ${table}`,
  });
  return (
    rows
      // A MATERIALIZED column is computed from the others when a row is inserted.
      .filter(({ name, default_kind }) => !own.has(name) && default_kind !== 'MATERIALIZED')
      .map(({ name, type, default_kind }) => ({
        name,
        type,
        optional: default_kind !== '' || type.startsWith('Nullable('),
      }))
  );
}

/** Options of {@link planColumns}. */
export interface ColumnPlanOptions {
  /** Take the columns of a CSV by name, whatever their order. Defaults to no: another order is refused. */
  readonly anyColumnOrder?: boolean;
}

/**
 * Compares the columns of a file with those of its table, before any row is written.
 *
 * @throws {SnapshotError} for a required column that is missing, one whose type cannot hold the table's values, or a CSV whose
 * columns stand in another order than the table's
 */
export function planColumns(
  source: Source,
  wanted: readonly TableColumn[],
  options: ColumnPlanOptions = {},
): ColumnPlan {
  const types = new Map(source.columns.map((column) => [column.name, column.type]));
  checkSpelling(source, wanted);
  const missing = wanted.filter((column) => !types.has(column.name) && !column.optional);
  if (missing.length > 0) {
    throw new SnapshotError({
      code: 'SNAPSHOT_COLUMN_MISSING',
      summary: `${source.label} lacks columns of ${source.table.name}.`,
      expected: shortList(missing.map((column) => `${column.name} ${column.type}`)),
      found: shortList(source.columns.map((column) => column.name)),
      remedy: 'add these columns, or check that the file is whole and of this table',
    });
  }
  const present = wanted.filter((column) => types.has(column.name));
  const binary = source.format === 'Parquet';
  if (binary) for (const column of present) checkType(source, column, types.get(column.name) ?? '');
  if (source.format === 'CSVWithNames' && !options.anyColumnOrder) checkOrder(source, present);
  const late = source.format === 'JSONEachRow' ? wanted.filter((column) => !types.has(column.name)) : [];
  const known = new Set(wanted.map((column) => column.name));
  const usedStructure = binary
    ? present.map(({ name }) => `${quote(name)} ${types.get(name)}`).join(', ')
    : textStructure([...present, ...late]);
  return {
    columns: present,
    late,
    expressions: present.map((column) =>
      binary ? convert(column, types.get(column.name)) : textConversion(column, source.format),
    ),
    structure: binary ? usedStructure : textStructure([...source.columns, ...late]),
    usedStructure,
    extra: source.columns.map((column) => column.name).filter((name) => !known.has(name)),
  };
}

/**
 * What does not fit an integer, date, time or decimal is an error. Floats are rounded to the table's width: 0.1 has no exact form in
 * either, and most tools write 64 bits. Of a time, parts of a second are dropped.
 */
function convert({ name, type }: TableColumn, found = ''): string {
  if (found === type) return quote(name);
  const value = quote(name);
  const to = (wanted: string) => literal(type.startsWith('Nullable(') ? `Nullable(${wanted})` : wanted);
  switch (family(type)) {
    case 'float':
      return `CAST(${value}, ${literal(type)})`;
    // The engine's own conversions of these wrap around: 1969-12-31 would become 2149-06-06.
    case 'date':
      return `toDate(accurateCast(toInt32(${value}), ${to('UInt16')}))`;
    case 'time':
      return `toDateTime(accurateCast(toInt64(${value}), ${to('UInt32')}))`;
    // And it would cut places off.
    case 'decimal':
      if (family(found) === 'decimal' && scaleOf(found) > scaleOf(type)) {
        const text = `toString(${value})`;
        return `accurateCast(if(accurateCast(${value}, ${literal(type)}) = ${value}, ${text}, concat('?', ${text})), ${literal(type)})`;
      }
  }
  return `accurateCast(${value}, ${literal(type)})`;
}

function scaleOf(decimal: string): number {
  return Number(/(\d+)\)*$/.exec(decimal)?.[1] ?? 0);
}

function shortList(names: readonly string[]): string {
  return names.length <= 12
    ? names.join(', ')
    : `${names.slice(0, 12).join(', ')} and ${names.length - 12} more`;
}

/** A column that only the letter case tells from the table's would be passed over, and its values with it. */
function checkSpelling(source: Source, wanted: readonly TableColumn[]): void {
  const names = new Map(wanted.map(({ name }) => [name.toLowerCase(), name]));
  for (const { name } of source.columns) {
    const meant = names.get(name.toLowerCase());
    if (meant === undefined || meant === name) continue;
    throw new SnapshotError({
      code: 'SNAPSHOT_COLUMN_MISSING',
      summary: `${source.label} spells a column of ${source.table.name} in other letters.`,
      expected: meant,
      found: name,
      remedy: `rename the column to ${meant}`,
    });
  }
}

function checkOrder(source: Source, present: readonly TableColumn[]): void {
  const expected = present.map((column) => column.name);
  const names = new Set(expected);
  const found = source.columns.map((column) => column.name).filter((name) => names.has(name));
  const at = expected.findIndex((name, index) => name !== found[index]);
  if (at < 0) return;
  throw new SnapshotError({
    code: 'SNAPSHOT_COLUMN_ORDER',
    summary: `The columns of ${source.label} stand in another order than those of ${source.table.name}.`,
    expected: `${expected[at]} as column ${at + 1} (${expected.join(', ')})`,
    found: `${found[at]} (${found.join(', ')})`,
    remedy:
      'put the columns in this order, or pass --any-column-order to take them by the names in the header',
  });
}

function checkType(source: Source, column: TableColumn, found: string): void {
  if (fits(family(found), family(column.type))) return;
  throw new SnapshotError({
    code: 'SNAPSHOT_COLUMN_TYPE',
    summary: `The column ${column.name} of ${source.label} has a type that does not fit.`,
    expected: `${column.type} (or one that converts to it without loss)`,
    found,
    remedy: 'fetch the file again, or rewrite it with the types of the table',
  });
}

/** What a ClickHouse type is about, whatever its width. Widths are checked value by value on insert. */
export function family(type: string): string {
  const inner = /^(?:Nullable|LowCardinality)\((.*)\)$/.exec(type)?.[1];
  if (inner !== undefined) return family(inner);
  const element = /^Array\((.*)\)$/.exec(type)?.[1];
  if (element !== undefined) return `array of ${family(element)}`;
  const name = type.split('(', 1)[0] ?? type;
  if (/^U?Int\d+$/.test(name)) return 'integer';
  if (/^(?:B?Float)\d+$/.test(name)) return 'float';
  if (/^Decimal\d*$/.test(name)) return 'decimal';
  if (/^Date(?:32)?$/.test(name)) return 'date';
  if (/^DateTime(?:64)?$/.test(name)) return 'time';
  if (/^(?:Fixed)?String$|^Enum/.test(name)) return 'text';
  return name.toLowerCase();
}

const alsoFits: Readonly<Record<string, readonly string[]>> = {
  float: ['integer', 'decimal'],
  decimal: ['integer', 'float'],
  'array of float': ['array of integer'],
};

function fits(found: string, wanted: string): boolean {
  return found === wanted || (alsoFits[wanted] ?? []).includes(found);
}
