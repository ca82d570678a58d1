import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { code, get, list, md5, s3Fixture } from './s3-test-client.ts';

const fixture = s3Fixture();
const { folder, scratch, put, start } = fixture;
afterEach(() => fixture.stop());
afterAll(() => fixture.remove());

const ODD = "odd/a b+c%d&e<f>'*?{}é🎉.txt";
put('bucket/ten.txt', '0123456789');
put('bucket/empty.txt', '');
put('bucket/2024/01/a.json', '{"a":1}');
put(`bucket/${ODD}`, 'odd');
put('other/ten.txt', 'other');
put('secret.txt', 'not in a bucket');
writeFileSync(path.join(scratch, 'outside.txt'), 'outside');
symlinkSync(path.join(scratch, 'outside.txt'), path.join(folder, 'bucket', 'link.txt'));
symlinkSync(scratch, path.join(folder, 'bucket', 'linked'));
symlinkSync(scratch, path.join(folder, 'linked-bucket'));

describe('an object', () => {
  it('comes with its length, its MD5 as ETag and its date, by GET and by HEAD', async () => {
    const s3 = await start();
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(`${s3.endpoint}/bucket/ten.txt`, { method });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-length')).toBe('10');
      expect(response.headers.get('etag')).toBe(`"${md5('0123456789')}"`);
      expect(response.headers.get('accept-ranges')).toBe('bytes');
      expect(Math.abs(Date.parse(response.headers.get('last-modified') ?? '') - Date.now())).toBeLessThan(
        6e5,
      );
      expect(await response.text()).toBe(method === 'GET' ? '0123456789' : '');
    }
    expect(s3.requests).toEqual([
      { method: 'GET', path: '/bucket/ten.txt', status: 200 },
      { method: 'HEAD', path: '/bucket/ten.txt', status: 200 },
    ]);
  });

  it('shows a new ETag when its file changed', async () => {
    const s3 = await start();
    put('bucket/changing.txt', 'before');
    await fetch(`${s3.endpoint}/bucket/changing.txt`);
    put('bucket/changing.txt', 'afterwards');
    const response = await fetch(`${s3.endpoint}/bucket/changing.txt`);
    expect([response.headers.get('etag'), await response.text()]).toEqual([
      `"${md5('afterwards')}"`,
      'afterwards',
    ]);
  });

  it('shows the ETag of a multipart upload where that is ordered, in listings too', async () => {
    const s3 = await start({ multipartEtags: /^2024.*json$/g });
    for (let round = 0; round < 2; round++) {
      const response = await fetch(`${s3.endpoint}/bucket/2024/01/a.json`, { method: 'HEAD' });
      expect(response.headers.get('etag')).toBe(`"${md5('{"a":1}')}-2"`);
    }
    const listing = await list(s3, 'prefix=2024/01/');
    expect(listing.xml).toContain(`<ETag>&#34;${md5('{"a":1}')}-2&#34;</ETag>`);
    expect((await fetch(`${s3.endpoint}/bucket/ten.txt`)).headers.get('etag')).toBe(`"${md5('0123456789')}"`);
  });

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-30', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['bytes=4-2', 200, '0123456789', null],
    ['bytes=0-1,4-5', 200, '0123456789', null],
    ['lines=1-2', 200, '0123456789', null],
  ])('is cut by Range: %s', async (range, status, text, contentRange) => {
    const s3 = await start();
    const response = await fetch(`${s3.endpoint}/bucket/ten.txt`, { headers: { range } });
    expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([
      status,
      text,
      contentRange,
    ]);
  });

  it('has no bytes beyond its end', async () => {
    const s3 = await start();
    for (const [key, range] of [
      ['ten.txt', 'bytes=10-'],
      ['ten.txt', 'bytes=-0'],
      ['empty.txt', 'bytes=0-'],
    ]) {
      const answer = await get(s3, `/bucket/${key}`, { range: range ?? '' });
      expect([answer.status, code(answer.body)]).toEqual([416, 'InvalidRange']);
    }
    expect(await get(s3, '/bucket/empty.txt')).toEqual({ status: 200, body: '' });
  });

  it('may have any name', async () => {
    const s3 = await start();
    const key = encodeURIComponent(ODD);
    expect(await get(s3, `/bucket/${key}`)).toEqual({ status: 200, body: 'odd' });
    expect((await list(s3, 'prefix=odd/')).keys).toEqual(["odd/a b+c%d&#38;e&#60;f&#62;'*?{}é🎉.txt"]);
    expect((await list(s3, 'prefix=odd/&encoding-type=url')).keys).toEqual([
      'odd/a%20b%2Bc%25d%26e%3Cf%3E%27%2A%3F%7B%7D%C3%A9%F0%9F%8E%89.txt',
    ]);
  });
});

