import path from 'node:path';
import type { ModelType } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { listAliases } from './aliases/index.ts';
import { ModelAliasAmbiguousError, ModelFileError } from './errors.ts';
import { notFound } from './not-found.ts';
import { readMetadata, readStoredModel, type StoredModel } from './read-model.ts';
import { listModels, type TrainedModelRow } from './trained-models.ts';

/** The type that is meant where none is given. */
const DEFAULT_TYPE: ModelType = 'alert_scorer';

/** Which model. */
export interface ModelSelection {
  /**
   * A model id, an alias, the path of a metadata file (`….json`), or `latest` (default): the newest of its type and window. An id that is also an
   * alias means the model with that id. A file need not be registered; where its id is, it must be that model. Where no type is given, `latest` and an alias of several types mean the alert_scorer, if there is one.
   */
  readonly model?: string;
  /** Of which type the latest model or the alias is; a model that is named by id or path is taken whatever its type. */
  readonly modelType?: ModelType;
  /** Of which window the latest model is. */
  readonly windowDays?: number;
}

/**
 * Finds a model and reads it, checking every file against the sha256 it was saved with.
 *
 * @throws {ModelNotFoundError} when there is no such model
 * @throws {ModelAliasAmbiguousError} when an alias names models of several types, none of them an alert_scorer, and no type is given
 * @throws {ModelFileError} when a file is missing, was changed, or is not in the folder of the metadata; when a file that was named by its path has the id
 *   of a registered model and is another one
 * @throws {ModelNewerError} when a newer version of the product saved it
 * @example
 * const model = await loadModel(database, { model: 'latest', modelType: 'alert_scorer', windowDays: 30 });
 */
export async function loadModel(database: Database, selection: ModelSelection = {}): Promise<StoredModel> {
  const { model: wanted = 'latest', modelType, windowDays } = selection;
  if (wanted.endsWith('.json')) return modelInFile(database, path.resolve(wanted));
  const row =
    wanted === 'latest' ? await latestModel(database, selection) : await namedModel(database, selection);
  if (row !== null) return readStoredModel(row.model_path, row.metadata_sha256);
  const latest = `${modelType ?? 'model'} for ${windowDays ? `window ${windowDays}` : 'any window'}`;
  throw await notFound(database, wanted === 'latest' ? latest : `model '${wanted}'`);
}

/**
 * The newest model of the database's network, of a type and window where they are given. Nothing is read from the disk: {@link loadModel} reads and
 * checks it.
 *
 * @returns its row, or null where there is none
 * @example
 * const row = await getLatestModel(database, { modelType: 'alert_scorer', windowDays: 30 });
 */
export async function getLatestModel(
  database: Database,
  { modelType, windowDays }: Pick<ModelSelection, 'modelType' | 'windowDays'> = {},
): Promise<TrainedModelRow | null> {
  const [newest] = await listModels(database, {
    ...(modelType === undefined ? {} : { modelType }),
    ...(windowDays === undefined ? {} : { windowDays }),
    limit: 1,
  });
  return newest ?? null;
}

/**
 * The model of a metadata file. Scores are kept under the model's id, so a file with the id of a registered model must be that model. One whose id
 * nobody registered is taken at its word.
 *
 * @throws {ModelFileError} `MODEL_FILE_CHANGED` for other metadata under a registered id
 */
async function modelInFile(database: Database, file: string): Promise<StoredModel> {
  const { metadata, metadataSha256 } = await readMetadata(file);
  const id = metadata.model_id;
  const rows = await listModels(database, { modelId: id });
  const [registered] = rows;
  if (registered !== undefined && rows.every((row) => row.metadata_sha256 !== metadataSha256)) {
    throw new ModelFileError({
      code: 'MODEL_FILE_CHANGED',
      file,
      expected: `metadata with sha256 ${registered.metadata_sha256}, with which ${id} is registered`,
      found: `sha256 ${metadataSha256}`,
      remedy: `name the registered model by its id, ${id}, or train it again under an id of its own`,
    });
  }
  return readStoredModel(file, metadataSha256);
}

/** The newest model; an alert_scorer where no type is given and there is one. */
async function latestModel(
  database: Database,
  { modelType, windowDays }: ModelSelection,
): Promise<TrainedModelRow | null> {
  const window = windowDays === undefined ? {} : { windowDays };
  if (modelType !== undefined) return getLatestModel(database, { modelType, ...window });
  return (
    (await getLatestModel(database, { modelType: DEFAULT_TYPE, ...window })) ??
    (await getLatestModel(database, window))
  );
}

/** The model with an id, or else the one that an alias stands for. */
async function namedModel(
  database: Database,
  { model: name = '', modelType }: ModelSelection,
): Promise<TrainedModelRow | null> {
  const [row] = await listModels(database, { modelId: name });
  if (row !== undefined || name === '') return row ?? null;
  const states = await listAliases(database, {
    alias: name,
    ...(modelType === undefined ? {} : { modelType }),
  });
  const [first, ...others] = states;
  if (first === undefined) return null;
  const alias = others.length === 0 ? first : states.find(({ model_type: type }) => type === DEFAULT_TYPE);
  if (alias === undefined) throw new ModelAliasAmbiguousError({ alias: name, models: [first, ...others] });
  const [meant] = await listModels(database, { modelId: alias.model_id });
  if (meant !== undefined) return meant;
  throw await notFound(
    database,
    `model '${alias.model_id}', for which the ${alias.model_type} alias '${name}' stands,`,
  );
}
