import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines } from '../testing/engines.ts';
import { type IngestSite, rowsOf, startIngestSite } from '../testing/ingest-site.ts';
import { ingestSnapshots } from './ingest.ts';
import { ingestFile } from './ingest-file.ts';

const endings = ['.parquet', '.csv', '.ndjson', '.jsonl'].flatMap((format) =>
  ['', '.gz', '.zst'].map((compression) => `${format}${compression}`),
);

/** Values that formats like to lose, by the type of their column; `i` is the row, 0 to 4. */
const values: Readonly<Record<string, string>> = {
  UInt8: '[0, 255, 7, 1, 128][i + 1]',
  UInt16: '[0, 65535, 7, 1, 30][i + 1]',
  UInt32: '[0, 4294967295, 7, 1, 30][i + 1]',
  UInt64: '[0, 18446744073709551615, 9007199254740993, 1, 1700000000000][i + 1]',
  Bool: 'i % 2 = 0',
  Float32: `[toFloat32(0.1), toFloat32('1e-45'), toFloat32('3.4028235e38'), toFloat32(-0.), toFloat32(16777217)][i + 1]`,
  Float64: `[0.1, 5e-324, 1.7976931348623157e308, -0., 9007199254740993.][i + 1]`,
  'Decimal(38, 18)': `toDecimal128(['12345678901234567890.123456789012345678', '-0.000000000000000001', '0', '99999999999999999999.999999999999999999', '1.10'][i + 1], 18)`,
  String: `['plain', 'comma, "double" and ''single'' quotes; \\ttab', 'line\\nline\\r\\nline', '漢字 🦊 é \\\\ \\\\N {}[]', ''][i + 1]`,
  Date: `[toDate('1970-01-01'), toDate('2149-06-06'), toDate('2024-02-29'), toDate('2000-01-01'), toDate('2025-12-31')][i + 1]`,
  DateTime: `[toDateTime(0), toDateTime(4294967295), toDateTime('2024-02-29 23:59:59'), toDateTime(1), toDateTime('2025-01-01 00:00:00')][i + 1]`,
  'Array(String)': `[['a', 'b'], [], ['', 'x,y', 'it''s', '"q"'], ['漢 🦊', '\\\\', '[', 'n\\nl'], ['null']][i + 1]`,
  'Array(UInt16)': '[[1, 2, 65535], [], [0], range(24), [7, 7]][i + 1]',
  'Nullable(Int8)': '[NULL, 0, 1, -128, 127][i + 1]',
  'Nullable(Float32)': `[NULL, toFloat32(0.5), toFloat32(-0.), toFloat32('1e-40'), toFloat32(1)][i + 1]`,
  'Nullable(DateTime)': `[NULL, toDateTime(1), toDateTime(1700000000), NULL, toDateTime(4294967295)][i + 1]`,
  'Nullable(String)': `[NULL, 'me', '漢 "x"', NULL, 'a,b'][i + 1]`,
};

