import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Attack, type ModelFile, prepareAttack } from '../testing/attack.ts';
import { rawZip } from '../testing/raw-zip.ts';

let attack: Attack;
let files: readonly ModelFile[];
let stem: string;
let outputDir: string;
beforeAll(async () => {
  attack = await prepareAttack();
  ({ files, stem, outputDir } = attack);
});
afterEach(() => attack.startAnew());
afterAll(() => attack.close());
const evil = Buffer.from('evil');

describe('an archive that was made by hand', () => {
  it('is taken where it holds the model and nothing else, stored or deflated, in any order', async () => {
    for (const deflate of [true, false]) {
      const entries = [...files].reverse().map((file) => ({ ...file, deflate }));
      expect(await attack.importBytes(rawZip(entries))).toEqual({ code: 'imported', message: '' });
      expect(readdirSync(path.join(outputDir, 'simnet')).sort()).toEqual(
        files.map(({ name }) => name).sort(),
      );
      await attack.startAnew();
    }
  });

  const elsewhere = [
    '../evil.txt',
    '../../../evil.txt',
    'a/../../evil.txt',
    '/tmp/risk-scoring-evil.txt',
    '..\\evil.txt',
    '..\\..\\evil.txt',
    'C:\\evil.txt',
    'C:evil.txt',
    '\\\\host\\share\\evil.txt',
    'folder/evil.txt',
    './evil.txt',
    '.',
    '..',
    '',
    '.hidden',
    '-rf',
    'evil.txt\u0000.onnx',
    'evil\n.txt',
    'evil.txt:stream',
    'ev\u202Etxt.exe',
    'x'.repeat(300),
  ];
  it.each(elsewhere)('refuses the name %j', async (name) => {
    const outcome = await attack.importBytes(rawZip([...files, { name, bytes: evil }]));
    expect(outcome.code).toBe('MODEL_ARCHIVE_INVALID');
    expect(outcome.message).toMatch(/plain file names/);
    expect(existsSync('/tmp/risk-scoring-evil.txt')).toBe(false);
  });

  it('refuses a name that only the Unicode field gives: names are those of the header', async () => {
    // Info-ZIP's field 0x7075: version, crc32 of the header's name, the name.
    const name = Buffer.from('../evil.txt');
    const extra = Buffer.alloc(9);
    extra.writeUInt16LE(0x7075, 0);
    extra.writeUInt16LE(5 + name.length, 2);
    extra.writeUInt8(1, 4);
    extra.writeUInt32LE(crc32('good.txt'), 5);
    const entries = [
      ...files,
      { name: 'good.txt', bytes: evil, declared: { extra: Buffer.concat([extra, name]) } },
    ];
    expect(await attack.importBytes(rawZip(entries))).toMatchObject({
      code: 'MODEL_ARCHIVE_INVALID',
      message: expect.stringContaining('good.txt'),
    });
  });

  it('refuses an entry that is called otherwise in its own header', async () => {
    const entries = attack.replaced('.onnx', (file) => ({ ...file, declared: { localName: '../evil' } }));
    expect(await attack.importBytes(rawZip(entries))).toMatchObject({
      code: 'MODEL_ARCHIVE_INVALID',
      message: expect.stringContaining('calls itself otherwise'),
    });
  });

  it('refuses links, folders and devices', async () => {
    for (const [mode, kind] of [
      [0o120777, 'a link'],
      [0o040755, 'a folder'],
      [0o020666, 'no plain file'],
      [0o010666, 'no plain file'],
    ] as const) {
      const link = attack.replaced('.onnx', ({ name }) => ({
        name,
        bytes: Buffer.from('/etc/passwd'),
        mode,
      }));
      expect(await attack.importBytes(rawZip(link))).toMatchObject({
        code: 'MODEL_ARCHIVE_INVALID',
        message: expect.stringContaining(kind),
      });
    }
    const dos = attack.replaced('.onnx', (file) => ({ ...file, mode: 0, declared: { dosAttributes: 0x10 } }));
    expect((await attack.importBytes(rawZip(dos))).message).toContain('a folder');
    const slash = [...files, { name: `${stem}/`, bytes: Buffer.alloc(0), deflate: false }];
    expect((await attack.importBytes(rawZip(slash))).code).toBe('MODEL_ARCHIVE_INVALID');
  });

  it('refuses a name twice, and names that differ in case only', async () => {
    const [first = { name: '', bytes: evil }] = files;
    const twice = await attack.importBytes(rawZip([...files, { name: first.name, bytes: evil }]));
    expect(twice).toMatchObject({ code: 'MODEL_ARCHIVE_INVALID', message: expect.stringContaining('twice') });
    const folded = await attack.importBytes(rawZip([...files, { name: `${stem}.ONNX`, bytes: evil }]));
    expect(folded).toMatchObject({
      code: 'MODEL_ARCHIVE_INVALID',
      message: expect.stringContaining('.ONNX'),
    });
  });

  it('refuses files that the metadata does not name, and misses those it names', async () => {
    const more = await attack.importBytes(rawZip([...files, { name: `${stem}.node`, bytes: evil }]));
    expect(more).toMatchObject({ code: 'MODEL_ARCHIVE_INVALID', message: expect.stringContaining('.node') });
    for (const { name } of files) {
      const fewer = await attack.importBytes(rawZip(files.filter((file) => file.name !== name)));
      expect(fewer.code).toBe('MODEL_ARCHIVE_INVALID');
    }
    expect((await attack.importBytes(rawZip([]))).code).toBe('MODEL_ARCHIVE_INVALID');
    const two = [...files, { name: stem.replace('_w30d_', '_w31d_').concat('.json'), bytes: evil }];
    expect((await attack.importBytes(rawZip(two))).message).toContain('one model');
  });

  it('refuses encrypted entries and other ways to pack', async () => {
    for (const declared of [{ flags: 1 }, { flags: 0x41 }, { method: 12 }, { method: 99 }]) {
      const entries = attack.replaced('.onnx', (file) => ({ ...file, declared }));
      expect((await attack.importBytes(rawZip(entries))).code).toBe('MODEL_ARCHIVE_INVALID');
    }
  });

  it('refuses changed bytes, of whichever file', async () => {
    for (const ending of ['.txt', '.onnx', '.holdout.txt']) {
      const entries = attack.replaced(ending, ({ name, bytes }) => {
        const other = Buffer.from(bytes);
        other[other.length >> 1] = (other[other.length >> 1] ?? 0) ^ 1;
        return { name, bytes: other };
      });
      expect(await attack.importBytes(rawZip(entries))).toMatchObject({
        code: 'MODEL_ARCHIVE_INVALID',
        message: expect.stringContaining('sha256'),
      });
    }
    const longer = attack.replaced('.onnx', ({ name, bytes }) => ({
      name,
      bytes: Buffer.concat([bytes, evil]),
    }));
    expect((await attack.importBytes(rawZip(longer))).code).toBe('MODEL_ARCHIVE_INVALID');
  });
});
