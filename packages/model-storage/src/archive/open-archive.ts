import { RiskScoringError } from '@risk-scoring/contract';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { ArchiveError } from './errors.ts';

/**
 * Opens a zip, hands it to `work`, and closes it. What fails in reading the zip becomes an {@link ArchiveError}.
 *
 * @throws {ArchiveError} for a file that cannot be read, is no zip, or is cut off
 */
export async function withArchive<T>(file: string, work: (zip: ZipFile) => Promise<T>): Promise<T> {
  let zip: ZipFile;
  try {
    // Names stay as they are in the file: the entries are checked byte by byte.
    zip = await openPromise(file, { autoClose: false, decodeStrings: false, validateEntrySizes: true });
  } catch (cause) {
    throw unreadable(file, cause);
  }
  // Closing may fail long after; there is nothing left to lose by then.
  zip.on('error', () => undefined);
  try {
    return await work(zip);
  } finally {
    zip.close();
  }
}

/**
 * The bytes of an entry, part by part, and never more than it declares.
 *
 * @throws {ArchiveError} when it holds more or less, or cannot be inflated
 */
export async function* entryBytes(
  zip: ZipFile,
  entry: Entry,
  { file, name }: { readonly file: string; readonly name: string },
): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > entry.uncompressedSize) break;
      yield chunk;
    }
  } catch (cause) {
    throw unreadable(file, cause, ` in ${name}`);
  }
  if (bytes !== entry.uncompressedSize) {
    throw new ArchiveError({
      file,
      expected: `${entry.uncompressedSize} bytes in ${name}, as the archive says`,
      found: bytes > entry.uncompressedSize ? 'more' : `${bytes}`,
    });
  }
}

/** The error for what a zip library says of a file that it cannot read; ours stay as they are. */
export function unreadable(file: string, cause: unknown, where = ''): unknown {
  if (RiskScoringError.isInstance(cause)) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ArchiveError({
    file,
    expected: 'a whole zip file, as models export writes it',
    found: `${message}${where}`,
    cause,
  });
}
