import path from 'node:path';
import { CancelledError } from '@risk-scoring/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { initDatabase } from '../open-database.ts';
import { RAW_TABLES } from '../tables.ts';
import { engines, type StartedEngine } from '../testing/engines.ts';
import { writeSnapshot } from '../testing/snapshot-fixture.ts';
import { ingestSnapshots } from './ingest.ts';

describe.each(engines)('$name: an ingestion that is cancelled', (engine) => {
  let started: StartedEngine;
  let database: Database;
  const folders: string[] = [];

  beforeAll(async () => {
    started = await engine.start();
    ({ database } = await initDatabase(started.options('simnet')));
    for (const alerts of [4, 10]) {
      const folder = path.join(started.folder, `${alerts}`);
      folders.push(await writeSnapshot(started.writer, { folder, network: 'simnet', alerts }));
    }
  });
  afterAll(async () => {
    await database.close();
    await started.stop();
  });

  async function countRows(tables: readonly string[]): Promise<number[]> {
    const counts = tables.map((table) => `(SELECT toFloat64(count()) FROM ${table})`);
    const [row] = await database.query<{ counts: number[] }>({
      sql: `SELECT [${counts.join(', ')}] AS counts`,
      doing: 'counting',
    });
    return row?.counts ?? [];
  }

  it('leaves what was published and what was inserted by hand, wherever it is cancelled', async () => {
    const names = RAW_TABLES.map(({ name }) => name);
    // Not all rows: what a server was inserting when it was cancelled may arrive later, for nobody to see.
    const byHand = names.map((name) => `${name} WHERE batch_id = ''`);
    const views = RAW_TABLES.map(({ view }) => view);
    for (const name of names) {
      await database.insert(name, [{ window_days: 30, processing_date: '2025-01-01' }], 'inserting by hand');
    }
    await ingestSnapshots(database, { from: folders[0] ?? '' });
    const before = await countRows([...byHand, ...views]);
    expect(before).toEqual([1, 1, 1, 1, 1, 5, 3, 2, 3, 3]);

    let isPublished = false;
    for (let steps = 1; !isPublished; steps++) {
      const controller = new AbortController();
      let step = 0;
      const onProgress = () => {
        step++;
        if (step === steps) controller.abort();
      };
      const { signal } = controller;
      const ingesting = ingestSnapshots(database, { from: folders[1] ?? '', signal, onProgress });
      const failure = await ingesting.then(
        () => undefined,
        (error: unknown) => error,
      );
      isPublished = failure === undefined;
      if (isPublished) continue;
      expect(failure).toBeInstanceOf(CancelledError);
      expect(await countRows([...byHand, ...views]), `after ${steps} steps`).toEqual(before);
    }
    expect(await countRows(views)).toEqual([11, 6, 2, 6, 6]);
  });
});
