import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkFolder, checkSpace, type FolderFacts, readFolder } from './folders.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'doctor-folders-test-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (...parts: string[]) => path.join(scratch, ...parts);

const check = async (folder: string) => checkFolder('data folder', await readFolder(folder));

describe('a folder', () => {
  it('that is there can be used', async () => {
    expect(await check(scratch)).toEqual({ name: 'data folder', status: 'ok', found: scratch });
  });

  it('that is not there yet can be used, and is not made by looking', async () => {
    const absent = at('a', 'b', 'c');
    expect(await check(absent)).toMatchObject({ status: 'ok', found: `${absent}, not made yet` });
    expect(existsSync(at('a'))).toBe(false);
  });

  it('that is a file, or is below one, cannot', async () => {
    const file = at('file');
    writeFileSync(file, '');
    expect(await check(file)).toMatchObject({ status: 'missing', found: `${file} is a file` });
    expect(await check(path.join(file, 'below'))).toMatchObject({
      status: 'missing',
      found: expect.stringContaining(`${file} is a file`),
      remedy: expect.stringContaining(`move ${file} away`),
    });
  });

  // Root may write everywhere.
  it.skipIf(process.getuid?.() === 0)(
    'that may not be written cannot, nor can one in it be made',
    async () => {
      const locked = at('locked');
      mkdirSync(locked);
      chmodSync(locked, 0o555);
      expect(await check(locked)).toMatchObject({
        status: 'missing',
        remedy: expect.stringContaining(locked),
      });
      expect(await check(path.join(locked, 'new'))).toMatchObject({ status: 'missing' });
    },
  );
});

describe('the space', () => {
  const facts: FolderFacts = { folder: '/data', state: 'folder', at: '/data', writable: true };
  const space = (bytes: number | undefined) => checkSpace('disk', { ...facts, space: bytes });

  it('is that of the disk where the folder is or will be', async () => {
    const [here] = checkSpace('disk', await readFolder(scratch));
    const [later] = checkSpace('disk', await readFolder(at('x', 'y')));
    expect(here?.found).toMatch(/^[\d.]+ GB free at /);
    expect(later?.found).toBe(here?.found);
  });

  it('is enough, short or missing', () => {
    expect(space(5e9)).toMatchObject([{ status: 'ok', found: '5 GB free at /data' }]);
    expect(space(4.9e9)).toMatchObject([{ status: 'warning', remedy: expect.any(String) }]);
    expect(space(0.9e9)).toMatchObject([{ status: 'missing', expected: expect.stringContaining('5 GB') }]);
    expect(space(0)).toMatchObject([{ status: 'missing' }]);
  });

  it('is not judged where nobody can tell', () => {
    expect(space(undefined)).toEqual([]);
  });
});
