import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  cpSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines } from '../testing/engines.ts';
import { type IngestSite, startIngestSite } from '../testing/ingest-site.ts';
import type { FixtureMeta } from '../testing/snapshot-fixture.ts';
import { ingestSnapshots } from './ingest.ts';
import { ingestFile } from './ingest-file.ts';

/** Rows of a table that cannot be taken: a SELECT list over the six alerts (or three features) of a sound snapshot. */
interface BadRows {
  readonly name: string;
  readonly table?: string;
  readonly select: string;
  readonly settings?: string;
  readonly code: string;
  readonly words: readonly (RegExp | string)[];
  /** Formats to try it in as a single file; Parquet alone by default. */
  readonly endings?: readonly string[];
  /** Whether to try it in a snapshot too. */
  readonly inSnapshot?: boolean;
  /** Whether a file that may hold any snapshot may hold such rows. */
  readonly isFineAlone?: boolean;
}

const all = ['.parquet', '.csv', '.ndjson'];
const both = ['.parquet', '.csv'];
/** Puts a value into the fourth alert. */
const fourth = (value: string, column: string, type = '') =>
  `* REPLACE (${type}(if(alert_id = 'alert-00000003', ${value}, ${column})) AS ${column})`;

const badRows: readonly BadRows[] = [
  {
    name: 'an alert that is named twice',
    select: fourth(`'alert-00000001'`, 'alert_id'),
    code: 'SNAPSHOT_DUPLICATE_KEYS',
    words: [/1 such repetition, the first being row 4, alert_id = "alert-00000001"/],
    endings: all,
    inSnapshot: true,
  },
  {
    name: 'an alert that is named twice, in two row groups',
    select: `* REPLACE (if(alert_id = 'alert-00000005', 'alert-00000000', alert_id) AS alert_id)`,
    settings: 'output_format_parquet_row_group_size = 2',
    code: 'SNAPSHOT_DUPLICATE_KEYS',
    words: [/row 6, alert_id = "alert-00000000"/],
  },
  {
    name: 'an address that has features twice',
    table: 'raw_features',
    select: `* REPLACE ('0xsame' AS address)`,
    code: 'SNAPSHOT_DUPLICATE_KEYS',
    words: [/2 such repetitions, the first being row 2, address = "0xsame"/],
  },
  {
    name: 'a pair of addresses that is named twice',
    table: 'raw_money_flows',
    select: `* REPLACE ('0xa' AS from_address, '0xb' AS to_address)`,
    code: 'SNAPSHOT_DUPLICATE_KEYS',
    words: [/row 2, from_address, to_address = .*0xa.*0xb/],
  },
  {
    name: 'rows of another date',
    select: fourth(`toDate('2025-01-02')`, 'processing_date', 'toDate32'),
    code: 'SNAPSHOT_WRONG_ROWS',
    words: [/1 such row, the first being row 4/, /2025-01-02/],
    isFineAlone: true,
  },
  {
    name: 'rows of another window',
    select: fourth('7', 'window_days', 'toUInt16'),
    code: 'SNAPSHOT_WRONG_ROWS',
    words: [/row 4/, /window_days 30 in every row/],
    isFineAlone: true,
  },
  {
    name: 'rows of another network',
    table: 'raw_address_labels',
    select: `* REPLACE (if(risk_level = 'low', 'othernet', network) AS network)`,
    code: 'SNAPSHOT_WRONG_ROWS',
    words: [/network of another network.*row 2, network = "othernet"/],
    endings: both,
  },
  ...['nan', 'inf', '-inf'].map(
    (value): BadRows => ({
      name: `${value} in a Float32`,
      select: fourth(`toFloat32('${value}')`, 'alert_confidence_score'),
      settings: 'output_format_json_quote_denormals = 1',
      code: 'SNAPSHOT_BAD_VALUES',
      words: [
        /alert_confidence_score NaN or infinite/,
        new RegExp(`row 4, alert_confidence_score = "${value}"`),
      ],
      ...(value === 'nan' ? { endings: both } : {}),
    }),
  ),
  {
    name: 'NaN in a Float64',
    table: 'raw_features',
    select: `* REPLACE (if(degree_in = 1, nan, amount_variance) AS amount_variance)`,
    code: 'SNAPSHOT_BAD_VALUES',
    words: [/row 2, amount_variance = "nan"/],
    inSnapshot: true,
  },
  {
    name: 'a Float64 too large for a Float32',
    select: fourth('1e39', 'alert_confidence_score', 'toFloat64'),
    code: 'SNAPSHOT_BAD_VALUES',
    words: [/row 4, alert_confidence_score = "inf"/],
  },
  {
    name: 'a text too large for a Float32',
    select: fourth('1e39', 'alert_confidence_score', 'toFloat64'),
    code: 'SNAPSHOT_COLUMN_TYPE',
    words: [/alert_confidence_score Float32. Found: row 4, alert_confidence_score = "1e\+?39"/],
    endings: ['.csv', '.ndjson'],
  },
  {
    name: 'NaN where a decimal should be',
    select: fourth('nan', 'volume_usd', 'toFloat64'),
    settings: 'output_format_json_quote_denormals = 1',
    code: 'SNAPSHOT_COLUMN_TYPE',
    words: [/volume_usd Decimal\(38, 18\). Found: row 4, volume_usd = "nan"/],
  },
  {
    name: 'a decimal with more places than the table has',
    select: `* REPLACE (toDecimal256('1.1234567890123456789', 19) AS volume_usd)`,
    code: 'SNAPSHOT_COLUMN_TYPE',
    words: [/row 1, volume_usd = "1.1234567890123456789"/],
  },
  {
    name: 'a decimal that is too large',
    select: `* REPLACE (toDecimal256(if(alert_id = 'alert-00000003', '999999999999999999999999', '1'), 2) AS volume_usd)`,
    code: 'SNAPSHOT_COLUMN_TYPE',
    words: [/row 4, volume_usd = "9{24}/],
  },
  {
    name: 'a NUL character amid a text',
    select: fourth(`'é\\0漢'`, 'description'),
    code: 'SNAPSHOT_BAD_VALUES',
    words: ['description with a NUL character', 'row 4, description = "é\\u0000漢"'],
    endings: both,
  },
  {
    name: 'a NUL character in a list of texts',
    select: `* REPLACE (['fine', 'a\\0'] AS risk_indicators)`,
    code: 'SNAPSHOT_BAD_VALUES',
    words: ['risk_indicators with a NUL character', 'row 1, risk_indicators = '],
  },
  {
    name: 'bytes that are not UTF-8',
    select: fourth(`concat('a', unhex('FF'), 'b')`, 'address'),
    code: 'SNAPSHOT_BAD_VALUES',
    words: ['address not in UTF-8', /row 4, address = "a.b"/],
    endings: ['.parquet', '.csv'],
  },
  {
    name: 'a text of 10 MB',
    select: fourth(
      `concat(repeat('漢', 900000), repeat('漢', 900000), repeat('漢', 900000), repeat('漢', 900000))`,
      'evidence_json',
    ),
    code: 'SNAPSHOT_BAD_VALUES',
    words: ['evidence_json longer than 1048576 bytes', /row 4, evidence_json = "漢{26}/],
    endings: both,
    inSnapshot: true,
  },
  {
    name: 'a window that is too large',
    select: fourth('70000', 'window_days', 'toInt64'),
    code: 'SNAPSHOT_COLUMN_TYPE',
    words: [/window_days UInt16. Found: row 4, window_days = "70000"/],
    inSnapshot: true,
  },
  {
    name: 'a negative window',
    select: fourth('-1', 'window_days', 'toInt32'),
    code: 'SNAPSHOT_COLUMN_TYPE',
    words: [/row 4, window_days = "-1"/],
  },
  ...['1969-12-31', '2149-06-07', '1900-01-01'].map(
    (date): BadRows => ({
      name: `the date ${date}, which a Date cannot hold`,
      select: fourth(`toDate32('${date}')`, 'processing_date', 'toDate32'),
      code: 'SNAPSHOT_COLUMN_TYPE',
      words: [new RegExp(`processing_date Date. Found: row 4, processing_date = "${date}"`)],
    }),
  ),
  ...['1969-12-31 23:59:59', '2106-02-07 06:28:16'].map(
    (time): BadRows => ({
      name: `the time ${time}, which a DateTime cannot hold`,
      select: fourth(`toDateTime64('${time}', 3, 'UTC')`, 'created_at', ''),
      code: 'SNAPSHOT_COLUMN_TYPE',
      words: [new RegExp(`created_at DateTime. Found: row 4, created_at = "${time}`)],
    }),
  ),
  {
    name: 'a missing value where there must be one',
    select: fourth('NULL', 'address'),
    code: 'SNAPSHOT_COLUMN_TYPE',
    words: [/address String. Found: row 4, address = "NULL"/],
    endings: ['.parquet', '.ndjson'],
  },
  {
    name: 'a missing value in a list',
    select: `* REPLACE (['a', NULL] AS risk_indicators)`,
    code: 'SNAPSHOT_COLUMN_TYPE',
    words: [/row 1, risk_indicators = /],
  },
  {
    name: 'a number in a list that is too large',
    table: 'raw_features',
    select: `* REPLACE (if(degree_in = 1, [70000], [1]) AS hourly_activity)`,
    code: 'SNAPSHOT_COLUMN_TYPE',
    words: [/row 2, hourly_activity = "\[70000\]"/],
  },
  {
    name: 'a label that is none',
    select: `*, if(alert_id = 'alert-00000003', 'guess', 'miner') AS label_source`,
    code: 'SNAPSHOT_COLUMN_TYPE',
    words: [/row 4, label_source = "guess"/],
    endings: all,
  },
  {
    name: 'a label that does not fit',
    select: `*, if(alert_id = 'alert-00000003', 300, 1) AS label`,
    code: 'SNAPSHOT_COLUMN_TYPE',
    words: [/row 4, label = "300"/],
  },
  {
    name: 'a column of texts where numbers should be',
    select: '* REPLACE (toString(volume_usd) AS volume_usd)',
    code: 'SNAPSHOT_COLUMN_TYPE',
    words: [/column volume_usd/, /Decimal\(38, 18\)/, /Found: (Nullable\()?String/],
    inSnapshot: true,
  },
];

describe.each(engines)('$name', (engine) => {
  let site: IngestSite;
  let base: string;
  beforeAll(async () => {
    site = await startIngestSite(engine);
    base = await site.snapshot({ date: '2025-01-01', alerts: 6 });
    // Something that must stay as it is.
    await ingestSnapshots(site.database, { from: base });
  });
  afterAll(() => site.stop());

  /** A file of a table with rows of the sound snapshot, changed. */
  function variant(
    rows: Pick<BadRows, 'table' | 'select' | 'settings'>,
    ending = '.parquet',
  ): Promise<string> {
    const { table = 'raw_alerts', select, settings } = rows;
    return site.write(
      `${table}${ending}`,
      `SELECT ${select} FROM file('${base}/${table}.parquet', 'Parquet')`,
      settings,
    );
  }

  /** A copy of the sound snapshot with another file in place of a table's, which META.json describes as it is. */
  async function snapshotWith(file: string, table = 'raw_alerts', rows?: number): Promise<string> {
    const folder = path.join(site.folder(), 'snapshot');
    cpSync(base, folder, { recursive: true });
    const name = `${table}.parquet`;
    cpSync(file, path.join(folder, name));
    const bytes = readFileSync(file);
    changeMeta(folder, (meta) => {
      const described = { md5: createHash('md5').update(bytes).digest('hex'), bytes: bytes.length };
      meta.files[name] = { rows: rows ?? meta.files[name]?.rows ?? 0, ...described };
    });
    return folder;
  }
  const copy = () => {
    const folder = path.join(site.folder(), 'snapshot');
    cpSync(base, folder, { recursive: true });
    return folder;
  };
  const snapshot = (from: string, options: object = {}) =>
    ingestSnapshots(site.database, { from, ...options });
  const single = (from: string, table = 'raw_alerts', options: object = {}) =>
    ingestFile(site.database, { from, table, ...options });

  describe('rows are refused, with nothing stored:', () => {
    // Over the wire, those that differ in how they are found; what a column takes is decided by the same SQL.
    const some = badRows.filter(
      ({ endings, inSnapshot, isFineAlone }) => endings !== undefined || inSnapshot || isFineAlone,
    );
    it.each(engine.name === 'embedded' ? badRows : some)('$name', async (bad) => {
      const { table = 'raw_alerts', code, words, endings = ['.parquet'], inSnapshot, isFineAlone } = bad;
      if (inSnapshot || isFineAlone) {
        const folder = await snapshotWith(await variant(bad), table);
        await site.refused(() => snapshot(folder), code, path.join(folder, `${table}.parquet`), ...words);
      }
      for (const ending of isFineAlone ? [] : endings) {
        const file = await variant(bad, ending);
        await site.refused(() => single(file, table), code, file, ...words);
      }
    });

    it('a date that would turn into that of the folder', async () => {
      // 65536 days after 2025-01-01.
      const file = await variant({ select: fourth(`toDate32('2204-06-07')`, 'processing_date', 'toDate32') });
      await site.refused(
        async () => snapshot(await snapshotWith(file)),
        'SNAPSHOT_COLUMN_TYPE',
        '2204-06-07',
      );
    });
  });

  describe('rows are taken:', () => {
    it('zeros with a sign, and numbers next to nothing', async () => {
      const file = await variant({
        select: `* REPLACE (toFloat64([-0., 5e-324, 1e-45, 3.4028234e38, -3.4028234e38, 0.1][toUInt8(right(alert_id, 1)) + 1]) AS alert_confidence_score, toDate32('2026-01-01') AS processing_date)`,
      });
      await single(file);
      expect(
        await site.rows(
          `SELECT reinterpretAsUInt32(alert_confidence_score) FROM published_alerts WHERE processing_date = '2026-01-01'`,
        ),
      ).toHaveLength(6);
      expect(
        await site.count(
          'published_alerts',
          `processing_date = '2026-01-01' AND reinterpretAsUInt32(alert_confidence_score) IN (2147483648, 0, 1)`,
        ),
      ).toBe(3);
    });

    it('decimals with zeros after the places that the table has', async () => {
      const file = await variant({
        select: `* REPLACE (toDecimal256('1.1234567890123456780', 19) AS volume_usd, toDate32('2026-01-02') AS processing_date)`,
      });
      await single(file);
      expect(
        await site.count(
          'published_alerts',
          `processing_date = '2026-01-02' AND toString(volume_usd) = '1.123456789012345678'`,
        ),
      ).toBe(6);
    });

    it('texts as long as the limit says', async () => {
      const select = `* REPLACE (concat(repeat('x', 1000000), repeat('x', 1000000)) AS evidence_json, toDate32('2026-01-03') AS processing_date)`;
      const file = await variant({ select });
      await site.refused(() => single(file), 'SNAPSHOT_BAD_VALUES');
      await single(file, 'raw_alerts', { limits: { maxTextBytes: 2_000_000 } });
      expect(
        await site.count(
          'published_alerts',
          `processing_date = '2026-01-03' AND length(evidence_json) = 2000000`,
        ),
      ).toBe(6);
    });

    it('a snapshot without clusters, flows and labels, which is warned of', async () => {
      const folder = copy();
      for (const table of ['raw_clusters', 'raw_money_flows', 'raw_address_labels']) {
        const file = await variant({
          table,
          select: `* REPLACE (toDate32('2026-01-04') AS processing_date) `,
        });
        const empty = await site.write(
          `${table}.parquet`,
          `SELECT * FROM file('${file}', 'Parquet') WHERE 0`,
        );
        cpSync(empty, path.join(folder, `${table}.parquet`));
        describeAnew(folder, `${table}.parquet`, 0);
      }
      const [outcome] = await snapshot(folder, { force: true });
      expect(outcome?.warnings).toEqual([
        'raw_clusters has no rows',
        'raw_money_flows has no rows',
        'raw_address_labels has no rows',
      ]);
      expect(outcome?.rows).toMatchObject({ raw_alerts: 6, raw_clusters: 0 });
      await snapshot(base);
    });
  });

  describe('files are refused, with nothing stored:', () => {
    it('Parquet that is cut off', async () => {
      for (const share of [0, 0.001, 0.5, 0.99]) {
        const file = await variant({ select: '*' });
        truncateSync(file, Math.floor(statSync(file).size * share));
        await site.refused(() => single(file), 'FILE_TRUNCATED', file);
        const folder = await snapshotWith(file);
        await site.refused(() => snapshot(folder), 'FILE_TRUNCATED', path.join(folder, 'raw_alerts.parquet'));
        // Where META.json describes the whole file, this is not it.
        const cut = copy();
        truncateSync(path.join(cut, 'raw_alerts.parquet'), Math.floor(statSync(file).size * share));
        await site.refused(
          () => snapshot(cut),
          'SNAPSHOT_CHECKSUM_MISMATCH',
          path.join(cut, 'raw_alerts.parquet'),
        );
      }
    });

    it('Parquet with other bytes in its middle', async () => {
      const file = await variant({ select: '*' });
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.fill(0xa5, 4, Math.floor(bytes.length * 0.4)));
      await site.refused(() => single(file), 'SNAPSHOT_FILE_UNREADABLE', file);
      const described = await snapshotWith(file);
      await site.refused(
        () => snapshot(described),
        'SNAPSHOT_FILE_UNREADABLE',
        path.join(described, 'raw_alerts.parquet'),
      );
      const other = copy();
      const damaged = readFileSync(path.join(other, 'raw_features.parquet'));
      writeFileSync(
        path.join(other, 'raw_features.parquet'),
        damaged.fill(0xa5, 4, Math.floor(damaged.length * 0.4)),
      );
      await site.refused(
        () => snapshot(other, { force: true }),
        'SNAPSHOT_CHECKSUM_MISMATCH',
        path.join(other, 'raw_features.parquet'),
      );
    });

    it('a sound file that is not the one META.json describes, though as long', async () => {
      const folder = copy();
      changeMeta(folder, (meta) => {
        for (const file of Object.values(meta.files).slice(-1)) file.md5 = '0'.repeat(32);
      });
      await site.refused(
        () => snapshot(folder, { force: true }),
        'SNAPSHOT_CHECKSUM_MISMATCH',
        /md5 0{32}/,
        folder,
      );
    });

    it('a file that holds too much', async () => {
      const limits = { maxPlainBytes: 1_000_000 };
      const text = Buffer.concat([
        Buffer.from('network,address,label,data_set,data_set_version,valid_from\n'),
        Buffer.alloc(2_000_000, 'simnet,0x1,x,bomb,1,2025-01-01\n'),
      ]);
      const bomb = path.join(site.folder(), 'bomb.csv.gz');
      writeFileSync(bomb, gzipSync(text));
      await site.refused(
        () => single(bomb, 'miner_labels', { limits }),
        'FILE_TOO_LARGE',
        bomb,
        /1000000 bytes/,
      );
      for (const ending of ['.csv.zst', '.ndjson.gz', '.ndjson.zst', '.parquet.gz', '.parquet.zst']) {
        const rows = `SELECT 'simnet' AS network, ${ending.startsWith('.parquet') ? `randomString(200)` : `repeat('x', 200)`} AS address, 'x' AS label, 'bomb' AS data_set, '1' AS data_set_version, toDate('2025-01-01') AS valid_from FROM numbers(10000)`;
        const file = await site.write(`bomb${ending}`, rows);
        await site.refused(
          () => single(file, 'miner_labels', { limits }),
          'FILE_TOO_LARGE',
          file,
          /1000000 bytes/,
        );
      }
      const parquet = await variant({
        select: `* REPLACE (repeat('x', 1000000) AS evidence_json)`,
        settings: `output_format_parquet_compression_method = 'zstd', output_format_parquet_max_dictionary_size = 0`,
      });
      expect(statSync(parquet).size).toBeLessThan(100_000);
      await site.refused(() => single(parquet, 'raw_alerts', { limits }), 'FILE_TOO_LARGE', parquet);
      await site.refused(
        async () => snapshot(await snapshotWith(parquet), { limits }),
        'FILE_TOO_LARGE',
        'raw_alerts.parquet',
      );
    });

    it('a file without rows', async () => {
      for (const ending of ['.parquet', '.csv', '.parquet.gz', '.csv.zst']) {
        const file = await site.write(
          `a${ending}`,
          `SELECT * FROM file('${base}/raw_alerts.parquet', 'Parquet') WHERE 0`,
        );
        await site.refused(() => single(file), 'SNAPSHOT_EMPTY', file);
        if (ending === '.parquet') {
          const folder = await snapshotWith(file, 'raw_alerts', 0);
          await site.refused(
            () => snapshot(folder),
            'SNAPSHOT_EMPTY',
            path.join(folder, 'raw_alerts.parquet'),
          );
        }
      }
      for (const name of ['a.csv', 'a.ndjson', 'a.ndjson.gz']) {
        const file = path.join(site.folder(), name);
        writeFileSync(file, name.endsWith('.gz') ? gzipSync('') : '');
        await site.refused(() => single(file), 'FILE_HEADER_INVALID', file);
      }
    });

    it('Parquet with a column twice', async () => {
      const file = await variant({ select: `*, alert_id AS alert_ix` });
      writeFileSync(
        file,
        Buffer.from(readFileSync(file).toString('latin1').replaceAll('alert_ix', 'alert_id'), 'latin1'),
      );
      await site.refused(() => single(file), 'FILE_HEADER_INVALID', file, /'alert_id' twice/);
      await site.refused(
        async () => snapshot(await snapshotWith(file)),
        'FILE_HEADER_INVALID',
        /'alert_id' twice/,
      );
    });

    it('a CSV or NDJSON with a line that does not fit the others', async () => {
      const header = 'network,address,label,data_set,data_set_version,valid_from';
      const csv = path.join(site.folder(), 'a.csv');
      for (const line of [
        'simnet,0x2,x,d,1',
        'simnet,0x2,x,d,1,2025-01-01,extra',
        'simnet,"0x2,x,d,1,2025-01-01',
      ]) {
        writeFileSync(csv, `${header}\nsimnet,0x1,x,d,1,2025-01-01\n${line}\nsimnet,0x3,x,d,1,2025-01-01\n`);
        await site.refused(
          () => single(csv, 'miner_labels'),
          'SNAPSHOT_FILE_UNREADABLE',
          csv,
          /row 2|line 3|unexpected end/i,
        );
      }
      const ndjson = path.join(site.folder(), 'a.ndjson');
      const sound =
        '{"network":"simnet","address":"0x1","label":"x","data_set":"d","data_set_version":"1","valid_from":"2025-01-01"}\n';
      writeFileSync(ndjson, `${sound.repeat(1500)}{"network":"simnet"\n${sound}`);
      await site.refused(() => single(ndjson, 'miner_labels'), 'SNAPSHOT_FILE_UNREADABLE', ndjson);
    });
  });

  describe('what is no regular file of the folder is refused without waiting:', () => {
    const replace = (folder: string, name: string, make: (file: string) => void) => {
      rmSync(path.join(folder, name));
      make(path.join(folder, name));
      return folder;
    };
    const fifo = (file: string) => void execFileSync('mkfifo', [file]);

    it('links out of the folder', async () => {
      for (const name of ['raw_alerts.parquet', 'META.json']) {
        const folder = replace(copy(), name, (file) => symlinkSync(path.join(base, name), file));
        await site.refused(() => snapshot(folder), 'FILE_OUTSIDE_FOLDER', name, folder);
      }
      const link = path.join(site.folder(), 'link.parquet');
      symlinkSync(path.join(base, 'raw_alerts.parquet'), link);
      await site.refused(() => single(link), 'FILE_OUTSIDE_FOLDER', 'link.parquet');
      const parent = site.folder();
      symlinkSync(base, path.join(parent, '2025-01-01'));
      await site.refused(() => snapshot(parent), 'FILE_OUTSIDE_FOLDER', '2025-01-01', parent);
    });

    it('but links within it are followed, and a linked neighbour is taken once', async () => {
      const parent = site.folder();
      cpSync(base, path.join(parent, '2025-01-01'), { recursive: true });
      symlinkSync('2025-01-01', path.join(parent, 'latest'));
      const alerts = path.join(parent, '2025-01-01', 'raw_alerts.parquet');
      cpSync(alerts, path.join(parent, '2025-01-01', 'elsewhere.parquet'));
      rmSync(alerts);
      symlinkSync('elsewhere.parquet', alerts);
      expect(await snapshot(parent)).toMatchObject([{ outcome: 'unchanged' }]);
    });

    it('pipes, devices, folders and links to nothing', async () => {
      for (const [make, code] of [
        [fifo, 'FILE_NOT_REGULAR'],
        [(file: string) => symlinkSync('/dev/zero', file), 'FILE_OUTSIDE_FOLDER'],
        [(file: string) => void mkdirSync(file), 'FILE_NOT_REGULAR'],
        [(file: string) => symlinkSync('nothing', file), 'SNAPSHOT_TABLE_MISSING'],
        [(file: string) => symlinkSync(file, file), 'SNAPSHOT_TABLE_MISSING'],
      ] as const) {
        const folder = replace(copy(), 'raw_alerts.parquet', make);
        await site.refused(() => snapshot(folder), code, 'raw_alerts.parquet', folder);
      }
      const pipe = path.join(site.folder(), 'pipe.csv');
      fifo(pipe);
      await site.refused(() => single(pipe), 'FILE_NOT_REGULAR', pipe);
      await site.refused(() => single('/dev/zero'), 'FILE_NOT_REGULAR', '/dev/zero');
    });

    it('a META.json that is a pipe, a folder or a device', async () => {
      for (const make of [
        fifo,
        (file: string) => void mkdirSync(file),
        (file: string) => symlinkSync('/dev/zero', file),
      ]) {
        const folder = replace(copy(), 'META.json', make);
        await site.refused(
          () => snapshot(folder),
          make === fifo || statSync(path.join(folder, 'META.json')).isDirectory()
            ? 'SNAPSHOT_FOLDER_UNREADABLE'
            : 'FILE_OUTSIDE_FOLDER',
          'META.json',
          folder,
        );
      }
    });
  });

  describe('a META.json is refused that', () => {
    const withMeta = (text: string) => {
      const folder = copy();
      writeFileSync(path.join(folder, 'META.json'), text);
      return folder;
    };

    it('is 100 MB long', async () => {
      const folder = copy();
      const file = openSync(path.join(folder, 'META.json'), 'w');
      ftruncateSync(file, 100 * 1024 ** 2);
      closeSync(file);
      await site.refused(() => snapshot(folder), 'SNAPSHOT_META_INVALID', folder, /too long/);
    });

    it('is nested deeply, is empty, or is something else', async () => {
      const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
      const texts = [
        deep,
        `{"network":${deep}}`,
        `{"a":`.repeat(100_000),
        '',
        '[]',
        'null',
        '"x"',
        '{}',
        '\u0000',
        '{"files":[]}',
      ];
      for (const text of texts) {
        const error = await site.refused(
          () => snapshot(withMeta(text)),
          'SNAPSHOT_META_INVALID',
          'META.json',
        );
        expect(error.message.length).toBeLessThan(2000);
      }
    });

    it('has values out of range', async () => {
      for (const change of [
        { processing_date: '1969-12-31' },
        { processing_date: '2149-06-07' },
        { processing_date: '2025-02-30' },
        { processing_date: '2025-1-1' },
        { processing_date: 20250101 },
        { window_days: -1 },
        { window_days: 0 },
        { window_days: 65536 },
        { window_days: 1e300 },
        { window_days: 1.5 },
        { window_days: '30' },
        { network: 'a b; rm -rf ~' },
        { network: null },
      ]) {
        const meta = { ...readMeta(base), ...change };
        const [name = ''] = Object.keys(change);
        await site.refused(
          () => snapshot(withMeta(JSON.stringify(meta))),
          'SNAPSHOT_META_INVALID',
          'META.json',
          name,
        );
      }
      for (const change of [{ md5: 'x' }, { rows: -1 }, { rows: 1.5 }, { rows: 1e300 }, { bytes: -1 }]) {
        const meta = readMeta(base);
        const described = meta.files['raw_alerts.parquet'];
        const files = { ...meta.files, 'raw_alerts.parquet': { ...described, ...change } };
        await site.refused(
          () => snapshot(withMeta(JSON.stringify({ ...meta, files }))),
          'SNAPSHOT_META_INVALID',
          Object.keys(change)[0] ?? '',
        );
      }
    });

    it('names files that nobody knows, told of without control characters and at no great length', async () => {
      const described = { md5: '0'.repeat(32), rows: 1 };
      for (const name of [
        '/etc/passwd',
        'raw_alerts.parquet ',
        'RAW_ALERTS.parquet',
        '__proto__',
        '\u001b[2Jgone',
        'x'.repeat(100_000),
      ]) {
        const meta = readMeta(base);
        const files = `${JSON.stringify(meta.files).slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(described)}}`;
        const text = JSON.stringify({ ...meta, files: 0 }).replace('"files":0', `"files":${files}`);
        const error = await site.refused(
          () => snapshot(withMeta(text)),
          'SNAPSHOT_TABLE_UNKNOWN',
          'META.json',
        );
        expect(error.message).not.toMatch(/\p{Cc}/u);
        expect(error.message.length).toBeLessThan(2000);
      }
    });
  });
});

function readMeta(folder: string): FixtureMeta {
  return JSON.parse(readFileSync(path.join(folder, 'META.json'), 'utf8')) as FixtureMeta;
}

function changeMeta(folder: string, change: (meta: FixtureMeta) => void): void {
  const meta = readMeta(folder);
  change(meta);
  writeFileSync(path.join(folder, 'META.json'), JSON.stringify(meta));
}

/** Makes META.json describe a file as it is. */
function describeAnew(folder: string, name: string, rows: number): void {
  const bytes = readFileSync(path.join(folder, name));
  changeMeta(folder, (meta) => {
    meta.files[name] = { md5: createHash('md5').update(bytes).digest('hex'), rows, bytes: bytes.length };
  });
}
