import { invalidHeader } from './column-names.ts';
import { FileError } from './errors.ts';

/** The beginning of a text file. */
export interface Sample {
  readonly bytes: Uint8Array;
  /** Whether that is the whole file. */
  readonly isWhole: boolean;
}

/** How much of a file is looked at for its columns. */
export const SAMPLE_BYTES = 1024 * 1024;

/** What the engine reads each column of a text as: NULL is no value, which is not the empty text. */
export const TEXT = 'Nullable(String)';

// What other kinds of files begin with: their names were mistaken.
const otherKinds: readonly {
  readonly kind: string;
  readonly magic: readonly number[];
  readonly suffix: string;
}[] = [
  { kind: 'gzip data', magic: [0x1f, 0x8b], suffix: 'must end in .gz' },
  { kind: 'zstd data', magic: [0x28, 0xb5, 0x2f, 0xfd], suffix: 'must end in .zst' },
  { kind: 'Parquet', magic: [0x50, 0x41, 0x52, 0x31], suffix: 'must end in .parquet' },
  {
    kind: 'a zip archive',
    magic: [0x50, 0x4b, 0x03, 0x04],
    suffix: 'is none that is read: take the file out of the archive',
  },
  { kind: 'UTF-16 text', magic: [0xff, 0xfe], suffix: 'may stay, but the text must be UTF-8' },
  { kind: 'UTF-16 text', magic: [0xfe, 0xff], suffix: 'may stay, but the text must be UTF-8' },
];

/**
 * The bytes after a UTF-8 byte order mark, if there is one.
 *
 * @throws {FileError} FILE_FORMAT_UNKNOWN when they begin as another kind of file does
 */
export function withoutByteOrderMark(path: string, bytes: Uint8Array): Uint8Array {
  for (const { kind, magic, suffix } of otherKinds) {
    if (!magic.every((byte, index) => bytes[index] === byte)) continue;
    throw new FileError({
      code: 'FILE_FORMAT_UNKNOWN',
      summary: `${path} is not the text that its name says.`,
      expected: 'UTF-8 text',
      found: kind,
      remedy: `the name of such a file ${suffix}`,
    });
  }
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/**
 * Bytes as text.
 *
 * @throws {FileError} FILE_HEADER_INVALID when they are not UTF-8
 */
export function decodeText(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw invalidHeader(path, {
      expected: 'UTF-8 text',
      found: 'bytes that are not UTF-8',
      remedy: 'write the file in UTF-8',
      cause,
    });
  }
}
