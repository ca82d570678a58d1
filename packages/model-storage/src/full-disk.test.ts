import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelNotSavedError } from './errors.ts';
import { readStoredModel } from './read-model.ts';
import { openSite, refusal, type Site } from './testing/site.ts';
import { listModels } from './trained-models.ts';
import { verifyModels } from './verify.ts';

const DISK_KIB = 1024;
let site: Site;
let disk: string;
let isMounted = false;

beforeAll(async () => {
  site = await openSite();
  disk = path.join(site.folder, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_KIB}k`, 'tmpfs', disk], { stdio: 'pipe' });
    isMounted = true;
  } catch (error) {
    console.warn(`skipped: saving on a full disk, as a small one cannot be mounted (${String(error)})`);
  }
});
afterAll(async () => {
  if (isMounted) execFileSync('umount', [disk]);
  await site.close();
});

describe('saving on a disk that becomes full', () => {
  // The sample model takes about 500 KiB: the disk is full before the first file, in the middle of each large one, and just before the end.
  it.for([0, 4, 100, 250, 300, 480])('leaves nothing where %i KiB are free', async (free, { skip }) => {
    if (!isMounted) skip('no disk of its own could be mounted');
    const ballast = path.join(disk, 'ballast');
    mkdirSync(path.join(disk, 'simnet'), { recursive: true });
    writeFileSync(ballast, Buffer.alloc((DISK_KIB - free) * 1024));
    const before = (await listModels(site.database)).length;

    const refused = await refusal(site.save({ outputDir: disk }));
    expect(refused).toBeInstanceOf(ModelNotSavedError);
    expect(refused).toMatchObject({ found: expect.stringContaining('ENOSPC') });
    expect(readdirSync(path.join(disk, 'simnet'))).toEqual([]);
    expect((await listModels(site.database)).length).toBe(before);

    rmSync(ballast);
    const { metadataPath, files } = await site.save({ outputDir: disk });
    await readStoredModel(metadataPath);
    expect(await verifyModels(site.database, { outputDirs: [disk] })).toMatchObject({
      missing: [],
      changed: [],
      orphaned: [],
    });
    // The next round has the disk for itself.
    for (const file of files) rmSync(file);
    await site.database.command({ sql: 'TRUNCATE TABLE trained_models', doing: 'forgetting' });
  });
});
