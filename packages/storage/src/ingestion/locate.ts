import type { Database } from '../database.ts';
import { quote } from '../sql-text.ts';
import type { ColumnPlan } from './column-check.ts';
import { type NumberedRows, withNumberedRows } from './numbered-rows.ts';
import type { RowRule } from './row-checks.ts';
import type { Source } from './source.ts';

/** Where in a file something is wrong. */
export interface Place {
  /** From 1, the header of a CSV not counted. */
  readonly row: number;
  readonly column: string;
  /** The start of the value, as text. */
  readonly value: string;
}

const VALUE_CHARACTERS = 80;

/** A place in words: `row 3, volume_usd = "x"`. */
export function describePlace({ row, column, value }: Place): string {
  return `row ${row}, ${column} = ${JSON.stringify(value)}`;
}

/** A rule that rows of a file break. */
export interface BrokenRule {
  readonly rule: RowRule;
  /** How many rows. */
  readonly count: number;
  readonly place: Place | undefined;
}

/**
 * Finds which rule single rows break, how many do, and the first. Only asked once something is known to be wrong, so it may take its
 * time; where it cannot be found the answer is undefined, never another error.
 */
export async function locateBroken(
  database: Database,
  source: Source,
  { plan, rules }: { plan: ColumnPlan; rules: readonly RowRule[] },
): Promise<BrokenRule | undefined> {
  return withNumberedRows(database, source, plan, async (rows) => {
    const converted = convertedRows(rows, plan);
    const single = rules.filter(({ broken }) => broken !== undefined);
    const statement = {
      params: Object.assign({}, rows.params, ...single.map((rule) => rule.params ?? {})),
      settings: rows.settings,
      secrets: source.secrets,
      doing: `looking for the row in ${source.label}`,
    };
    const [counted] = await database.query<{ counts: number[] }>({
      ...statement,
      sql: `SELECT [${single.map(({ broken }) => `toFloat64(countIf(${broken?.(quote)}))`).join(', ')}] AS counts FROM (${converted})`,
    });
    const at = (counted?.counts ?? []).findIndex((count) => count > 0);
    const rule = single[at];
    if (rule === undefined) return undefined;
    const [found] = await database.query<{ row: number; value: string }>({
      ...statement,
      sql: `SELECT toFloat64(row_number) AS row, ${shownValue(rule)} AS value
FROM (${converted}) WHERE ${rule.broken?.(quote)} ORDER BY row_number LIMIT 1`,
    });
    return { rule, count: counted?.counts[at] ?? 0, place: placeOf(rule, found) };
  });
}

/** Finds the first row whose key another row before it has. As {@link locateBroken}, it never fails. */
export async function locateRepeated(
  database: Database,
  source: Source,
  { plan, rule, scope }: { plan: ColumnPlan; rule: RowRule; scope: readonly string[] },
): Promise<Place | undefined> {
  return withNumberedRows(database, source, plan, async (rows) => {
    const key = [...scope, ...rule.columns].map(quote).join(', ');
    const [found] = await database.query<{ row: number; value: string }>({
      sql: `SELECT toFloat64(arraySort(groupArray(row_number))[2]) AS row, any(${shownValue(rule)}) AS value
FROM (${convertedRows(rows, plan)}) GROUP BY ${key} HAVING count() > 1 ORDER BY row LIMIT 1`,
      params: rows.params,
      settings: rows.settings,
      secrets: source.secrets,
      doing: `looking for the row in ${source.label}`,
    });
    return placeOf(rule, found);
  });
}

/** The file's rows with the table's columns, and their numbers from 0. */
function convertedRows(rows: NumberedRows, plan: ColumnPlan): string {
  const columns = [
    ...plan.columns.map((column, index) => `${plan.expressions[index]} AS ${quote(column.name)}`),
    ...plan.late.map((column) => quote(column.name)),
  ];
  return `SELECT ${rows.number} AS row_number, ${columns.join(', ')} FROM ${rows.from}`;
}

function shownValue({ columns }: RowRule): string {
  const names = columns.map(quote);
  const value = names.length === 1 ? names[0] : `tuple(${names.join(', ')})`;
  return `toValidUTF8(substring(toString(${value}), 1, ${VALUE_CHARACTERS}))`;
}

function placeOf(rule: RowRule, found: { row: number; value: string } | undefined): Place | undefined {
  return found && { row: found.row + 1, column: rule.columns.join(', '), value: found.value };
}

/** Finds the first column, and in it the first row, whose value does not convert. As {@link locateBroken}, it never fails. */
export async function locateConversion(
  database: Database,
  source: Source,
  plan: ColumnPlan,
): Promise<Place | undefined> {
  return withNumberedRows(database, source, plan, async (rows) => {
    const converts = async (indexes: readonly number[], range?: readonly [number, number]) => {
      const expressions = indexes.map((index) => plan.expressions[index] ?? '');
      // The rows are chosen before anything of them is converted: in one SELECT the engine may do it the other way around.
      const chosen = range
        ? `(SELECT * FROM ${rows.from} WHERE ${rows.number} >= {first_row:UInt64} AND ${rows.number} < {end_row:UInt64})`
        : rows.from;
      try {
        await database.query({
          sql: `SELECT sum(ignore(${expressions.join(', ')})) AS none FROM ${chosen}`,
          params: { ...rows.params, ...(range ? { first_row: range[0], end_row: range[1] } : {}) },
          settings: rows.settings,
          secrets: source.secrets,
          doing: `looking for the value in ${source.label}`,
        });
        return true;
      } catch {
        return false;
      }
    };
    const column = await bisect(0, plan.expressions.length, (from, to) =>
      converts(Array.from({ length: to - from }, (_, index) => from + index)),
    );
    if (column === undefined) return undefined;
    const [count] = await database.query<{ rows: number }>({
      sql: `SELECT toFloat64(count()) AS rows FROM ${rows.from}`,
      params: rows.params,
      settings: rows.settings,
      secrets: source.secrets,
      doing: `counting the rows of ${source.label}`,
    });
    const row = await bisect(0, count?.rows ?? 0, (from, to) => converts([column], [from, to]));
    const name = plan.columns[column]?.name ?? '';
    if (row === undefined) return undefined;
    const [found] = await database.query<{ value: string }>({
      sql: `SELECT toValidUTF8(substring(ifNull(toString(${quote(name)}), 'NULL'), 1, ${VALUE_CHARACTERS})) AS value FROM ${rows.from} WHERE ${rows.number} = {row:UInt64}`,
      params: { ...rows.params, row },
      settings: rows.settings,
      secrets: source.secrets,
      doing: `reading the value in ${source.label}`,
    });
    return { row: row + 1, column: name, value: found?.value ?? '' };
  });
}

/** The first index of [from, to) for which `fine` of a range that holds it is false, or undefined. */
async function bisect(
  from: number,
  to: number,
  fine: (from: number, to: number) => Promise<boolean>,
): Promise<number | undefined> {
  if (to <= from || (await fine(from, to))) return undefined;
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await fine(low, middle)) low = middle;
    else high = middle;
  }
  return low;
}
