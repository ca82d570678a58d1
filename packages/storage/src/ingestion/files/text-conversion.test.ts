import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createRandom } from '@risk-scoring/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedEngine } from '../../engine/embedded-engine.ts';
import type { Engine } from '../../engine/engine.ts';
import { scratchFolder } from '../../testing/scratch.ts';
import { FileError } from './errors.ts';
import type { FileFormat } from './file-format.ts';
import { inspectFile } from './inspect-file.ts';
import { textConversion, textSettings, textStructure } from './text-conversion.ts';

const scratch = scratchFolder();
let engine: Engine;
let files = 0;

beforeAll(async () => {
  engine = await openEmbeddedEngine(scratch.folder);
});
afterAll(async () => {
  await engine.close();
  scratch.remove();
});

type TextFormat = Exclude<FileFormat, 'Parquet'>;
const formats: readonly TextFormat[] = ['CSVWithNames', 'JSONEachRow'];

/** Every column of a text, converted and shown as text (NULL as null), row by row. */
async function convertFile(
  format: TextFormat,
  text: string,
  types: Readonly<Record<string, string>>,
): Promise<(string | null)[][]> {
  files += 1;
  const file = path.join(scratch.folder, `${files}.${format === 'JSONEachRow' ? 'ndjson' : 'csv'}`);
  writeFileSync(file, text);
  const { columns } = await inspectFile(file, { maxPlainBytes: 1e9 });
  const converted = Object.entries(types).map(([name, type]) => textConversion({ name, type }, format));
  const shown = converted.map((expression) => `toString(${expression})`);
  const names = converted.map((expression) => `toTypeName(${expression})`);
  const output = await engine.run({
    sql: `SELECT [${names.join(', ')}], [${shown.join(', ')}] FROM file({file:String}, {format:String}, {structure:String}) FORMAT JSONCompactEachRow`,
    params: { file, format, structure: textStructure(columns) },
    settings: textSettings(format),
  });
  return output
    .trim()
    .split('\n')
    .map((line) => {
      const [found, values] = JSON.parse(line) as [string[], (string | null)[]];
      expect(found).toEqual(Object.values(types));
      return values;
    });
}

/** A column of one value each row, as a text of the format; undefined is no value at all. */
function write(format: TextFormat, values: readonly (string | undefined)[]): string {
  if (format === 'JSONEachRow')
    return values.map((value) => `${JSON.stringify({ v: value ?? null, n: 1 })}\n`).join('');
  return `v,n\n${values.map((value) => `${value === undefined ? '' : `"${value.replaceAll('"', '""')}"`},1\n`).join('')}`;
}

interface Family {
  readonly type: string;
  /** Text and what it becomes; a lone text stays as it is. */
  readonly good: readonly (string | readonly [text: string, value: string])[];
  readonly bad: readonly string[];
}

const noNumbers = [
  '',
  ' ',
  'abc',
  '-',
  '+',
  ' 12',
  '12 ',
  '1 2',
  '1_0',
  '0x10',
  '1,2',
  '--1',
  'null',
  'NULL',
  'None',
  'true',
  '12\n',
  '１',
];
const noTimes = [
  '',
  'abc',
  '0',
  '5',
  'Jan 1 2020',
  '20200101',
  '2020-13-01 00:00:00',
  '2020-02-30 00:00:00',
  '2021-02-29 00:00:00',
];

