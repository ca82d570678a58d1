import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { scratchFolder } from '../../testing/scratch.ts';
import { md5OfFile } from './disk-bytes.ts';
import { inspectFile } from './inspect-file.ts';
import { openPlain } from './open-plain.ts';
import { failureOf } from './testing/failure.ts';
import { leaf, parquetFile } from './testing/hand-made-parquet.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());
afterEach(() => {
  vi.unstubAllEnvs();
});

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(scratch.folder, name);
  writeFileSync(file, content);
  return file;
}

async function columnsOf(name: string, content: string | Uint8Array): Promise<string[]> {
  const { columns } = await inspectFile(write(name, content), { maxPlainBytes: 1e9 });
  for (const { type } of columns) expect(type).toBe('Nullable(String)');
  return columns.map((column) => column.name);
}

const csv = (content: string | Uint8Array) => columnsOf('a.csv', content);
const ndjson = (content: string | Uint8Array) => columnsOf('a.ndjson', content);

describe('the header of a CSV', () => {
  it('names the columns', async () => {
    expect(await csv('a,b\n1,2\n')).toEqual(['a', 'b']);
    expect(await csv('a,b')).toEqual(['a', 'b']);
    expect(await csv('a,b\r\n1,2\r\n')).toEqual(['a', 'b']);
    expect(await csv('\ufeff"a","b ""c"", d",é\n1,"unclosed')).toEqual(['a', 'b "c", d', 'é']);
    expect(await csv('address\n0x1\n')).toEqual(['address']);
    // What comes later is no matter of the header.
    expect(await csv(Buffer.concat([Buffer.from('a,b\n'), Buffer.from([0xff, 0xfe, 0x22])]))).toEqual([
      'a',
      'b',
    ]);
    expect(await csv(`a,b\n${'x'.repeat(3e6)}`)).toEqual(['a', 'b']);
  });

  it('is refused when it is none, and the message says what was found', async () => {
    const wrong: readonly (readonly [string | Uint8Array, string, RegExp])[] = [
      ['', 'FILE_HEADER_INVALID', /an empty file/],
      ['\ufeff', 'FILE_HEADER_INVALID', /an empty file/],
      ['\n1,2\n', 'FILE_HEADER_INVALID', /an empty name \(column 1\)/],
      ['a,,b\n', 'FILE_HEADER_INVALID', /an empty name \(column 2\)/],
      ['a,b,a\n', 'FILE_HEADER_INVALID', /'a' twice \(column 3\)/],
      ['a, b\n', 'FILE_HEADER_INVALID', /spaces around ' b'/],
      ['a,"b\nc"\n', 'FILE_HEADER_INVALID', /control characters/],
      ['a,b\r1,2\r', 'FILE_HEADER_INVALID', /control characters/],
      [`a,${'x'.repeat(201)}\n`, 'FILE_HEADER_INVALID', /a name of 201 characters/],
      ['1,2.5,2020-01-01\n', 'FILE_HEADER_INVALID', /looks like data: 1, 2\.5, 2020-01-01/],
      ["'a','b'\n", 'FILE_HEADER_INVALID', /looks like data/],
      ['a;b;c\n1;2;3\n', 'FILE_FORMAT_UNKNOWN', /Found: ';'/],
      ['a\tb\n', 'FILE_FORMAT_UNKNOWN', /Found: tabs/],
      ['a"b,c\n', 'FILE_HEADER_INVALID', /[Qq]uote/],
      ['"a,b\n1,2\n', 'FILE_HEADER_INVALID', /[Qq]uote/],
      [`a${',b'.repeat(600_000)}\n`, 'FILE_HEADER_INVALID', /a longer one/],
      [Buffer.from('h\xe9,b\n', 'latin1'), 'FILE_HEADER_INVALID', /not UTF-8/],
      [Buffer.from('\ufeffa,b\n', 'utf16le'), 'FILE_FORMAT_UNKNOWN', /UTF-16/],
      [gzipSync('a,b\n'), 'FILE_FORMAT_UNKNOWN', /gzip data.*\.gz/],
      [parquetFile({ columns: [] }), 'FILE_FORMAT_UNKNOWN', /Parquet/],
    ];
    for (const [content, code, words] of wrong) {
      const failure = await failureOf(csv(content));
      expect(failure, String(words)).toMatchObject({
        code,
        category: 'data',
        remedy: expect.stringMatching(/./),
      });
      expect(failure.message).toMatch(words);
      expect(failure.message).toContain('a.csv');
    }
  });
});

