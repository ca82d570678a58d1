import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { code, get, list, s3Fixture } from './s3-test-client.ts';

const fixture = s3Fixture();
const { folder, scratch, put, start } = fixture;
afterEach(() => fixture.stop());
afterAll(() => fixture.remove());

for (const key of ['2024/01/a.json', '2024/02/b.json', 'empty.txt', 'odd/x.txt', 'ten.txt']) {
  put(`bucket/${key}`, key === 'ten.txt' ? '0123456789' : '');
}
symlinkSync(scratch, path.join(folder, 'bucket', 'linked'));
symlinkSync(path.join(folder, 'bucket/ten.txt'), path.join(folder, 'bucket', 'link.txt'));

describe('a listing', () => {
  const all = ['2024/01/a.json', '2024/02/b.json', 'empty.txt', 'odd/x.txt', 'ten.txt'];

  it('holds all keys in order, without links', async () => {
    const { keys, xml } = await list(await start(), '');
    expect(keys).toEqual(all);
    expect(xml).toContain('<Size>10</Size>');
    expect(xml).toContain('<IsTruncated>false</IsTruncated>');
    expect(xml).toMatch(/<LastModified>\d{4}-\d\d-\d\dT[\d:.]+Z<\/LastModified>/);
  });

  it('orders keys by their bytes', async () => {
    for (const key of ['\u{ff5e}', '\u{1f389}', 'a/b', 'a.b', 'B']) put(`order/${key}`, '');
    const { keys } = await list(await start(), '', 'order');
    expect(keys).toEqual(['B', 'a.b', 'a/b', '\u{ff5e}', '\u{1f389}']);
  });

  it('groups by a delimiter and pages through keys and groups alike', async () => {
    const s3 = await start();
    const grouped = await list(s3, 'delimiter=/');
    expect([grouped.prefixes, grouped.keys]).toEqual([
      ['2024/', 'odd/'],
      ['empty.txt', 'ten.txt'],
    ]);
    expect((await list(s3, 'delimiter=/&prefix=2024/')).prefixes).toEqual(['2024/01/', '2024/02/']);

    const seen: string[] = [];
    let token: string | undefined;
    let pages = 0;
    do {
      const next = token === undefined ? '' : `&continuation-token=${encodeURIComponent(token)}`;
      const page = await list(s3, `delimiter=/&max-keys=1${next}`);
      seen.push(...page.prefixes, ...page.keys);
      token = page.next;
      pages++;
    } while (token !== undefined && pages < 10);
    expect([seen, pages]).toEqual([['2024/', 'empty.txt', 'odd/', 'ten.txt'], 4]);
  });

  it('starts after a name, and may be empty', async () => {
    const s3 = await start();
    expect((await list(s3, 'start-after=empty.txt&prefix=t')).keys).toEqual(['ten.txt']);
    expect((await list(s3, 'start-after=2024/01/a.json&delimiter=/')).prefixes).toEqual(['2024/', 'odd/']);
    const none = await list(s3, 'prefix=nothing');
    expect([none.keys, none.prefixes, none.next]).toEqual([[], [], undefined]);
    expect((await list(s3, 'max-keys=0')).xml).toContain('<KeyCount>0</KeyCount>');
  });

  it('refuses arguments that are none', async () => {
    const s3 = await start();
    for (const query of ['max-keys=-1', 'max-keys=x', 'encoding-type=base64', 'continuation-token=*']) {
      const answer = await get(s3, `/bucket?list-type=2&${query}`);
      expect([answer.status, code(answer.body)]).toEqual([400, 'InvalidArgument']);
    }
  });
});
