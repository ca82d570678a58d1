import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModelArtifact, ModelType } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { z } from 'zod';
import { ModelFileError, ModelNotFoundError } from './errors.ts';
import { type ModelEvaluation, modelEvaluationSchema } from './evaluation-file.ts';
import { type ModelMetadata, modelMetadataSchema } from './metadata.ts';
import { sha256 } from './sha256.ts';
import { listModels } from './trained-models.ts';

/** A model as it was saved: every byte is the one that was judged. */
export interface StoredModel {
  readonly metadata: ModelMetadata;
  readonly metadataPath: string;
  readonly artifacts: readonly ModelArtifact[];
  readonly holdoutGroups: readonly string[];
  /** Null for a model that was saved without. */
  readonly evaluation: ModelEvaluation | null;
}

/** Which model. */
export interface ModelSelection {
  /** A model id, the path of a metadata file (`….json`), or `latest` (default): the newest of its type and window. */
  readonly model?: string;
  readonly modelType?: ModelType;
  readonly windowDays?: number;
}

/**
 * Finds a model and reads it, checking every file against the sha256 it was saved with.
 *
 * @throws {ModelNotFoundError} when there is no such model
 * @throws {ModelFileError} when a file is missing, was changed, or names a file outside its folder
 * @example
 * const model = await loadModel(database, { model: 'latest', modelType: 'alert_scorer', windowDays: 30 });
 */
export async function loadModel(database: Database, selection: ModelSelection = {}): Promise<StoredModel> {
  const wanted = selection.model ?? 'latest';
  if (wanted.endsWith('.json')) return readStoredModel(path.resolve(wanted));
  const { modelType, windowDays } = selection;
  const rows = await listModels(database, {
    ...(wanted === 'latest' ? {} : { modelId: wanted }),
    ...(wanted === 'latest' && modelType ? { modelType } : {}),
    ...(wanted === 'latest' && windowDays ? { windowDays } : {}),
  });
  const [row] = rows;
  if (row === undefined) {
    const known = await listModels(database);
    throw new ModelNotFoundError({
      wanted:
        wanted === 'latest'
          ? `${modelType ?? 'model'} for ${windowDays ? `window ${windowDays}` : 'any window'}`
          : `model '${wanted}'`,
      where: database.name,
      available: known.slice(0, 5).map((model) => model.model_id),
    });
  }
  return readStoredModel(row.model_path, row.metadata_sha256);
}

/**
 * Reads a model from its metadata file, checking every file.
 *
 * @param metadataSha256 what the metadata itself must hash to, where that is known
 * @throws {ModelFileError} when a file is missing, was changed, or names a file outside its folder
 */
export async function readStoredModel(metadataPath: string, metadataSha256?: string): Promise<StoredModel> {
  const text = await readFileOrThrow(metadataPath, 'the metadata of the model');
  if (metadataSha256 !== undefined && sha256(text) !== metadataSha256) {
    throw changed(metadataPath, metadataSha256, sha256(text));
  }
  const metadata = parseJson(modelMetadataSchema, text.toString('utf8'), {
    file: metadataPath,
    expected: 'the metadata of a model, metadata_version 1',
  });
  const folder = path.dirname(metadataPath);
  const artifacts: ModelArtifact[] = [];
  let holdoutGroups: string[] = [];
  let evaluation: ModelEvaluation | null = null;
  for (const [name, file] of Object.entries(metadata.files)) {
    if (name !== path.basename(name)) {
      throw new ModelFileError({
        code: 'MODEL_METADATA_INVALID',
        file: metadataPath,
        expected: 'files in the folder of the metadata',
        found: name,
      });
    }
    const bytes = await readFileOrThrow(
      path.join(folder, name),
      `${file.bytes} bytes with sha256 ${file.sha256}`,
    );
    if (sha256(bytes) !== file.sha256) throw changed(path.join(folder, name), file.sha256, sha256(bytes));
    if (file.role === 'holdout') holdoutGroups = bytes.toString('utf8').split('\n').filter(Boolean);
    else if (file.role === 'evaluation') {
      evaluation = parseJson(modelEvaluationSchema, bytes.toString('utf8'), {
        file: path.join(folder, name),
        expected: 'the evaluation of a model, evaluation_version 1',
      });
    } else artifacts.push({ role: file.role, extension: path.extname(name), bytes });
  }
  return { metadata, metadataPath, artifacts, holdoutGroups, evaluation };
}

function parseJson<T>(
  schema: z.ZodType<T>,
  text: string,
  { file, expected }: { readonly file: string; readonly expected: string },
): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ModelFileError({
      code: 'MODEL_METADATA_INVALID',
      file,
      expected,
      found: (cause as Error).message,
      cause,
    });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const found = z.prettifyError(parsed.error).replaceAll('\n', ' ');
  throw new ModelFileError({ code: 'MODEL_METADATA_INVALID', file, expected, found, cause: parsed.error });
}

async function readFileOrThrow(file: string, expected: string): Promise<Buffer> {
  return readFile(file).catch((cause: Error) => {
    throw new ModelFileError({ code: 'MODEL_FILE_MISSING', file, expected, found: cause.message, cause });
  });
}

function changed(file: string, expected: string, found: string): ModelFileError {
  return new ModelFileError({
    code: 'MODEL_FILE_CHANGED',
    file,
    expected: `sha256 ${expected}, as it was saved`,
    found: `sha256 ${found}`,
  });
}
