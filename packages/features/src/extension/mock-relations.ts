import type { FeatureGroup } from '@risk-scoring/contract';
import { type Database, literal, quote } from '@risk-scoring/storage';
import { mentionedRelations, relationsOf } from '../relations/compose-query.ts';
import { innerLabelRelations } from '../relations/label-relations.ts';
import type { Params, Relation, Scope } from '../relations/scope.ts';

/** A column of a relation or of a result, with its ClickHouse type. */
export interface DescribedColumn {
  readonly name: string;
  readonly type: string;
}

/** A scope without rows: only its SQL matters. */
const nothing: Scope = {
  dates: ['2000-01-01'],
  windowDays: 1,
  batches: { of: () => [], before: () => [], mark: '' },
  labels: { computationId: '', folds: 0 },
  otherNetworks: [],
};

/**
 * The relations that a group's SQL mentions, each as a CTE of the same name and columns that holds no rows and reads no table: what the SQL can be
 * analysed over.
 *
 * @returns `WITH … ` on one line, so that the engine counts the lines of the group's SQL; empty where it mentions none
 */
export async function mockRelations(database: Database, group: FeatureGroup): Promise<string> {
  const available = relationsOf(group);
  const mentioned = mentionedRelations(group.sql, available).filter((name) => Object.hasOwn(available, name));
  const mocks: string[] = [];
  for (const name of mentioned) {
    const columns = await describeRelation(database, name, available);
    const structure = columns.map((column) => `${quote(column.name)} ${column.type}`).join(', ');
    mocks.push(`${name} AS (SELECT * FROM null(${literal(structure)}))`);
  }
  return mocks.length === 0 ? '' : `WITH ${mocks.join(', ')} `;
}

/** The columns of a relation as groups see it. */
export async function describeRelation(
  database: Database,
  name: string,
  available: Readonly<Record<string, Relation>>,
): Promise<DescribedColumn[]> {
  const params: Params = { window_days: nothing.windowDays };
  const known: Readonly<Record<string, Relation>> = { ...available, ...innerLabelRelations };
  const relations = mentionedRelations(name, available).map(
    (each) => `${each} AS (${known[each]?.select(nothing, params) ?? ''})`,
  );
  return database.query<DescribedColumn>({
    sql: `DESCRIBE TABLE (WITH ${relations.join(', ')} SELECT * FROM ${name})`,
    params,
    doing: `looking up the columns of ${name}`,
  });
}
