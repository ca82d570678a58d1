import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, open, rename, rm, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RiskScoringError } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { ZipFile } from 'yazl';
import { loadModel, type ModelSelection } from '../load.ts';
import type { ModelMetadata } from '../metadata.ts';
import { readMetadataFile, readModelFile } from '../model-files.ts';
import { hashFile } from '../sha256.ts';
import { ArchiveExistsError, ArchiveNotWrittenError } from './errors.ts';

/** Where an archive goes. */
export interface ExportOptions extends Pick<ModelSelection, 'modelType'> {
  readonly file: string;
  /** Replaces a file that is there. */
  readonly force?: boolean;
}

/** An archive that is whole on the disk. */
export interface ExportedModel {
  readonly metadata: ModelMetadata;
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** The files in it. */
  readonly names: readonly string[];
}

/**
 * Packs all files of a model into one zip, flat, each checked against its sha256. The archive is written aside and appears whole or not at all.
 * One model always makes the same archive, byte for byte, on one version of Node.
 *
 * @param model an id, an alias, `latest` or the path of a metadata file, as for {@link loadModel}
 * @throws {ModelNotFoundError | ModelFileError | ModelNewerError} as {@link loadModel}
 * @throws {ArchiveExistsError} when `file` is there already, and `force` is not set
 * @throws {ArchiveNotWrittenError} when it cannot be written; nothing is left behind
 * @example
 * const { bytes } = await exportModel(database, 'champion', { modelType: 'alert_scorer', file: 'champion.zip' });
 */
export async function exportModel(
  database: Database,
  model: string,
  { file: given, force = false, modelType }: ExportOptions,
): Promise<ExportedModel> {
  const file = path.resolve(given);
  const { metadata, metadataPath } = await loadModel(database, {
    model,
    ...(modelType === undefined ? {} : { modelType }),
  });
  if (!force && (await isThere(file))) throw new ArchiveExistsError({ file });
  const names = [path.basename(metadataPath), ...Object.keys(metadata.files)];
  const aside = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.part`);
  try {
    await writeZip(aside, metadata, metadataPath);
    const { bytes, sha256 } = await hashFile(aside);
    await putInPlace(aside, file, force);
    return { metadata, file, bytes, sha256, names };
  } catch (cause) {
    if (RiskScoringError.isInstance(cause)) throw cause;
    throw new ArchiveNotWrittenError({ file, cause });
  } finally {
    await rm(aside, { force: true }).catch(() => undefined);
  }
}

async function writeZip(file: string, metadata: ModelMetadata, metadataPath: string): Promise<void> {
  const zip = new ZipFile();
  const options = { mtime: new Date(metadata.created_at), mode: 0o100644 };
  // The metadata first: whoever reads the archive then knows what the rest has to be.
  zip.addBuffer(await readMetadataFile(metadataPath), path.basename(metadataPath), options);
  for (const [name, { bytes, sha256 }] of Object.entries(metadata.files)) {
    zip.addBuffer(await readModelFile({ metadataPath, name, bytes, sha256 }), name, options);
  }
  zip.end();
  await pipeline(zip.outputStream as Readable, createWriteStream(file, { flags: 'wx' }));
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a written file its name; without `force`, never that of a file that came meanwhile. */
async function putInPlace(aside: string, file: string, force: boolean): Promise<void> {
  if (force) return rename(aside, file);
  try {
    await link(aside, file);
    await unlink(aside);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new ArchiveExistsError({ file });
    // Some file systems have no links.
    if (await isThere(file)) throw new ArchiveExistsError({ file });
    await rename(aside, file);
  }
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
