import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertWritable, writeWhole } from './whole-file.ts';

let folder: string;
const file = (name: string) => path.join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-whole-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a name to write under', () => {
  it('is taken where a file can be, and nothing is left of trying', async () => {
    await assertWritable(file('a.csv'), { force: false });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.skipIf(!existsSync('/proc/self'))(
    'is refused in a folder that takes no files, whatever its rights say',
    async () => {
      await expect(assertWritable('/proc/a.csv', { force: false })).rejects.toMatchObject({
        code: 'FILE_NOT_WRITTEN',
        found: expect.stringMatching(/^E[A-Z]+$/),
      });
    },
  );

  it.each([
    ['in no folder', 'none/a.csv', 'INVALID_INPUT'],
    ['below a file', 'taken.csv/a.csv', 'INVALID_INPUT'],
    ['of a file that shall stay', 'taken.csv', 'INVALID_INPUT'],
    ['of a folder', 'folder.csv', 'INVALID_INPUT'],
    ['that is too long', `${'a'.repeat(300)}.csv`, 'FILE_NOT_WRITTEN'],
  ])('is refused %s', async (_, name, code) => {
    writeFileSync(file('taken.csv'), '');
    mkdirSync(file('folder.csv'));
    await expect(assertWritable(file(name), { force: false })).rejects.toMatchObject({ code });
  });
});

describe('a file that is written whole', () => {
  const bytes = (text: string) => (sink: (chunk: Uint8Array) => Promise<void>) => sink(Buffer.from(text));

  it('has its name only after what comes before it', async () => {
    let seen: string[] = [];
    const beforeNaming = async () => {
      seen = readdirSync(folder);
    };
    expect(await writeWhole(file('a.csv'), { force: false, beforeNaming }, bytes('text'))).toBe(4);
    expect(seen).toEqual([expect.stringMatching(/\.partial$/)]);
    expect(readFileSync(file('a.csv'), 'utf8')).toBe('text');
    expect(readdirSync(folder)).toEqual(['a.csv']);
  });

  it('is not there where that fails', async () => {
    const failure = new Error('not now');
    const beforeNaming = () => Promise.reject(failure);
    await expect(writeWhole(file('a.csv'), { force: false, beforeNaming }, bytes('text'))).rejects.toBe(
      failure,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['whose name was taken meanwhile', 'INVALID_INPUT', () => writeFileSync(file('a.csv'), 'theirs')],
    ['whose folder was removed meanwhile', 'FILE_NOT_WRITTEN', () => rmSync(folder, { recursive: true })],
  ])('%s comes to nothing, and nothing is done before naming it', async (_, code, meanwhile) => {
    let named = false;
    const beforeNaming = async () => {
      named = true;
    };
    const writing = writeWhole(file('a.csv'), { force: false, beforeNaming }, async (sink) => {
      await bytes('text')(sink);
      meanwhile();
    });
    await expect(writing).rejects.toMatchObject({ code });
    expect(named).toBe(false);
  });
});
