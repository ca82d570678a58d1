import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { StudyFileError } from '../errors.ts';
import type { HeaderLine, JournalLine } from './journal.ts';

/** A study file that is open for appending. */
export interface StudyFile {
  /** Adds a line; with `sync` it returns when the line, and all before it, are on the disk. */
  append(line: JournalLine, options?: { readonly sync?: boolean }): void;
  close(): void;
}

/** The bytes of a study file; undefined where there is none, or an empty one. */
export function readStudyBytes(file: string): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    return bytes.length === 0 ? undefined : bytes;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StudyFileError({ path: file, doing: 'reading it', cause });
  }
}

/** Makes a study file, whole with its header or not at all. */
export function createStudyFile(file: string, header: HeaderLine): void {
  withErrors(file, 'making it', () => {
    const aside = `${file}.new`;
    const descriptor = openSync(aside, 'w');
    try {
      writeFileSync(descriptor, `${JSON.stringify(header)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(aside, file);
    syncFolder(path.dirname(file));
  });
}

/**
 * Opens a study file for appending, after cutting off what is beyond its whole lines.
 *
 * @throws {StudyFileError} when it cannot be opened, cut or, later, written
 */
export function openStudyFile(file: string, wholeBytes: number): StudyFile {
  const descriptor = withErrors(file, 'opening it', () => openSync(file, 'r+'));
  withErrors(file, 'cutting off its torn end', () => {
    ftruncateSync(descriptor, wholeBytes);
    fsyncSync(descriptor);
  });
  let end = wholeBytes;
  // After a failed write nobody knows what is on the disk: the next to open the file looks.
  let usable = true;
  let closed = false;
  return {
    append(line, { sync = false } = {}) {
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      withErrors(file, 'writing a trial', () => {
        if (!usable) throw new Error('it was closed, or an earlier write failed');
        usable = false;
        writeAt(descriptor, bytes, end);
        if (sync) fsyncSync(descriptor);
        end += bytes.length;
        usable = true;
      });
    },
    close() {
      if (closed) return;
      closed = true;
      usable = false;
      closeSync(descriptor);
    },
  };
}

/** One write may take fewer bytes than it was given. */
function writeAt(descriptor: number, bytes: Buffer, position: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
  }
}

/** Folders cannot be synced on Windows; there a rename is durable once it returns. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function withErrors<T>(file: string, doing: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new StudyFileError({ path: file, doing, cause });
  }
}
