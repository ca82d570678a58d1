import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  Bool,
  DateDay,
  Dictionary,
  Float32,
  Int8,
  Int32,
  Int64,
  Table,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMPRESSORS, PARQUET_COMPRESSIONS, parquetOf, withFiles } from '../../test-support/label-files.ts';
import type { AddressLabelRows } from '../rows/address-label-rows.ts';
import { RISK_LEVELS } from '../rows/risk-levels.ts';
import { type ReadLabelFileOptions, readLabelFile } from './read-label-file.ts';
import { writeLabelCsv } from './write-label-csv.ts';

const DAY_MS = 86_400_000;

/** Rows as objects, to compare them by what they say. */
function listed(rows: AddressLabelRows) {
  return Array.from({ length: rows.rows }, (_, row) => ({
    address: rows.addresses.values[rows.addresses.codes[row] ?? -1],
    label: rows.labels[row],
    level: RISK_LEVELS[rows.levels[row] ?? -1],
    confidence: rows.confidences[row],
    source: rows.sources.values[rows.sources.codes[row] ?? -1],
    validFrom: rows.validFrom[row],
    date: rows.dates[row],
  }));
}

function readText(name: string, text: string | Uint8Array, options?: ReadLabelFileOptions) {
  return withFiles(async (write) => readLabelFile(await write(name, text), options));
}

const row = (address: string, label: number, parts: Partial<ReturnType<typeof listed>[number]> = {}) => ({
  address,
  label,
  level: label === 1 ? 'high' : 'low',
  confidence: 1,
  source: '',
  validFrom: 0,
  date: 0,
  ...parts,
});

interface Said {
  readonly address: string;
  readonly level: number;
  readonly confidence: number;
  readonly source: string;
  readonly day: number;
}

const said = fc.record({
  address: fc.stringMatching(/^[0-9a-zA-Z]{1,42}$/),
  level: fc.integer({ min: 0, max: 3 }),
  confidence: fc.float({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true }).map(Math.abs),
  source: fc.string({ unit: 'grapheme', maxLength: 12 }),
  day: fc.integer({ min: 0, max: 65_535 }),
});

function rowsOf(list: readonly Said[]): AddressLabelRows {
  const texts = (values: string[]) => {
    const distinct = [...new Set(values)];
    const codeOf = new Map(distinct.map((value, code) => [value, code]));
    return { values: distinct, codes: Int32Array.from(values, (value) => codeOf.get(value) ?? -1) };
  };
  const days = Int32Array.from(list, ({ day }) => day);
  return {
    rows: list.length,
    addresses: texts(list.map(({ address }) => address)),
    labels: Int8Array.from(list, ({ level }) => (level >= 2 ? 1 : 0)),
    levels: Int8Array.from(list, ({ level }) => level),
    confidences: Float32Array.from(list, ({ confidence }) => confidence),
    sources: texts(list.map(({ source }) => source)),
    dates: days,
    validFrom: days,
  };
}

function ndjsonOf(list: readonly Said[]): string {
  return list
    .map(({ address, level, confidence, source, day }) =>
      JSON.stringify({
        address,
        risk_level: RISK_LEVELS[level],
        confidence_score: confidence,
        source,
        valid_from: new Date(day * DAY_MS).toISOString().slice(0, 10),
      }),
    )
    .join('\n');
}

function tableOf(list: readonly Said[]): Table {
  return new Table({
    address: vectorFromArray(
      list.map(({ address }) => address),
      new Utf8(),
    ),
    risk_level: vectorFromArray(
      list.map(({ level }) => RISK_LEVELS[level]),
      new Dictionary(new Utf8(), new Int32()),
    ),
    confidence_score: vectorFromArray(
      list.map(({ confidence }) => confidence),
      new Float32(),
    ),
    source: vectorFromArray(
      list.map(({ source }) => source),
      new Utf8(),
    ),
    valid_from: vectorFromArray(
      list.map(({ day }) => new Date(day * DAY_MS)),
      new DateDay(),
    ),
  });
}

