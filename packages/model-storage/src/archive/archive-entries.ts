import type { Entry, ZipFile } from 'yauzl';
import { ArchiveError } from './errors.ts';
import type { ArchiveLimits } from './limits.ts';

// Of a Unix mode, which zip keeps in the upper half of the external attributes.
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const DOS_DIRECTORY = 0x10;

/** What every name within an archive is made of: no folder, no drive, nothing hidden, the same letters on every system. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,254}$/;

/**
 * The entries of an archive by name, each a plain file that may be unpacked as far as names, kinds and declared sizes tell.
 *
 * @throws {ArchiveError} for a name that leads elsewhere, a link, a folder, an encrypted or repeated entry, or too much of anything
 */
export async function listEntries(
  zip: ZipFile,
  { file, limits }: { readonly file: string; readonly limits: ArchiveLimits },
): Promise<ReadonlyMap<string, Entry>> {
  const refuse = (expected: string, found: string) => new ArchiveError({ file, expected, found });
  const tooMany = (found: number) => refuse(`at most ${limits.entries} files`, `${found} files`);
  if (zip.entryCount > limits.entries) throw tooMany(zip.entryCount);
  const entries = new Map<string, Entry>();
  const folded = new Map<string, string>();
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileNameRaw.toString('latin1');
    if (!namePattern.test(name)) {
      throw refuse('plain file names, without folders', `the name ${JSON.stringify(name.slice(0, 300))}`);
    }
    const same = folded.get(name.toLowerCase());
    if (same !== undefined) {
      throw refuse('each name once', same === name ? `${name} twice` : `both ${same} and ${name}`);
    }
    const kind = unpackable(entry);
    if (kind !== null) throw refuse('plain files, stored or deflated', `${name}, ${kind}`);
    const local = await zip.readLocalFileHeaderPromise(entry);
    if (!local.fileName.equals(entry.fileNameRaw)) {
      throw refuse('one name for each file', `${name}, which calls itself otherwise where it begins`);
    }
    total += entry.uncompressedSize;
    if (total > limits.totalBytes) {
      throw refuse(`at most ${limits.totalBytes} bytes when unpacked`, `at least ${total}`);
    }
    entries.set(name, entry);
    folded.set(name.toLowerCase(), name);
  }
  return entries;
}

/** Why an entry is not unpacked, or null where it may be. */
function unpackable(entry: Entry): string | null {
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  if (entry.isEncrypted()) return 'which is encrypted';
  if (!entry.canDecodeFileData()) return `packed by method ${entry.compressionMethod}`;
  if (type === 0o120000) return 'a link';
  if (type === 0o040000 || (entry.externalFileAttributes & DOS_DIRECTORY) !== 0) return 'a folder';
  if (type !== 0 && type !== REGULAR) return 'no plain file';
  return null;
}
