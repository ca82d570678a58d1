import { createHash } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CancelledError, type RiskScoringError } from '@risk-scoring/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { initDatabase } from '../open-database.ts';
import { RAW_TABLES } from '../tables.ts';
import { engines, type StartedEngine } from '../testing/engines.ts';
import { type FixtureOptions, writeSnapshot } from '../testing/snapshot-fixture.ts';
import { ingestSnapshots } from './ingest.ts';

describe.each(engines)('$name', (engine) => {
  let started: StartedEngine;
  let database: Database;
  let fixtures = 0;

  beforeAll(async () => {
    started = await engine.start();
    ({ database } = await initDatabase(started.options('simnet')));
  });
  afterAll(async () => {
    await database.close();
    await started.stop();
  });

  function fixture(options: Partial<FixtureOptions> = {}): Promise<string> {
    fixtures += 1;
    return writeSnapshot(started.writer, {
      folder: path.join(started.folder, 'snapshots', `${fixtures}`),
      network: 'simnet',
      ...options,
    });
  }

  async function countRows(from: string, where = '1'): Promise<number> {
    const [row] = await database.query<{ n: number }>({
      sql: `SELECT toFloat64(count()) AS n FROM ${from} WHERE ${where}`,
      doing: 'counting',
    });
    return row?.n ?? Number.NaN;
  }

  /** Rows of every raw table, published or not: what a refused snapshot must not change. */
  async function allRows(): Promise<number[]> {
    const tables = [...RAW_TABLES.map((table) => table.name), 'ingestions'];
    return Promise.all(tables.map((table) => countRows(table)));
  }

  async function expectRefused(from: string, code: string, words: RegExp): Promise<void> {
    const before = await allRows();
    const refused = await ingestSnapshots(database, { from }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code });
    expect((refused as Error).message).toMatch(words);
    expect((refused as RiskScoringError).remedy).toBeTruthy();
    expect(await allRows()).toEqual(before);
  }

  describe('ingestSnapshots', () => {
    it('publishes every table of a snapshot, and the same snapshot again changes nothing', async () => {
      const from = await fixture({ date: '2025-02-01', alerts: 10 });
      const [first] = await ingestSnapshots(database, { from });
      expect(first).toMatchObject({ processingDate: '2025-02-01', windowDays: 30, outcome: 'ingested' });
      expect(first?.rows).toEqual({
        raw_alerts: 10,
        raw_features: 5,
        raw_clusters: 1,
        raw_money_flows: 5,
        raw_address_labels: 5,
      });
      const rows = await allRows();
      const [again] = await ingestSnapshots(database, { from });
      expect(again).toMatchObject({ outcome: 'unchanged', batchId: first?.batchId });
      expect(await allRows()).toEqual(rows);
      expect(await countRows('published_alerts', `processing_date = '2025-02-01'`)).toBe(10);
    });

    it('replaces a snapshot when its files changed: readers see only the new rows', async () => {
      await ingestSnapshots(database, { from: await fixture({ date: '2025-02-02', alerts: 10 }) });
      const [second] = await ingestSnapshots(database, {
        from: await fixture({ date: '2025-02-02', alerts: 4 }),
      });
      expect(second?.outcome).toBe('replaced');
      expect(await countRows('published_alerts', `processing_date = '2025-02-02'`)).toBe(4);
      expect(await countRows('published_features', `processing_date = '2025-02-02'`)).toBe(2);
    });

    it('repairs a published snapshot whose rows somebody deleted', async () => {
      const from = await fixture({ date: '2025-02-08', alerts: 10 });
      await ingestSnapshots(database, { from });
      await database.command({
        sql: `DELETE FROM raw_alerts WHERE processing_date = '2025-02-08' AND alert_id > 'alert-00000004'`,
        doing: 'deleting',
      });
      const [again] = await ingestSnapshots(database, { from });
      expect(again?.outcome).toBe('replaced');
      expect(await countRows('published_alerts', `processing_date = '2025-02-08'`)).toBe(10);
    });

    it('keeps windows of one date apart', async () => {
      await ingestSnapshots(database, {
        from: await fixture({ date: '2025-02-03', windowDays: 7, alerts: 2 }),
      });
      await ingestSnapshots(database, {
        from: await fixture({ date: '2025-02-03', windowDays: 30, alerts: 6 }),
      });
      expect(await countRows('published_alerts', `processing_date = '2025-02-03' AND window_days = 7`)).toBe(
        2,
      );
      expect(await countRows('published_alerts', `processing_date = '2025-02-03' AND window_days = 30`)).toBe(
        6,
      );
    });

    it('counts rows that were inserted by hand at once', async () => {
      const row = {
        window_days: 30,
        processing_date: '2025-02-04',
        alert_id: 'mine',
        address: '0x1',
        typology_type: 'x',
      };
      await database.insert('raw_alerts', [row], 'inserting by hand');
      expect(await countRows('published_alerts', `processing_date = '2025-02-04'`)).toBe(1);
    });

    it('takes a folder of snapshots in order, passing over half-written ones', async () => {
      const parent = path.join(started.folder, 'several');
      for (const date of ['2025-03-02', '2025-03-01'])
        await fixture({ folder: path.join(parent, date), date });
      mkdirSync(path.join(parent, '.2025-03-03.partial'));
      const outcomes = await ingestSnapshots(database, { from: parent });
      expect(outcomes.map((outcome) => outcome.processingDate)).toEqual(['2025-03-01', '2025-03-02']);
    });

    it('takes decimals, big integers and times exactly', async () => {
      const from = await fixture({
        date: '2025-02-05',
        select: {
          raw_alerts: `* REPLACE (toDecimal128('12345678901234567890.123456789012345678', 18) AS volume_usd)`,
          raw_money_flows: '* REPLACE (18446744073709551615 AS tx_count)',
        },
      });
      await ingestSnapshots(database, { from });
      const where = `processing_date = '2025-02-05'`;
      expect(
        await countRows(
          'published_alerts',
          `${where} AND toString(volume_usd) = '12345678901234567890.123456789012345678'`,
        ),
      ).toBe(6);
      expect(await countRows('published_money_flows', `${where} AND tx_count = 18446744073709551615`)).toBe(
        3,
      );
    });

    it('takes floats of another width', async () => {
      const from = await fixture({
        date: '2025-02-09',
        select: { raw_alerts: '* REPLACE (toFloat64(0.1) AS alert_confidence_score)' },
      });
      await ingestSnapshots(database, { from });
      const where = `processing_date = '2025-02-09' AND alert_confidence_score = toFloat32(0.1)`;
      expect(await countRows('published_alerts', where)).toBe(6);
    });

    it('leaves out columns that the table does not have, and names them', async () => {
      const from = await fixture({
        date: '2025-02-06',
        select: { raw_alerts: `*, 'x' AS note, 'mine' AS batch_id` },
      });
      const [outcome] = await ingestSnapshots(database, { from });
      expect(outcome?.warnings).toEqual([
        'raw_alerts.note is no column of the table and was left out',
        'raw_alerts.batch_id is no column of the table and was left out',
      ]);
      expect(await countRows('raw_alerts', `batch_id = 'mine'`)).toBe(0);
    });

    it('does nothing when it was cancelled', async () => {
      const from = await fixture({ date: '2025-02-07' });
      const before = await allRows();
      await expect(ingestSnapshots(database, { from, signal: AbortSignal.abort() })).rejects.toThrow(
        CancelledError,
      );
      expect(await allRows()).toEqual(before);
    });
  });

  describe('a snapshot is refused, with nothing stored,', () => {
    const date = '2025-04-01';

    it('when the folder cannot be read', async () => {
      await expectRefused(path.join(started.folder, 'nowhere'), 'SNAPSHOT_FOLDER_UNREADABLE', /ENOENT/);
    });

    it.skipIf(process.getuid?.() === 0)(
      'when its files may not be read (root may read all, so not shown as root)',
      async () => {
        const from = await fixture({ date });
        chmodSync(path.join(from, 'META.json'), 0);
        await expectRefused(from, 'SNAPSHOT_FOLDER_UNREADABLE', /EACCES/);
      },
    );

    it('when its path is one that ClickHouse would take for a pattern', async () => {
      for (const name of ['any*', 'a{b,c}', 'what?', 'a::b']) {
        const from = await fixture({ date });
        const odd = path.join(started.folder, name);
        renameSync(from, odd);
        await expectRefused(odd, 'SNAPSHOT_FOLDER_UNREADABLE', /pattern/);
      }
    });

    it('when the folder holds no snapshot', async () => {
      const empty = path.join(started.folder, 'empty');
      mkdirSync(empty);
      await expectRefused(empty, 'SNAPSHOT_FOLDER_UNREADABLE', /no snapshot/);
    });

    it('when META.json is no JSON, or not of a snapshot', async () => {
      const from = await fixture({ date });
      writeFileSync(path.join(from, 'META.json'), '{');
      await expectRefused(from, 'SNAPSHOT_META_INVALID', /does not describe a snapshot/);
      const wrongDate = await fixture({ date, meta: (meta) => ({ ...meta, processing_date: '2025-02-30' }) });
      await expectRefused(wrongDate, 'SNAPSHOT_META_INVALID', /processing_date/);
    });

    it('when META.json lacks a table, or names one that nobody knows, or one outside its folder', async () => {
      const lacking = await fixture({
        date,
        meta: ({ files: { 'raw_clusters.parquet': _, ...files }, ...meta }) => ({ ...meta, files }),
      });
      await expectRefused(lacking, 'SNAPSHOT_TABLE_MISSING', /no raw_clusters.parquet/);
      for (const name of ['raw_secrets.parquet', '../raw_alerts.parquet']) {
        const unknown = await fixture({
          date,
          meta: (meta) => ({ ...meta, files: { ...meta.files, [name]: { md5: '0'.repeat(32), rows: 1 } } }),
        });
        await expectRefused(unknown, 'SNAPSHOT_TABLE_UNKNOWN', new RegExp(name));
      }
    });

    it('when a file is missing', async () => {
      const from = await fixture({ date });
      rmSync(path.join(from, 'raw_features.parquet'));
      await expectRefused(from, 'SNAPSHOT_TABLE_MISSING', /raw_features.parquet is missing/);
    });

    it('when a file is not the one that META.json describes', async () => {
      const from = await fixture({ date });
      appendFileSync(path.join(from, 'raw_alerts.parquet'), 'x');
      await expectRefused(from, 'SNAPSHOT_CHECKSUM_MISMATCH', /is not the file that META.json describes/);
    });

    it('when a file holds fewer rows than promised', async () => {
      const from = await fixture({
        date,
        meta: (meta) => {
          const { md5, rows, bytes } = meta.files['raw_alerts.parquet'] ?? { md5: '', rows: 0, bytes: 0 };
          return { ...meta, files: { ...meta.files, 'raw_alerts.parquet': { md5, rows: rows + 1, bytes } } };
        },
      });
      await expectRefused(from, 'SNAPSHOT_ROW_COUNT_MISMATCH', /Expected: 7 rows. Found: 6 rows/);
    });

    it('when a column is missing', async () => {
      const from = await fixture({ date, select: { raw_features: '* EXCEPT (pagerank, kcore)' } });
      await expectRefused(from, 'SNAPSHOT_COLUMN_MISSING', /pagerank Float32, kcore UInt32/);
    });

    it('when a column has a type that cannot hold the values', async () => {
      const from = await fixture({
        date,
        select: { raw_alerts: '* REPLACE (toString(volume_usd) AS volume_usd)' },
      });
      await expectRefused(
        from,
        'SNAPSHOT_COLUMN_TYPE',
        /volume_usd.*Decimal\(38, 18\).*Found: (Nullable\()?String/,
      );
    });

    it('when a value does not fit its column, though the type does', async () => {
      const tooBig = await fixture({
        date,
        select: { raw_features: '* REPLACE (toInt64(5000000000) AS degree_in)' },
      });
      await expectRefused(
        tooBig,
        'SNAPSHOT_COLUMN_TYPE',
        /degree_in UInt32. Found: row 1, degree_in = "5000000000"/,
      );
      const negative = await fixture({
        date,
        select: { raw_money_flows: '* REPLACE (toInt64(-1) AS tx_count)' },
      });
      await expectRefused(negative, 'SNAPSHOT_COLUMN_TYPE', /row 1, tx_count = "-1"/);
    });

    it('when a required value is NULL', async () => {
      const from = await fixture({
        date,
        select: { raw_alerts: `* REPLACE (nullIf(address, address) AS address)` },
      });
      await expectRefused(from, 'SNAPSHOT_COLUMN_TYPE', /NULL/);
    });

    it('when it holds rows of another date', async () => {
      const from = await fixture({ date, meta: (meta) => ({ ...meta, processing_date: '2025-04-02' }) });
      await expectRefused(from, 'SNAPSHOT_WRONG_ROWS', /processing_date 2025-04-02/);
    });

    it('when an alert stands in it twice', async () => {
      const from = await fixture({ date, select: { raw_alerts: `* REPLACE ('same' AS alert_id)` } });
      await expectRefused(
        from,
        'SNAPSHOT_DUPLICATE_KEYS',
        /5 such repetitions, the first being row 2, alert_id = "same"/,
      );
    });

    it('when it is of another network', async () => {
      await expectRefused(
        await fixture({ date, network: 'bitcoin' }),
        'SNAPSHOT_WRONG_NETWORK',
        /--network bitcoin/,
      );
    });

    it('when a file is no Parquet at all', async () => {
      const md5 = createHash('md5').update('not parquet').digest('hex');
      const from = await fixture({
        date,
        meta: (meta) => ({ ...meta, files: { ...meta.files, 'raw_clusters.parquet': { md5, rows: 1 } } }),
      });
      writeFileSync(path.join(from, 'raw_clusters.parquet'), 'not parquet');
      await expectRefused(from, 'FILE_FORMAT_UNKNOWN', /raw_clusters.parquet.*Parquet/);
    });

    it('when two folders hold the same snapshot, though the others are sound', async () => {
      const parent = path.join(started.folder, 'twins');
      for (const name of ['a', 'b']) await fixture({ folder: path.join(parent, name), date: '2025-04-03' });
      await expectRefused(parent, 'SNAPSHOT_META_INVALID', /Two folders hold/);
    });
  });
});
