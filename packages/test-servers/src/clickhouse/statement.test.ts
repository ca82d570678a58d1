import { describe, expect, it } from 'vitest';
import { insertFromFile, rowsBehind } from './insert-from-file.ts';
import { sqlString } from './sql-tokens.ts';
import { readStatement } from './statement.ts';

const file = "/tmp/it's/rows";

function rewritten(sql: string): string | undefined {
  const { insert } = readStatement(sql);
  return insert && insertFromFile(sql, insert, file).sql.replace(/\s+/g, ' ').trim();
}

describe('an INSERT from a file', () => {
  it.each([
    ['INSERT INTO t FORMAT CSV', 'INSERT INTO t FROM INFILE FILE FORMAT CSV'],
    ['insert into t (a, b) values', 'insert into t (a, b) FROM INFILE FILE FORMAT Values'],
    ['INSERT INTO t', 'INSERT INTO t FROM INFILE FILE FORMAT Values'],
    [
      'INSERT INTO db.t (a) SETTINGS async_insert = 0 FORMAT Parquet;',
      'INSERT INTO db.t (a) FROM INFILE FILE SETTINGS async_insert = 0 FORMAT Parquet',
    ],
    [
      'INSERT INTO t FORMAT Parquet SETTINGS async_insert = 0',
      'INSERT INTO t FROM INFILE FILE SETTINGS async_insert = 0 FORMAT Parquet',
    ],
    [
      "INSERT INTO t SELECT a FROM input('a UInt8, b Enum(\\'(\\' = 1)') WHERE a > (1) FORMAT CSV",
      "INSERT INTO t SELECT a FROM file(FILE, 'CSV', 'a UInt8, b Enum(\\'(\\' = 1)') WHERE a > (1)",
    ],
    [
      "/* FORMAT X */ INSERT INTO `FORMAT` -- SELECT\n(format) WITH 1 AS input SELECT input FROM (SELECT * FROM input('a UInt8')) FORMAT ArrowStream",
      "/* FORMAT X */ INSERT INTO `FORMAT` -- SELECT (format) WITH 1 AS input SELECT input FROM (SELECT * FROM file(FILE, 'ArrowStream', 'a UInt8'))",
    ],
  ])('%s', (sql, expected) => {
    expect(rewritten(sql)).toBe(expected.replace(/\bFILE\b/, sqlString(file)));
  });

  it('is none where the rows come from tables', () => {
    expect(rewritten("INSERT INTO t SELECT 'FORMAT CSV' FROM u")).toBeUndefined();
    expect(rewritten("SELECT 'INSERT INTO t FORMAT CSV'")).toBeUndefined();
  });
});

describe('rows behind a statement', () => {
  it.each([
    ['INSERT INTO t FORMAT CSV\n1,";\n', '\n1,";\n'],
    ["INSERT INTO t VALUES ('SELECT', ';'); (2)", " ('SELECT', ';'); (2)"],
    ['INSERT INTO t VALUES', ''],
    ['INSERT INTO t FORMAT CSV ; ', ''],
    ['INSERT INTO t FORMAT CSV SETTINGS max_threads = 1', ''],
  ])('%s', (sql, expected) => {
    const { insert } = readStatement(sql);
    expect(insert && rowsBehind(sql, insert)).toBe(expected);
  });
});

describe('the format of a result', () => {
  it.each([
    ['SELECT 1 \nFORMAT JSONEachRow', 'JSONEachRow'],
    ['SELECT 1 format CSV SETTINGS max_threads = 1', 'CSV'],
    ['SELECT format FROM t', undefined],
    ["SELECT $$ FORMAT CSV $$, ' FORMAT CSV' # FORMAT CSV", undefined],
    ['SELECT * FROM (SELECT 1 FORMAT CSV)', undefined],
  ])('%s', (sql, expected) => {
    expect(readStatement(sql).outputFormat).toBe(expected);
  });
});

describe('what the engine would do and a server would not', () => {
  it.each([
    'SELECT 1; DROP TABLE t',
    "SELECT * FROM FILE ('x')",
    "SELECT (SELECT count() FROM\nfile/* */('x', 'CSV'))",
    "INSERT INTO t SELECT * FROM file('x')",
    "INSERT INTO t FROM  infile 'x' FORMAT CSV",
    "SELECT 1 INTO OUTFILE 'x'",
  ])('refuses %s', (sql) => {
    expect(() => readStatement(sql)).toThrow(expect.objectContaining({ name: 'ClickHouseException' }));
  });

  it.each([
    "SELECT '; SELECT', `file`('x'), profile('x'), \"a;b\" -- ; SELECT 2\n;",
    "INSERT INTO t VALUES ('file(x)'); anything",
    'SELECT file FROM t WHERE outfile = 1',
  ])('lets through %s', (sql) => {
    expect(() => readStatement(sql)).not.toThrow();
  });
});