describe('the lines of an NDJSON file', () => {
  it('name the columns, by first appearance', async () => {
    expect(await ndjson('{"b":1,"a":{"x":1}}\n{"c":null,"a":2}\n')).toEqual(['b', 'a', 'c']);
    expect(await ndjson('\ufeff\r\n{"a":1}\r\n\r\n{"b":[1]}')).toEqual(['a', 'b']);
    expect(await ndjson('{"__proto__":1,"constructor":2}\n')).toEqual(['__proto__', 'constructor']);
    // Only the first thousand lines are looked at, and only whole ones of the first MiB.
    expect(await ndjson(`${'{"a":1}\n'.repeat(999)}{"b":1}\nnot JSON\n`)).toEqual(['a', 'b']);
    expect(await ndjson(`{"a":1}\n{"b":"${'x'.repeat(2e6)}"}\n`)).toEqual(['a']);
  });

  it('are refused when they are no objects, and the message says which line', async () => {
    const wrong: readonly (readonly [string | Uint8Array, RegExp])[] = [
      ['', /Found: none/],
      ['\n\n', /Found: none/],
      ['{}\n', /Found: none/],
      ['{"a":1}\n[1]\n', /a list in line 2/],
      ['[\n{"a":1},\n', /the beginning of a list in line 1/],
      ['{"a":1}\n\n5\n', /a number in line 3/],
      ['null\n', /a null in line 1/],
      ['{"a":1}\n{"a":\n', /in line 2/],
      ['{"a":1}{"a":2}\n', /in line 1/],
      ["{'a':1}\n", /in line 1/],
      ['{"":1}\n', /an empty name/],
      ['{"a\\nb":1}\n', /control characters/],
      [`{"a":"${'x'.repeat(2e6)}"}\n`, /a longer one/],
      [Buffer.from('{"\xe9":1}\n', 'latin1'), /not UTF-8/],
    ];
    for (const [content, words] of wrong) {
      const failure = await failureOf(ndjson(content));
      expect(failure, String(words)).toMatchObject({ code: 'FILE_HEADER_INVALID' });
      expect(failure.message).toMatch(words);
    }
  });
});

