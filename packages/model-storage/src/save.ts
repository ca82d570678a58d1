import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ModelArtifact } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { listAliases } from './aliases/index.ts';
import { makeFolderDurably, moveDurably, removeDurably, writeDurably } from './durable-files.ts';
import { ModelNotRegisteredError, ModelNotSavedError } from './errors.ts';
import { type ModelEvaluation, modelEvaluationSchema } from './evaluation-file.ts';
import { type ModelMetadata, modelMetadataSchema, type UnsavedMetadata } from './metadata.ts';
import { isPlainName } from './model-files.ts';
import { fileStem, modelId, stagingName, validateModelVersion } from './model-name.ts';
import { sha256 } from './sha256.ts';
import { insertTrainedModel, listModels } from './trained-models.ts';

/** What {@link saveModel} needs. */
export interface SaveOptions {
  readonly database: Database;
  /** Models go to `{outputDir}/{network}/`. */
  readonly outputDir: string;
  readonly metadata: UnsavedMetadata;
  readonly artifacts: readonly ModelArtifact[];
  /** The addresses (or clusters) that the model never saw. */
  readonly holdoutGroups: readonly string[];
  /** How it did, and what it was made on; none where nobody will draw it or compare later snapshots with it. */
  readonly evaluation?: ModelEvaluation;
  /** The time of the model; now by default. */
  readonly createdAt?: Date;
}

/** A model that is whole on disk and in `trained_models`. */
export interface SavedModel {
  readonly metadata: ModelMetadata;
  readonly metadataPath: string;
  /** All files, the metadata included, as absolute paths. */
  readonly files: readonly string[];
}

/**
 * Saves a model, whole or not at all. Its files are written aside, synced and renamed; the metadata, which names the
 * sha256 of each, is renamed last, so that a reader who finds metadata finds everything. The row in
 * `trained_models` follows.
 *
 * Two models of one second get two ids: the later one takes the next free second.
 *
 * @throws {InvalidInputError} for a version that cannot be part of a file name
 * @throws {ModelNotSavedError} when the files cannot be written; nothing is left behind
 * @throws {ModelNotRegisteredError} when only the row failed; the files are whole
 * @example
 * const saved = await saveModel({ database, outputDir: 'trained_models', metadata, artifacts, holdoutGroups });
 */
export async function saveModel(options: SaveOptions): Promise<SavedModel> {
  validateModelVersion(options.metadata.version);
  const folder = path.resolve(options.outputDir, options.metadata.network);
  let saved: WrittenModel;
  try {
    await makeFolderDurably(folder);
    const place = await reserve(folder, options);
    try {
      saved = await write(folder, place, options);
    } finally {
      // The model is whole or absent by now, whether or not this works.
      await removeStaging(place.staging);
    }
  } catch (cause) {
    throw new ModelNotSavedError({ folder, cause });
  }
  try {
    await insertTrainedModel(options.database, saved);
  } catch (cause) {
    throw new ModelNotRegisteredError({
      modelId: saved.metadata.model_id,
      network: saved.metadata.network,
      metadataPath: saved.metadataPath,
      cause,
    });
  }
  const { metadata, metadataPath, files } = saved;
  return { metadata, metadataPath, files };
}

/** A model on disk that `trained_models` does not know yet. */
export interface WrittenModel extends SavedModel {
  readonly metadataSha256: string;
}

interface Place {
  readonly id: string;
  readonly stem: string;
  readonly createdAt: Date;
  /** Where files are written before they are renamed; making it reserves the id. */
  readonly staging: string;
}

/** Takes the first second, from the model's time on, whose id nobody has. */
async function reserve(folder: string, { database, metadata, createdAt: from }: SaveOptions): Promise<Place> {
  let second = Math.floor((from ?? new Date()).getTime() / 1000);
  for (;;) {
    const createdAt = new Date(second * 1000);
    const id = modelId(metadata, createdAt);
    const staging = path.join(folder, stagingName(id));
    if (await makeFolder(staging)) {
      let isFree = false;
      try {
        isFree = !(await isOnDisk(folder, metadata, id)) && !(await isRegistered(database, id));
        if (isFree) return { id, stem: fileStem(metadata, createdAt), createdAt, staging };
      } finally {
        if (!isFree) await removeStaging(staging);
      }
    }
    second += 1;
  }
}

