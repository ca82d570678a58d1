import { CancelledError, createRandom, InvalidInputError } from '@risk-scoring/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { initDatabase } from '../open-database.ts';
import type { RetryEvent } from '../retry.ts';
import { engines, type StartedEngine } from '../testing/engines.ts';
import { PATIENT, startFaultyFront } from '../testing/faulty-front.ts';
import { textColumn } from '../testing/label-rows.ts';
import { insertColumns } from './index.ts';

const doing = 'inserting';

describe.each(engines)('insertColumns ($name)', (engine) => {
  let started: StartedEngine;
  let database: Database;
  beforeAll(async () => {
    started = await engine.start();
    ({ database } = await initDatabase(started.options('simnet')));
  });
  afterAll(async () => {
    await database.close();
    await started.stop();
  });

  let tables = 0;
  /** A new table of some columns, and how to read it in the order of the column `at`. */
  async function tableOf(columns: string) {
    const table = `inserted_${tables++}`;
    await database.command({
      sql: `CREATE TABLE ${table} (at UInt32, ${columns}) ENGINE = MergeTree ORDER BY at`,
      doing,
    });
    const read = (select: string) =>
      database.query<Record<string, unknown>>({
        sql: `SELECT ${select} FROM ${table} ORDER BY at`,
        doing: 'reading',
      });
    return { table, read };
  }
  const ats = (rows: number) =>
    ({ name: 'at', type: 'UInt32', values: Int32Array.from({ length: rows }, (_, row) => row) }) as const;

  it('keeps any text, as plain values and as codes', async () => {
    const { table, read } = await tableOf('plain String, coded String, fixed String');
    const random = createRandom(7);
    const anyTexts = Array.from({ length: 1000 }, () =>
      // One to four bytes a character; 0xd800 to 0xdfff are none by themselves.
      Array.from({ length: random.integer(120) }, () => {
        const code = random.integer([0x80, 0x800, 0xd800, 0x110000][random.integer(4)] ?? 0);
        return code >= 0xd800 && code <= 0xdfff ? '' : String.fromCodePoint(code);
      }).join(''),
    );
    const lengths = [79, 80, 81, 127, 128, 16_383, 16_384].flatMap((length) => [
      'a'.repeat(length),
      `${'a'.repeat(length - 1)}漢`,
    ]);
    const given = [...['', 'é', '👩‍🚀', '\0', "it's\n\t\\N", '\u{feff}', ...lengths], ...anyTexts];
    await insertColumns(database, {
      table,
      columns: [
        ats(given.length),
        { name: 'plain', type: 'String', values: given },
        { name: 'coded', type: 'String', values: textColumn(given) },
      ],
      constants: { fixed: { type: 'String', value: "it's {x:String}\n漢" } },
      rows: given.length,
      doing,
    });
    const rows = await read('plain, coded, fixed');
    expect(rows.map((row) => row.plain)).toEqual(given);
    expect(rows.map((row) => row.coded)).toEqual(given);
    expect(new Set(rows.map((row) => row.fixed))).toEqual(new Set(["it's {x:String}\n漢"]));
  });

  it('keeps every bit of numbers, also of none and without end', async () => {
    const { table, read } = await tableOf(
      'f64 Float64, f32 Float32, day Date, second DateTime, small Int8, window UInt16',
    );
    const floats = [0, -0, 0.1, -1e-320, 1.797e308, Number.NaN, Number.POSITIVE_INFINITY, -Infinity, 1 / 3];
    const rows = floats.length;
    await insertColumns(database, {
      table,
      columns: [
        ats(rows),
        { name: 'f64', type: 'Float64', values: Float64Array.from(floats) },
        { name: 'f32', type: 'Float32', values: Float64Array.from(floats) },
        // A view into a larger array.
        { name: 'day', type: 'Date', values: new Int32Array(rows + 5).fill(18_262).subarray(3, 3 + rows) },
        { name: 'second', type: 'DateTime', values: new Uint32Array(rows).fill(4_000_000_000) },
        { name: 'small', type: 'Int8', values: new Int8Array(rows).fill(-128) },
      ],
      constants: { window: { type: 'UInt16', value: 30 } },
      rows,
      doing,
    });
    const read64 = await read('toString(reinterpretAsUInt64(f64)) AS f64, reinterpretAsUInt32(f32) AS f32');
    expect(read64.map((row) => row.f64)).toEqual(
      Array.from(new BigUint64Array(Float64Array.from(floats).buffer), String),
    );
    expect(read64.map((row) => row.f32)).toEqual([...new Uint32Array(Float32Array.from(floats).buffer)]);
    const others = await read(
      'toString(day) AS day, toString(toUnixTimestamp(second)) AS second, small, window',
    );
    expect(new Set(others.map((row) => Object.values(row).join()))).toEqual(
      new Set(['2020-01-01,4000000000,-128,30']),
    );
  });

  it('inserts each of many rows once, and says how far it is', async () => {
    const { table } = await tableOf('id String');
    const rows = 600_123;
    const ids = Array.from({ length: rows }, (_, row) => `alert-${row}`);
    const told: number[] = [];
    await insertColumns(database, {
      table,
      columns: [ats(rows), { name: 'id', type: 'String', values: ids }],
      rows,
      doing,
      onRows: (count) => told.push(count),
    });
    const [stored] = await database.query({
      sql: `SELECT toFloat64(count()) AS rows, toFloat64(uniqExact(at)) AS distinct, toFloat64(countIf(id = concat('alert-', toString(at)))) AS right FROM ${table}`,
      doing: 'counting',
    });
    expect(stored).toEqual({ rows, distinct: rows, right: rows });
    expect(told).toHaveLength(3);
    expect(told.at(-1)).toBe(rows);
  });

  it('inserts nothing where there are no rows, and refuses columns that do not fit', async () => {
    const { table, read } = await tableOf('small UInt8');
    const insert = (values: Int32Array, rows: number) =>
      insertColumns(database, {
        table,
        columns: [ats(values.length), { name: 'small', type: 'UInt8', values }],
        rows,
        doing,
      });
    await insert(new Int32Array(0), 0);
    await expect(insert(new Int32Array(3), 4)).rejects.toThrow(InvalidInputError);
    await expect(insert(Int32Array.of(255, 256), 2)).rejects.toThrow(/small.*UInt8.*256/);
    expect(await read('at')).toEqual([]);
  });

  it('stops between two inserts', async () => {
    const { table } = await tableOf('id String');
    const controller = new AbortController();
    const rows = 1_000_000;
    const inserting = insertColumns(database, {
      table,
      columns: [ats(rows)],
      rows,
      doing,
      signal: controller.signal,
      onRows: () => controller.abort(),
    });
    await expect(inserting).rejects.toThrow(CancelledError);
    const [stored] = await database.query<{ rows: number }>({
      sql: `SELECT toFloat64(count()) AS rows FROM ${table}`,
      doing: 'counting',
    });
    expect([250_000, 500_000]).toContain(stored?.rows);
  });
});

