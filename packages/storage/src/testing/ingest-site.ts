import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { RiskScoringError } from '@risk-scoring/contract';
import type { Database } from '../database.ts';
import { initDatabase } from '../open-database.ts';
import type { RetryEvent } from '../retry.ts';
import { INGEST_TABLES } from '../tables.ts';
import type { EngineUnderTest, StartedEngine } from './engines.ts';
import { type FixtureOptions, writeSnapshot } from './snapshot-fixture.ts';

/** An engine with a database to ingest into, and what the suites of ingestion do there. */
export interface IngestSite {
  readonly started: StartedEngine;
  readonly database: Database;
  /** What was tried again so far. */
  readonly retries: readonly RetryEvent[];
  /** An empty folder for files. */
  folder(): string;
  /** Writes a sound snapshot into a folder of its own. */
  snapshot(options?: Partial<FixtureOptions>): Promise<string>;
  /** Writes a SELECT's rows into a file of its own; the name says the format and compression. */
  write(name: string, select: string, settings?: string): Promise<string>;
  /** Runs a statement on the engine that writes files. */
  writer(sql: string): Promise<void>;
  count(from: string, where?: string): Promise<number>;
  /** Every row of a SELECT as text, in order. */
  rows(select: string): Promise<string[]>;
  /** What a refused ingestion must not change: rows, published or not, tables, and temporary files. */
  state(): Promise<unknown>;
  /** Expects work to fail with a code and words in its message, and to change nothing. */
  refused(
    work: () => Promise<unknown>,
    code: string,
    ...words: readonly (RegExp | string)[]
  ): Promise<RiskScoringError>;
  stop(): Promise<void>;
}

const attempts = { attempts: 6, connectAttempts: 3, firstDelayMs: 5, longestDelayMs: 50 };

/** Starts an engine and makes a database there. */
export async function startIngestSite(engine: EngineUnderTest): Promise<IngestSite> {
  const started = await engine.start();
  const retries: RetryEvent[] = [];
  const { database } = await initDatabase({
    ...started.options('simnet'),
    retry: attempts,
    onRetry: (event) => retries.push(event),
  });
  const former = process.env.TMPDIR;
  const temporary = path.join(started.folder, 'temporary');
  mkdirSync(temporary);
  process.env.TMPDIR = temporary;
  let folders = 0;
  const folder = () => {
    folders += 1;
    const made = path.join(started.folder, 'files', `${folders}`);
    mkdirSync(made, { recursive: true });
    return made;
  };
  const state = async () => {
    const tables = [...INGEST_TABLES.map(({ name }) => name), 'ingestions'];
    const [counts] = await database.query<{ rows: number[]; tables: string[] }>({
      sql: `SELECT [${tables.map((name) => `(SELECT toFloat64(count()) FROM ${name})`).join(', ')}] AS rows,
    (SELECT arraySort(groupArray(name)) FROM system.tables WHERE database = currentDatabase()) AS tables`,
      doing: 'counting',
    });
    return { ...counts, temporary: readdirSync(temporary) };
  };
  const site: IngestSite = {
    started,
    database,
    retries,
    folder,
    snapshot: (options) =>
      writeSnapshot(started.writer, {
        folder: path.join(folder(), 'snapshot'),
        network: 'simnet',
        ...options,
      }),
    async write(name, select, settings) {
      const file = path.join(folder(), name);
      await writeFile(started.writer, file, { select, settings });
      return file;
    },
    writer: (sql) => started.writer.command({ sql, doing: 'preparing files' }),
    async count(from, where = '1') {
      const [row] = await database.query<{ n: number }>({
        sql: `SELECT toFloat64(count()) AS n FROM ${from} WHERE ${where}`,
        doing: 'counting',
      });
      return row?.n ?? Number.NaN;
    },
    rows: (select) => rowsOf(database, select),
    state,
    async refused(work, code, ...words) {
      const before = await state();
      const error: unknown = await work().then(
        () => new Error('it was accepted'),
        (thrown: unknown) => thrown,
      );
      if (!RiskScoringError.isInstance(error)) throw error;
      if (error.code !== code)
        throw new Error(`${code} was expected, and ${error.code} came: ${error.message}`, { cause: error });
      for (const word of words) {
        if (typeof word === 'string' ? error.message.includes(word) : word.test(error.message)) continue;
        throw new Error(`${word} is not in: ${error.message}`, { cause: error });
      }
      if (!error.remedy && code !== 'CANCELLED') throw new Error(`no remedy in: ${error.message}`);
      const after = await state();
      if (JSON.stringify(after) !== JSON.stringify(before)) {
        throw new Error(`${JSON.stringify(before)} became ${JSON.stringify(after)}`);
      }
      return error;
    },
    async stop() {
      if (former === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = former;
      await database.close();
      await started.stop();
    },
  };
  return site;
}

/** Every row of a SELECT as text, in order. */
export async function rowsOf(database: Database, select: string): Promise<string[]> {
  const rows = await database.query<{ text: string }>({
    sql: `SELECT toString(tuple(*)) AS text FROM (${select}) ORDER BY text`,
    doing: 'reading rows',
  });
  return rows.map(({ text }) => text);
}

/** Writes a SELECT's rows into a file whose name says the format and compression. */
export async function writeFile(
  writer: Database,
  file: string,
  { select, settings = '' }: { readonly select: string; readonly settings?: string | undefined },
): Promise<void> {
  rmSync(file, { force: true });
  const format = /\.parquet/.test(file) ? 'Parquet' : /\.csv/.test(file) ? 'CSVWithNames' : 'JSONEachRow';
  await writer.command({
    sql: `INSERT INTO FUNCTION file({file:String}, {format:String}) ${select}${settings === '' ? '' : ` SETTINGS ${settings}`}`,
    params: { file, format },
    doing: 'writing a file',
  });
}
