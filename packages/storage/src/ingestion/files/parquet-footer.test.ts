import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { createRandom } from '@risk-scoring/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedEngine } from '../../engine/embedded-engine.ts';
import { scratchFolder } from '../../testing/scratch.ts';
import { FileError } from './errors.ts';
import { inspectFile } from './inspect-file.ts';
import { failureOf } from './testing/failure.ts';
import {
  type HandMadeParquet,
  i32,
  i64,
  leaf,
  parquetFile,
  struct,
  structs,
  text,
  varint,
  withFooter,
} from './testing/hand-made-parquet.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());

const file = path.join(scratch.folder, 'a.parquet');
const inspect = (bytes: Uint8Array, maxPlainBytes = 1e9) => {
  writeFileSync(file, bytes);
  return inspectFile(file, { maxPlainBytes });
};
const column = leaf('c', 'REQUIRED', { type: 'INT64' });
const make = (parts: Partial<HandMadeParquet>) => parquetFile({ columns: [column], ...parts });

let written: Buffer;
beforeAll(async () => {
  const engine = await openEmbeddedEngine(scratch.folder);
  const real = path.join(scratch.folder, 'real.parquet');
  await engine.run({
    sql: `INSERT INTO FUNCTION file({real:String}, 'Parquet') SELECT number AS a, toString(number) AS b, [toUInt16(number)] AS c, toDecimal128(number, 18) AS d FROM numbers(5000)`,
    params: { real },
    settings: { output_format_parquet_row_group_size: '1000' },
  });
  await engine.close();
  written = readFileSync(real);
});