describe('a lost answer of insertColumns', () => {
  it('leaves each row once in a table that remembers tokens, and is told of in another', async () => {
    const started = await startFaultyFront();
    const events: RetryEvent[] = [];
    const onRetry = (event: RetryEvent) => void events.push(event);
    const { database } = await initDatabase(started.options('simnet', { retry: PATIENT, onRetry }));
    const insert = (table: string, own: readonly string[]) =>
      insertColumns(database, {
        table,
        columns: own.map((name) => ({ name, type: 'String', values: ['a', 'b', 'a'] })),
        constants: { batch_id: { type: 'String', value: 'one' } },
        rows: 3,
        doing,
      });
    const count = async (table: string) =>
      (
        await database.query<{ rows: number }>({
          sql: `SELECT toFloat64(count()) AS rows FROM ${table}`,
          doing: 'counting',
        })
      )[0]?.rows;
    try {
      Object.assign(started.front.faults, { dropAfter: 1, only: 2, match: /^INSERT INTO/ });
      await insert('alert_rankings', ['alert_id']);
      started.calm();
      expect(events).toHaveLength(2);
      expect(await count('alert_rankings')).toBe(3);

      Object.assign(started.front.faults, { dropAfter: 1, only: 1, match: /^INSERT INTO/ });
      await expect(insert('miner_labels', ['address'])).rejects.toThrow();
      started.calm();
      expect(await count('miner_labels')).toBe(3);
    } finally {
      await database.close();
      await started.stop();
    }
  });
});