const families: readonly Family[] = [
  {
    type: 'UInt8',
    good: ['0', '255', ['+5', '5'], ['007', '7']],
    bad: [...noNumbers, '256', '300', '-1', '1.0', '1.5', '1e2'],
  },
  { type: 'UInt16', good: ['65535'], bad: ['65536', '-1', '1.0'] },
  { type: 'UInt32', good: ['4294967295'], bad: ['4294967296', '-1'] },
  {
    type: 'UInt64',
    good: ['18446744073709551615', '9007199254740993'],
    bad: ['18446744073709551616', '36893488147419103232', '-1'],
  },
  { type: 'Int8', good: ['-128', '127'], bad: [...noNumbers, '128', '-129'] },
  {
    type: 'Int64',
    good: ['-9223372036854775808', '9223372036854775807'],
    bad: ['9223372036854775808', '-9223372036854775809'],
  },
  {
    type: 'Float32',
    good: [
      '0',
      '0.1',
      '1.5',
      ['1.5e3', '1500'],
      ['16777217', '16777216'],
      '3.4028235e38',
      ['1e-50', '0'],
      ['-inf', '-inf'],
      ['NaN', 'nan'],
    ],
    bad: [
      ...noNumbers.filter((text) => text !== '１'),
      '1e39',
      '3.4028236e38',
      '-1e400',
      '1e',
      '1d',
      '.',
      '1e+',
      '1.2.3',
    ],
  },
  {
    type: 'Float64',
    good: [
      '0.1',
      '0.30000000000000004',
      ['4.9e-324', '5e-324'],
      ['1e400'.slice(0, 4), '1e40'],
      '-1.7976931348623157e308',
      ['inf', 'inf'],
    ],
    bad: ['', '1e400', '-1e309', '1.7976931348623159e308', '1,5', '0x1p3'],
  },
  {
    type: 'Decimal(38, 18)',
    good: [
      '0',
      '1.5',
      '-1.5',
      '0.123456789012345678',
      ['0.1234567890123456780', '0.123456789012345678'],
      ['1.50', '1.5'],
      ['1.5e3', '1500'],
      ['1E+2', '100'],
      ['1e-18', '0.000000000000000001'],
      ['1.000000e-18', '0.000000000000000001'],
      ['123.45e-16', '0.000000000000012345'],
      ['1.0000000000000000001e1', '10.000000000000000001'],
      ['1e19', '10000000000000000000'],
      '99999999999999999999.999999999999999999',
      '-99999999999999999999.999999999999999999',
      ['+7', '7'],
    ],
    bad: [
      ...noNumbers,
      '0.1234567890123456789',
      '1e-19',
      '1.5e-18',
      '12e-19',
      '100000000000000000000',
      '1e20',
      '1e400',
      '1e-400',
      '1.2.3',
      '.',
      '.5',
      '1e',
      'nan',
      'inf',
      '99999999999999999999.9999999999999999999',
    ],
  },
  { type: 'Decimal(9, 2)', good: ['1234567.89', ['1.230', '1.23']], bad: ['1.234', '12345678.9'] },
  {
    type: 'Date',
    good: ['2020-01-01', '1970-01-01', '2149-06-06', '2020-02-29'],
    bad: [
      '',
      'abc',
      '2020-13-01',
      '2020-00-10',
      '2020-01-32',
      '2020-02-30',
      '2021-02-29',
      '2020-1-1',
      '20200101',
      '2020/01/01',
      '2020-01-01 ',
      ' 2020-01-01',
      '2020-01-01 00:00:00',
      '1969-12-31',
      '1900-01-01',
      '2149-06-07',
      '2200-01-01',
      '0000-00-00',
      '18262',
    ],
  },
  {
    type: "DateTime('UTC')",
    good: [
      '2020-01-01 12:34:56',
      ['2020-01-01T12:34:56', '2020-01-01 12:34:56'],
      ['2020-01-01T12:34:56Z', '2020-01-01 12:34:56'],
      ['2020-01-01 12:34:56Z', '2020-01-01 12:34:56'],
      ['2020-01-01T12:34:56.000Z', '2020-01-01 12:34:56'],
      ['2020-01-01 12:34:56.000000', '2020-01-01 12:34:56'],
      ['2020-01-01T12:34:56+02:00', '2020-01-01 10:34:56'],
      ['2020-01-01T12:34:56-05:30', '2020-01-01 18:04:56'],
      ['2020-01-01 12:34:56+00:00', '2020-01-01 12:34:56'],
      ['2020-01-01', '2020-01-01 00:00:00'],
      '1970-01-01 00:00:00',
      '2106-02-07 06:28:15',
    ],
    bad: [
      ...noTimes,
      '1577836800',
      '1577836800000',
      '2020-01-01T12:34:56.5Z',
      '2020-01-01 12:34:56.001',
      '2020-01-01 24:00:00',
      '2020-01-01 23:60:00',
      '2020-01-01 23:59:60',
      '2020-01-01 12:34',
      '2020-01-01 12:34:56 UTC',
      '2020-01-01T12:34:56+0200',
      '1969-12-31 23:59:59',
      '1970-01-01T00:00:00+02:00',
      '2106-02-07 06:28:16',
      '2200-01-01 00:00:00',
      '2020-01-01 12:34:56 ',
    ],
  },
  {
    type: "DateTime64(3, 'UTC')",
    good: [
      '2020-01-01 12:34:56.789',
      ['2020-01-01T12:34:56.789000Z', '2020-01-01 12:34:56.789'],
      ['2020-01-01T12:34:56.7+01:00', '2020-01-01 11:34:56.700'],
      ['2020-01-01', '2020-01-01 00:00:00.000'],
      '2199-12-31 23:59:59.999',
    ],
    bad: [
      ...noTimes,
      '2020-01-01 12:34:56.7891',
      '1577836800.123',
      '1600-01-01 00:00:00',
      '2300-01-01 00:00:00',
    ],
  },
  {
    type: 'Bool',
    good: ['true', 'false', ['1', 'true'], ['0', 'false'], ['True', 'true'], ['FALSE', 'false']],
    bad: ['', '2', 'yes', 'no', 't', 'on', 'y', '01', 'tRuE', ' true', 'null'],
  },
  {
    type: 'String',
    good: ['', ' a ', 'NULL', 'null', "it's", '"q"', 'a,b', 'é😀', '[1]', '?', '\t', 'x\ny'],
    bad: [],
  },
  { type: 'LowCardinality(String)', good: ['', 'high', ' high'], bad: [] },
  {
    type: "Enum8('proxy' = 1, 'it\\'s' = 2, '' = 3)",
    good: ['proxy', "it's"],
    bad: ['1', '2', '4', 'Proxy', ' proxy', 'abc'],
  },
  {
    type: 'Array(String)',
    good: [
      ["['a','b']", "['a','b']"],
      ["['a', 'b']", "['a','b']"],
      ['["a","b"]', "['a','b']"],
      [' [ "a" , "b" ] ', "['a','b']"],
      ['[]', '[]'],
      ['["it\'s","a\\"b","\\u00e9"]', "['it\\'s','a\"b','é']"],
      ["['it\\'s','tab\\t']", "['it\\'s','tab\\t']"],
      ["['a,b','[c]']", "['a,b','[c]']"],
      ['["a,b","null",""]', "['a,b','null','']"],
    ],
    bad: [
      '',
      'a',
      'a,b',
      '[a]',
      '[1,2]',
      '[null]',
      '["a",null]',
      '["a",1]',
      '["a",true]',
      '["a",["b"]]',
      '["a",]',
      '["a" "b"]',
      '["a"',
      '["a"]x',
      '{"a":1}',
      '"a"',
      "['a',]",
      "['a' 'b']",
      "['a",
      "['a','b\"]",
      "['\\x41']",
      "['it''s']",
      '["\\ud800"]',
      '[NULL]',
      "['a'],['b']",
    ],
  },
  {
    type: 'Array(UInt16)',
    good: [
      ['[1,2]', '[1,2]'],
      ['[ 1 , 65535 ]', '[1,65535]'],
      ['[]', '[]'],
      ['[ ]', '[]'],
      ['["1","2"]', '[1,2]'],
      ["['7']", '[7]'],
    ],
    bad: [
      '',
      '1,2',
      '[65536]',
      '[-1]',
      '[1.5]',
      '[1.0]',
      '[1e2]',
      '[null]',
      '[NULL]',
      '[1,]',
      '[,1]',
      '[1 2]',
      '[1,2',
      '1,2]',
      '[[1]]',
      '[1]]',
      '["1]',
      '[true]',
      '{"a":1}',
      '[1],[2]',
    ],
  },
  {
    type: 'Array(Decimal(38, 18))',
    good: [['[1.5,0.123456789012345678]', '[1.5,0.123456789012345678]']],
    bad: ['[0.1234567890123456789]', '[nan]'],
  },
  { type: 'Array(Float32)', good: [['[0.1,1]', '[0.1,1]']], bad: ['[1e39]', '[a]'] },
  {
    type: 'Array(Date)',
    good: [
      ['["2020-01-01"]', "['2020-01-01']"],
      ["['2020-01-01']", "['2020-01-01']"],
    ],
    bad: ['["2020-13-01"]'],
  },
];

