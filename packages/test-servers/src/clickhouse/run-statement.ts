import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ChEngine, EngineResult } from './engine.ts';
import { insertFromFile } from './insert-from-file.ts';
import type { StatementRequest } from './read-request.ts';
import { bodyError } from './request-body.ts';
import type { UrlParameters } from './url-parameters.ts';

/** Where a statement runs. */
export interface RunContext {
  readonly engine: ChEngine;
  /** For the rows of an INSERT, while it runs. */
  readonly spoolFolder: string;
  /** A GET changes nothing, as on a server. */
  readonly readonly: boolean;
}

/**
 * Runs a statement to its end. The rows of an INSERT go to a file as they arrive and from there into the engine, so
 * they are never in memory at once; the statement begins when the last one is here.
 *
 * @throws {ClickHouseException} when the engine refuses it or the body cannot be read
 */
export async function runStatement(
  request: StatementRequest,
  url: UrlParameters,
  context: RunContext,
): Promise<EngineResult> {
  const { sql, shape, params, rows } = request;
  const run = (text: string, countSql?: string) =>
    context.engine.run({
      sql: text,
      countSql,
      database: url.database,
      settings: url.settings,
      params,
      defaultFormat: url.defaultFormat,
      readonly: context.readonly,
    });
  const { insert } = shape;
  if (rows === undefined || insert === undefined) return run(sql);
  return withSpooled(rows, context.spoolFolder, (file) => {
    const fromFile = insertFromFile(sql, insert, file);
    return run(fromFile.sql, fromFile.countSql);
  });
}

async function withSpooled<T>(
  rows: Readable,
  folder: string,
  work: (file: string) => Promise<T>,
): Promise<T> {
  const file = path.join(folder, randomUUID());
  try {
    await pipeline(rows, createWriteStream(file, { flags: 'wx' })).catch((error) => {
      throw bodyError(error);
    });
    return await work(file);
  } finally {
    await rm(file, { force: true });
  }
}
