import path from 'node:path';
import type { Database } from '@risk-scoring/storage';
import { ModelNotRegisteredError, ModelRegisteredOtherwiseError } from '../errors.ts';
import type { ModelMetadata } from '../metadata.ts';
import { readStoredModel, type StoredModel } from '../read-model.ts';
import { registerModel } from '../register.ts';
import { listModels } from '../trained-models.ts';
import { type ArchivedModel, readArchivedModel } from './archived-model.ts';
import { type ArchiveLimits, DEFAULT_ARCHIVE_LIMITS } from './limits.ts';
import { withArchive } from './open-archive.ts';
import { placeModel } from './place-model.ts';

/** Where an imported model goes. */
export interface ImportOptions {
  /** Models go to `{outputDir}/{network}/`. */
  readonly outputDir: string;
  readonly limits?: Partial<ArchiveLimits>;
  /** Judges the model before anything of it can be seen; what it throws is thrown on, and nothing is left behind. */
  readonly check?: (model: StoredModel) => Promise<void>;
}

/** A model that is whole on disk and registered. */
export interface ImportedModel {
  readonly metadata: ModelMetadata;
  /** Absolute. */
  readonly metadataPath: string;
  /** `unchanged`: it was there and registered already, byte for byte. */
  readonly outcome: 'imported' | 'unchanged';
}

/**
 * Takes in a model from an archive, whole or not at all. The archive is a stranger's: names, kinds, sizes and hashes are
 * checked before anything of it can be seen, and its files go where a model's own name leads, whatever the archive says. Importing a
 * model again changes nothing.
 *
 * Whether the model can score is for `check` to say, which may run it: import from people you would run a model of.
 *
 * @throws what `check` throws; nothing is left behind
 * @throws {ArchiveError} for a file that is no archive of one whole model, or one made to do harm; nothing is left behind
 * @throws {ModelFileError | ModelNewerError} for metadata that this version does not read; nothing is left behind
 * @throws {ModelOfOtherNetworkError} for a model of another network than the database's
 * @throws {ModelRegisteredOtherwiseError | ModelExistsOtherwiseError} when another model has its id
 * @throws {ModelAtWorkError} when another command saves or imports a model with its id
 * @throws {ModelNotSavedError} when the files cannot be written; nothing is left behind
 * @throws {ModelNotRegisteredError} when only the row failed; the files are whole
 * @example
 * const { outcome, metadataPath } = await importModel(database, 'model.zip', { outputDir: 'trained_models' });
 */
export async function importModel(
  database: Database,
  file: string,
  { outputDir, limits, check }: ImportOptions,
): Promise<ImportedModel> {
  return withArchive(file, async (zip) => {
    const model = await readArchivedModel(zip, {
      database,
      file,
      limits: { ...DEFAULT_ARCHIVE_LIMITS, ...limits },
    });
    const { metadata, metadataName } = model;
    const folder = path.resolve(outputDir, metadata.network);
    const metadataPath = path.join(folder, metadataName);
    const known = await registeredPath(database, model, { file, metadataPath });
    if (known !== null) return { metadata, metadataPath: known, outcome: 'unchanged' };
    await placeModel(zip, model, { file, folder, ...(check === undefined ? {} : { check }) });
    try {
      await registerModel(database, metadataPath);
    } catch (cause) {
      throw new ModelNotRegisteredError({
        modelId: metadata.model_id,
        network: metadata.network,
        metadataPath,
        cause,
      });
    }
    return { metadata, metadataPath, outcome: 'imported' };
  });
}

/**
 * Where the model is registered with all its files, or null where it is not, or only its files at the place to import to are amiss.
 *
 * @throws {ModelRegisteredOtherwiseError} when its id is registered with other content, or at another place where it is not whole
 */
async function registeredPath(
  database: Database,
  { metadata, metadataSha256 }: ArchivedModel,
  { file, metadataPath }: { readonly file: string; readonly metadataPath: string },
): Promise<string | null> {
  const modelId = metadata.model_id;
  for (const row of await listModels(database, { modelId })) {
    const isSame = row.metadata_sha256 === metadataSha256;
    if (isSame && (await isWhole(row.model_path, metadataSha256))) return row.model_path;
    if (isSame && row.model_path === metadataPath) continue;
    throw new ModelRegisteredOtherwiseError({
      modelId,
      network: metadata.network,
      registered: { path: row.model_path, sha256: row.metadata_sha256 },
      found: { path: file, sha256: metadataSha256 },
    });
  }
  return null;
}

async function isWhole(metadataPath: string, metadataSha256: string): Promise<boolean> {
  return readStoredModel(metadataPath, metadataSha256).then(
    () => true,
    () => false,
  );
}
