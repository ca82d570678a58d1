import { type FeatureGroup, RiskScoringError } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { relationsOf } from '../relations/compose-query.ts';
import { FeatureGroupError } from './errors.ts';
import { type DescribedColumn, mockRelations } from './mock-relations.ts';
import { hasEscapedName, plainSql } from './plain-sql.ts';
import { mayMakeRows, whyRefused } from './refused-functions.ts';
import { shadowedName } from './shadowing.ts';

/** What the engine answers to a statement that it does not understand. A server out of reach is no fault of the group. */
const STATEMENT_ERRORS = ['DATABASE_ERROR', 'MISSING_TABLE', 'MISSING_COLUMN'];

/**
 * Analyses a group's SQL over relations without rows: no data is read, and no function or table function runs that reads elsewhere.
 *
 * @returns the columns of its result
 * @throws {FeatureGroupError} when the engine does not understand it, or it uses something that is not allowed
 */
export async function analyseSql(database: Database, group: FeatureGroup): Promise<DescribedColumn[]> {
  assertNoShadow(group);
  const mocks = await mockRelations(database, group);
  // Nothing before the SQL but on its first line: the engine then counts lines as the author does.
  const statement = `${mocks}SELECT * FROM (${group.sql}\n) AS features_of_group`;
  const ask = <Row extends object>(sql: string) => run<Row>(database, group, sql);
  const tree = async (options: string) =>
    (await ask<{ explain: string }>(`EXPLAIN QUERY TREE ${options} ${statement}`))
      .map(({ explain }) => explain)
      .join('\n');

  // As parsed first: to resolve names, the engine runs functions of constants, and asks the files and servers of table functions
  // for their columns.
  assertAllowed(group, await tree('run_passes = 0'));
  // Then with all names resolved: aliases of functions, and what is a table.
  const resolved = await tree('run_passes = 1, passes = 1');
  assertAllowed(group, resolved);
  assertNoTable(group, resolved);
  return ask<DescribedColumn>(`DESCRIBE TABLE (${statement})`);
}

async function run<Row extends object>(database: Database, group: FeatureGroup, sql: string): Promise<Row[]> {
  const encodings = Object.keys(group.encodings ?? {}).map((name) => [`encoding_${name}`, []]);
  try {
    return await database.query<Row>({
      sql,
      params: { window_days: 30, ...Object.fromEntries(encodings) },
      settings: { join_use_nulls: 1 },
      doing: `analysing the feature group '${group.name}'`,
    });
  } catch (error) {
    if (!RiskScoringError.isInstance(error) || !STATEMENT_ERRORS.includes(error.code)) throw error;
    const found = error.found ?? error.summary;
    throw new FeatureGroupError({
      group: group.name,
      expected: `SQL that ClickHouse understands over ${readable(group)}`,
      found: `'${found}'`,
      remedy: remedyFor(group, error.code, found),
      cause: error,
    });
  }
}

/** What helps against a message of the engine. */
function remedyFor(group: FeatureGroup, code: string, found: string): string {
  const plain = plainSql(group.sql);
  const flags = [
    { flag: 'readsLabels', as: 'readsLabels: true', relations: /\blabelled_(?:flows|peers)\b/ },
    {
      flag: 'otherNetworks',
      as: 'otherNetworks: [<their names>]',
      relations: /\bother_(?:networks|alerts|features)\b/,
    },
  ] as const;
  for (const { flag, as, relations } of flags) {
    if (code === 'MISSING_TABLE' && !group[flag] && relations.test(plain) && relations.test(found)) {
      return `declare ${as} to read ${relations.exec(plain)?.[0]}`;
    }
  }
  if (/Substitution .* is not set/.test(found)) {
    return 'bind nothing but {window_days:UInt16} and {encoding_<name>:Array(String)} of each declared encoding';
  }
  return 'mend the SQL of the group';
}

/** Everything that any group may read, whatever this one declares. */
const allRelations = Object.keys(relationsOf({ readsLabels: true, otherNetworks: ['any'] }));

/** The relations must be what they are, also within one another. */
function assertNoShadow(group: FeatureGroup): void {
  const name = shadowedName(group.sql, allRelations);
  if (name !== undefined) {
    throw new FeatureGroupError({
      group: group.name,
      expected: 'relations as they are, and CTEs with names of their own',
      found: `the name ${name}`,
      remedy: allRelations.includes(name)
        ? 'give that CTE another name'
        : /label/.test(name)
          ? 'read labelled_flows or labelled_peers and declare readsLabels: true'
          : 'read the relation that shows its published rows: alerts for raw_alerts, features for raw_features …',
    });
  }
  if (hasEscapedName(group.sql)) {
    throw new FeatureGroupError({
      group: group.name,
      expected: 'names without escapes',
      found: 'a quoted name with a backslash',
      remedy: 'write the name as it is',
    });
  }
  const settings = plainSql(group.sql).replace(/\bSETTINGS\s+join_use_nulls\s*=\s*[01]\b/gi, ' ');
  if (/\bSETTINGS\b/i.test(settings)) {
    throw new FeatureGroupError({
      group: group.name,
      expected: 'no SETTINGS but join_use_nulls',
      found: 'others',
      remedy: 'remove them: what a feature says must not depend on how it is run',
    });
  }
}

function assertAllowed(group: FeatureGroup, tree: string): void {
  for (const name of namesIn(tree, 'function_name')) {
    const does = whyRefused(name);
    if (does !== undefined) {
      throw new FeatureGroupError({
        group: group.name,
        expected: 'functions whose result depends on the rows of the relations alone',
        found: `the function ${name}, which ${does}`,
        remedy: 'remove it; the date of a row is its processing_date',
      });
    }
  }
  for (const name of namesIn(tree, 'table_function_name')) {
    if (mayMakeRows(name)) continue;
    throw new FeatureGroupError({
      group: group.name,
      expected: `only ${readable(group)}`,
      found: `the table function ${name}`,
      remedy:
        'read the relations; of table functions only numbers, zeros, values and generate_series are there',
    });
  }
}

/** A SELECT without FROM reads system.one; a recursive CTE is a temporary table. */
function assertNoTable(group: FeatureGroup, tree: string): void {
  for (const name of namesIn(tree, 'table_name')) {
    if (name === 'system.one' || name.startsWith('_temporary_and_external_tables.')) continue;
    throw new FeatureGroupError({
      group: group.name,
      expected: `only ${readable(group)}`,
      found: `the table ${name}, which also holds what is not published or comes later`,
      remedy: /label/.test(name)
        ? 'read labelled_flows or labelled_peers and declare readsLabels: true'
        : 'read the relation that shows its published rows: alerts for raw_alerts, features for raw_features …',
    });
  }
}

/** The names of functions or tables in an EXPLAIN, wherever they stand: an alias can add one, but hide none. */
function namesIn(tree: string, key: 'function_name' | 'table_function_name' | 'table_name'): Set<string> {
  return new Set([...tree.matchAll(new RegExp(`\\b${key}: ([^\\s,]+)`, 'g'))].map(([, name = '']) => name));
}

function readable(group: FeatureGroup): string {
  return `the relations ${Object.keys(relationsOf(group)).join(', ')}`;
}
