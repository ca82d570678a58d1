import path from 'node:path';
import type { ModelArtifact } from '@risk-scoring/contract';
import { type ModelEvaluation, modelEvaluationSchema } from './evaluation-file.ts';
import { type ModelMetadata, modelMetadataSchema } from './metadata.ts';
import { changed, readMetadataFile, readModelFile } from './model-files.ts';
import { parseVersioned } from './parse-versioned.ts';
import { sha256 } from './sha256.ts';

/** A model as it was saved: every byte is the one that was judged. */
export interface StoredModel {
  readonly metadata: ModelMetadata;
  readonly metadataPath: string;
  readonly artifacts: readonly ModelArtifact[];
  readonly holdoutGroups: readonly string[];
  /** Null for a model that was saved without. */
  readonly evaluation: ModelEvaluation | null;
}

/** Metadata, and what tells that it is the one that was saved. */
export interface ReadMetadata {
  readonly metadata: ModelMetadata;
  readonly metadataSha256: string;
}

/**
 * Reads a model from its metadata file, checking every file.
 *
 * @param metadataSha256 what the metadata itself must hash to, where that is known
 * @throws {ModelFileError} when a file is missing, was changed, or is not in the folder of the metadata
 * @throws {ModelNewerError} when a newer version of the product saved it
 * @example
 * const { metadata, artifacts } = await readStoredModel('trained_models/simnet/….json');
 */
export async function readStoredModel(metadataPath: string, metadataSha256?: string): Promise<StoredModel> {
  const { metadata } = await readMetadata(metadataPath, metadataSha256);
  const artifacts: ModelArtifact[] = [];
  let holdoutGroups: string[] = [];
  let evaluation: ModelEvaluation | null = null;
  for (const [name, { role, ...file }] of Object.entries(metadata.files)) {
    const bytes = await readModelFile({ metadataPath, name, ...file });
    if (role === 'holdout') holdoutGroups = bytes.toString('utf8').split('\n').filter(Boolean);
    else if (role === 'evaluation') {
      evaluation = parseVersioned(modelEvaluationSchema, bytes.toString('utf8'), {
        file: path.join(path.dirname(metadataPath), name),
        versionKey: 'evaluation_version',
        is: 'the evaluation of a model',
      });
    } else artifacts.push({ role, extension: path.extname(name), bytes });
  }
  return { metadata, metadataPath, artifacts, holdoutGroups, evaluation };
}

/** Reads the metadata of a model alone; see {@link readStoredModel} for the errors. */
export async function readMetadata(metadataPath: string, expectedSha256?: string): Promise<ReadMetadata> {
  const bytes = await readMetadataFile(metadataPath);
  const metadataSha256 = sha256(bytes);
  if (expectedSha256 !== undefined && metadataSha256 !== expectedSha256) {
    throw changed(metadataPath, { sha256: expectedSha256 }, { bytes: bytes.length, sha256: metadataSha256 });
  }
  return { metadata: parseMetadata(bytes, metadataPath), metadataSha256 };
}

/** Metadata from its bytes; `metadataPath` is for messages. */
export function parseMetadata(bytes: Buffer, metadataPath: string): ModelMetadata {
  return parseVersioned(modelMetadataSchema, bytes.toString('utf8'), {
    file: metadataPath,
    versionKey: 'metadata_version',
    is: 'the metadata of a model',
  });
}
