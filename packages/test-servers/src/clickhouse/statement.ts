import { ClickHouseException } from './exception.ts';
import { isKeyword, type SqlToken, sqlTokens } from './sql-tokens.ts';

/** An INSERT whose rows do not come from a SELECT over tables. */
export interface InsertShape {
  /** Of the rows: `JSONEachRow`; `Values` when none is named. */
  readonly format: string;
  /** Where `FORMAT x` or `VALUES` is written; an empty range at the end when it is not. */
  readonly formatClause: Range;
  /** Where SETTINGS begin, when they stand before the format. */
  readonly settingsAt: number | undefined;
  /** Of a SELECT over the rows. */
  readonly input: InputShape | undefined;
}

/** `SELECT … FROM input('structure')` in an INSERT. */
export interface InputShape {
  /** Where the SELECT, or the WITH before it, begins. */
  readonly selectAt: number;
  /** The whole call of `input`. */
  readonly call: Range;
  /** What is between its parentheses. */
  readonly structure: Range;
}

/** What the front must know of a statement; everything else is the engine's. */
export interface StatementShape {
  readonly insert: InsertShape | undefined;
  /** The format of its result, when it names one. */
  readonly outputFormat: string | undefined;
}

/** `start` … `end` - 1 in the statement's text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Looks a statement over.
 *
 * @throws {ClickHouseException} where a server refuses and the engine in this process would not: several statements
 *   at once, files of the server's disk, INFILE and OUTFILE
 */
export function readStatement(sql: string): StatementShape {
  const tokens: SqlToken[] = [];
  const isInsert = isKeyword(firstToken(sql), 'INSERT');
  for (const token of sqlTokens(sql)) {
    tokens.push(token);
    const before = tokens.at(-2);
    refuseForeignTo(token, before);
    if (before?.text === ';' && before.kind === 'symbol' && before.depth === 0) {
      throw syntaxError('Multi-statements are not allowed', before.start);
    }
    // What follows is rows.
    const isFormat = before?.depth === 0 && isKeyword(before, 'FORMAT');
    if (isInsert && token.depth === 0 && (isFormat || isKeyword(token, 'VALUES'))) break;
  }
  return {
    insert: isInsert ? readInsert(sql, tokens) : undefined,
    outputFormat: isInsert ? undefined : outputFormat(tokens),
  };
}

function firstToken(sql: string): SqlToken | undefined {
  for (const token of sqlTokens(sql)) return token;
  return undefined;
}

function readInsert(sql: string, tokens: readonly SqlToken[]): InsertShape | undefined {
  const top = tokens.filter((token) => token.depth === 0);
  const input = findInput(tokens);
  if (input === undefined && top.some((token) => isKeyword(token, 'SELECT'))) return undefined;
  const settings = top.find((token) => isKeyword(token, 'SETTINGS'));
  const last = top.at(-1);
  const format = top.at(-2);
  const end = sql.trimEnd().replace(/;+$/, '').length;
  const shape = { input, settingsAt: settings?.start };
  if (last !== undefined && isKeyword(format, 'FORMAT')) {
    return { ...shape, format: last.text, formatClause: { start: format?.start ?? end, end: last.end } };
  }
  if (last !== undefined && isKeyword(last, 'VALUES')) {
    return { ...shape, format: 'Values', formatClause: last };
  }
  return { ...shape, format: 'Values', formatClause: { start: end, end } };
}

function findInput(tokens: readonly SqlToken[]): InputShape | undefined {
  const at = tokens.findIndex((token, i) => isKeyword(token, 'INPUT') && tokens[i + 1]?.text === '(');
  const [name, open] = tokens.slice(at, at + 2);
  if (at < 0 || name === undefined || open === undefined) return undefined;
  const close = tokens.find(
    (token) => token.start > open.start && token.text === ')' && token.depth === open.depth,
  );
  const select = tokens.find((token) => isKeyword(token, 'SELECT') || isKeyword(token, 'WITH'));
  if (close === undefined || select === undefined) return undefined;
  return {
    selectAt: select.start,
    call: { start: name.start, end: close.end },
    structure: { start: open.end, end: close.start },
  };
}

function outputFormat(tokens: readonly SqlToken[]): string | undefined {
  const at = tokens.findLastIndex((token) => token.depth === 0 && isKeyword(token, 'FORMAT'));
  const [name, next] = tokens.slice(at + 1, at + 3);
  const isLast = next === undefined || next.text === ';' || isKeyword(next, 'SETTINGS');
  return at >= 0 && name?.kind === 'word' && isLast ? name.text : undefined;
}

function refuseForeignTo(token: SqlToken, before: SqlToken | undefined): void {
  if (token.text === '(' && isKeyword(before, 'FILE')) {
    throw new ClickHouseException({
      code: 291,
      type: 'DATABASE_ACCESS_DENIED',
      text: 'The file is not inside `/var/lib/clickhouse/user_files/`.',
    });
  }
  if (isKeyword(token, 'INFILE') && isKeyword(before, 'FROM')) {
    throw new ClickHouseException({
      code: 78,
      type: 'UNKNOWN_TYPE_OF_QUERY',
      text: 'Query has infile and was send directly to server.',
    });
  }
  if (isKeyword(token, 'OUTFILE') && isKeyword(before, 'INTO')) {
    throw new ClickHouseException({
      code: 358,
      type: 'INTO_OUTFILE_NOT_ALLOWED',
      text: 'INTO OUTFILE is not allowed.',
    });
  }
}

function syntaxError(reason: string, position: number): ClickHouseException {
  return new ClickHouseException({
    code: 62,
    type: 'SYNTAX_ERROR',
    text: `Syntax error (${reason}): failed at position ${position + 1}.`,
  });
}
