import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch.ts';
import { md5OfFile } from './disk-bytes.ts';
import { inspectFile } from './inspect-file.ts';
import { confinedFile, openRegularFile } from './regular-file.ts';
import { failureOf } from './testing/failure.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());

const root = path.join(scratch.folder, 'root');
const real = realpathSync(scratch.folder);
mkdirSync(path.join(root, 'sub'), { recursive: true });
mkdirSync(path.join(scratch.folder, 'root-beside'));
for (const name of ['root/a.csv', 'root/sub/b.csv', 'root/..c.csv', 'root-beside/d.csv', 'e.csv']) {
  writeFileSync(path.join(scratch.folder, name), 'a,b\n');
}
const link = (target: string, name: string) => symlinkSync(target, path.join(scratch.folder, name));
link('a.csv', 'root/inside.csv');
link('../e.csv', 'root/outside.csv');
link('../root-beside', 'root/folder');
link('/etc/hostname', 'root/absolute.csv');
link('nowhere.csv', 'root/dangling.csv');
link('loop.csv', 'root/loop.csv');
link('root', 'root-link');
execFileSync('mkfifo', [path.join(root, 'pipe.csv')]);
link('pipe.csv', 'root/pipe-link.csv');
link('/dev/zero', 'zero.csv');

describe('confinedFile', () => {
  it('gives the real path of a file in the folder, links followed', async () => {
    expect(await confinedFile(root, 'a.csv')).toBe(path.join(real, 'root/a.csv'));
    expect(await confinedFile(root, 'sub/../sub/b.csv')).toBe(path.join(real, 'root/sub/b.csv'));
    expect(await confinedFile(root, '..c.csv')).toBe(path.join(real, 'root/..c.csv'));
    expect(await confinedFile(root, 'inside.csv')).toBe(path.join(real, 'root/a.csv'));
    expect(await confinedFile(path.join(scratch.folder, 'root-link'), 'a.csv')).toBe(
      path.join(real, 'root/a.csv'),
    );
    expect(await confinedFile('/', path.join(root, 'a.csv'))).toBe(path.join(real, 'root/a.csv'));
  });

  it('refuses whatever leads out of it', async () => {
    const ways = [
      '../e.csv',
      '..',
      '.',
      '',
      'sub/../../e.csv',
      '/etc/hostname',
      'outside.csv',
      'folder/d.csv',
      'absolute.csv',
      '../root-beside/d.csv',
    ];
    for (const way of ways) {
      expect(await failureOf(confinedFile(root, way)), way).toMatchObject({
        code: 'FILE_OUTSIDE_FOLDER',
        category: 'data',
      });
    }
  });

  it('refuses what is no regular file, or not there', async () => {
    for (const name of ['sub', 'pipe.csv', 'pipe-link.csv']) {
      expect(await failureOf(confinedFile(root, name)), name).toMatchObject({ code: 'FILE_NOT_REGULAR' });
    }
    for (const name of ['nothing.csv', 'dangling.csv', 'loop.csv', 'a.csv/b', 'a\0b']) {
      expect(await failureOf(confinedFile(root, name)), name).toMatchObject({ code: 'FILE_UNREADABLE' });
    }
    expect(await failureOf(confinedFile(path.join(scratch.folder, 'no-root'), 'a.csv'))).toMatchObject({
      code: 'FILE_UNREADABLE',
    });
  });
});

describe('whatever opens a file', () => {
  it('refuses pipes, devices, sockets and folders at once, and says which', async () => {
    const server = createServer();
    const socket = path.join(scratch.folder, 'socket.csv');
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    mkdirSync(path.join(scratch.folder, 'folder.csv'));
    const kinds = {
      [path.join(root, 'pipe.csv')]: 'a pipe',
      [path.join(scratch.folder, 'zero.csv')]: 'a device',
      [socket]: 'a socket',
      [path.join(scratch.folder, 'folder.csv')]: 'a folder',
    };
    for (const [file, found] of Object.entries(kinds)) {
      const refusal = { code: 'FILE_NOT_REGULAR', found };
      expect(await failureOf(openRegularFile(file))).toMatchObject(refusal);
      expect(await failureOf(md5OfFile(file))).toMatchObject(refusal);
      expect(await failureOf(inspectFile(file, { maxPlainBytes: 1e6 }))).toMatchObject(refusal);
      symlinkSync(file, `${file}.parquet`);
      expect(await failureOf(inspectFile(`${file}.parquet`, { maxPlainBytes: 1e6 }))).toMatchObject(refusal);
    }
    await new Promise((resolve) => server.close(resolve));
  });

  it('says what the system says of a file that cannot be opened', async () => {
    const failure = await failureOf(md5OfFile(path.join(root, 'nothing.csv')));
    expect(failure).toMatchObject({ code: 'FILE_UNREADABLE', category: 'data' });
    expect(failure.message).toMatch(/nothing\.csv cannot be read.*ENOENT/);
  });
});
