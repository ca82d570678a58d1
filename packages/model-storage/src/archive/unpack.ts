import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { ZipFile } from 'yauzl';
import { writeDurably } from '../durable-files.ts';
import type { ArchivedModel } from './archived-model.ts';
import { ArchiveError } from './errors.ts';
import { entryBytes } from './open-archive.ts';

/**
 * Writes the files of a model from its archive into an empty folder, checking the sha256 of each on the way, and waits until they are on
 * the disk.
 *
 * @throws {ArchiveError} when a file is not the one that the metadata names
 */
export async function unpackModel(
  zip: ZipFile,
  model: ArchivedModel,
  { file, folder }: { readonly file: string; readonly folder: string },
): Promise<void> {
  for (const [name, entry] of model.entries) {
    const expected = model.metadata.files[name]?.sha256 ?? '';
    const hash = createHash('sha256');
    // Never follows or replaces what is there, and no program may be made of what a stranger sent.
    const handle = await open(path.join(folder, name), 'wx', 0o644);
    try {
      for await (const part of entryBytes(zip, entry, { file, name })) {
        hash.update(part);
        await handle.writeFile(part);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    const found = hash.digest('hex');
    if (found !== expected) {
      throw new ArchiveError({ file, expected: `sha256 ${expected} of ${name}`, found: `sha256 ${found}` });
    }
  }
  await writeDurably(path.join(folder, model.metadataName), model.metadataBytes);
}
