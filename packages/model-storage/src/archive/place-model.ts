import { mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { RiskScoringError } from '@risk-scoring/contract';
import type { ZipFile } from 'yauzl';
import { makeFolderDurably, moveDurably, removeDurably } from '../durable-files.ts';
import { ModelNotSavedError } from '../errors.ts';
import { stagingName } from '../model-name.ts';
import { readStoredModel, type StoredModel } from '../read-model.ts';
import { hashFile } from '../sha256.ts';
import type { ArchivedModel } from './archived-model.ts';
import { ModelAtWorkError, ModelExistsOtherwiseError } from './errors.ts';
import { unpackModel } from './unpack.ts';

interface Place {
  /** The archive, for messages. */
  readonly file: string;
  readonly folder: string;
  readonly check?: (model: StoredModel) => Promise<void>;
}

/**
 * Puts the files of an archived model into a folder, as saving puts those of a trained one: written into a hidden folder whose
 * making reserves the id, read back and judged there as a model is read, then renamed, the metadata last.
 *
 * @throws {ModelExistsOtherwiseError} when the folder has other files under its names, or another model of its id
 * @throws {ModelAtWorkError} when its id is reserved
 * @throws {ArchiveError} when a file is not the one that the metadata names
 * @throws {ModelNotSavedError} when writing fails; whatever fails, nothing is left behind
 */
export async function placeModel(zip: ZipFile, model: ArchivedModel, place: Place): Promise<void> {
  const { folder } = place;
  const before = await lastFolderThatIsThere(folder);
  const staging = path.join(folder, stagingName(model.metadata.model_id));
  try {
    await makeFolderDurably(folder);
    await reserve(staging, model.metadata.model_id);
    try {
      const missing = await missingFiles(model, place);
      await unpackModel(zip, model, { file: place.file, folder: staging });
      const placed = await readStoredModel(path.join(staging, model.metadataName), model.metadataSha256);
      await place.check?.(placed);
      try {
        await moveDurably(missing, staging, folder);
      } catch (error) {
        await removeDurably(folder, missing);
        throw error;
      }
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  } catch (cause) {
    await removeEmptyFolders(folder, before);
    if (RiskScoringError.isInstance(cause)) throw cause;
    throw new ModelNotSavedError({ folder, cause });
  }
}

async function reserve(staging: string, modelId: string): Promise<void> {
  await mkdir(staging).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? new ModelAtWorkError({ modelId, staging }) : error;
  });
}

/**
 * The model's files that are not in the folder yet, the metadata last. The same files may be there: of an import that was killed, or of a
 * model that somebody lost a file of.
 *
 * @throws {ModelExistsOtherwiseError} when other files have their names, or metadata of another period has the id
 */
async function missingFiles(model: ArchivedModel, { file, folder }: Place): Promise<string[]> {
  const { metadata, metadataName, metadataSha256 } = model;
  const modelId = metadata.model_id;
  const refuse = (name: string) =>
    new ModelExistsOtherwiseError({ modelId, archive: file, existing: path.join(folder, name) });
  const wanted = [
    ...[...model.entries.keys()].map((name) => [name, metadata.files[name]?.sha256 ?? ''] as const),
    [metadataName, metadataSha256] as const,
  ];
  const names = await readdir(folder);
  const prefix = `${metadata.model_type}_${metadata.network}_v${metadata.version}_`;
  const suffix = `${modelId.slice(prefix.length - 1)}.json`;
  const other = names.find(
    (name) => name !== metadataName && name.startsWith(prefix) && name.endsWith(suffix),
  );
  if (other !== undefined) throw refuse(other);
  const missing: string[] = [];
  for (const [name, sha256] of wanted) {
    // Names that differ in case only are one file on some systems.
    const existing = names.find((one) => one.toLowerCase() === name.toLowerCase());
    if (existing === undefined) missing.push(name);
    else if (!(await holds(path.join(folder, existing), sha256))) throw refuse(existing);
  }
  return missing;
}

async function holds(file: string, sha256: string): Promise<boolean> {
  if (!(await stat(file)).isFile()) return false;
  return (await hashFile(file)).sha256 === sha256;
}

async function lastFolderThatIsThere(folder: string): Promise<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    const isThere = await stat(at).then(
      () => true,
      () => false,
    );
    if (isThere || at === path.dirname(at)) return at;
  }
}

/** Removes folders that were made for nothing. */
async function removeEmptyFolders(folder: string, upTo: string): Promise<void> {
  for (let at = folder; at !== upTo && at.startsWith(upTo); at = path.dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      return;
    }
  }
}