describe('textConversion', () => {
  for (const format of formats) {
    for (const { type, good, bad } of families) {
      it(`makes ${type} of ${format} exactly, or refuses`, async () => {
        const pairs = good.map((one) => (typeof one === 'string' ? ([one, one] as const) : one));
        const texts = pairs.map(([text]) => text);
        const values = pairs.map(([, value]) => value);
        expect(await convertFile(format, write(format, texts), { v: type })).toEqual(
          values.map((value) => [value]),
        );
        // The same, where there may be no value: what is bad stays an error and does not become NULL.
        const nullable = type.startsWith('Array(')
          ? undefined
          : type.replace(/^(?:LowCardinality\((.*)\)|(.*))$/, 'Nullable($1$2)');
        if (nullable !== undefined) {
          const all = await convertFile(format, write(format, [...texts, undefined]), { v: nullable });
          expect(all).toEqual([...values.map((value) => [value]), [null]]);
        }
        const [fine = ''] = texts;
        for (const text of bad) {
          await expect(
            convertFile(format, write(format, [fine, text]), { v: type }),
            JSON.stringify(text),
          ).rejects.toThrow();
          // A CSV's empty field is no value.
          if (nullable === undefined || (text === '' && format === 'CSVWithNames')) continue;
          const refused = convertFile(format, write(format, [fine, text]), { v: nullable });
          await expect(refused, `${nullable} ${JSON.stringify(text)}`).rejects.toThrow();
        }
        if (type !== 'String' && type !== 'LowCardinality(String)' && !type.startsWith('Enum')) {
          await expect(convertFile(format, write(format, [undefined]), { v: type })).rejects.toThrow(/./);
        }
      });
    }
  }

  it('tells nothing, \\N and the empty text of a CSV apart', async () => {
    const text = 'v,n\n,1\n"",1\n\\N,1\n';
    expect(await convertFile('CSVWithNames', text, { v: 'Nullable(String)' })).toEqual([
      [null],
      [''],
      [null],
    ]);
    expect(await convertFile('CSVWithNames', text, { v: 'Nullable(UInt8)' })).toEqual([
      [null],
      [null],
      [null],
    ]);
    expect(await convertFile('CSVWithNames', 'v,n\n,1\n"",1\n', { v: 'String' })).toEqual([[''], ['']]);
    await expect(convertFile('CSVWithNames', 'v,n\n\\N,1\n', { v: 'String' })).rejects.toThrow(/NULL/);
    await expect(convertFile('CSVWithNames', 'v,n\n\\N,1\n', { v: 'UInt8' })).rejects.toThrow(/NULL/);
  });

  it('makes the same of a CSV whose columns are read as String, but for nothing in a Nullable(String)', async () => {
    const file = path.join(scratch.folder, 'plain.csv');
    writeFileSync(file, 'v,w\n,\n"",\\N\n7,x\n');
    const shown = ['Nullable(UInt8)', 'String'].map(
      (type) => `toString(${textConversion({ name: 'v', type }, 'CSVWithNames')})`,
    );
    const nullable = `toString(${textConversion({ name: 'w', type: 'Nullable(String)' }, 'CSVWithNames')})`;
    const output = await engine.run({
      sql: `SELECT ${[...shown, nullable].join(', ')} FROM file({file:String}, 'CSVWithNames', 'v String, w String') FORMAT JSONCompactEachRow`,
      params: { file },
      settings: textSettings('CSVWithNames'),
    });
    expect(
      output
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      [null, '', ''],
      [null, '', null],
      ['7', '7', 'x'],
    ]);
  });

  it('takes a key that is missing, or null, for no value', async () => {
    const text = '{"v":"a","n":1}\n{"n":1}\n{"v":null,"n":1}\n{"v":"","n":1}\n{"v":"\\\\N","n":1}\n';
    expect(await convertFile('JSONEachRow', text, { v: 'Nullable(String)' })).toEqual([
      ['a'],
      [null],
      [null],
      [''],
      ['\\N'],
    ]);
    for (const type of ['String', 'LowCardinality(String)', 'UInt8', 'Array(String)']) {
      await expect(convertFile('JSONEachRow', '{"v":null}\n', { v: type }), type).rejects.toThrow(/NULL/);
    }
    await expect(convertFile('JSONEachRow', '{"v":"a"}\n{"n":1}\n', { v: 'String' })).rejects.toThrow(/NULL/);
  });

  it('takes JSON values as they are written, not as JavaScript would read them', async () => {
    const row =
      '{"a":18446744073709551615,"b":0.123456789012345678,"c":1.5e3,"d":true,"e":["x","y,z"],"f":[1,2],"g":{"k":[1]},"h":5}\n';
    const types = {
      a: 'UInt64',
      b: 'Decimal(38, 18)',
      c: 'Decimal(38, 18)',
      d: 'Bool',
      e: 'Array(String)',
      f: 'Array(UInt16)',
      g: 'String',
      h: 'String',
    };
    expect(await convertFile('JSONEachRow', row, types)).toEqual([
      [
        '18446744073709551615',
        '0.123456789012345678',
        '1500',
        'true',
        "['x','y,z']",
        '[1,2]',
        '{"k":[1]}',
        '5',
      ],
    ]);
    for (const [value, type] of [
      ['1.5', 'UInt8'],
      ['true', 'UInt8'],
      ['{"k":1}', 'Array(String)'],
      ['[1]', 'UInt8'],
      ['2', 'Bool'],
    ] as const) {
      await expect(
        convertFile('JSONEachRow', `{"v":${value}}\n`, { v: type }),
        `${value} ${type}`,
      ).rejects.toThrow();
    }
  });

  it('refuses lines that are not of the format, wherever they are', async () => {
    const types = { v: 'String' };
    for (const line of ['1', '1,2,3', '"1,2', '"1"x,2', '\n1,2']) {
      await expect(convertFile('CSVWithNames', `v,n\n1,2\n${line}\n`, types), line).rejects.toThrow();
    }
    for (const line of ['{"v":1', 'x', '{"v":"\\ud800"}', '{"v":nan}']) {
      const lines = `${'{"v":1}\n'.repeat(1001)}${line}\n`;
      await expect(convertFile('JSONEachRow', lines, types), line).rejects.toThrow();
    }
  });

  it('takes text with any line ends, a byte order mark and no last line end', async () => {
    expect(
      await convertFile('CSVWithNames', '\ufeff"v",n\r\n1,2\r\n3,4', { v: 'UInt8', n: 'UInt8' }),
    ).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    expect(await convertFile('JSONEachRow', '\ufeff{"v":1}\r\n\r\n{"v":2}', { v: 'UInt8' })).toEqual([
      ['1'],
      ['2'],
    ]);
  });

  it('quotes the names of columns', async () => {
    const name = 'a`b \\c';
    expect(await convertFile('CSVWithNames', `v,${name}\n1,2\n`, { [name]: 'UInt8' })).toEqual([['2']]);
    expect(
      await convertFile('JSONEachRow', `${JSON.stringify({ [name]: 2 })}\n`, { [name]: 'UInt8' }),
    ).toEqual([['2']]);
  });

  it('refuses types of which no text says a value', () => {
    for (const type of [
      'Map(String, UInt8)',
      'Tuple(UInt8)',
      'Array(Array(UInt8))',
      'Array(Nullable(UInt8))',
      'JSON',
      'FixedString(4)',
    ]) {
      expect(() => textConversion({ name: 'c', type }, 'CSVWithNames'), type).toThrow(FileError);
    }
  });

  it('gives back every random number and text', async () => {
    const random = createRandom(11, 'text conversion');
    const digits = (length: number) => Array.from({ length }, () => random.integer(10)).join('');
    const alphabet = [
      'a',
      'é',
      '😀',
      '"',
      "'",
      '\\',
      ',',
      '\n',
      '\r',
      '\t',
      '[',
      ']',
      ' ',
      '\u0001',
      '/',
      '\u2028',
    ];
    const text = () =>
      Array.from({ length: random.integer(12) }, () => alphabet[random.integer(alphabet.length)]).join('');
    const rows = Array.from({ length: 500 }, () => ({
      double: (random.next() - 0.5) * 10 ** (random.integer(600) - 300),
      decimal: `${random.integer(2) ? '-' : ''}${1 + random.integer(9)}${digits(random.integer(19))}.${digits(17)}${1 + random.integer(9)}`,
      texts: Array.from({ length: random.integer(4) }, text),
      one: `x${text()}x`,
    }));
    const types = { double: 'Float64', decimal: 'Decimal(38, 18)', texts: 'Array(String)', one: 'String' };
    const csvField = (value: string) => `"${value.replaceAll('"', '""')}"`;
    const csv = rows.map((row) =>
      [`${row.double}`, row.decimal, JSON.stringify(row.texts), row.one].map(csvField).join(','),
    );
    const read = {
      CSVWithNames: await convertFile('CSVWithNames', `double,decimal,texts,one\n${csv.join('\n')}\n`, types),
      JSONEachRow: await convertFile('JSONEachRow', rows.map((row) => JSON.stringify(row)).join('\n'), types),
    };
    // What ClickHouse shows of an array can be read again.
    const again = read.CSVWithNames.map((row) => row[2] ?? '');
    expect(await convertFile('CSVWithNames', write('CSVWithNames', again), { v: 'Array(String)' })).toEqual(
      again.map((value) => [value]),
    );
    for (const found of Object.values(read)) {
      expect(found.map((row) => Number(row[0]))).toEqual(rows.map((row) => row.double));
      expect(found.map((row) => row[1])).toEqual(rows.map((row) => row.decimal));
      expect(found.map((row) => row[3])).toEqual(rows.map((row) => row.one));
    }
    expect(read.JSONEachRow.map((row) => row[2])).toEqual(again);
    const [joined] = (
      await engine.run({
        sql: `SELECT arrayStringConcat(arrayMap(x -> hex(x), ${again.find((value) => value.length > 20) ?? '[]'}), ',') FORMAT TSV`,
      })
    ).split('\n');
    const original = rows[again.findIndex((value) => value.length > 20)]?.texts ?? [];
    expect(joined).toBe(original.map((one) => Buffer.from(one).toString('hex').toUpperCase()).join(','));
  });
});
