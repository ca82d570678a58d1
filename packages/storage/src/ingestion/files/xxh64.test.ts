import { xxhash64 } from 'hyparquet/src/xxhash.js';
import { describe, expect, it } from 'vitest';
import { Xxh64 } from './xxh64.ts';

describe('Xxh64', () => {
  // The reference is hyparquet's, in BigInt.
  it('agrees with another implementation, however the bytes are cut', () => {
    const bytes = Uint8Array.from({ length: 600 }, (_, index) => (index * 7919) >> 3);
    for (let length = 0; length < 300; length++) {
      const part = bytes.subarray(length, 2 * length + (length % 7));
      const hash = new Xxh64();
      for (let at = 0; at < part.length; at += 1 + (length % 41))
        hash.update(part.subarray(at, at + 1 + (length % 41)));
      expect(hash.low32(), `${part.length} bytes`).toBe(Number(xxhash64(part) & 0xffffffffn));
    }
  });

  it('gives the published value of nothing', () => {
    // XXH64 of no bytes with seed 0 is ef46db3751d8e999.
    expect(new Xxh64().low32()).toBe(0x51d8e999);
  });
});
