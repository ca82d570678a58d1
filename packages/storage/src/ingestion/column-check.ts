import type { Database } from '../database.ts';
import { SnapshotError } from '../errors.ts';
import type { SnapshotFile } from './snapshot-folder.ts';

/** How a table's rows are taken from a file: which columns, and as what. */
export interface ColumnPlan {
  /** Columns of the table that the file holds, in the table's order. */
  readonly columns: readonly string[];
  /** One expression per column, converting exactly or failing. */
  readonly expressions: readonly string[];
  /** Columns of the file that the table does not have; they are left out. */
  readonly extra: readonly string[];
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly default_type: string;
}

/** Columns that the product fills, whatever a file says. */
const own = new Set(['batch_id']);

/**
 * Compares the columns of a Parquet file with those of its table, before any row is written.
 *
 * @throws {SnapshotError} for a required column that is missing, or one whose type cannot hold the table's values
 */
export async function planColumns(database: Database, file: SnapshotFile): Promise<ColumnPlan> {
  const inTable = await describe(database, file.table, {});
  const source = database.engine.parquetSource(file.path);
  const inFile = await describe(database, source.sql, source.params).catch((cause: Error) => {
    throw new SnapshotError({
      code: 'SNAPSHOT_FILE_UNREADABLE',
      summary: `${file.path} is not a Parquet file that ClickHouse can read.`,
      expected: 'a Parquet file',
      found: cause.message,
      remedy: 'fetch the snapshot again',
      cause,
    });
  });
  const types = new Map(inFile.map((column) => [column.name, column.type]));
  const wanted = inTable.filter((column) => !own.has(column.name));

  const missing = wanted.filter((column) => !types.has(column.name) && !isOptional(column));
  if (missing.length > 0) {
    throw new SnapshotError({
      code: 'SNAPSHOT_COLUMN_MISSING',
      summary: `${file.path} lacks columns of ${file.table}.`,
      expected: missing.map((column) => `${column.name} ${column.type}`).join(', '),
      found: `${inFile.length} other columns`,
      remedy: 'fetch the snapshot again, or check that it is of this table',
    });
  }
  const present = wanted.filter((column) => types.has(column.name));
  for (const column of present) checkType(file, column, types.get(column.name) ?? '');
  const known = new Set(wanted.map((column) => column.name));
  return {
    columns: present.map((column) => column.name),
    expressions: present.map(convert),
    extra: inFile.map((column) => column.name).filter((name) => !known.has(name)),
  };
}

/**
 * What does not fit an integer, date or decimal is an error. Floats are rounded to the table's width: 0.1 has no exact form in
 * either, and most tools write 64 bits.
 */
function convert({ name, type }: Column): string {
  const cast = family(type) === 'float' ? 'CAST' : 'accurateCast';
  return `${cast}(${quote(name)}, '${type.replaceAll("'", "\\'")}')`;
}

/** A column name as SQL writes it. */
export function quote(column: string): string {
  return `\`${column.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

async function describe(
  database: Database,
  source: string,
  params: Readonly<Record<string, unknown>>,
): Promise<Column[]> {
  return database.query<Column>({
    sql: `DESCRIBE TABLE ${source}`,
    params,
    doing: `reading the columns of ${source}`,
  });
}

function isOptional(column: Column): boolean {
  return column.default_type !== '' || column.type.startsWith('Nullable(');
}

function checkType(file: SnapshotFile, column: Column, found: string): void {
  if (fits(family(found), family(column.type))) return;
  throw new SnapshotError({
    code: 'SNAPSHOT_COLUMN_TYPE',
    summary: `The column ${column.name} of ${file.path} has a type that does not fit.`,
    expected: `${column.type} (or one that converts to it without loss)`,
    found,
    remedy: 'fetch the snapshot again, or rewrite the file with the types of the table',
  });
}

/** What a ClickHouse type is about, whatever its width. Widths are checked value by value on insert. */
function family(type: string): string {
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
