import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Attack, type ModelFile, prepareAttack } from '../testing/attack.ts';
import { rawZip } from '../testing/raw-zip.ts';

let attack: Attack;
let files: readonly ModelFile[];
let stem: string;
beforeAll(async () => {
  attack = await prepareAttack();
  ({ files, stem } = attack);
});
afterEach(() => attack.startAnew());
afterAll(() => attack.close());
const evil = Buffer.from('evil');

describe('an archive that is larger than it looks', () => {
  it('is not unpacked beyond what it declares', async () => {
    const bomb = Buffer.alloc(50_000_000);
    // The metadata agrees with the header; the data is 500 times as long.
    const entries = attack.replaced('.onnx', ({ name, bytes }) => ({
      name,
      bytes: bomb,
      declared: { uncompressed: bytes.length },
    }));
    const packed = rawZip(entries);
    expect(packed.length).toBeLessThan(500_000);
    expect((await attack.importBytes(packed)).code).toBe('MODEL_ARCHIVE_INVALID');
    const metadataBomb = attack.replaced('.json', ({ name }) => ({
      name,
      bytes: bomb,
      declared: { uncompressed: 1000 },
    }));
    expect((await attack.importBytes(rawZip(metadataBomb))).code).toBe('MODEL_ARCHIVE_INVALID');
  });

  it('is refused by what it declares, before anything is unpacked', async () => {
    const declared = { uncompressed: 0xfffffffe };
    const honest = attack.replaced('.onnx', (file) => ({ ...file, declared }));
    expect((await attack.importBytes(rawZip(honest))).message).toContain('2147483648 bytes');
    const large = attack.replaced('.json', ({ name }) => ({
      name,
      bytes: Buffer.alloc(17 * 1024 ** 2, 0x20),
    }));
    expect((await attack.importBytes(rawZip(large))).message).toContain('16777216 bytes of metadata');
    expect((await attack.importBytes(rawZip(files), { totalBytes: 1000 })).message).toContain(
      'at most 1000 bytes',
    );
    expect((await attack.importBytes(rawZip(files), { metadataBytes: 10 })).message).toContain(
      '10 bytes of metadata',
    );
  });

  it('is refused with more than 50 files, also where it hides how many', async () => {
    const many = Array.from({ length: 60 }, (_, n) => ({ name: `${stem}.f${n}`, bytes: evil }));
    expect((await attack.importBytes(rawZip([...files, ...many]))).message).toContain('at most 50 files');
    const hidden = await attack.importBytes(rawZip([...files, ...many], { entryCount: 65_000 }));
    expect(hidden.code).toBe('MODEL_ARCHIVE_INVALID');
    expect((await attack.importBytes(rawZip(files, { entryCount: 40 }))).code).toBe('MODEL_ARCHIVE_INVALID');
  });

  it('is refused where a file has less than it declares', async () => {
    const entries = attack.replaced('.onnx', (file) => ({
      ...file,
      bytes: file.bytes.subarray(0, 100),
      declared: { uncompressed: file.bytes.length },
    }));
    expect((await attack.importBytes(rawZip(entries))).code).toBe('MODEL_ARCHIVE_INVALID');
  });
});