/** What a killed save leaves here is seen by nobody; `verifyModels` finds it. */
async function removeStaging(staging: string): Promise<void> {
  await rm(staging, { recursive: true, force: true }).catch(() => undefined);
}

/** Makes a folder; false where it is there already. */
async function makeFolder(folder: string): Promise<boolean> {
  return mkdir(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

/** Models of other periods share the id's second, so the whole folder is looked at. */
async function isOnDisk(folder: string, metadata: UnsavedMetadata, id: string): Promise<boolean> {
  const prefix = `${metadata.model_type}_${metadata.network}_v${metadata.version}_`;
  const suffix = `${id.slice(prefix.length - 1)}.`;
  const names = await readdir(folder);
  return names.some((name) => name.startsWith(prefix) && name.includes(suffix));
}

/**
 * Models of other folders share the table; an alias may stand for one that a killed process deleted. Where it cannot be read the row cannot be written either, which is
 * reported then, with the files whole.
 */
async function isRegistered(database: Database, id: string): Promise<boolean> {
  const rows = await listModels(database, { modelId: id }).catch(() => []);
  const aliases = await listAliases(database, { modelId: id }).catch(() => []);
  return rows.length + aliases.length > 0;
}

async function write(folder: string, place: Place, options: SaveOptions): Promise<WrittenModel> {
  const contents = contentsOf(place, options);
  const metadata: ModelMetadata = {
    metadata_version: 1,
    model_id: place.id,
    ...options.metadata,
    created_at: place.createdAt.toISOString(),
    split: { ...options.metadata.split, holdout_file: `${place.stem}.holdout.txt` },
    files: Object.fromEntries(
      contents.map(({ name, role, bytes }) => [name, { role, sha256: sha256(bytes), bytes: bytes.length }]),
    ),
  };
  const json = `${JSON.stringify(metadata, null, 2)}\n`;
  const metadataName = `${place.stem}.json`;
  const names = contents.map(({ name }) => name);

  // What could not be read back must not be saved: JSON has no NaN, and a trainer may be somebody else's.
  modelMetadataSchema.parse(JSON.parse(json));
  const strange = names.find((name) => !isPlainName(name));
  if (strange !== undefined) throw new Error(`${JSON.stringify(strange)} is no name of a file`);

  for (const { name, bytes } of contents) await writeDurably(path.join(place.staging, name), bytes);
  await writeDurably(path.join(place.staging, metadataName), json);
  try {
    await moveDurably(names, place.staging, folder);
    // From here on there is a model.
    await moveDurably([metadataName], place.staging, folder);
  } catch (error) {
    await removeDurably(folder, [metadataName]).catch(() => undefined);
    await removeDurably(folder, names).catch(() => undefined);
    throw error;
  }
  const metadataPath = path.join(folder, metadataName);
  return {
    metadata,
    metadataPath,
    files: [...names.map((name) => path.join(folder, name)), metadataPath],
    metadataSha256: sha256(json),
  };
}

interface FileContent {
  readonly name: string;
  readonly role: ModelMetadata['files'][string]['role'];
  readonly bytes: Uint8Array;
}

/** The files that the metadata names. */
function contentsOf({ stem }: Place, { artifacts, holdoutGroups, evaluation }: SaveOptions): FileContent[] {
  const holdout = [...holdoutGroups].sort().map((group) => `${group}\n`);
  return [
    ...artifacts.map(({ role, extension, bytes }) => ({ name: `${stem}${extension}`, role, bytes })),
    { name: `${stem}.holdout.txt`, role: 'holdout', bytes: Buffer.from(holdout.join('')) },
    ...(evaluation === undefined
      ? []
      : [
          {
            name: `${stem}.evaluation.json`,
            role: 'evaluation' as const,
            bytes: Buffer.from(`${JSON.stringify(modelEvaluationSchema.parse(evaluation))}\n`),
          },
        ]),
  ];
}
