import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { CancelledError } from '@risk-scoring/contract';
import { Field, Struct, Table, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { parquetOf, withFiles, zstdFrame } from '../../test-support/label-files.ts';
import { LabelFileError } from '../errors.ts';
import { type ReadLabelFileOptions, readLabelFile } from './read-label-file.ts';

async function refused(file: string, options?: ReadLabelFileOptions): Promise<LabelFileError> {
  const error = await readLabelFile(file, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LabelFileError);
  const labelFileError = error as LabelFileError;
  expect(labelFileError.code).toBe('LABEL_FILE_INVALID');
  expect(labelFileError.message).toContain(file);
  return labelFileError;
}

function refusedText(name: string, content: string | Uint8Array, options?: ReadLabelFileOptions) {
  return withFiles(async (write) => refused(await write(name, content), options));
}

const parquet = parquetOf(
  new Table({
    address: vectorFromArray(
      Array.from({ length: 5000 }, (_, i) => `0x${(i * 7919).toString(16)}`),
      new Utf8(),
    ),
    risk_level: vectorFromArray(
      Array.from({ length: 5000 }, () => 'high'),
      new Utf8(),
    ),
  }),
);
const csv = `address,label\n${Array.from({ length: 5000 }, (_, i) => `0x${(i * 7919).toString(16)},1`).join('\n')}\n`;

describe('readLabelFile refuses', () => {
  it('what is not there, a folder and a pipe that nobody writes to', async () => {
    await withFiles(async (_write, folder) => {
      const missing = await refused(path.join(folder, 'none.csv'));
      expect(missing.found).toBe('no such file');
      expect(missing.category).toBe('input');
      await mkdir(path.join(folder, 'folder.csv'));
      expect((await refused(path.join(folder, 'folder.csv'))).found).toBe('a folder');
      execFileSync('mkfifo', [path.join(folder, 'pipe.csv')]);
      expect((await refused(path.join(folder, 'pipe.csv'))).found).toBe('no regular file');
    });
  });

  it.each(['labels.txt', 'labels', 'labels.gz', 'labels.xlsx', 'labels.csv.bz2'])(
    'the name %s',
    async (name) => {
      const { found, expected } = await refusedText(name, 'address,label\na,1\n');
      expect(found).toBe(`the name ${name}`);
      expect(expected).toContain('.csv, .ndjson, .jsonl, .parquet');
    },
  );

  it.each<[string, string, Uint8Array, RegExp]>([
    ['gzip that is cut off', 'a.csv.gz', gzipSync(csv).subarray(0, -200), /cut off/],
    [
      'gzip with something after it',
      'a.csv.gz',
      Buffer.concat([gzipSync(csv), Buffer.alloc(600_000, 'x')]),
      /after the end|header/,
    ],
    ['no gzip', 'a.csv.gz', Buffer.from(csv), /incorrect header check/],
    ['an empty gzip', 'a.csv.gz', Buffer.alloc(0), /cut off/],
    ['damaged gzip', 'a.csv.gz', damaged(gzipSync(csv)), /./],
    ['zstd that is cut off', 'a.csv.zst', zstdFrame(Buffer.from(csv)).subarray(0, -2), /cut off/],
    ['no zstd', 'a.csv.zst', Buffer.from(csv), /invalid zstd data/],
    ['an empty zstd', 'a.csv.zst', Buffer.alloc(0), /cut off/],
    [
      'zstd with something after it',
      'a.csv.zst',
      Buffer.concat([zstdFrame(Buffer.from(csv)), Buffer.alloc(600, 'x')]),
      /invalid zstd data/,
    ],
    [
      'zstd that wants a window of 2 GB',
      'a.csv.zst',
      Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 21 << 3, 1, 0, 0),
      /a zstd window of 2147483648 bytes/,
    ],
    ['Parquet that is cut off', 'a.parquet', parquet.subarray(0, -100), /cut off, or no Parquet/],
    ['Parquet without its beginning', 'a.parquet', parquet.subarray(2000), /cannot be decoded/],
    ['no Parquet', 'a.parquet', Buffer.from(csv), /cut off, or no Parquet/],
    ['an empty Parquet', 'a.parquet', Buffer.alloc(0), /cut off, or no Parquet/],
    ['Parquet with an end of zeros', 'a.parquet', withZeros(parquet), /cannot be decoded/],
  ])('%s', async (_, name, bytes, found) => {
    expect((await refusedText(name, bytes)).found).toMatch(found);
  });

  it.each<[string, Uint8Array, RegExp]>([
    [
      'Latin-1',
      Buffer.from('address,label,source\na,1,x\nb,1,B\u00f6rse\nc,1,x\n', 'latin1'),
      /no UTF-8 in line 3/,
    ],
    ['UTF-16', Buffer.from('\ufeffaddress,label\na,1\n', 'utf16le'), /UTF-16/],
    ['gzip by another name', gzipSync('address,label\na,1\n'), /gzip/],
    [
      'half a character at the end',
      Buffer.from('address,label\na,1\nb,\u00f6').subarray(0, -1),
      /no UTF-8 in line 3/,
    ],
  ])('bytes that are no UTF-8: %s', async (_, bytes, found) => {
    const error = await refusedText('a.csv', bytes);
    expect(error.expected).toBe('text in UTF-8');
    expect(error.found).toMatch(found);
  });

  it('more bytes than allowed, in every format and compression', async () => {
    const options = { maxBytes: 10_000 };
    const bytes: Record<string, Uint8Array> = {
      'a.csv': Buffer.from(csv),
      'a.csv.gz': gzipSync(csv),
      'a.csv.zst': zstdFrame(Buffer.from(csv)),
      'a.parquet': parquet,
      'a.ndjson': Buffer.from(csv),
    };
    for (const [name, content] of Object.entries(bytes)) {
      expect((await refusedText(name, content, options)).expected).toBe(
        'at most 10,000 bytes without compression',
      );
    }
    // 50 MB of the same row in a few kilobytes.
    const bomb = gzipSync(`address,label\n${'a,1\n'.repeat(12_500_000)}`);
    expect((await refusedText('bomb.csv.gz', bomb, { maxBytes: 1_000_000 })).found).toBe('more');
  });

  it.each<[string, string, RegExp, RegExp]>([
    ['a column twice', 'address,label,label\na,1,1\n', /'label' twice/, /remove/],
    [
      'both names of the confidence',
      'address,label,confidence,confidence_score\n',
      /mean the same/,
      /remove/,
    ],
    ['a misspelt column', 'adress,label\na,1\n', /'adress', which looks like address/, /write the names/],
    [
      'misspelt optional columns',
      'address,label,confidance,Valid From\n',
      /'confidance', which looks like confidence and 'Valid From', which looks like valid_from/,
      /write/,
    ],
    [
      'no address',
      'wallet,label\na,1\n',
      /the columns 'wallet', 'label'/,
      /name the column of addresses address/,
    ],
    ['semicolons', 'address;label\na;1\n', /one column 'address;label'/, /commas, not by ";"/],
    [
      'neither label nor risk level',
      'address,source\na,x\n',
      /the columns address, source/,
      /default_label: 1/,
    ],
    ['no rows', 'address,label\n\n', /empty labels: no rows/, /./],
    ['no bytes', '', /empty labels: no rows/, /./],
  ])('%s', async (_, text, found, remedy) => {
    const error = await refusedText('labels.csv', text);
    expect(error.found).toMatch(found);
    expect(error.remedy).toMatch(remedy);
    expect(error.problems).toEqual([]);
  });

  it.each<[string, string, string | undefined, RegExp]>([
    ['a row that is too short', 'a,1,high\n', undefined, /^3 cells$/],
    ['an empty address', ' ,1,high,0.5,,\n', 'address', /an empty text/],
    ['an address of 201 characters', `${'a'.repeat(201)},1,high,0.5,,\n`, 'address', /'a+…'/],
    ['a control character in an address', 'a\u0007b,1,high,0.5,,\n', 'address', /'a\\u0007b'/],
    ['a label of 2', 'a,2,high,0.5,,\n', 'label', /'2'/],
    ['an unknown risk level', 'a,1,severe,0.5,,\n', 'risk_level', /'severe'/],
    [
      'label and risk level that disagree',
      'a,1,medium,0.5,,\n',
      undefined,
      /label '1' with risk_level 'medium'/,
    ],
    ['neither label nor risk level in the row', 'a,,,0.5,,\n', undefined, /neither/],
    ['a confidence above 1', 'a,1,high,1.01,,\n', 'confidence', /'1.01'/],
    ['a confidence below 0', 'a,1,high,-0.1,,\n', 'confidence', /'-0.1'/],
    ['a confidence of NaN', 'a,1,high,NaN,,\n', 'confidence', /'NaN'/],
    ['a hexadecimal confidence', 'a,1,high,0x1,,\n', 'confidence', /'0x1'/],
    ['a day that is none', 'a,1,high,0.5,,2025-02-30\n', 'valid_from', /'2025-02-30'/],
    ['a date in another form', 'a,1,high,0.5,,1/2/2025\n', 'valid_from', /'1\/2\/2025'/],
    ['a date before 1970', 'a,1,high,0.5,,1969-12-31\n', 'valid_from', /'1969-12-31'/],
    ['a quote in a cell', 'a,1,high,0.5,x"y,\n', undefined, /quote within a cell/],
    ['a quote that is not closed', 'a,1,high,0.5,"xy,\n', undefined, /never closed/],
    ['something after a quote', 'a,1,high,0.5,"x"y,\n', undefined, /something else/],
  ])('%s, naming the row', async (_, line, column, found) => {
    const good = 'good,0,low,1,x,2025-01-01\n';
    const text = `address,label,risk_level,confidence,source,valid_from\n${good}\n${line}${line.includes('"') ? '' : good}`;
    const error = await refusedText('labels.csv', text);
    // The header is row 1, and a blank one counts.
    expect(error.problems).toMatchObject([{ row: 4, ...(column === undefined ? {} : { column }) }]);
    expect(error.problems[0]?.column).toBe(column);
    expect(error.problems[0]?.found).toMatch(found);
    expect(error.count).toBe(1);
    expect(error.message).toContain(`row 4${column === undefined ? '' : `, column ${column}`}: `);
  });

  it('everything at once: the first five are told, all are counted', async () => {
    const error = await refusedText('labels.csv', `address,label\n${'a,x\n'.repeat(1000)},1\n`);
    expect(error.problems.map(({ row }) => row)).toEqual([2, 3, 4, 5, 6]);
    expect(error.count).toBe(1001);
    expect(error.found).toContain('and 996 more');
  });

  it('lines of NDJSON that are no objects, or hold values of another kind', async () => {
    const lines = ['{"address":"a","label":1}', '[1]', '{"address":"a"', '{"address":5,"label":{}}'];
    const error = await refusedText('labels.ndjson', lines.join('\n'));
    expect(error.problems.map(({ row, column, found }) => [row, column, found])).toEqual([
      [2, undefined, 'a list'],
      [3, undefined, 'no JSON'],
      [4, 'address', '5'],
      [4, 'label', 'an object'],
    ]);
    expect(error.message).toContain('line 2');
    expect((await refusedText('labels.ndjson', '{"address":"\\ud800","label":1}')).count).toBe(1);
    expect((await refusedText('labels.ndjson', '{"adress":"a","label":1}')).found).toContain(
      'looks like address',
    );
    expect((await refusedText('labels.ndjson', '\n')).found).toContain('no rows');
  });

  it('Parquet columns of another kind', async () => {
    const text = (values: string[]) => vectorFromArray(values, new Utf8());
    const address = vectorFromArray([{ x: 'a' }], new Struct([new Field('x', new Utf8())]));
    const nested = await refusedText('labels.parquet', parquetOf(new Table({ address, label: text(['1']) })));
    expect(nested.problems).toMatchObject([{ row: 1, column: 'address', found: 'an object' }]);
    const dates = new Table({
      address: text(['a', 'b']),
      label: text(['1', '0']),
      valid_from: vectorFromArray([5, 6]),
    });
    const error = await refusedText('labels.parquet', parquetOf(dates));
    expect(error.problems.map(({ row, column, found }) => [row, column, found])).toEqual([
      [1, 'valid_from', '5'],
      [2, 'valid_from', '6'],
    ]);
    const empty = parquetOf(new Table({ address: text([]), label: text([]) }));
    expect((await refusedText('labels.parquet', empty)).found).toContain('no rows');
  });

  it('to go on when it was cancelled', async () => {
    for (const [name, content] of [
      ['a.csv', csv],
      ['a.csv.gz', gzipSync(csv)],
      ['a.parquet', parquet],
    ] as const) {
      await withFiles(async (write) => {
        const reading = readLabelFile(await write(name, content), { signal: AbortSignal.abort() });
        await expect(reading).rejects.toThrow(CancelledError);
      });
    }
  });
});

/** Parquet whose description of its columns and rows, before the last eight bytes, is overwritten. */
function withZeros(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const length = new DataView(copy.buffer).getUint32(copy.length - 8, true);
  return copy.fill(0, copy.length - 8 - length, copy.length - 8);
}

/** With some bytes in the middle turned over. */
function damaged(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let at = copy.length >> 1; at < (copy.length >> 1) + 40; at++) copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}
