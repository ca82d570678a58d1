import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';

/** Containers may share the folder and have each a process of the same number: a name tells them apart by their host. */
const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const prefix = `risk-scoring-files-${host}-`;

/**
 * A folder for downloads and decompressed copies, of this process, that only this user can read. What killed processes left behind
 * is removed on the way.
 *
 * @returns the folder and how to remove it, which may be called again
 */
export async function temporaryFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const parent = tmpdir();
  for (const entry of await readdir(parent).catch(() => [])) {
    if (!entry.startsWith(prefix)) continue;
    const pid = Number(entry.slice(prefix.length).split('-', 1)[0]);
    if (Number.isInteger(pid) && pid > 0 && !isAlive(pid)) {
      await rm(path.join(parent, entry), { recursive: true, force: true }).catch(() => undefined);
    }
  }
  const folder = await mkdtemp(path.join(parent, `${prefix}${process.pid}-`));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