describe('readLabelFile', () => {
  const list: Said[] = Array.from({ length: 30_000 }, (_, i) => ({
    address: `0x${(i % 20_000).toString(16).padStart(40, '0')}`,
    level: i % 4,
    confidence: (i % 101) / 100,
    source: ['desk', 'Börse, "nord"', 'two\nlines', ''][i % 4] ?? '',
    day: i % 5 === 0 ? 0 : 18_000 + (i % 400),
  }));
  const contents: Record<string, () => Uint8Array> = {
    '.csv': () => Buffer.from(writeLabelCsv(rowsOf(list))),
    '.ndjson': () => Buffer.from(ndjsonOf(list)),
    '.parquet': () => parquetOf(tableOf(list), 'snappy', 7000),
  };
  const expected = listed(rowsOf(list));

  it.each(Object.keys(contents).flatMap((format) => Object.keys(COMPRESSORS).map((end) => [format, end])))(
    'reads %s%s',
    async (format, end) => {
      const bytes = COMPRESSORS[end]?.(contents[format]?.() ?? new Uint8Array()) ?? new Uint8Array();
      const file = await readText(`Labels${format}${end}`, bytes);
      expect(listed(file.rows)).toEqual(expected);
      expect(file.warnings).toEqual([]);
      expect(file.statedBy).toBe(format === '.csv' ? 'label' : 'risk_level');
      expect(file.bytes).toBe(bytes.length);
      expect(file.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    },
  );

  it.each(Object.keys(PARQUET_COMPRESSIONS) as (keyof typeof PARQUET_COMPRESSIONS)[])(
    'reads Parquet with pages compressed by %s',
    async (compression) => {
      const { rows } = await readText('labels.parquet', parquetOf(tableOf(list.slice(0, 500)), compression));
      expect(listed(rows)).toEqual(expected.slice(0, 500));
    },
  );

  it('reads what the zstd command wrote', async () => {
    // `zstd` of a header and 40 lines `0x` + 36 zeros + a number from 1001 on, odd ones labelled 1.
    const bytes = Buffer.from(
      'KLUv/WQWBi0EAKKEDhOwJW3ngDiKMDWkr+zu7j2bgbkYwmNbTTwrerlWE8+KTqbVxLOi319NPCsPfW7fAQuhBEOYYSgAQkYoIPA1DpiSeZksUzIvk2VK5s3EmEiTZUrmZbJMybxMlikyMSZispqSeZksUzIvk2WKTIyJmCxTal4my5SIeXUmyyAXQjDSggFny3i2',
      'base64',
    );
    const { rows } = await readText('labels.csv.zst', bytes);
    expect(rows.rows).toBe(40);
    expect(listed(rows)[0]).toEqual(row(`0x${'0'.repeat(36)}1001`, 1));
    expect(listed(rows)[39]).toEqual(row(`0x${'0'.repeat(36)}1040`, 0));
  });

  it('reads back what writeLabelCsv writes, whatever is in it', async () => {
    await withFiles(async (write) => {
      await fc.assert(
        fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 30 }), async (some) => {
          const { rows } = await readLabelFile(await write('some.csv', writeLabelCsv(rowsOf(some))));
          expect(listed(rows)).toEqual(listed(rowsOf(some)));
        }),
        { numRuns: 200 },
      );
    });
  });

  it('keeps rows whose level is taken for neither class through writing and reading', async () => {
    const options = { positiveRiskLevels: ['critical'], negativeRiskLevels: ['low'] } as const;
    const text = 'address,risk_level\na,critical\nb,high\nc,medium\nd,low\n';
    const { rows } = await readText('a.csv', text, options);
    expect(Array.from(rows.labels)).toEqual([1, -1, -1, 0]);
    const again = await readText('b.csv', writeLabelCsv(rows), options);
    expect(listed(again.rows)).toEqual(listed(rows));
  });

  it('reads cells without quotes as it reads the same cells in quotes', async () => {
    const cell = fc.stringMatching(/^[^",\r\n\p{Cc}]{0,10}$/u);
    const quotable = fc.record({ source: cell, type: cell, end: fc.constantFrom('\n', '\r\n') });
    await withFiles(async (write) => {
      await fc.assert(
        fc.asyncProperty(fc.array(quotable, { minLength: 1, maxLength: 20 }), async (some) => {
          const text = (quote: string) =>
            `address,label,source,address_type\n${some
              .map(
                ({ source, type, end }, i) =>
                  `a${i},1,${quote}${source}${quote},${quote}${type}${quote}${end}`,
              )
              .join('')}`;
          const plain = await readLabelFile(await write('plain.csv', text('')));
          const quoted = await readLabelFile(await write('quoted.csv', text('"')));
          expect(quoted.rows).toEqual(plain.rows);
          expect(quoted.extras).toEqual(plain.extras);
        }),
        { numRuns: 100 },
      );
    });
  });

  it.each([
    ['a byte order mark and Windows line breaks', '\ufeffaddress,label\r\na,1\r\nb,0\r\n'],
    ['line breaks of old Macs', 'address,label\ra,1\rb,0\r'],
    ['no last line break, blank lines and spaces', '\n address , label\n\n  a ,\t1\n\n b,0 '],
    ['words', 'address,label\na,Suspicious\nb,NORMAL\n'],
    ['booleans', 'label,address\nTRUE,a\nfalse,b\n'],
    ['whole numbers with a point', 'address,label\na,1.0\nb,0.0\n'],
    ['both columns', 'address,label,risk_level\na,1,High\nb,0,\n'],
    ['risk levels', 'address,risk_level\na, HIGH\nb,Low\n'],
    ['a BOM and quotes', '\ufeff"address","label"\n"a","1"\n"b","0"\n'],
  ])('reads CSV with %s', async (_, text) => {
    expect(listed((await readText('labels.csv', text)).rows)).toEqual([row('a', 1), row('b', 0)]);
  });

  it('reads NDJSON whose objects differ in their keys', async () => {
    const text =
      '{"address":"a","label":true,"trust_level":"high"}\n\n{"label":0,"address":"b","source":"x"}\r\n';
    const { rows, columns, extras } = await readText('labels.jsonl', text);
    expect(listed(rows)).toEqual([row('a', 1), row('b', 0, { source: 'x' })]);
    expect(columns).toEqual(['address', 'label', 'trust_level', 'source']);
    expect(extras).toEqual({ trust_level: { codes: Int32Array.of(0, 1), values: ['high', ''] } });
  });

  it('reads Parquet labels of any number and dates as points in time, with gaps', async () => {
    const midnight = new Date('2025-03-01T00:00:00Z');
    for (const labels of [
      vectorFromArray([1, 0, null], new Int8()),
      vectorFromArray([1n, 0n, null], new Int64()),
      vectorFromArray([true, false, null], new Bool()),
      vectorFromArray([1, 0, null], new Float32()),
    ]) {
      const table = new Table({
        address: vectorFromArray(['a', 'b', 'c'], new Utf8()),
        label: labels,
        risk_level: vectorFromArray([null, null, 'critical'], new Utf8()),
        confidence: vectorFromArray([null, 0.5, null], new Float32()),
        valid_from: vectorFromArray([midnight, null, null], new TimestampMillisecond()),
      });
      const day = midnight.getTime() / DAY_MS;
      expect(listed((await readText('labels.parquet', parquetOf(table))).rows)).toEqual([
        row('a', 1, { validFrom: day, date: day }),
        row('b', 0, { confidence: 0.5 }),
        row('c', 1, { level: 'critical' }),
      ]);
    }
  });

  it('takes a plain list of addresses when told what they are', async () => {
    const file = await readText('list.csv', 'address\na\nb\n', { defaultLabel: 1 });
    expect(listed(file.rows)).toEqual([row('a', 1), row('b', 1)]);
    expect(file.statedBy).toBe('default');
  });

  it('keeps extra columns, and warns of others and of what is of no use', async () => {
    const text = 'address,label,network,address_type,note\na,1,btc,wallet,x\nb,0,btc,,\n';
    const { extras, columns, warnings } = await readText('labels.csv', text, { defaultLabel: 0 });
    expect(extras).toEqual({
      network: { codes: Int32Array.of(0, 0), values: ['btc'] },
      address_type: { codes: Int32Array.of(0, 1), values: ['wallet', ''] },
    });
    expect(columns).toEqual(['address', 'label', 'network', 'address_type', 'note']);
    expect(warnings).toEqual([
      "the column 'note' is ignored",
      'the default label is of no use: the file has the column label',
    ]);
  });

  it('reads the example file without a warning', async () => {
    const file = fileURLToPath(new URL('../../examples/labels.csv', import.meta.url));
    const { rows, warnings, columns } = await readLabelFile(file);
    expect(rows.rows).toBe(300);
    expect(rows.labels.reduce((sum, label) => sum + label, 0)).toBe(100);
    expect(columns).toEqual(['address', 'label', 'confidence', 'source', 'valid_from']);
    expect(warnings).toEqual([]);
    expect(await readFile(file, 'utf8')).toMatch(/^address,[^"]*\n$/);
  });
});

describe('writeLabelCsv', () => {
  it('writes what a person can read, and names that look like formulas as they are', () => {
    const some = [
      { address: 'a', level: 2, confidence: 0.9, source: '=1+1', day: 20_000 },
      { address: 'b', level: 0, confidence: 1, source: 'x,"y"', day: 0 },
    ];
    expect(writeLabelCsv(rowsOf(some))).toBe(
      'address,label,risk_level,confidence,source,valid_from\na,1,high,0.9,=1+1,2024-10-04\nb,0,low,1,"x,""y""",\n',
    );
  });
});