describe.each(engines)('$name', (engine) => {
  let site: IngestSite;
  beforeAll(async () => {
    site = await startIngestSite(engine);
  });
  afterAll(() => site.stop());

  const ingest = (table: string, from: string, options: object = {}) =>
    ingestFile(site.database, { from, table, ...options });

  /** Makes `rows_{table}` in the writer: five rows with a value of their own in every column. */
  async function makeRows(table: string, key: Readonly<Record<string, string>>): Promise<void> {
    const columns = await site.started.writer.query<{ name: string; type: string }>({
      sql: `SELECT name, type FROM system.columns
WHERE database = currentDatabase() AND table = {table:String} AND name != 'batch_id' AND default_kind != 'MATERIALIZED' ORDER BY position`,
      params: { table },
      doing: 'reading columns',
    });
    const value = ({ name, type }: { name: string; type: string }) => {
      const found =
        key[name] ??
        (type.includes('Enum8') ? `[NULL, 'proxy', 'miner', 'community', 'validated'][i + 1]` : values[type]);
      if (found === undefined) throw new Error(`no values for ${type}`);
      return found;
    };
    await site.writer(`CREATE TABLE rows_${table} AS ${table} ENGINE = Memory`);
    await site.writer(
      `INSERT INTO rows_${table} (${columns.map(({ name }) => name).join(', ')})
SELECT ${columns.map((column) => `${value(column)} AS c_${column.name}`).join(', ')} FROM (SELECT toUInt32(number) AS i FROM numbers(5))`,
    );
  }

  describe('every format and compression', () => {
    const tables = {
      raw_alerts: { view: 'published_alerts', key: { alert_id: `concat('alert, "', toString(i), '"')` } },
      raw_features: { view: 'published_features', key: { address: `concat('0x', toString(i))` } },
      raw_money_flows: { view: 'published_money_flows', key: { from_address: `concat('0x', toString(i))` } },
      miner_labels: { view: 'published_miner_labels', key: {} },
    } as const;
    beforeAll(async () => {
      for (const [table, { key }] of Object.entries(tables)) {
        const scope =
          table === 'miner_labels' ? {} : { window_days: '30', processing_date: `toDate('2024-02-29')` };
        await makeRows(table, {
          ...scope,
          network: `'simnet'`,
          data_set: `'mine'`,
          data_set_version: `'1'`,
          ...key,
        });
      }
    });

    it.each(endings.map((ending, index) => ({ ending, window: index + 1 })))(
      '$ending brings the same rows',
      async ({ ending, window }) => {
        for (const [table, { view }] of Object.entries(tables)) {
          // The alerts have a value of every kind; the other tables once per format.
          if (table !== 'raw_alerts' && /gz|zst|jsonl/.test(ending)) continue;
          const isLabels = table === 'miner_labels';
          const mine = isLabels
            ? `toString(${window}) AS data_set_version`
            : `toUInt16(${window}) AS window_days`;
          const select = `SELECT * EXCEPT (batch_id) REPLACE (${mine}) FROM rows_${table}`;
          const file = await site.write(`${table}${ending}`, select);
          const outcome = await ingest(table, file);
          expect(outcome).toMatchObject({
            table,
            outcome: 'ingested',
            rows: 5,
            warnings: [],
            scopes: [isLabels ? `mine, version ${window}` : `2024-02-29, window ${window}`],
          });
          const where = isLabels ? `data_set_version = '${window}'` : `window_days = ${window}`;
          expect(await site.rows(`SELECT * EXCEPT (batch_id) FROM ${view} WHERE ${where}`)).toEqual(
            await rowsOf(site.started.writer, select),
          );
        }
        expect(await site.state()).toMatchObject({ temporary: [] });
      },
    );
  });

  /** Alerts of several snapshots in one file: `{ '2025-01-01': 3 }` are three alerts of that date, window 30. */
  function alerts(name: string, dates: Readonly<Record<string, number>>, more = ''): Promise<string> {
    const parts = Object.entries(dates).map(
      ([date, rows]) =>
        `SELECT toUInt16(30) AS window_days, toDate('${date}') AS processing_date, concat('alert-', leftPad(toString(number), 8, '0')) AS alert_id,
'0x1' AS address, 'fan_in' AS typology_type, toFloat32(0.5) AS alert_confidence_score, 'by file' AS description, toDecimal128(1, 18) AS volume_usd,
'' AS evidence_json, ['x'] AS risk_indicators${more} FROM numbers(${rows})`,
    );
    return site.write(name, parts.join(' UNION ALL '));
  }
  function labels(name: string, sets: Readonly<Record<string, number>>): Promise<string> {
    const parts = Object.entries(sets).map(([set, rows]) => {
      const [dataSet, version] = set.split('/');
      return `SELECT 'simnet' AS network, concat('0x', toString(number)) AS address, 'x' AS label, '${dataSet}' AS data_set,
'${version}' AS data_set_version, toDate('2025-01-01') AS valid_from FROM numbers(${rows})`;
    });
    return site.write(name, parts.join(' UNION ALL '));
  }
  const alertsOf = (date: string, where = '1') =>
    site.count('published_alerts', `processing_date = '${date}' AND ${where}`);
  const labelsOf = (set: string, version: string) =>
    site.count('published_miner_labels', `data_set = '${set}' AND data_set_version = '${version}'`);

  describe('a file of several snapshots', () => {
    it('replaces its table of each, and no other table or snapshot', async () => {
      for (const date of ['2025-01-01', '2025-01-02', '2025-01-03']) {
        await ingestSnapshots(site.database, { from: await site.snapshot({ date, alerts: 10 }) });
      }
      const outcome = await ingest('raw_alerts', await alerts('a.csv', { '2025-01-01': 3, '2025-01-02': 4 }));
      expect(outcome).toMatchObject({
        outcome: 'replaced',
        rows: 7,
        scopes: ['2025-01-01, window 30', '2025-01-02, window 30'],
      });
      expect(
        await Promise.all(['2025-01-01', '2025-01-02', '2025-01-03'].map((date) => alertsOf(date))),
      ).toEqual([3, 4, 10]);
      expect(
        await site.count(
          'published_features',
          `processing_date < '2025-01-04' AND processing_date > '2024-12-31'`,
        ),
      ).toBe(15);
      expect(
        await site.count(
          'published_clusters',
          `processing_date < '2025-01-04' AND processing_date > '2024-12-31'`,
        ),
      ).toBe(3);
    });

    it('loses only the snapshot that is replaced later', async () => {
      await ingest('raw_alerts', await alerts('a.ndjson.gz', { '2025-02-01': 3, '2025-02-02': 4 }));
      await ingest('raw_alerts', await alerts('b.parquet', { '2025-02-02': 5 }));
      expect([await alertsOf('2025-02-01'), await alertsOf('2025-02-02')]).toEqual([3, 5]);
      const [later] = await ingestSnapshots(site.database, {
        from: await site.snapshot({ date: '2025-02-01', alerts: 6 }),
      });
      expect(later?.outcome).toBe('replaced');
      expect([await alertsOf('2025-02-01'), await alertsOf('2025-02-02')]).toEqual([6, 5]);
    });

    it('is taken again when part of it was replaced, and not when all of it counts', async () => {
      const both = await alerts('a.csv', { '2025-03-01': 3, '2025-03-02': 4 });
      const first = await ingest('raw_alerts', both);
      expect(await ingest('raw_alerts', both)).toMatchObject({
        outcome: 'unchanged',
        batchId: first.batchId,
        rows: 7,
      });
      await ingest('raw_alerts', await alerts('b.csv', { '2025-03-02': 9 }));
      expect(await ingest('raw_alerts', both)).toMatchObject({ outcome: 'replaced', rows: 7 });
      expect([await alertsOf('2025-03-01'), await alertsOf('2025-03-02')]).toEqual([3, 4]);
    });

    it('may name an alert once in each', async () => {
      const file = await alerts('a.csv', { '2025-03-11': 3, '2025-03-12': 3 });
      expect(await ingest('raw_alerts', file)).toMatchObject({ rows: 6 });
    });
  });

  describe('a file and a snapshot', () => {
    it('replace one another, the later counting', async () => {
      await ingest('raw_alerts', await alerts('a.csv', { '2025-04-01': 3 }));
      const snapshot = await site.snapshot({ date: '2025-04-01', alerts: 10 });
      const [outcome] = await ingestSnapshots(site.database, { from: snapshot });
      expect(outcome).toMatchObject({ outcome: 'replaced', rows: { raw_alerts: 10 } });
      expect(await alertsOf('2025-04-01')).toBe(10);

      await ingest('raw_alerts', await alerts('b.csv', { '2025-04-01': 2 }));
      expect(await alertsOf('2025-04-01')).toBe(2);
      const [again] = await ingestSnapshots(site.database, { from: snapshot });
      expect(again?.outcome).toBe('replaced');
      expect(await alertsOf('2025-04-01')).toBe(10);
    });

    it('are the same where the file is that of the snapshot', async () => {
      const snapshot = await site.snapshot({ date: '2025-04-02', alerts: 4 });
      const file = path.join(snapshot, 'raw_alerts.parquet');
      await ingest('raw_alerts', file);
      expect(await ingestSnapshots(site.database, { from: snapshot })).toMatchObject([
        { outcome: 'replaced' },
      ]);
      expect(await ingest('raw_alerts', file)).toMatchObject({ outcome: 'unchanged', rows: 4 });
      expect(await alertsOf('2025-04-02')).toBe(4);
    });
  });

  describe('the same file again', () => {
    it('changes nothing unless it is forced', async () => {
      const file = await alerts('a.parquet', { '2025-05-01': 3 });
      const first = await ingest('raw_alerts', file);
      const before = await site.state();
      expect(await ingest('raw_alerts', file)).toEqual({ ...first, outcome: 'unchanged' });
      expect(await site.state()).toEqual(before);
      const forced = await ingest('raw_alerts', file, { force: true });
      expect(forced).toMatchObject({ outcome: 'replaced', rows: 3 });
      expect(forced.batchId).not.toBe(first.batchId);
      expect(await alertsOf('2025-05-01')).toBe(3);
    });

    it('is taken again when somebody deleted rows of it', async () => {
      const file = await labels('a.csv', { 'deleted/1': 3, 'deleted/2': 2 });
      await ingest('miner_labels', file);
      await site.database.command({
        sql: `DELETE FROM miner_labels WHERE data_set = 'deleted' AND data_set_version = '2' AND address = '0x1'`,
        doing: 'deleting',
      });
      expect(await ingest('miner_labels', file)).toMatchObject({ outcome: 'replaced', rows: 5 });
      expect([await labelsOf('deleted', '1'), await labelsOf('deleted', '2')]).toEqual([3, 2]);
    });

    it('is recorded with its source, md5, rows and time', async () => {
      const file = await alerts('a.csv.gz', { '2025-05-02': 3, '2025-05-03': 4 });
      const { batchId } = await ingest('raw_alerts', file);
      const rows = await site.rows(
        `SELECT toString(processing_date), source, file_md5['raw_alerts'] = lower('${md5Of(file)}'), table_rows, published_at > now() - 600 FROM ingestions WHERE batch_id = '${batchId}'`,
      );
      expect(rows).toEqual([
        `('2025-05-02','${file}',1,{'raw_alerts':3},1)`,
        `('2025-05-03','${file}',1,{'raw_alerts':4},1)`,
      ]);
    });
  });

  describe('miner_labels', () => {
    it('has each data set replaced by itself, and rows by hand left alone', async () => {
      const hand = {
        network: 'simnet',
        address: '0xhand',
        label: 'mine',
        data_set: 'a',
        data_set_version: '1',
        valid_from: '2025-01-01',
      };
      await site.database.insert('miner_labels', [hand], 'inserting by hand');
      const first = await ingest('miner_labels', await labels('a.csv', { 'a/1': 3, 'a/2': 4, 'b/1': 5 }));
      expect(first).toMatchObject({
        outcome: 'ingested',
        scopes: ['a, version 1', 'a, version 2', 'b, version 1'],
      });
      const second = await ingest('miner_labels', await labels('b.ndjson', { 'a/1': 1, 'c/1': 2 }));
      expect(second).toMatchObject({ outcome: 'replaced', scopes: ['a, version 1', 'c, version 1'] });
      expect(
        await Promise.all([labelsOf('a', '1'), labelsOf('a', '2'), labelsOf('b', '1'), labelsOf('c', '1')]),
      ).toEqual([1 + 1, 4, 5, 2]);
      expect(await site.count('published_miner_labels', `address = '0xhand'`)).toBe(1);
    });

    it('keeps data sets apart whose names hold an @, and refuses versions that do', async () => {
      await ingest('miner_labels', await labels('a.csv', { 'x@y/z': 3 }));
      await site.refused(
        async () => ingest('miner_labels', await labels('b.csv', { 'x/y@z': 2 })),
        'SNAPSHOT_BAD_VALUES',
        /data_set_version with an @.*row 1, data_set_version = "y@z"/,
      );
      expect(await labelsOf('x@y', 'z')).toBe(3);
    });
  });

  describe('columns', () => {
    it('of a CSV in another order are refused, or taken by their names when asked', async () => {
      const file = await site.write(
        'swapped.csv',
        `SELECT 'swap' AS label, 'simnet' AS network, '0x1' AS address, toDate('2025-01-01') AS valid_from, '1' AS data_set_version, 'order' AS data_set`,
      );
      await site.refused(
        () => ingest('miner_labels', file),
        'SNAPSHOT_COLUMN_ORDER',
        file,
        /network as column 1/,
        /--any-column-order/,
      );
      expect(await ingest('miner_labels', file, { anyColumnOrder: true })).toMatchObject({
        outcome: 'ingested',
        rows: 1,
      });
      expect(
        await site.rows(
          `SELECT network, address, label, data_set, data_set_version, valid_from FROM published_miner_labels WHERE data_set = 'order'`,
        ),
      ).toEqual([`('simnet','0x1','swap','order','1','2025-01-01')`]);
    });

    it('of Parquet and NDJSON may stand in any order', async () => {
      for (const name of ['swapped.parquet', 'swapped.ndjson']) {
        const file = await site.write(
          name,
          `SELECT 'swap' AS label, 'simnet' AS network, '0x1' AS address, toDate('2025-01-01') AS valid_from, '${name}' AS data_set_version, 'any' AS data_set`,
        );
        await ingest('miner_labels', file);
        expect(
          await site.count(
            'published_miner_labels',
            `data_set_version = '${name}' AND label = 'swap' AND network = 'simnet'`,
          ),
        ).toBe(1);
      }
    });

    it.each(['.parquet', '.csv', '.ndjson'])(
      'that the table does not have are named in a warning (%s)',
      async (ending) => {
        const file = await alerts(
          `extra${ending}`,
          { '2025-06-01': 2 },
          `, 'mine' AS batch_id, 1 AS \`odd \`\` name\``,
        );
        const { warnings } = await ingest('raw_alerts', file);
        expect(warnings).toEqual([
          'batch_id is no column of raw_alerts and was left out',
          'odd ` name is no column of raw_alerts and was left out',
        ]);
        expect(await alertsOf('2025-06-01')).toBe(2);
        expect(await site.count('raw_alerts', `batch_id = 'mine'`)).toBe(0);
      },
    );

    it.each(['.parquet', '.csv', '.ndjson'])(
      'that are optional and absent take the defaults (%s)',
      async (ending) => {
        await ingest('raw_alerts', await alerts(`some${ending}`, { '2025-06-02': 1 }));
        expect(
          await site.rows(
            `SELECT severity, suspected_address_type, pattern_id, label, label_source, created_at > now() - 600 FROM published_alerts WHERE processing_date = '2025-06-02'`,
          ),
        ).toEqual([`('medium','unknown','',NULL,NULL,1)`]);
      },
    );

    it.each(['.parquet', '.csv', '.ndjson'])('that are missing are named (%s)', async (ending) => {
      const file = await site.write(
        `lacking${ending}`,
        `SELECT 'simnet' AS network, '0x1' AS address, 'd' AS data_set`,
      );
      await site.refused(
        () => ingest('miner_labels', file),
        'SNAPSHOT_COLUMN_MISSING',
        file,
        'label String, data_set_version String, valid_from Date',
      );
    });

    it('that an NDJSON names only far down are not left out unseen', async () => {
      const rows = (where: string, more: string) =>
        `SELECT 'simnet' AS network, concat('0x', toString(number)) AS address, 'x' AS label, 'late' AS data_set, '1' AS data_set_version, toDate('2025-01-01') AS valid_from${more} FROM numbers(1200) WHERE ${where}`;
      const file = await site.write(
        'late.ndjson',
        rows('1', `, if(number = 1100, 'high', NULL) AS risk_level`),
        'output_format_json_skip_null_value_in_named_tuples = 1',
      );
      dropNulls(file);
      await site.refused(
        () => ingest('miner_labels', file),
        'SNAPSHOT_COLUMN_MISSING',
        file,
        /risk_level.*row 1101, risk_level = "high"/,
      );
    });
  });

  describe('what is refused before anything is read', () => {
    it('is a table that no file is ingested into', async () => {
      const file = await labels('a.csv', { 'a/1': 1 });
      for (const table of [
        'ingestions',
        'alert_scores',
        'RAW_ALERTS',
        'raw_alerts; DROP TABLE raw_alerts',
        '',
      ]) {
        await site.refused(() => ingest(table, file), 'INVALID_INPUT', /raw_alerts, raw_features/);
      }
    });

    it('is a file of another ending, none, or one that lies', async () => {
      const csv = await labels('a.csv', { 'a/1': 1 });
      for (const name of ['a.txt', 'a.csv.bz2', 'a', 'a.xlsx', '.csv']) {
        const other = path.join(site.folder(), name);
        cpSync(csv, other);
        await site.refused(() => ingest('miner_labels', other), 'FILE_FORMAT_UNKNOWN', name);
      }
      for (const [name, code] of [
        ['a.parquet', 'FILE_FORMAT_UNKNOWN'],
        ['a.ndjson', 'FILE_HEADER_INVALID'],
        ['a.csv.gz', 'FILE_UNREADABLE'],
        ['a.csv.zst', 'FILE_UNREADABLE'],
      ] as const) {
        const other = path.join(site.folder(), name);
        cpSync(csv, other);
        await site.refused(() => ingest('miner_labels', other), code, other);
      }
    });

    it('is a file that is not there, and another kind of address', async () => {
      const nowhere = path.join(site.folder(), 'nowhere.csv');
      await site.refused(() => ingest('miner_labels', nowhere), 'FILE_UNREADABLE', nowhere, /ENOENT/);
      await site.refused(
        () => ingest('miner_labels', 'ftp://me:secret@example.org/a.csv'),
        'INVALID_INPUT',
        /ftp:/,
      );
    });

    it('is a path that ClickHouse would take for a pattern', async () => {
      const csv = await labels('a.csv', { 'a/1': 1 });
      for (const name of ['a*.csv', 'a{1,2}.csv', 'a?.csv', 'a::b.csv']) {
        const odd = path.join(site.folder(), name);
        cpSync(csv, odd);
        await site.refused(() => ingest('miner_labels', odd), 'SNAPSHOT_FOLDER_UNREADABLE', odd, /pattern/);
      }
    });
  });

  it('does nothing when it was cancelled', async () => {
    const file = await labels('a.csv', { 'cancelled/1': 1 });
    await site.refused(() => ingest('miner_labels', file, { signal: AbortSignal.abort() }), 'CANCELLED');
    const controller = new AbortController();
    await site.refused(
      () => ingest('miner_labels', file, { signal: controller.signal, onProgress: () => controller.abort() }),
      'CANCELLED',
    );
  });

  it('takes a folder named as a partition for no column', async () => {
    const file = path.join(site.folder(), 'data_set=other', 'data_set_version=9', 'a.csv');
    cpSync(await labels('a.csv', { 'partition/1': 2 }), file);
    await ingest('miner_labels', file);
    expect(await labelsOf('partition', '1')).toBe(2);
  });
});

function md5Of(file: string): string {
  return createHash('md5').update(readFileSync(file)).digest('hex');
}

/** JSON lines without the keys whose value is null. */
function dropNulls(file: string): void {
  const lines = readFileSync(file, 'utf8').replaceAll(/,"\w+":null/g, '');
  writeFileSync(file, lines);
}
