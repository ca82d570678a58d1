import type { Database } from '../database.ts';
import { networkPattern } from '../network.ts';
import { quote } from '../sql-text.ts';
import type { ColumnPlan, TableColumn } from './column-check.ts';
import { family } from './column-check.ts';
import type { Source } from './source.ts';

/** What may be wrong with rows that the columns' types let through. */
export interface RowRule {
  readonly code:
    | 'SNAPSHOT_DUPLICATE_KEYS'
    | 'SNAPSHOT_BAD_VALUES'
    | 'SNAPSHOT_WRONG_ROWS'
    | 'SNAPSHOT_COLUMN_MISSING';
  /** The column at fault, or the columns of a key. */
  readonly columns: readonly string[];
  readonly expected: string;
  /**
   * SQL that is true for a row that breaks the rule, given the SQL of a column's value. Absent for a key, which takes two rows to
   * break.
   */
  readonly broken?: (sqlOf: (column: string) => string) => string;
  /** Values bound in `broken`. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** In words: `NaN or infinite`. */
  readonly fault: string;
}

/** Limits on single values. */
export interface ValueLimits {
  /** Longest text, in bytes. */
  readonly maxTextBytes: number;
}

/**
 * The rules for a table's rows: the same snapshot in each, no key twice, floats that are numbers, texts in UTF-8 without NUL
 * characters and of sane length.
 *
 * @param snapshot what each row must belong to; only the network where a file may hold several
 */
export function rowRules(
  source: Source,
  plan: ColumnPlan,
  limits: ValueLimits,
  snapshot: { readonly network: string; readonly processingDate?: string; readonly windowDays?: number },
): RowRule[] {
  const { key, scope, anyNetwork = false } = source.table;
  const rules: RowRule[] = [];
  const has = (name: string) => plan.columns.some((column) => column.name === name);
  const { network, processingDate, windowDays } = snapshot;
  if (has('network')) rules.push(anyNetwork ? networkNameRule : ownNetworkRule(network));
  if (processingDate === undefined) rules.push(...scope.filter(has).flatMap(scopeRules));
  else {
    rules.push({
      code: 'SNAPSHOT_WRONG_ROWS',
      columns: [...scope],
      expected: `processing_date ${processingDate} and window_days ${windowDays} in every row`,
      broken: (sqlOf) =>
        `${sqlOf('processing_date')} != {rule_date:Date} OR ${sqlOf('window_days')} != {rule_window:UInt16}`,
      params: { rule_date: processingDate, rule_window: windowDays },
      fault: 'of another date or window',
    });
  }
  if (key.length > 0) {
    rules.push({
      code: 'SNAPSHOT_DUPLICATE_KEYS',
      columns: key,
      expected: `each (${key.join(', ')}) once in a snapshot`,
      fault: 'named twice',
    });
  }
  const late = plan.late.map(
    ({ name }): RowRule => ({
      code: 'SNAPSHOT_COLUMN_MISSING',
      columns: [name],
      expected: `${name} in the first lines too, which say which columns there are`,
      broken: (sqlOf) => `isNotNull(${sqlOf(name)})`,
      fault: 'stands in later lines only',
    }),
  );
  return [...rules, ...late, ...plan.columns.flatMap((column) => valueRules(column, limits))];
}

function ownNetworkRule(network: string): RowRule {
  return {
    code: 'SNAPSHOT_WRONG_ROWS',
    columns: ['network'],
    expected: `network '${network}' in every row`,
    broken: (sqlOf) => `${sqlOf('network')} != {rule_network:String}`,
    params: { rule_network: network },
    fault: 'of another network',
  };
}

/** Another spelling would be another network: its rows would never be found. */
const networkNameRule: RowRule = {
  code: 'SNAPSHOT_BAD_VALUES',
  columns: ['network'],
  expected: 'networks named by 1 to 63 characters of a-z, 0-9 and _',
  broken: (sqlOf) => `NOT match(${sqlOf('network')}, {rule_network_name:String})`,
  params: { rule_network_name: networkPattern.source },
  fault: 'that is no name of a network',
};

/** Empty names would be one and the same entity. */
const entityRule: RowRule = {
  code: 'SNAPSHOT_BAD_VALUES',
  columns: ['entity'],
  expected: 'a name',
  broken: (sqlOf) => `empty(${sqlOf('entity')})`,
  fault: 'empty',
};

