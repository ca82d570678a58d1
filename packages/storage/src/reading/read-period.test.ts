import path from 'node:path';
import { CancelledError, InvalidInputError } from '@risk-scoring/contract';
import type { RecordBatch } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { ingestSnapshots } from '../ingestion/ingest.ts';
import { initDatabase, openDatabase } from '../open-database.ts';
import { engines, type StartedEngine } from '../testing/engines.ts';
import { type FixtureOptions, writeSnapshot } from '../testing/snapshot-fixture.ts';
import { type PeriodRows, readPeriod } from './read-period.ts';

const many = 30_000;

describe.each(engines)('$name: readPeriod', (engine) => {
  let started: StartedEngine;
  let database: Database;

  beforeAll(async () => {
    started = await engine.start();
    ({ database } = await initDatabase(started.options('simnet')));
    await ingest({ date: '2025-01-02', alerts: 10 });
    await ingest({ date: '2025-01-01', alerts: 4 });
    await ingest({ date: '2025-01-01', alerts: 6 });
    await ingest({ date: '2025-01-01', windowDays: 7, alerts: 2 });
    // Rows that count at once, in two parts and against the order of their keys.
    for (const parity of [1, 0]) {
      await fill(
        `SELECT 30, '2025-02-01', leftPad(toString(${many} - number), 8, '0'), '' FROM numbers(${many}) WHERE number % 2 = ${parity}`,
      );
    }
    await fill(`SELECT 7, '2025-02-01', concat('w', toString(number)), '' FROM numbers(${many})`);
    await fill(`SELECT 30, '2025-01-01', 'invisible', 'never-published' FROM numbers(3)`);
  });
  afterAll(async () => {
    await database.close();
    await started.stop();
  });

  async function ingest(options: Partial<FixtureOptions>): Promise<void> {
    const folder = path.join(started.folder, 'snapshot');
    await ingestSnapshots(database, {
      from: await writeSnapshot(started.writer, { folder, network: 'simnet', ...options }),
    });
  }

  function fill(select: string): Promise<void> {
    return database.command({
      sql: `INSERT INTO raw_alerts (window_days, processing_date, alert_id, batch_id) ${select}`,
      doing: 'filling',
      repeatable: false,
    });
  }

  const january: PeriodRows = {
    table: 'raw_alerts',
    startDate: '2025-01-01',
    endDate: '2025-01-31',
    windowDays: 30,
  };
  const february: PeriodRows = { ...january, startDate: '2025-02-01', endDate: '2025-02-28' };

  async function batchesOf(rows: PeriodRows): Promise<RecordBatch[]> {
    const batches: RecordBatch[] = [];
    for await (const batch of readPeriod(database, rows)) batches.push(batch);
    return batches;
  }

  function valuesOf(batches: readonly RecordBatch[], column: string): unknown[] {
    return batches.flatMap((batch) => [...(batch.getChild(column) ?? [])]);
  }

  it('gives the published rows by date and key, both ends of the period included', async () => {
    const batches = await batchesOf({ ...january, endDate: '2025-01-02' });
    const ids = (count: number) =>
      Array.from({ length: count }, (_, i) => `alert-${`${i}`.padStart(8, '0')}`);
    expect(valuesOf(batches, 'alert_id')).toEqual([...ids(6), ...ids(10)]);
    expect(valuesOf(await batchesOf({ ...january, endDate: '2025-01-01' }), 'alert_id')).toEqual(ids(6));
    expect(valuesOf(await batchesOf({ ...january, startDate: '2025-01-02' }), 'alert_id')).toEqual(ids(10));
  });

  it.each([
    ['raw_features', 'address', 8],
    ['raw_clusters', 'cluster_id', 2],
    ['raw_money_flows', 'from_address', 8],
    ['raw_address_labels', 'address', 8],
  ] as const)('gives the rows of %s', async (table, key, rows) => {
    const keys = valuesOf(await batchesOf({ ...january, table }), key).map(String);
    expect(keys).toHaveLength(rows);
    const perDate = [keys.slice(0, Math.ceil((rows * 3) / 8)), keys.slice(Math.ceil((rows * 3) / 8))];
    for (const some of perDate) expect(some).toEqual([...some].sort());
  });

  it('keeps windows apart, and what was never published or was replaced out of sight', async () => {
    expect(valuesOf(await batchesOf({ ...january, windowDays: 7 }), 'alert_id')).toHaveLength(2);
    const ids = valuesOf(await batchesOf(january), 'alert_id');
    expect(ids).toHaveLength(16);
    expect(ids).not.toContain('invisible');
  });

  it('gives nothing for a period without rows', async () => {
    expect(await batchesOf({ ...january, windowDays: 1 })).toEqual([]);
    expect(await batchesOf({ ...january, startDate: '2024-01-01', endDate: '2024-12-31' })).toEqual([]);
    expect(await batchesOf({ ...january, startDate: '2025-01-31', endDate: '2025-01-01' })).toEqual([]);
  });

  it.each([1000, 8192, 20_000])(
    'gives batches of at most %i rows, none lost between them',
    async (batchRows) => {
      const batches = await batchesOf({ ...february, batchRows });
      expect(batches.length).toBeGreaterThan(1);
      expect(Math.max(...batches.map((batch) => batch.numRows))).toBeLessThanOrEqual(batchRows);
      const expected = Array.from({ length: many }, (_, i) => `${i + 1}`.padStart(8, '0'));
      expect(valuesOf(batches, 'alert_id')).toEqual(expected);
    },
  );

  it('gives the chosen columns in their order; all but its own when none are chosen', async () => {
    const [chosen] = await batchesOf({ ...january, columns: ['severity', 'alert_id'] });
    expect(chosen?.schema.names).toEqual(['severity', 'alert_id']);
    const [all] = await batchesOf(january);
    expect(all?.schema.names).toEqual(expect.arrayContaining(['processing_date', 'volume_usd', 'label']));
    expect(all?.schema.names).not.toEqual(expect.arrayContaining(['batch_id']));
    const unknown = batchesOf({ ...january, columns: ['alert_id`, batch_id --'] });
    await expect(unknown).rejects.toMatchObject({ code: 'MISSING_COLUMN' });
  });

  it('refuses batches without rows', async () => {
    for (const batchRows of [0, -1, 1.5, Number.NaN]) {
      await expect(batchesOf({ ...january, batchRows })).rejects.toThrow(InvalidInputError);
    }
  });

  it('gives decimals of 38 digits and integers of 64 bits to the last digit', async () => {
    const largest = 99999999999999999999999999999999999999n;
    const digits = (value: bigint) => `${value}`.replace(/(\d{18})$/, '.$1');
    await ingest({
      date: '2025-03-01',
      alerts: 4,
      select: {
        raw_alerts: `* REPLACE (toDecimal128(['${digits(largest)}', '${digits(-largest)}', '0.000000000000000001', '-12345678901234567890.123456789012345678'][toUInt8(right(alert_id, 1)) + 1], 18) AS volume_usd)`,
        raw_money_flows: `* REPLACE (if(from_address LIKE '%0', 18446744073709551614, 18446744073709551615) AS tx_count)`,
      },
    });
    const march = { ...january, startDate: '2025-03-01', endDate: '2025-03-01' };
    const [alerts] = await batchesOf(march);
    expect(`${alerts?.getChild('volume_usd')?.type}`).toBe('Decimal[38e+18]');
    const volumes = valuesOf(alerts ? [alerts] : [], 'volume_usd').map((value) =>
      decimalOf(value as Uint32Array),
    );
    expect(volumes).toEqual([largest, -largest, 1n, -12345678901234567890123456789012345678n]);
    const flows = await batchesOf({ ...march, table: 'raw_money_flows' });
    expect(valuesOf(flows, 'tx_count')).toEqual([2n ** 64n - 2n, 2n ** 64n - 1n]);
  });

  it('lets several be read at the same time, and other statements run meanwhile', async () => {
    const columns = ['alert_id', 'window_days'];
    const streams = [30, 7, 30].map((windowDays) => {
      const batches = readPeriod(database, { ...february, windowDays, columns, batchRows: 4096 });
      return { windowDays, batches: batches[Symbol.asyncIterator](), rows: 0, isDone: false };
    });
    const readOn = async (stream: (typeof streams)[number]) => {
      const next = await stream.batches.next();
      stream.isDone = next.done ?? false;
      if (next.done) return;
      stream.rows += next.value.numRows;
      expect(new Set(next.value.getChild('window_days'))).toEqual(new Set([stream.windowDays]));
    };
    for (let round = 0; streams.some(({ isDone }) => !isDone); round++) {
      const [[row]] = await Promise.all([
        database.query<{ round: number }>({
          sql: 'SELECT {round:UInt8} AS round',
          params: { round },
          doing: 'asking',
        }),
        ...streams.map(readOn),
      ]);
      expect(row).toEqual({ round });
    }
    expect(streams.map(({ rows }) => rows)).toEqual([many, many, many]);
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const reading = readPeriod(database, { ...february, batchRows: 1000, signal: controller.signal });
    expect((await reading.next()).done).toBe(false);
    controller.abort();
    await expect(
      (async () => {
        for await (const _ of reading);
      })(),
    ).rejects.toThrow(CancelledError);
    const none = readPeriod(database, { ...february, signal: AbortSignal.abort() });
    await expect(none.next()).rejects.toThrow(CancelledError);
  });

  it('lets go of the engine when it is left early', async () => {
    const other = await openDatabase(started.options('simnet'));
    for (let i = 0; i < 12; i++) {
      for await (const batch of readPeriod(other, { ...february, batchRows: 100 })) {
        expect(batch.numRows).toBe(100);
        break;
      }
    }
    const start = performance.now();
    await other.close();
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});

/** The whole number behind an Arrow decimal: four little-endian words in two's complement. */
function decimalOf(words: Uint32Array): bigint {
  const value = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return BigInt.asIntN(128, value);
}
