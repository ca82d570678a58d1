import { RiskScoringError } from '@risk-scoring/contract';

/** What can be wrong with a file. */
export type FileErrorCode =
  | 'FILE_UNREADABLE'
  | 'FILE_FORMAT_UNKNOWN'
  | 'FILE_TRUNCATED'
  | 'FILE_TOO_LARGE'
  | 'FILE_HEADER_INVALID'
  | 'FILE_OUTSIDE_FOLDER'
  | 'FILE_NOT_REGULAR';

/** The parts of a {@link FileError}. */
export interface FileErrorParts {
  readonly code: FileErrorCode;
  readonly summary: string;
  readonly expected: string;
  readonly found: string;
  readonly remedy: string;
  readonly cause?: unknown;
}

/** A file that cannot be ingested as it is. Nothing of it was stored. */
export class FileError extends RiskScoringError {
  constructor(parts: FileErrorParts) {
    super({ category: 'data', ...parts });
  }
}

/** The file ends before its content does. */
export function truncated(path: string, found: string, cause?: unknown): FileError {
  return new FileError({
    code: 'FILE_TRUNCATED',
    summary: `${path} is cut off.`,
    expected: 'a whole file',
    found,
    remedy: 'fetch or write the file again',
    cause,
  });
}

/** The file's bytes are not what its format says they are. */
export function corrupt(path: string, found: string, cause?: unknown): FileError {
  return new FileError({
    code: 'FILE_UNREADABLE',
    summary: `${path} is damaged.`,
    expected: 'the bytes that its writer wrote',
    found,
    remedy: 'fetch or write the file again',
    cause,
  });
}

/** The operating system does not hand the file out. */
export function unreadable(path: string, cause: unknown): FileError {
  return new FileError({
    code: 'FILE_UNREADABLE',
    summary: `${path} cannot be read.`,
    expected: 'a file that this user can read',
    found: messageOf(cause),
    remedy: 'check the path and its permissions',
    cause,
  });
}

/** The file holds more, decompressed, than was allowed. */
export function tooLarge(path: string, found: string, maxPlainBytes: number): FileError {
  return new FileError({
    code: 'FILE_TOO_LARGE',
    summary: `${path} holds more data than allowed.`,
    expected: `at most ${maxPlainBytes} bytes after decompression`,
    found,
    remedy: 'if the file is meant to be that large, raise the limit with --max-file-size',
  });
}

/** The first line of what was thrown. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? message;
}
