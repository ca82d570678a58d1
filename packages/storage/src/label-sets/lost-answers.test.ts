import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { initDatabase } from '../open-database.ts';
import type { RetryEvent } from '../retry.ts';
import { type FaultyFront, PATIENT, startFaultyFront } from '../testing/faulty-front.ts';
import { labelRows } from '../testing/label-rows.ts';
import { vacuum } from '../vacuum.ts';
import { importLabelSet, listLabelSets } from './index.ts';

let started: FaultyFront;
let database: Database;
const events: RetryEvent[] = [];

beforeAll(async () => {
  started = await startFaultyFront();
  const onRetry = (event: RetryEvent) => void events.push(event);
  ({ database } = await initDatabase(started.options('simnet', { retry: PATIENT, onRetry })));
});
afterAll(async () => {
  await database.close();
  await started.stop();
});

describe('importLabelSet', () => {
  it('stores each row once, though the answers of its inserts are lost', async () => {
    Object.assign(started.front.faults, { dropAfter: 1, only: 2, match: /^INSERT INTO miner_labels/ });
    await importLabelSet(database, {
      dataSet: 'mine',
      version: '1',
      source: 'x',
      sha256: 'a'.repeat(64),
      rows: labelRows(100),
    });
    started.calm();
    expect(events).toHaveLength(2);
    expect(await listLabelSets(database)).toMatchObject([{ rows: 100, addresses: 100 }]);
    expect(await vacuum(database, { olderThanHours: 0, unfinishedOlderThanHours: 0 })).toEqual([
      { table: 'miner_labels', batches: 2, rows: 200 },
    ]);
    expect(await listLabelSets(database)).toMatchObject([{ rows: 100, addresses: 100 }]);
  });
});
