import { sqlString } from './sql-tokens.ts';
import type { InputShape, InsertShape } from './statement.ts';

/** An INSERT that reads a file. */
export interface FileInsert {
  readonly sql: string;
  /** Counts the rows that it wrote, where the engine does not tell. */
  readonly countSql: string | undefined;
}

/**
 * The INSERT with its rows in a file instead of the request's body. The embedded engine takes text formats behind
 * the statement but no binary ones, and would hold either in memory; from a file it reads both as a server does
 * from the wire.
 *
 * - `INSERT INTO t FORMAT Parquet` → `INSERT INTO t FROM INFILE '…' FORMAT Parquet`
 * - `INSERT INTO t SELECT a FROM input('a UInt8') FORMAT CSV` → `… FROM file('…', 'CSV', 'a UInt8')`
 *
 * @param sql ends with its format clause, or with settings after it
 */
export function insertFromFile(sql: string, shape: InsertShape, file: string): FileInsert {
  const { format, formatClause, input, settingsAt } = shape;
  const after = sql.slice(formatClause.end).replace(/[\s;]+$/, '');
  if (input !== undefined) {
    const select = selectFromFile(sql, { ...shape, input }, file) + after;
    return { sql: sql.slice(0, input.selectAt) + select, countSql: `SELECT count() FROM (${select})` };
  }
  const clauseAt = Math.min(settingsAt ?? formatClause.start, formatClause.start);
  const settings = `${sql.slice(clauseAt, formatClause.start)} ${after}`;
  return {
    sql: `${sql.slice(0, clauseAt)} FROM INFILE ${sqlString(file)} ${settings} FORMAT ${format}`,
    countSql: undefined,
  };
}

function selectFromFile(
  sql: string,
  shape: InsertShape & { readonly input: InputShape },
  file: string,
): string {
  const { call, selectAt, structure } = shape.input;
  const columns = sql.slice(structure.start, structure.end);
  const source = `file(${sqlString(file)}, ${sqlString(shape.format)}, ${columns})`;
  return `${sql.slice(selectAt, call.start)}${source}${sql.slice(call.end, shape.formatClause.start)}`;
}

/** What stands behind the format clause: rows, unless it is blank or begins the settings. */
export function rowsBehind(sql: string, shape: InsertShape): string {
  const rest = sql.slice(shape.formatClause.end);
  return /^\s*(?:;+\s*)?$|^\s*SETTINGS\s/i.test(rest) ? '' : rest;
}