describe('inspectFile', () => {
  const text = `a,b\n${'1,2\n'.repeat(100_000)}`;

  it('counts what a compressed text holds, and finds that it is not whole', async () => {
    const zipped = gzipSync(text);
    const file = write('b.csv.gz', zipped);
    let read = 0;
    expect(
      await inspectFile(file, { maxPlainBytes: text.length, onBytes: (n) => (read += n) }),
    ).toMatchObject({
      path: file,
      source: file,
      format: 'CSVWithNames',
      compression: 'gzip',
      rows: undefined,
      bytes: zipped.length,
      plainBytes: text.length,
    });
    expect(read).toBe(zipped.length);
    expect(await failureOf(inspectFile(file, { maxPlainBytes: text.length - 1 }))).toMatchObject({
      code: 'FILE_TOO_LARGE',
    });
    const cut = write('c.csv.gz', zipped.subarray(0, -10));
    expect(await failureOf(inspectFile(cut, { maxPlainBytes: 1e9 }))).toMatchObject({
      code: 'FILE_TRUNCATED',
    });
  });

  it('reads no more than the first MiB or so of a text of 500 MB, whatever the limit', async () => {
    const large = write('large.csv', 'a,b\n');
    truncateSync(large, 500e6);
    let read = 0;
    const before = process.memoryUsage().rss;
    const found = await inspectFile(large, { maxPlainBytes: 1000, onBytes: (n) => (read += n) });
    expect(found).toMatchObject({ bytes: 500e6, plainBytes: 500e6, columns: [{ name: 'a' }, { name: 'b' }] });
    expect(read).toBeLessThan(2 * 1024 * 1024);
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  it('decompresses Parquet into a temporary file, which it removes', async () => {
    const temporary = path.join(scratch.folder, 'temporary');
    mkdirSync(temporary);
    vi.stubEnv('TMPDIR', temporary);
    const copies = () => readdirSync(temporary);
    const bytes = parquetFile({ columns: [leaf('c', 'REQUIRED', { type: 'INT64' })] });
    const file = write('d*.parquet.gz', gzipSync(bytes));
    const found = await inspectFile(file, { maxPlainBytes: 1e9 });
    expect(found).toMatchObject({
      source: file,
      compression: 'none',
      bytes: bytes.length,
      columns: [{ name: 'c', type: 'Int64' }],
    });
    expect(found.path).not.toMatch(/[*?{}]/);
    expect(readFileSync(found.path).equals(bytes)).toBe(true);
    expect(copies()).toHaveLength(1);
    await found.dispose();
    await found.dispose();
    expect(copies()).toEqual([]);

    for (const [content, code] of [
      [gzipSync(bytes.subarray(0, -1)), 'FILE_TRUNCATED'],
      [gzipSync(bytes).subarray(0, -1), 'FILE_TRUNCATED'],
      [gzipSync('no Parquet, but long enough'), 'FILE_FORMAT_UNKNOWN'],
      [gzipSync(Buffer.alloc(2e6)), 'FILE_TOO_LARGE'],
    ] as const) {
      const broken = write('e.parquet.gz', content);
      const failure = await failureOf(inspectFile(broken, { maxPlainBytes: 1e6 }));
      expect(failure).toMatchObject({ code });
      expect(failure.message).toContain(broken);
    }
    const signal = AbortSignal.abort();
    expect(await failureOf(inspectFile(file, { maxPlainBytes: 1e9, signal }))).toMatchObject({
      code: 'CANCELLED',
    });
    expect(copies()).toEqual([]);
  });

  it('stops when told to', async () => {
    const signal = AbortSignal.abort();
    for (const file of [
      write('f.csv', text),
      write('f.csv.gz', gzipSync(text)),
      write('f.parquet', parquetFile({ columns: [] })),
    ]) {
      expect(await failureOf(inspectFile(file, { maxPlainBytes: 1e9, signal }))).toMatchObject({
        code: 'CANCELLED',
      });
      expect(await failureOf(md5OfFile(file, { signal }))).toMatchObject({ code: 'CANCELLED' });
    }
  });
});

describe('openPlain', () => {
  const text = `a,b\n${'1,2\n'.repeat(1_000_000)}`;
  const openDescriptors = () => readdirSync('/dev/fd').length;

  it('streams the content and taps the file', async () => {
    for (const [name, bytes] of [
      ['g.csv', Buffer.from(text)],
      ['g.csv.gz', gzipSync(text)],
    ] as const) {
      const file = await inspectFile(write(name, bytes), { maxPlainBytes: 1e9 });
      for (let again = 0; again < 2; again++) {
        const hash = createHash('md5');
        const parts: Uint8Array[] = [];
        for await (const part of openPlain(file, { tap: (chunk) => hash.update(chunk) })) parts.push(part);
        expect(Buffer.concat(parts).equals(Buffer.from(text))).toBe(true);
        const md5 = hash.digest('hex');
        expect(md5).toBe(createHash('md5').update(bytes).digest('hex'));
        let read = 0;
        expect(await md5OfFile(file.path, { onBytes: (n) => (read += n) })).toBe(md5);
        expect(read).toBe(bytes.length);
      }
    }
  });

  it('reads no further than it is asked, and closes the file when it is left or aborted', async () => {
    const before = openDescriptors();
    const file = await inspectFile(write('h.csv', Buffer.alloc(50e6, text)), { maxPlainBytes: 1e9 });
    let read = 0;
    const stream = openPlain(file, { tap: (chunk) => (read += chunk.length) });
    await new Promise((resolve) => stream.once('readable', resolve));
    expect(stream.read(10)).toHaveLength(10);
    await new Promise((resolve) => setImmediate(resolve));
    expect(read).toBeLessThan(2e6);
    stream.destroy();

    const controller = new AbortController();
    const waiting = openPlain(file, { signal: controller.signal });
    const failed = new Promise((resolve) => waiting.once('error', resolve));
    await new Promise((resolve) => waiting.once('readable', resolve));
    controller.abort();
    expect(await failed).toMatchObject({ code: 'CANCELLED' });
    const late = openPlain(file, { signal: AbortSignal.abort() });
    expect(await failureOf(late.toArray())).toMatchObject({ code: 'CANCELLED' });
    await expect.poll(openDescriptors).toBeLessThanOrEqual(before);
  });

  it('fails when the file is another than was inspected', async () => {
    const name = write('i.csv', text);
    const file = await inspectFile(name, { maxPlainBytes: 1e9 });
    const handle = openSync(name, 'a');
    writeSync(handle, '3,4\n');
    closeSync(handle);
    const failure = await failureOf(openPlain(file).toArray());
    expect(failure).toMatchObject({ code: 'FILE_UNREADABLE' });
    expect(failure.message).toMatch(/more than 4000004 bytes, where there were 4000004/);
    truncateSync(name, 100);
    expect((await failureOf(openPlain(file).toArray())).message).toMatch(
      /100 bytes, where there were 4000004/,
    );
    writeFileSync(name, gzipSync(text));
    expect(await failureOf(openPlain({ ...file, compression: 'zstd' }).toArray())).toMatchObject({
      code: 'FILE_UNREADABLE',
    });
  });
});
