import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { simulateSnapshots } from './simulate-snapshots.ts';
import type { SnapshotMeta } from './snapshot-folder.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const dist = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const options = { alerts: 1800, snapshots: 12, seed: 3 };
let root: string;
beforeAll(async () => {
  root = await temporaryFolder();
});

/** Folders that are being written, or were when their process was killed. */
async function hiddenFolders(outputDir: string): Promise<string[]> {
  if (!existsSync(outputDir)) return [];
  return (await readdir(outputDir)).filter((name) => name.startsWith('.'));
}

/** Starts a simulation in a process of its own and kills it some time after it begins to write a folder. */
async function killedRun(outputDir: string, afterMilliseconds: number): Promise<void> {
  const script = `
    import { simulateSnapshots } from ${JSON.stringify(dist)};
    await simulateSnapshots(${JSON.stringify({ ...options, outputDir })});
  `;
  const remains = await hiddenFolders(outputDir);
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' });
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  const isWriting = async () => (await hiddenFolders(outputDir)).some((name) => !remains.includes(name));
  while (!(await isWriting()) && child.exitCode === null) await sleep(1);
  await sleep(afterMilliseconds);
  child.kill('SIGKILL');
  await ended;
}

/** Whether every visible folder is whole, by its META.json. */
async function expectWhole(outputDir: string): Promise<number> {
  const visible = (await readdir(outputDir)).filter((name) => !name.startsWith('.'));
  for (const name of visible) {
    const meta = JSON.parse(await readFile(join(outputDir, name, 'META.json'), 'utf8')) as SnapshotMeta;
    expect(Object.keys(meta.files)).toHaveLength(5);
    for (const [file, { md5 }] of Object.entries(meta.files)) {
      const bytes = await readFile(join(outputDir, name, file));
      expect(createHash('md5').update(bytes).digest('hex')).toBe(md5);
    }
  }
  return visible.length;
}

describe('a killed run', () => {
  it('leaves whole folders or none, and the next run completes the work', async () => {
    expect(existsSync(dist), 'the package must be built first').toBe(true);
    const outputDir = join(root, 'killed');
    let halfWritten = 0;
    for (const delay of [0, 1, 3, 6, 12]) {
      await killedRun(outputDir, delay);
      halfWritten += (await hiddenFolders(outputDir)).length;
      expect(await expectWhole(outputDir)).toBeLessThanOrEqual(options.snapshots);
    }
    // Otherwise every kill missed, and nothing was tried.

    expect(halfWritten).toBeGreaterThan(0);

    const { snapshots } = await simulateSnapshots({ ...options, outputDir });
    expect(await expectWhole(outputDir)).toBe(options.snapshots);
    expect(await hiddenFolders(outputDir)).toEqual([]);
    expect(snapshots.map(({ alerts }) => alerts)).toEqual(new Array(options.snapshots).fill(150));
  });

  it('is not fooled by the remains of a folder that was being written or replaced', async () => {
    const outputDir = join(root, 'remains');
    const first = await simulateSnapshots({ ...options, alerts: 150, snapshots: 1, outputDir });
    const folder = join(outputDir, '2025-01-06');
    await cp(folder, join(outputDir, '.2025-01-06.partial'), { recursive: true });
    await cp(folder, join(outputDir, '.2025-01-06.replaced'), { recursive: true });
    await rm(join(outputDir, '.2025-01-06.partial', 'META.json'));
    await rm(folder, { recursive: true });
    const again = await simulateSnapshots({ ...options, alerts: 150, snapshots: 1, outputDir });
    expect(again.snapshots[0]).toEqual({ ...first.snapshots[0], written: true });
    expect(await readdir(outputDir)).toEqual(['2025-01-06']);
  });
});