function valueRules(column: TableColumn, { maxTextBytes }: ValueLimits): RowRule[] {
  const isArray = family(column.type).startsWith('array of ');
  const rule = (test: (value: string) => string, expected: string, fault: string): RowRule => ({
    code: 'SNAPSHOT_BAD_VALUES',
    columns: [column.name],
    expected,
    broken: (sqlOf) => {
      const value = sqlOf(column.name);
      return isArray ? `arrayExists(element -> ${test('element')}, ${value})` : test(value);
    },
    fault,
  });
  const kind = family(column.type).replace(/^array of /, '');
  if (kind === 'float') {
    return [rule((value) => `ifNull(NOT isFinite(${value}), false)`, 'finite numbers', 'NaN or infinite')];
  }
  if (kind !== 'text' || column.type.includes('Enum')) return [];
  return [
    ...(column.name === 'data_set_version' ? [versionRule] : []),
    ...(column.name === 'entity' ? [entityRule] : []),
    rule((value) => `ifNull(NOT isValidUTF8(${value}), false)`, 'texts in UTF-8', 'not in UTF-8'),
    rule(
      (value) => `ifNull(position(${value}, '\\0') > 0, false)`,
      'texts without NUL characters',
      'with a NUL character',
    ),
    rule(
      (value) => `ifNull(length(${value}) > ${maxTextBytes}, false)`,
      `texts of at most ${maxTextBytes} bytes`,
      `longer than ${maxTextBytes} bytes`,
    ),
  ];
}

/** A row must say which snapshot or data set it belongs to. */
function scopeRules(column: string): RowRule[] {
  const rule = (broken: (value: string) => string, expected: string, fault: string): RowRule[] => [
    {
      code: 'SNAPSHOT_BAD_VALUES',
      columns: [column],
      expected,
      broken: (sqlOf) => broken(sqlOf(column)),
      fault,
    },
  ];
  if (column === 'window_days')
    return rule((value) => `${value} = 0`, 'windows of 1 day or more', 'of no days');
  if (column.startsWith('data_set')) return rule((value) => `empty(${value})`, 'a name', 'empty');
  return [];
}

/** Data set and version are recorded as `name@version`: which is which must stay clear. */
const versionRule: RowRule = {
  code: 'SNAPSHOT_BAD_VALUES',
  columns: ['data_set_version'],
  expected: 'versions without @',
  broken: (sqlOf) => `position(${sqlOf('data_set_version')}, '@') > 0`,
  fault: 'with an @',
};

/** What the engine says when an insert meets a row that breaks a rule. */
export const ROW_AT_FAULT = 'a row at fault';

/** One expression that is true for a row at fault by any rule that looks at single rows, and the values bound in it. */
export function anyBroken(
  rules: readonly RowRule[],
  sqlOf: (column: string) => string,
): { readonly sql: string; readonly params: Readonly<Record<string, unknown>> } {
  const tests = rules.flatMap(({ broken }) => (broken === undefined ? [] : [`(${broken(sqlOf)})`]));
  return {
    sql: tests.length === 0 ? 'false' : tests.join(' OR '),
    params: Object.assign({}, ...rules.map((rule) => rule.params ?? {})),
  };
}

/** What the rows of a batch come to. */
export interface RowCounts {
  readonly rows: number;
  /** Rows whose key another row has already. */
  readonly repeated: number;
}

/**
 * Counts the rows of a batch that was inserted but not published, and those that repeat a key.
 *
 * @param where which rows: bound by `params`
 */
export async function countRows(
  database: Database,
  rows: {
    readonly table: string;
    readonly where: string;
    readonly params: Readonly<Record<string, unknown>>;
    /** The key, with what tells snapshots apart; empty where rows may repeat. */
    readonly key: readonly string[];
  },
): Promise<RowCounts> {
  const repeated = rows.key.length === 0 ? '0' : `count() - uniqExact(${rows.key.map(quote).join(', ')})`;
  const [row] = await database.query<{ all_rows: number; repeated: number }>({
    sql: `SELECT toFloat64(count()) AS all_rows, toFloat64(${repeated}) AS repeated
FROM ${rows.table}
WHERE ${rows.where}`,
    params: rows.params,
    doing: `checking the rows of ${rows.table}`,
    beside: true,
  });
  return { rows: row?.all_rows ?? 0, repeated: row?.repeated ?? 0 };
}
