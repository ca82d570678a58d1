import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Database } from '@risk-scoring/storage';
import { type AliasState, listAliases } from './aliases/index.ts';
import { releaseAliases } from './aliases/release-aliases.ts';
import { removeDurably } from './durable-files.ts';
import { ModelFilesLeftError, ModelInUseError } from './errors.ts';
import { isPlainName } from './model-files.ts';
import { derivedFiles, stemIn } from './model-name.ts';
import { notFound } from './not-found.ts';
import { readMetadata } from './read-model.ts';
import { deleteTrainedModel, listModels, type TrainedModelRow } from './trained-models.ts';

/** Options of {@link deleteModel}. */
export interface DeleteModelOptions {
  /** Also where an alias stands for the model; the alias then stands for none, as its history says. */
  readonly force?: boolean;
}

/** What was deleted. */
export interface DeletedModel {
  readonly model_id: string;
  /** Absolute. */
  readonly files: readonly string[];
  /** Aliases that stood for it, and stand for nothing now. */
  readonly aliases: readonly AliasState[];
}

/**
 * Deletes a model: with `force` the aliases that stand for it are moved to none first, then goes its row, so that nobody finds it by name any more, then its
 * metadata, so that nobody finds half of it by its path, then its other files, the report and the card among them. What a kill in between leaves,
 * `verifyModels` names. Scores that it gave stay.
 *
 * @throws {ModelNotFoundError} when no model has this id
 * @throws {ModelInUseError} when an alias stands for it
 * @throws {ModelFilesLeftError} when the row is deleted, but files could not be removed
 * @example
 * await deleteModel(database, 'alert_scorer_simnet_v1.0.0_20250301_120000');
 */
export async function deleteModel(
  database: Database,
  id: string,
  { force = false }: DeleteModelOptions = {},
): Promise<DeletedModel> {
  const rows = await listModels(database, { modelId: id });
  if (rows.length === 0) throw await notFound(database, `model '${id}'`);
  const inUse = await listAliases(database, { modelId: id });
  if (inUse.length > 0 && !force)
    throw new ModelInUseError({ modelId: id, network: database.network, aliases: inUse });
  const places = await Promise.all(rows.map(filesOf));
  const released = await releaseAliases(database, id);
  await deleteTrainedModel(database, id);
  // Another process may have let an alias stand for it in between.
  const aliases = [...released, ...(await releaseAliases(database, id))];
  for (const { folder, metadata, others } of places) {
    try {
      await removeDurably(folder, metadata);
      await removeDurably(folder, others);
    } catch (cause) {
      throw new ModelFilesLeftError({ modelId: id, network: database.network, folder, cause });
    }
  }
  return {
    model_id: id,
    files: places.flatMap(({ folder, metadata, others }) =>
      [...metadata, ...others].map((name) => path.join(folder, name)),
    ),
    aliases,
  };
}

/** The files of a model that are there: its metadata, and the others. */
async function filesOf(row: TrainedModelRow) {
  const folder = path.dirname(row.model_path);
  const metadataName = path.basename(row.model_path);
  // What cannot be looked into is left as it is; the row is deleted all the same.
  const names = await readdir(folder).catch(() => []);
  const own = await ownNames(row, names);
  return {
    folder,
    metadata: names.filter((name) => name === metadataName),
    others: names.filter((name) => name !== metadataName && own.has(name)),
  };
}

/** The names of a model's files beside its metadata, as far as they can be known. */
async function ownNames(row: TrainedModelRow, present: readonly string[]): Promise<Set<string>> {
  const { report, card } = derivedFiles(row.model_path);
  const derived = [path.basename(report), path.basename(card)];
  try {
    const { metadata } = await readMetadata(row.model_path, row.metadata_sha256);
    return new Set([...Object.keys(metadata.files).filter(isPlainName), ...derived]);
  } catch {
    // Metadata that is gone or changed cannot be asked, but files under the name of the design are of this model.
    const stem = stemIn(path.basename(row.model_path));
    return new Set([...present.filter((name) => stem !== null && stemIn(name) === stem), ...derived]);
  }
}
