import path from 'node:path';
import { RiskScoringError } from '@risk-scoring/contract';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { initDatabase } from '../open-database.ts';
import { scratchFolder } from '../testing/scratch.ts';

const scratch = scratchFolder();
let folders = 0;
let database: Database;

// A process has one folder open at a time: each test here shows that the one before let go of its own.
beforeEach(async () => {
  folders++;
  ({ database } = await initDatabase({
    network: 'simnet',
    dataDir: path.join(scratch.folder, `${folders}`),
  }));
});
afterEach(() => database.close());
afterAll(() => scratch.remove());

const large = {
  sql: 'SELECT number AS id, toString(number) AS text FROM numbers(5000000)',
  doing: 'reading',
};

it('binds the same values with settings of its own as without', async () => {
  const texts = ["it's", 'back\\slash', 'two\nlines', 'a\ttab', '\\N', '', '{x:String}', '漢', "['']"];
  for (const extra of [{}, { settings: { max_threads: 1 } }, { beside: true }]) {
    const rows = await database.query({
      sql: 'SELECT {list:Array(String)} AS list, {text:String} AS text, {numbers:Array(UInt8)} AS numbers',
      params: { list: texts, text: texts.join(), numbers: [1, 2] },
      doing: 'binding',
      ...extra,
    });
    expect(rows).toEqual([{ list: texts, text: texts.join(), numbers: [1, 2] }]);
  }
});

it('runs each statement under its own settings only', async () => {
  const readSettings = () =>
    database.query({
      sql: `SELECT name, value FROM system.settings
WHERE name IN ('max_block_size', 'insert_deduplication_token', 'mutations_sync', 'output_format_arrow_compression_method')`,
      doing: 'reading the settings',
    });
  const before = await readSettings();
  const settings = { max_block_size: '7', mutations_sync: '2' } as const;
  await database.query({ sql: 'SELECT 1', doing: 'reading', settings });
  await database.arrow({ sql: 'SELECT 1', doing: 'reading', settings });
  for await (const batch of database.arrowBatches({ sql: 'SELECT 1', doing: 'reading', settings }))
    batch.numRows;
  await database.command({ sql: 'SELECT throwIf(1)', doing: 'failing', settings }).catch(() => undefined);
  await database.insert('ingestions', [{ batch_id: 'a' }], 'publishing');
  expect(await readSettings()).toEqual(before);
});

it('is free at once when a stream was left early', async () => {
  for await (const batch of database.arrowBatches(large)) {
    expect(batch.numRows).toBeGreaterThan(0);
    break;
  }
  const start = performance.now();
  await database.close();
  expect(performance.now() - start).toBeLessThan(30_000);
});

it('ends a stream that is still read with an error, not as if it were whole', async () => {
  const batches = database.arrowBatches(large);
  await batches.next();
  await database.close();
  const readOn = async () => {
    for await (const batch of batches) batch.numRows;
  };
  await expect(readOn()).rejects.toThrow(/database was closed/);
});

it('waits for the statements that run before it lets go of the folder', async () => {
  const running = [1, 2].map(() => database.query({ sql: 'SELECT sleep(1) AS slept', doing: 'sleeping' }));
  const settled = Promise.allSettled(running);
  // Another statement would wait for these, so a moment is all there is to know that they began.
  await new Promise((resolve) => setTimeout(resolve, 100));
  await database.close();
  folders++;
  ({ database } = await initDatabase({
    network: 'simnet',
    dataDir: path.join(scratch.folder, `${folders}`),
  }));
  for (const result of await settled) {
    if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(RiskScoringError);
  }
});

it.each([
  ['SELECT * FROM nowhere', 'MISSING_TABLE'],
  ['SELECT nothing FROM raw_alerts', 'MISSING_COLUMN'],
  ['SELECT throwIf(number = 3000000) FROM numbers(4000000)', 'DATABASE_ERROR'],
])('gives the failure of a stream its type: %s', async (sql, code) => {
  const readAll = async () => {
    for await (const batch of database.arrowBatches({ sql, doing: 'reading' })) batch.numRows;
  };
  await expect(readAll()).rejects.toMatchObject({ code });
});
