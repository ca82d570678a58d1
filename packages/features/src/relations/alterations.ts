import { addressKeySql, literal, quote } from '@risk-scoring/storage';
import type { Params } from './scope.ts';

/** A column of a table whose values are altered, and what they may become. */
export interface AlteredColumn {
  readonly name: string;
  /** Its ClickHouse type. */
  readonly type: string;
  /** Two or more values of the type, as texts; numbers in ascending order. */
  readonly values: readonly string[];
}

/**
 * What a computation sees in place of some columns: every row the same value of each, one at `place` (0 the first, 1 the last of the values),
 * or each row another one than its own, which is chosen by `seed`.
 */
export interface Alteration {
  readonly columns: Readonly<Record<string, readonly AlteredColumn[]>>;
  readonly how: { readonly place: number } | { readonly seed: number };
  /** `YYYY-MM-DD`: only rows of later processing dates are altered; all when left out. */
  readonly after?: string | undefined;
}

/** What a row of each table is known by. These columns cannot be altered: the rows would be others. */
export const ROW_NAMES: Readonly<Record<string, readonly string[]>> = {
  raw_alerts: ['processing_date', 'alert_id', 'address'],
  raw_features: ['processing_date', 'address'],
  raw_clusters: ['processing_date', 'cluster_id'],
  raw_money_flows: ['processing_date', 'from_address', 'to_address'],
  raw_address_labels: ['processing_date', 'address'],
};

/** Columns that are made of another one when a row is inserted, and how; those of addresses are made of what cannot be altered. */
const MADE_OF: Readonly<Record<string, { readonly column: string; readonly sql: (of: string) => string }>> = {
  addresses_involved: {
    column: 'member_keys',
    sql: (of) => `arrayMap(member -> reinterpretAsUInt128(sipHash128(${addressKeySql('member')})), ${of})`,
  },
};

/** The column that is made of another one, where there is one. */
export function madeOf(column: string): string | undefined {
  return Object.hasOwn(MADE_OF, column) ? MADE_OF[column]?.column : undefined;
}

/**
 * A SELECT over a table as an alteration shows it; the very same SELECT where it alters nothing of the table.
 *
 * @param select gives the table's columns by their names
 */
export function altered(
  select: string,
  table: string,
  { alteration, params }: { readonly alteration: Alteration | undefined; readonly params: Params },
): string {
  const columns = alteration?.columns[table] ?? [];
  if (alteration === undefined || columns.length === 0) return select;
  const replaced = columns.flatMap((column) => {
    const bound = `altered_${table}_${column.name}`;
    params[bound] = column.values;
    const values = `arrayMap(text -> CAST(text, ${literal(column.type)}), {${bound}:Array(String)})`;
    const chosen = valueSql({ table, column, values, how: alteration.how });
    if (alteration.after !== undefined) params.altered_after = alteration.after;
    const value =
      alteration.after === undefined
        ? chosen
        : `if(processing_date > {altered_after:Date}, ${chosen}, ${quote(column.name)})`;
    const made = MADE_OF[column.name];
    return [
      `${value} AS ${quote(column.name)}`,
      ...(made === undefined ? [] : [`${made.sql(value)} AS ${made.column}`]),
    ];
  });
  return `SELECT * REPLACE (${replaced.join(',\n    ')})\nFROM\n(\n${select}\n)`;
}

function valueSql(parts: {
  readonly table: string;
  readonly column: AlteredColumn;
  readonly values: string;
  readonly how: Alteration['how'];
}): string {
  const { table, column, values, how } = parts;
  const count = column.values.length;
  if ('place' in how) return `arrayElement(${values}, ${1 + Math.round(how.place * (count - 1))})`;
  const row = (ROW_NAMES[table] ?? []).join(', ');
  const chosen = `cityHash64(${row}, ${literal(column.name)}, ${how.seed}) % ${count}`;
  const other = `arrayElement(${values}, 1 + ${chosen})`;
  return `if(${other} = ${quote(column.name)}, arrayElement(${values}, 1 + (${chosen} + 1) % ${count}), ${other})`;
}
