import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from './config-error.ts';

/** The names under which a configuration is looked for. */
export const CONFIG_NAMES = [
  'risk-scoring.config.yaml',
  'risk-scoring.config.yml',
  'risk-scoring.config.json',
] as const;

/** Far more than anybody writes; a file above it was meant to be another. */
const MOST_BYTES = 1_000_000;

/** A configuration as it stands on the disk. */
export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/**
 * Reads the named configuration, or the one of a folder.
 *
 * @returns undefined when none is named and the folder has none
 * @throws {ConfigError} when the named one is not there, there are several, or it is no UTF-8 text of at most 1 MB
 */
export async function readConfigFile(folder: string, file?: string): Promise<ConfigFile | undefined> {
  if (file !== undefined) return read(path.resolve(folder, file));
  const found = await findNames(folder);
  if (found.length > 1) {
    throw new ConfigError({
      file: path.resolve(folder, found[0] ?? ''),
      expected: `one configuration in ${folder}`,
      found: found.join(' and '),
      remedy: 'remove all but one, or name one with --config',
    });
  }
  return found[0] === undefined ? undefined : read(path.resolve(folder, found[0]));
}

async function findNames(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of CONFIG_NAMES) {
    // A link that leads nowhere counts: somebody meant to have a configuration.
    const entry = await lstat(path.join(folder, name)).catch(() => undefined);
    if (entry !== undefined) found.push(name);
  }
  return found;
}

async function read(file: string): Promise<ConfigFile> {
  let handle: FileHandle | undefined;
  try {
    // Without waiting for a writer where the name is that of a pipe.
    handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const status = await handle.stat();
    if (!status.isFile()) throw unreadable(file, status.isDirectory() ? 'a folder' : 'no regular file');
    return { path: file, text: decode(file, await readAtMost(handle, file)) };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw unreadable(file, code === 'ENOENT' ? 'no such file' : `an error while reading it: ${code}`, error);
  } finally {
    await handle?.close();
  }
}

async function readAtMost(handle: FileHandle, file: string): Promise<Buffer> {
  const bytes = Buffer.alloc(MOST_BYTES + 1);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
    if (bytesRead === 0) return bytes.subarray(0, length);
    length += bytesRead;
  }
  throw unreadable(file, 'a file of more than 1 MB');
}

function decode(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw unreadable(file, 'bytes that are no UTF-8', error);
  }
}

function unreadable(file: string, found: string, cause?: unknown): ConfigError {
  return new ConfigError({
    file,
    expected: 'a file of at most 1 MB with YAML or JSON in UTF-8',
    found,
    remedy: 'name the file with --config, or leave the option away to use the defaults',
    ...(cause === undefined ? {} : { cause }),
  });
}