describe('what is refused', () => {
  it.each([
    ['GET', '/bucket/none.txt', 404, 'NoSuchKey'],
    ['GET', '/bucket/2024', 404, 'NoSuchKey'],
    ['GET', '/bucket/ten.txt/more', 404, 'NoSuchKey'],
    ['GET', '/bucket/a%00b', 404, 'NoSuchKey'],
    ['GET', `/bucket/${'x'.repeat(300)}`, 404, 'NoSuchKey'],
    ['GET', '/nowhere/ten.txt', 404, 'NoSuchBucket'],
    ['GET', '/nowhere?list-type=2', 404, 'NoSuchBucket'],
    ['GET', '/secret.txt?list-type=2', 404, 'NoSuchBucket'],
    ['GET', '/bucket/%zz', 400, 'InvalidURI'],
    ['GET', '/', 501, 'NotImplemented'],
    ['GET', '/bucket?location', 501, 'NotImplemented'],
    ['PUT', '/bucket/new.txt', 405, 'MethodNotAllowed'],
    ['DELETE', '/bucket/ten.txt', 405, 'MethodNotAllowed'],
    ['POST', '/bucket?delete', 405, 'MethodNotAllowed'],
  ])('%s %s: %i %s', async (method, target, status, expected) => {
    const answer = await get(await start(), target, {}, method);
    expect([answer.status, code(answer.body)]).toEqual([status, expected]);
  });

  it.each([
    '/bucket/../other/ten.txt',
    '/bucket/../../outside.txt',
    '/bucket/%2e%2e/other/ten.txt',
    '/bucket/..%2Fother%2Ften.txt',
    '/bucket/./ten.txt',
    '/bucket//ten.txt',
    '/bucket/link.txt',
    '/bucket/linked/outside.txt',
    '/../outside.txt',
    '/%2e%2e/outside.txt',
    '/bucket%2F2024/01/a.json',
    '/linked-bucket/outside.txt',
    '/./secret.txt',
  ])('%s, which would leave its bucket', async (target) => {
    const answer = await get(await start(), target);
    expect([answer.status, code(answer.body)]).toEqual([404, expect.stringMatching(/^NoSuch(Key|Bucket)$/)]);
  });

  it('whoever does not sign, where there are credentials; HEAD gets the status alone', async () => {
    const s3 = await start({ credentials: { accessKeyId: 'AKID', secretAccessKey: 'hidden' } });
    const answer = await get(s3, '/bucket/ten.txt');
    expect([answer.status, code(answer.body)]).toEqual([403, 'AccessDenied']);
    expect(answer.body).not.toContain('hidden');
    expect(await get(s3, '/bucket/ten.txt', {}, 'HEAD')).toEqual({ status: 403, body: '' });
  });
});

describe('startS3Server', () => {
  it('refuses a folder that is none, a share that is none and a port that is taken', async () => {
    const s3 = await start();
    await expect(start({ folder: path.join(scratch, 'nothing') })).rejects.toThrow(/nothing/);
    await expect(start({ folder: path.join(scratch, 'outside.txt') })).rejects.toThrow(/not a folder/);
    await expect(start({ faults: { unavailable: 2 } })).rejects.toThrow(/from 0 to 1/);
    await expect(start({ port: Number(new URL(s3.endpoint).port) })).rejects.toThrow(/EADDRINUSE/);
  });

  it('ends at once, also with a connection open', async () => {
    const s3 = await start();
    await fetch(`${s3.endpoint}/bucket/ten.txt`);
    await s3.close();
    await expect(fetch(`${s3.endpoint}/bucket/ten.txt`)).rejects.toThrow();
  });
});
