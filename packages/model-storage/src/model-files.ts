import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { ModelFileError } from './errors.ts';
import { hashFile, sha256 } from './sha256.ts';

/** What a model's metadata says of one of its files. */
export interface NamedFile {
  /** The metadata file, in whose folder the file is. */
  readonly metadataPath: string;
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Reads a file of a model. A file of another size is not read into memory.
 *
 * @throws {ModelFileError} when it is missing, was changed, or is not in the folder of the metadata
 */
export async function readModelFile(named: NamedFile): Promise<Buffer> {
  const { file, size } = await locate(named);
  if (size !== named.bytes) throw changed(file, named, await hashFile(file));
  const bytes = await readFile(file);
  const found = { bytes: bytes.length, sha256: sha256(bytes) };
  if (found.sha256 !== named.sha256) throw changed(file, named, found);
  return bytes;
}

/** Checks a file of a model as {@link readModelFile} does, in little memory. */
export async function checkModelFile(named: NamedFile): Promise<void> {
  const { file } = await locate(named);
  const found = await hashFile(file);
  if (found.sha256 !== named.sha256 || found.bytes !== named.bytes) throw changed(file, named, found);
}

/** Whether a name is that of a file in the same folder, on every system. */
export function isPlainName(name: string): boolean {
  return (
    name !== '' &&
    name !== '.' &&
    name !== '..' &&
    path.posix.basename(name) === name &&
    path.win32.basename(name) === name &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they end a name for the system, or colour a terminal
    !/[\u0000-\u001f\u007f]/.test(name)
  );
}

/** Finds a file of a model; links may only lead to where the model is. */
async function locate({ metadataPath, name, bytes, sha256: hash }: NamedFile) {
  if (!isPlainName(name)) throw outside(metadataPath, JSON.stringify(name));
  const folder = path.dirname(metadataPath);
  const file = path.join(folder, name);
  try {
    const real = await realpath(file);
    if (path.dirname(real) !== (await realpath(folder))) throw outside(file, `a link to ${real}`);
    const { size } = await plainFile(file);
    return { file, size };
  } catch (cause) {
    if (cause instanceof ModelFileError) throw cause;
    throw missing(file, `${bytes} bytes with sha256 ${hash}`, cause);
  }
}

/**
 * Reads the metadata of a model, as it lies there.
 *
 * @throws {ModelFileError} `MODEL_FILE_MISSING`
 */
export async function readMetadataFile(metadataPath: string): Promise<Buffer> {
  try {
    await plainFile(metadataPath);
    return await readFile(metadataPath);
  } catch (cause) {
    throw missing(metadataPath, 'the metadata of the model', cause);
  }
}

/** Reading a pipe or a device might never end. */
async function plainFile(file: string) {
  const found = await stat(file);
  if (!found.isFile()) throw new Error('no file, but a folder or a device');
  return found;
}

/** The error for a file whose bytes are not those that were saved. */
export function changed(
  file: string,
  expected: { readonly bytes?: number; readonly sha256: string },
  found: { readonly bytes: number; readonly sha256: string },
): ModelFileError {
  const size = expected.bytes === undefined ? '' : `${expected.bytes} bytes with `;
  return new ModelFileError({
    code: 'MODEL_FILE_CHANGED',
    file,
    expected: `${size}sha256 ${expected.sha256}, as it was saved`,
    found: `${found.bytes} bytes with sha256 ${found.sha256}`,
  });
}

function missing(file: string, expected: string, cause: unknown): ModelFileError {
  const found = cause instanceof Error ? cause.message : String(cause);
  return new ModelFileError({ code: 'MODEL_FILE_MISSING', file, expected, found, cause });
}

function outside(file: string, found: string): ModelFileError {
  return new ModelFileError({
    code: 'MODEL_METADATA_INVALID',
    file,
    expected: 'files in the folder of the metadata',
    found,
  });
}
