import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Database } from '@risk-scoring/storage';
import { releaseAliases } from './aliases/release-aliases.ts';
import { ModelFileError, ModelOfOtherNetworkError, ModelRegisteredOtherwiseError } from './errors.ts';
import type { ModelMetadata } from './metadata.ts';
import { checkModelFile } from './model-files.ts';
import { modelId, validateModelVersion } from './model-name.ts';
import { readMetadata, readStoredModel, type StoredModel } from './read-model.ts';
import { insertTrainedModel, listModels } from './trained-models.ts';

/** How far the clocks of two machines may differ; two models of one second take two, which is a little ahead, too. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

/** A model that `trained_models` knows. */
export interface RegisteredModel {
  readonly model_id: string;
  /** Absolute. */
  readonly metadata_path: string;
  /** `unchanged`: it was there already. */
  readonly outcome: 'registered' | 'unchanged';
}

/** What is asked of a model before it is made known. */
export interface RegisterOptions {
  /** Judges the model, whose files are those that its metadata names; what it throws is thrown on, and nothing was changed. */
  readonly check?: (model: StoredModel) => Promise<void>;
}

/**
 * Makes a model known that lies on the disk already: one whose row could not be written, or a folder that was made elsewhere. Every file is checked
 * against its sha256 first. Registering a model again changes nothing. No alias stands for it before somebody moves one there.
 *
 * @param metadataPath its metadata file, `….json`
 * @throws {ModelFileError} when a file is missing, was changed, or is not in the folder of the metadata; when the id is not the one that type, network,
 *   version and time make; when that time is yet to come
 * @throws {ModelNewerError} when a newer version of the product saved it
 * @throws {ModelOfOtherNetworkError} when it is of another network than the database
 * @throws what `check` throws
 * @throws {ModelRegisteredOtherwiseError} when its id is registered with other content, or at another place
 * @example
 * await registerModel(database, 'trained_models/simnet/….json'); // { model_id: 'alert_scorer_simnet_v1.0.0_…', outcome: 'registered', … }
 */
export async function registerModel(
  database: Database,
  metadataPath: string,
  options: RegisterOptions = {},
): Promise<RegisteredModel> {
  const file = path.resolve(metadataPath);
  const { metadata, metadataSha256 } = await readMetadata(file);
  const { model_id: id, network } = metadata;
  if (network !== database.network) {
    throw new ModelOfOtherNetworkError({ modelId: id, file, expected: database.network, found: network });
  }
  assertOwnId(metadata, file);
  assertPast(metadata, file);
  for (const [name, { sha256, bytes }] of Object.entries(metadata.files)) {
    await checkModelFile({ metadataPath: file, name, sha256, bytes });
  }
  const rows = await listModels(database, { modelId: id });
  for (const row of rows) {
    if (row.metadata_sha256 === metadataSha256 && (await isSameFile(row.model_path, file))) {
      return { model_id: id, metadata_path: row.model_path, outcome: 'unchanged' };
    }
  }
  const [other] = rows;
  if (other !== undefined) {
    throw new ModelRegisteredOtherwiseError({
      modelId: id,
      network,
      registered: { path: other.model_path, sha256: other.metadata_sha256 },
      found: { path: file, sha256: metadataSha256 },
    });
  }
  await options.check?.(await readStoredModel(file, metadataSha256));
  // An alias of a model that had the id before and was deleted by a process that was killed does not stand for this one.
  await releaseAliases(database, id);
  await insertTrainedModel(database, { metadata, metadataPath: file, metadataSha256 });
  return { model_id: id, metadata_path: file, outcome: 'registered' };
}

/** An id of another form could be taken for an alias or a path, and would not tell what it is. */
function assertOwnId(metadata: ModelMetadata, file: string): void {
  validateModelVersion(metadata.version);
  const expected = modelId(metadata, new Date(metadata.created_at));
  if (metadata.model_id === expected) return;
  throw new ModelFileError({
    code: 'MODEL_METADATA_INVALID',
    file,
    expected: `the model_id that its type, network, version and time make: ${expected}`,
    found: JSON.stringify(metadata.model_id),
  });
}

/** A model of the future would be the latest one until then, whatever is trained meanwhile. */
function assertPast({ created_at: createdAt }: ModelMetadata, file: string): void {
  if (Date.parse(createdAt) <= Date.now() + CLOCK_TOLERANCE_MS) return;
  throw new ModelFileError({
    code: 'MODEL_METADATA_INVALID',
    file,
    expected: `a model that was made before now, ${new Date().toISOString()}`,
    found: `created_at ${createdAt}`,
  });
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  if (one === other) return true;
  const real = (file: string) => realpath(file).catch(() => file);
  return (await real(one)) === (await real(other));
}
