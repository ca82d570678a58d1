import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { code, get, s3Fixture } from './s3-test-client.ts';

const fixture = s3Fixture();
const { put, start } = fixture;
afterEach(() => fixture.stop());
afterAll(() => fixture.remove());

put('bucket/ten.txt', '0123456789');
put('bucket/2024/01/a.json', '{"a":1}');

describe('faults', () => {
  it('answer a share of requests with SlowDown, alike for the same seed', async () => {
    const outcomes = async (seed: number): Promise<number[]> => {
      const s3 = await start({ faults: { unavailable: 0.3 }, seed });
      for (let n = 0; n < 100; n++) await get(s3, '/bucket/ten.txt');
      return s3.requests.map(({ status }) => status);
    };
    const first = await outcomes(1);
    const unavailable = first.filter((status) => status === 503).length;
    expect(unavailable).toBeGreaterThan(15);
    expect(unavailable).toBeLessThan(45);
    expect(await outcomes(1)).toEqual(first);
    expect(await outcomes(2)).not.toEqual(first);
    const down = await get(await start({ faults: { unavailable: 1 } }), '/bucket/ten.txt');
    expect([down.status, code(down.body)]).toEqual([503, 'SlowDown']);
  });

  it('break the connection in the middle of an object, however it is asked for', async () => {
    const s3 = await start({ faults: { truncate: /ten/g } });
    for (let round = 0; round < 2; round++) {
      expect(await get(s3, '/bucket/ten.txt')).toEqual({ status: 200, body: '01234', broken: true });
    }
    expect(await get(s3, '/bucket/ten.txt', { range: 'bytes=3-8' })).toMatchObject({
      body: '34',
      broken: true,
    });
    expect(await get(s3, '/bucket/ten.txt', { range: 'bytes=7-' })).toMatchObject({ body: '', broken: true });
    expect(await get(s3, '/bucket/ten.txt', { range: 'bytes=0-4' })).toEqual({ status: 206, body: '01234' });
    expect(await get(s3, '/bucket/2024/01/a.json')).toEqual({ status: 200, body: '{"a":1}' });
  });
});
