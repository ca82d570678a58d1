import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { createRandom, type Random } from '@risk-scoring/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedEngine } from '../../engine/embedded-engine.ts';
import type { Engine } from '../../engine/engine.ts';
import { scratchFolder } from '../../testing/scratch.ts';
import { FileError } from './errors.ts';
import type { Compression } from './file-format.ts';
import { type PlainOptions, plainBytes } from './plain-bytes.ts';
import { failureOf } from './testing/failure.ts';

const scratch = scratchFolder();
let engine: Engine;
beforeAll(async () => {
  engine = await openEmbeddedEngine(scratch.folder);
});
afterAll(async () => {
  await engine.close();
  scratch.remove();
});

let files = 0;
function write(bytes: Uint8Array): string {
  files += 1;
  const file = path.join(scratch.folder, `${files}.bin`);
  writeFileSync(file, bytes);
  return file;
}

async function read(
  bytes: Uint8Array,
  compression: Compression,
  options: PlainOptions = {},
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of plainBytes({ path: write(bytes), compression }, options)) parts.push(part);
  return Buffer.concat(parts);
}

/** ClickHouse's own zstd, at some level. */
async function zstd(content: Uint8Array, level = 3): Promise<Buffer> {
  const from = write(content);
  const to = `${from}.zst`;
  await engine.run({
    sql: `INSERT INTO FUNCTION file({to:String}, 'RawBLOB', 'c String', 'zstd') SELECT c FROM file({from:String}, 'RawBLOB', 'c String')`,
    params: { from, to },
    settings: { output_format_compression_level: `${level}` },
  });
  return readFileSync(to);
}

/** Text that compresses, and parts that do not. */
function content(random: Random, length: number): Buffer {
  const parts: Buffer[] = [];
  for (let done = 0; done < length; ) {
    const size = 1 + random.integer(Math.min(length - done, 200_000));
    const part = Buffer.alloc(size, ['a', '0x00000000000000000000', 'alert,high,0.5\n'][random.integer(3)]);
    if (random.integer(3) === 0) for (let at = 0; at < size; at++) part[at] = random.integer(256);
    parts.push(part);
    done += size;
  }
  return Buffer.concat(parts);
}

function openDescriptors(): number {
  return readdirSync('/dev/fd').length;
}

const lengths = [0, 1, 5, 100, 4096, 131_072, 131_073, 300_000, 3_000_000];

