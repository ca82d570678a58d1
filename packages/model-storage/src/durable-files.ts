import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Writes a new file and waits until it is on the disk. */
export async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Moves files into a folder and waits until it knows all of them. */
export async function moveDurably(names: readonly string[], from: string, to: string): Promise<void> {
  for (const name of names) await rename(path.join(from, name), path.join(to, name));
  await syncFolder(to);
}

/** Removes files of a folder, those that are there, and waits until it has forgotten them. */
export async function removeDurably(folder: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  for (const name of names) await rm(path.join(folder, name), { force: true });
  await syncFolder(folder);
}

/** Makes a folder with all that lead to it, and waits until each is known to the one above it. */
export async function makeFolderDurably(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined || process.platform === 'win32') return;
  for (let made = path.resolve(folder); made.length >= first.length; made = path.dirname(made)) {
    await syncFolder(path.dirname(made));
  }
}

/** Folders cannot be synced on Windows; there a rename is durable once it returns. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