describe('a Parquet footer', () => {
  it('gives columns and rows of all row groups', async () => {
    expect(await inspect(written)).toMatchObject({
      path: file,
      source: file,
      format: 'Parquet',
      compression: 'none',
      columns: [
        { name: 'a', type: 'UInt64' },
        { name: 'b', type: 'String' },
        { name: 'c', type: 'Array(UInt16)' },
        { name: 'd', type: 'Decimal(38, 18)' },
      ],
      rows: 5000,
      bytes: written.length,
      plainBytes: undefined,
    });
    expect((await inspect(make({}))).rows).toBe(0);
  });

  it('is refused when the file is cut off at any place', async () => {
    const random = createRandom(1, 'parquet cuts');
    const cuts = [
      0,
      1,
      3,
      4,
      5,
      8,
      11,
      12,
      13,
      ...[1, 2, 4, 7, 8, 9, 12, 100].map((short) => written.length - short),
    ];
    for (let more = 0; more < 50; more++) cuts.push(random.integer(written.length));
    for (const cut of cuts) {
      const failure = await failureOf(inspect(written.subarray(0, cut)));
      expect(failure, `cut at ${cut}`).toMatchObject({
        code: cut > 0 && cut < 4 ? 'FILE_FORMAT_UNKNOWN' : 'FILE_TRUNCATED',
      });
      expect(failure.message, `cut at ${cut}`).toContain(file);
    }
    const cut = await failureOf(inspect(Buffer.concat([written.subarray(0, 5000), Buffer.from('data')])));
    expect(cut.message).toMatch(/Found: 'data' at its end, where 'PAR1' should be/);
  });

  it('is an error or plausible when any of its bits is flipped', async () => {
    const random = createRandom(2, 'parquet flips');
    const footerLength = written.readUInt32LE(written.length - 8);
    let refused = 0;
    for (let flip = 0; flip < 2000; flip++) {
      const damaged = Buffer.from(written);
      for (let more = random.integer(3); more >= 0; more--) {
        const at = written.length - 1 - random.integer(flip < 200 ? 12 : footerLength + 8);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << random.integer(8));
      }
      const outcome = await inspect(damaged).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(FileError);
        refused += 1;
      } else expect(outcome).toMatchObject({ rows: 5000, columns: { length: 4 } });
    }
    expect(refused).toBeGreaterThan(500);
  });

  it('says what a file is that is no Parquet', async () => {
    for (const [bytes, found] of [
      [Buffer.from('a,b\n1,2\n3,4\n5,6\n'), 'the bytes 612c620a at its beginning'],
      [Buffer.from('PK\x03\x04 and so on, an archive'), 'the bytes 504b0304 at its beginning'],
      [Buffer.from('ORC, another format, column by column'), "'ORC,' at its beginning"],
    ] as const) {
      expect(await failureOf(inspect(bytes))).toMatchObject({ code: 'FILE_FORMAT_UNKNOWN', found });
    }
  });

  it('is refused when it claims to be longer than the file', async () => {
    const bytes = Buffer.from(written);
    bytes.writeUInt32LE(written.length - 11, written.length - 8);
    expect(await failureOf(inspect(bytes))).toMatchObject({
      code: 'FILE_TRUNCATED',
      found: expect.stringContaining('a footer of'),
    });
  });

  it('is refused when its columns claim to hold too much', async () => {
    const chunk = { plainBytes: 600_000_000, storedBytes: 10 };
    const bomb = make({
      rows: 2,
      groups: [
        { rows: 1, chunks: [chunk] },
        { rows: 1, chunks: [chunk] },
      ],
      data: Buffer.alloc(20),
    });
    const failure = await failureOf(inspect(bomb));
    expect(failure).toMatchObject({ code: 'FILE_TOO_LARGE' });
    expect(failure.message).toMatch(/at most 1000000000 bytes.*1200000000 bytes.*--max-file-size/);
    expect((await inspect(bomb, 1.2e9)).rows).toBe(2);
    const endless = make({ groups: [{ rows: 0, chunks: [{ plainBytes: 2n ** 62n }] }] });
    expect(await failureOf(inspect(endless))).toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('is refused when the file is encrypted, whole or in part', async () => {
    const isWhole = make({});
    isWhole.write('PARE', isWhole.length - 4, 'latin1');
    const inPart = make({ groups: [{ rows: 0, chunks: [{ isEncrypted: true }] }] });
    const signed = make({ fields: { 8: struct({ 1: struct({}) }) } });
    for (const bytes of [isWhole, inPart, signed]) {
      const failure = await failureOf(inspect(bytes));
      expect(failure).toMatchObject({ code: 'FILE_UNREADABLE' });
      expect(failure.message).toMatch(/is encrypted/);
    }
  });

  it('is refused when it contradicts itself', async () => {
    const wrong = {
      'rows that its groups do not have': make({ rows: 5, groups: [{ rows: 4, chunks: [] }] }),
      'negative rows': make({ rows: -1, groups: [{ rows: -1, chunks: [] }] }),
      'negative sizes': make({ groups: [{ rows: 0, chunks: [{ plainBytes: -5 }] }] }),
      'columns beyond its end': make({
        groups: [{ rows: 0, chunks: [{ at: 4, storedBytes: 100 }] }],
        data: Buffer.alloc(99),
      }),
      'columns before its beginning': make({ groups: [{ rows: 0, chunks: [{ at: -10 }] }] }),
      'columns elsewhere': make({
        fields: { 4: structs([struct({ 1: structs([struct({ 1: text('other.parquet') })]), 3: i64(0) })]) },
      }),
      'too few elements': parquetFile({
        columns: [{ ...column, name: 'g', children: [] }],
        fields: { 2: structs([struct({ 4: text('schema'), 5: i32(3) })]) },
      }),
      'too many elements': make({
        fields: {
          2: structs([struct({ 4: text('schema'), 5: i32(0) }), struct({ 1: i32(1), 4: text('c') })]),
        },
      }),
      'no schema': withFooter(Uint8Array.from(struct({ 1: i32(2), 3: i64(0) }).bytes)),
      nothing: withFooter(new Uint8Array()),
      'a wrong type': make({ fields: { 3: text('many') } }),
    };
    for (const [label, bytes] of Object.entries(wrong)) {
      expect(await failureOf(inspect(bytes)), label).toMatchObject({
        code: 'FILE_UNREADABLE',
        summary: `${file} is damaged.`,
      });
    }
  });

  it('is refused quickly when it is made to take time or memory', async () => {
    const header = [0x15, 0x04];
    const wrong = {
      'a list of two thousand million': [...header, 0x19, 0xfc, ...varint(2n ** 31n - 1n)],
      'lists in lists of millions': [
        ...header,
        ...Array.from({ length: 200 }, () => [0x19, 0xf9, ...varint(30_000_000n)]).flat(),
      ],
      'levels without end': [...header, ...Array.from({ length: 100_000 }, () => 0x1c)],
      'a number without end': [...header, 0x16, ...Array.from({ length: 1_000_000 }, () => 0xff)],
      'a text longer than all': [...header, 0x18, ...varint(2n ** 40n)],
      'an unknown type': [...header, 0x1f],
    };
    for (const [label, footer] of Object.entries(wrong)) {
      const begun = performance.now();
      const padded = Uint8Array.from([...footer, ...Array.from({ length: 1000 }, () => 0)]);
      expect(await failureOf(inspect(withFooter(padded))), label).toMatchObject({ code: 'FILE_UNREADABLE' });
      expect(performance.now() - begun, label).toBeLessThan(30_000);
    }
  });

  it('is refused for names that no table can tell apart', async () => {
    const named = (...names: string[]) =>
      make({ columns: names.map((name) => leaf(name, 'REQUIRED', { type: 'INT32' })) });
    for (const bytes of [
      named('a', 'a'),
      named(''),
      named('a\nb'),
      named(' a'),
      named('x'.repeat(201)),
      named(),
    ]) {
      expect(await failureOf(inspect(bytes))).toMatchObject({ code: 'FILE_HEADER_INVALID' });
    }
    expect((await inspect(named('a', 'A', 'b c', 'é.f'))).columns.map(({ name }) => name)).toEqual([
      'a',
      'A',
      'b c',
      'é.f',
    ]);
  });

  it.skipIf(!existsSync('/proc/self/io'))('is all that is read of a file of 500 MB', async () => {
    const large = path.join(scratch.folder, 'large.parquet');
    const footerLength = written.readUInt32LE(written.length - 8) + 8;
    writeFileSync(large, 'PAR1');
    truncateSync(large, 500e6);
    const handle = openSync(large, 'r+');
    writeSync(handle, written, written.length - footerLength, footerLength, 500e6);
    closeSync(handle);
    let told = 0;
    const before = bytesRead();
    const found = await inspectFile(large, { maxPlainBytes: 1e9, onBytes: (n) => (told += n) });
    expect(found).toMatchObject({ rows: 5000, bytes: 500e6 + footerLength });
    expect(bytesRead() - before).toBeLessThan(100_000);
    // The magic at the beginning, the tail, and what is between it and the columns.
    expect(told).toBe(4 + footerLength);
  });
});

/** What this process has read from files so far. */
function bytesRead(): number {
  const handle = openSync('/proc/self/io', 'r');
  const buffer = Buffer.alloc(1000);
  const length = readSync(handle, buffer);
  closeSync(handle);
  return Number(/rchar: (\d+)/.exec(buffer.toString('latin1', 0, length))?.[1]);
}
