import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createRandom } from '@risk-scoring/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Attack, type ModelFile, prepareAttack } from '../testing/attack.ts';
import { rawZip } from '../testing/raw-zip.ts';
import { importModel } from './index.ts';

let attack: Attack;
let files: readonly ModelFile[];
let outputDir: string;
beforeAll(async () => {
  attack = await prepareAttack();
  ({ files, outputDir } = attack);
});
afterEach(() => attack.startAnew());
afterAll(() => attack.close());

describe('a file that is no archive, or a damaged one', () => {
  it('is refused', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('PK'), Buffer.from('hello'), Buffer.alloc(100_000)]) {
      expect((await attack.importBytes(bytes)).code).toBe('MODEL_ARCHIVE_INVALID');
    }
    const missing = importModel(attack.database, path.join(attack.root, 'nowhere.zip'), { outputDir });
    await expect(missing).rejects.toMatchObject({
      code: 'MODEL_ARCHIVE_INVALID',
      found: expect.stringContaining('ENOENT'),
    });
    await expect(importModel(attack.database, attack.root, { outputDir })).rejects.toMatchObject({
      code: 'MODEL_ARCHIVE_INVALID',
    });
  });

  it('is refused wherever it is cut off', async () => {
    const whole = rawZip(files);
    const random = createRandom(3, 'cuts');
    for (let run = 0; run < 25; run += 1) {
      const length = random.integer(whole.length);
      expect((await attack.importBytes(whole.subarray(0, length))).code, `cut at ${length}`).toBe(
        'MODEL_ARCHIVE_INVALID',
      );
    }
  });

  it('never becomes another model, whichever byte is changed', async () => {
    const whole = rawZip(files);
    const random = createRandom(4, 'bytes');
    let refused = 0;
    for (let run = 0; run < 50; run += 1) {
      // Most of a zip is data: half of the changes go to the headers at its end.
      const from = run % 2 === 0 ? 0 : whole.length - 700;
      const at = from + random.integer(whole.length - from);
      const other = Buffer.from(whole);
      other[at] = (other[at] ?? 0) ^ (1 + random.integer(255));
      const { code } = await attack.importBytes(other);
      if (code === 'imported') await assertOriginal();
      else {
        expect(code, `byte ${at}`).toMatch(/^(?:MODEL_|INVALID_INPUT)/);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(15);
  });

  /** A changed date or checksum of the zip harms nobody; the model is the one that was packed, and is taken away again. */
  async function assertOriginal(): Promise<void> {
    for (const { name, bytes } of files) {
      expect(readFileSync(path.join(outputDir, 'simnet', name)).equals(bytes)).toBe(true);
    }
    expect(readdirSync(path.join(outputDir, 'simnet'))).toHaveLength(files.length);
    await attack.startAnew();
  }
});