describe('plainBytes', () => {
  it('gives back what was compressed, of one member and of many', async () => {
    const random = createRandom(1, 'plain bytes');
    for (const length of lengths) {
      const [one, other] = [content(random, length), content(random, random.integer(1000))];
      const both = Buffer.concat([one, other]);
      expect((await read(both, 'none')).equals(both)).toBe(true);
      expect((await read(gzipSync(one), 'gzip')).equals(one), `gzip, ${length}`).toBe(true);
      expect((await read(Buffer.concat([gzipSync(one), gzipSync(other)]), 'gzip')).equals(both)).toBe(true);
      for (const level of [1, 3, 12, 19]) {
        expect((await read(await zstd(one, level), 'zstd')).equals(one), `zstd ${level}, ${length}`).toBe(
          true,
        );
      }
      const frames = Buffer.concat([
        await zstd(one),
        await zstd(other),
        skippable(random.integer(100)),
        await zstd(one),
      ]);
      expect((await read(frames, 'zstd')).equals(Buffer.concat([both, one]))).toBe(true);
    }
  });

  it.skipIf(!has('zstd'))('reads what the zstd program writes', async () => {
    const bytes = content(createRandom(2, 'program'), 2_000_000);
    for (const options of [
      ['-1'],
      ['-19'],
      ['--no-check'],
      ['--no-content-size'],
      ['--long=27'],
      ['--fast=5'],
      ['--ultra', '-22'],
    ]) {
      const compressed = execFileSync('zstd', ['-q', '-c', ...options, write(bytes)], { maxBuffer: 1e8 });
      expect((await read(compressed, 'zstd')).equals(bytes), options.join(' ')).toBe(true);
    }
    const piped = execFileSync('zstd', ['-q', '-c', '--long=30'], { input: bytes, maxBuffer: 1e8 });
    const failure = await failureOf(read(piped, 'zstd'));
    expect(failure).toMatchObject({ code: 'FILE_UNREADABLE' });
    expect(failure.message).toMatch(/window of \d+ bytes/);
  });

  it('refuses data that is cut off anywhere, naming the file', async () => {
    const random = createRandom(3, 'cuts');
    const bytes = content(random, 400_000);
    for (const [compression, whole] of [
      ['gzip', gzipSync(bytes)],
      ['gzip', Buffer.concat([gzipSync(bytes), gzipSync(bytes)])],
      ['zstd', await zstd(bytes)],
    ] as const) {
      const cuts = [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        10,
        17,
        18,
        19,
        ...[1, 2, 3, 4, 5, 8, 9].map((short) => whole.length - short),
      ];
      for (let more = 0; more < 30; more++) cuts.push(random.integer(whole.length));
      for (const cut of cuts) {
        // Between two members the first one is whole.
        if (cut === whole.length / 2) continue;
        const failure = await failureOf(read(whole.subarray(0, cut), compression));
        expect(failure, `${compression} cut at ${cut}`).toMatchObject({ code: 'FILE_TRUNCATED' });
        expect(failure.message).toContain(`${files}.bin`);
      }
    }
  });

  it('notices every damaged byte of data that has a checksum', async () => {
    const random = createRandom(4, 'flips');
    const bytes = content(random, 50_000);
    for (const [compression, whole] of [
      ['gzip', gzipSync(bytes)],
      ['zstd', await zstd(bytes)],
    ] as const) {
      // The header of gzip holds a time and a system that nothing depends on.
      const first = compression === 'gzip' ? 10 : 0;
      for (let flip = 0; flip < 150; flip++) {
        const damaged = Buffer.from(whole);
        const at = flip < 20 ? first + flip : first + random.integer(whole.length - first);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << random.integer(8));
        // Some bits of a zstd header ask only for more memory than is needed.
        const outcome = await read(damaged, compression, { maxPlainBytes: 1e8 }).catch(
          (error: unknown) => error,
        );
        if (!(outcome instanceof FileError)) expect(outcome, `${compression} at ${at}`).toEqual(bytes);
      }
    }
  });

  it('refuses other bytes, before and after the compressed data', async () => {
    const plain = Buffer.from('a,b\n1,2\n');
    for (const [compression, whole] of [
      ['gzip', gzipSync(plain)],
      ['zstd', await zstd(plain)],
    ] as const) {
      expect(await failureOf(read(plain, compression))).toMatchObject({ code: 'FILE_UNREADABLE' });
      for (const rest of [
        Buffer.from('garbage, and more of it'),
        Buffer.alloc(1_000_000, 7),
        Buffer.alloc(10),
        Buffer.alloc(1_000_000),
      ]) {
        expect(await failureOf(read(Buffer.concat([whole, rest]), compression)), compression).toMatchObject({
          code: 'FILE_UNREADABLE',
        });
      }
    }
  });

  it('stops at the limit, in little memory, and says how to raise it', async () => {
    const gigabyte = 1024 ** 3;
    const member = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const bombs = {
      gzip: Buffer.concat(Array.from({ length: 160 }, () => member)),
      zstd: zstdBomb(80_000),
    } as const;
    for (const [compression, bomb] of Object.entries(bombs)) {
      // 10 GiB in some megabytes.
      expect(bomb.length).toBeLessThan(12e6);
      const file = { path: write(bomb), compression: compression as Compression };
      const before = process.memoryUsage().rss;
      const begun = performance.now();
      let total = 0;
      const failure = await failureOf(
        (async () => {
          for await (const part of plainBytes(file, { maxPlainBytes: gigabyte })) total += part.length;
        })(),
      );
      expect(failure).toMatchObject({ code: 'FILE_TOO_LARGE' });
      expect(failure.message).toMatch(/at most 1073741824 bytes.*--max-file-size/);
      expect(total).toBeLessThanOrEqual(gigabyte);
      expect(performance.now() - begun, compression).toBeLessThan(60_000);
      expect(process.memoryUsage().rss - before, compression).toBeLessThan(300e6);
    }
  });

  it('believes a zstd header that announces too much', async () => {
    const compressed = await zstd(Buffer.alloc(1000));
    // One segment, four bytes of content size: 3 GB.
    const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x80, 0x58, 0, 0, 0, 0xc0]);
    const failure = await failureOf(
      read(Buffer.concat([header, compressed.subarray(6)]), 'zstd', { maxPlainBytes: 1e9 }),
    );
    expect(failure).toMatchObject({ code: 'FILE_TOO_LARGE', found: '3221225472 bytes, as its header says' });
  });

  it('closes the file when it ends, fails or is left, and stops when told to', async () => {
    const bytes = content(createRandom(5, 'closing'), 5_000_000);
    const before = openDescriptors();
    for (const [compression, whole] of [
      ['none', bytes],
      ['gzip', gzipSync(bytes)],
      ['zstd', await zstd(bytes)],
    ] as const) {
      await read(whole, compression);
      await failureOf(read(Buffer.from('neither'), 'gzip'));
      await failureOf(read(whole.subarray(0, 1000), 'zstd'));
      for await (const part of plainBytes({ path: write(whole), compression })) {
        expect(part.length).toBeGreaterThan(0);
        break;
      }
      const controller = new AbortController();
      const aborted = (async () => {
        for await (const part of plainBytes(
          { path: write(whole), compression },
          { signal: controller.signal },
        )) {
          if (part.length > 0) controller.abort();
        }
      })();
      expect(await failureOf(aborted), compression).toMatchObject({ code: 'CANCELLED' });
    }
    await expect.poll(openDescriptors).toBeLessThanOrEqual(before);
  });

  it('lets the tap see the bytes as they are on disk', async () => {
    const bytes = content(createRandom(6, 'tap'), 1_000_000);
    for (const [compression, whole] of [
      ['none', bytes],
      ['gzip', gzipSync(bytes)],
      ['zstd', await zstd(bytes)],
    ] as const) {
      const chunks: Uint8Array[] = [];
      await read(whole, compression, { tap: (chunk) => chunks.push(chunk) });
      expect(Buffer.concat(chunks).equals(whole), compression).toBe(true);
    }
  });
});

/** A frame that decoders pass over. */
function skippable(length: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x184d2a57, 0);
  header.writeUInt32LE(length, 4);
  return Buffer.concat([header, Buffer.alloc(length, 9)]);
}

/** A frame of so many blocks of 128 KiB of zeros, in four bytes each, that does not say how large it is. */
function zstdBomb(blocks: number): Buffer {
  const block = (isLast: boolean) => {
    const header = Buffer.alloc(4);
    header.writeUInt32LE((131_072 << 3) | (1 << 1) | Number(isLast));
    return header;
  };
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]);
  return Buffer.concat([
    header,
    ...Array.from({ length: blocks }, (_, index) => block(index === blocks - 1)),
  ]);
}

function has(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
