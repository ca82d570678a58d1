import type { Database } from '@risk-scoring/storage';

/** A row as the database gives it: amounts and 64-bit integers as texts, so that nothing of them is lost. */
export type RawRow = Readonly<Record<string, unknown>>;

/** What a column is made of, as far as features care. */
export type ColumnKind = 'number' | 'amount' | 'flag' | 'other';

/** The rows of one published view, and the kinds of its columns. */
export interface RawTable {
  readonly rows: readonly RawRow[];
  readonly kinds: ReadonlyMap<string, ColumnKind>;
}

/**
 * Reads every published row of one window, in no order.
 *
 * @param view `published_alerts`, …
 * @example
 * const { rows } = await readRawTable(database, 'published_alerts', 30);
 */
export async function readRawTable(database: Database, view: string, windowDays: number): Promise<RawTable> {
  const columns = await database.query<{ name: string; type: string }>({
    sql: 'SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {view:String}',
    params: { view },
    doing: `reading the columns of ${view}`,
  });
  const kinds = new Map(columns.map(({ name, type }) => [name, kindOf(type)]));
  const amounts = columns.filter(({ name }) => kinds.get(name) === 'amount');
  const exactly = amounts.map(({ name }) => `toString(${name}) AS ${name}`).join(', ');
  const rows = await database.query<RawRow>({
    sql: `SELECT *${exactly === '' ? '' : ` REPLACE (${exactly})`} FROM ${view} WHERE window_days = {windowDays:UInt16}`,
    params: { windowDays },
    doing: `reading ${view}`,
  });
  return { rows, kinds };
}

function kindOf(type: string): ColumnKind {
  if (type === 'Bool') return 'flag';
  if (type.startsWith('Decimal')) return 'amount';
  return /^(U?Int|Float)/.test(type) ? 'number' : 'other';
}

/** A number or flag of a row. What JSON cannot say (NaN, infinities) arrives as null: NaN. */
export function numberOf(row: RawRow, column: string): number {
  const value = row[column];
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
  return typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
}

/** A text of a row. */
export function textOf(row: RawRow, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`${column} is no text`);
  return value;
}

/** A list of texts of a row. */
export function textsOf(row: RawRow, column: string): readonly string[] {
  const value = row[column];
  if (!Array.isArray(value)) throw new TypeError(`${column} is no list`);
  return value.map(String);
}
