import {
  InvalidInputError,
  type LabelStrategy,
  nearestNames,
  type TrainingTable,
} from '@risk-scoring/contract';
import { type Database, quote } from '@risk-scoring/storage';
import type { DescribedColumn } from '../extension/mock-relations.ts';
import { type Alteration, type AlteredColumn, ROW_NAMES } from '../relations/alterations.ts';
import { composeRelations } from '../relations/compose-query.ts';
import type { Params, Scope } from '../relations/scope.ts';
import { snapshotRelations, sources } from '../relations/snapshot-relations.ts';
import { alteredValues } from './altered-values.ts';

/** Raw columns by the table of the training data: `{ alerts: ['severity'] }`. */
export type RawColumns = NonNullable<LabelStrategy['definedBy']>;

/** Where a table of the training data is shown to groups. */
const RELATION_OF: Readonly<Record<TrainingTable, string>> = {
  alerts: 'alerts',
  features: 'features',
  clusters: 'clusters',
  moneyFlows: 'money_flows',
  addressLabels: 'raw_address_labels',
};

/** The tables that rows of the training data come from, and which of their columns groups cannot see. */
const TABLES_OF: Readonly<Record<string, { readonly tables: readonly string[]; readonly hidden: string }>> = {
  ...Object.fromEntries(
    Object.entries(sources).map(([name, { table, hidden }]) => [name, { tables: [table], hidden }]),
  ),
  // Labels of miners are part of the training data, but no relation holds them.
  raw_address_labels: {
    tables: ['raw_address_labels', 'miner_labels'],
    hidden: 'window_days, batch_id, created_at',
  },
};

/** Values that a column has: so many of them, none longer than this, are enough to alter it with. */
const VALUES = 8;
const LONGEST_VALUE = 1000;

/**
 * The named columns that groups can see, by their table, with values to alter them with.
 *
 * @param scope snapshots whose values are looked at
 * @throws {InvalidInputError} for a table or column that is not there, or what a row is known by
 */
export async function alteredColumns(
  database: Database,
  definedBy: RawColumns,
  { scope, signal }: { readonly scope: Scope; readonly signal?: AbortSignal | undefined },
): Promise<Alteration['columns']> {
  const columns: Record<string, AlteredColumn[]> = {};
  for (const [name, wanted] of Object.entries(definedBy)) {
    const relation = Object.hasOwn(RELATION_OF, name) ? RELATION_OF[name as TrainingTable] : undefined;
    if (relation === undefined) throw unknownTable(name);
    const { tables, hidden } = TABLES_OF[relation] ?? { tables: [], hidden: '' };
    const described = await Promise.all(tables.map((table) => describe(database, table)));
    const [table = ''] = tables;
    for (const column of new Set(wanted)) {
      assertNamed(name, { column, names: described.flat().map((each) => each.name), table });
      const type = described[0]?.find((each) => each.name === column)?.type;
      if (type === undefined || hidden.split(', ').includes(column)) continue;
      const values = alteredValues(
        await heldValues(database, { relation, column, type }, { scope, signal }),
        type,
      );
      if (values.length < 2) throw unalterable(name, column, type);
      columns[table] = [...(columns[table] ?? []), { name: column, type, values }];
    }
  }
  return columns;
}

/** The columns that a row of a table is inserted with. */
async function describe(database: Database, table: string): Promise<DescribedColumn[]> {
  const columns = await database.query<DescribedColumn & { default_type: string }>({
    sql: `DESCRIBE TABLE ${quote(table)}`,
    doing: `looking up the columns of ${table}`,
  });
  return columns.filter(({ default_type }) => default_type !== 'MATERIALIZED');
}

/** Some of the different values that a column has, evenly spaced in ascending order. */
async function heldValues(
  database: Database,
  { relation, column, type }: { readonly relation: string; readonly column: string; readonly type: string },
  { scope, signal }: { readonly scope: Scope; readonly signal?: AbortSignal | undefined },
): Promise<string[]> {
  const value = quote(column);
  const usable = /Float/.test(type) ? `isFinite(${value})` : `length(toString(${value})) <= ${LONGEST_VALUE}`;
  const isLabels = relation === 'raw_address_labels';
  const when = isLabels
    ? 'window_days = {window_days:UInt16} AND processing_date <= {through:Date} AND '
    : '';
  // One row.
  const select = `SELECT arrayMap(
        step -> toString(held[1 + intDiv(step * (length(held) - 1), greatest(least(${VALUES}, length(held)), 2) - 1)]),
        range(least(${VALUES}, length(held)))
    ) AS picks
FROM (SELECT arraySort(groupUniqArray(${value})) AS held FROM ${relation} WHERE ${when}${usable})`;
  const { prelude, params } = isLabels
    ? { prelude: '', params: labelParams(scope) }
    : composeRelations(select, scope, snapshotRelations);
  const [row] = await database.query<{ picks: string[] }>({
    sql: `${prelude}${select}`,
    params,
    doing: `looking at values of ${column}`,
    ...(signal ? { signal } : {}),
  });
  return row?.picks ?? [];
}

function labelParams({ windowDays, dates }: Scope): Params {
  return { window_days: windowDays, through: dates.at(-1) };
}

function unknownTable(name: string): InvalidInputError {
  return new InvalidInputError({
    what: 'A table that labels are defined by',
    expected: `one of ${Object.keys(RELATION_OF).join(', ')}`,
    found: name,
    remedy: 'name it as the training data does',
  });
}

function assertNamed(
  name: string,
  {
    column,
    names,
    table,
  }: { readonly column: string; readonly names: readonly string[]; readonly table: string },
): void {
  const keys = ROW_NAMES[table] ?? [];
  if (names.includes(column) && !keys.includes(column)) return;
  const possible = [...new Set(names)].filter((each) => !keys.includes(each));
  const [nearest] = nearestNames(column, possible);
  throw new InvalidInputError({
    what: `A column of ${name} that labels are defined by`,
    expected: `one of ${possible.join(', ')}`,
    found: keys.includes(column) ? `${column}, which rows are known by` : column,
    remedy: nearest === undefined ? 'name a column of the table that holds a value' : `write ${nearest}`,
  });
}

function unalterable(name: string, column: string, type: string): InvalidInputError {
  return new InvalidInputError({
    what: `The column ${column} of ${name} that labels are defined by`,
    expected: 'numbers, texts, dates, booleans or arrays of them, which can be altered',
    found: type,
    remedy: 'leave it out, and leave the features that depend on it out of the groups',
  });
}
