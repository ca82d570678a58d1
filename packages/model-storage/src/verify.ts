import path from 'node:path';
import { RiskScoringError } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { modelsCommand, promoteCommand } from './advice.ts';
import { type AliasState, listAliases } from './aliases/index.ts';
import { checkModelFile } from './model-files.ts';
import { findOrphans, type OrphanedFile } from './orphans.ts';
import { readMetadata } from './read-model.ts';
import { listModels, type TrainedModelRow } from './trained-models.ts';

/** Options of {@link verifyModels}. */
export interface VerifyModelsOptions {
  /** Output folders to look through besides those that hold registered models; `trained_models` by default. */
  readonly outputDirs?: readonly string[];
  /** Removes hidden folders of saves that were killed, and files that no metadata names, where nothing touched them for an hour. */
  readonly removeLeftovers?: boolean;
  /** How old leftovers must be to be removed, in place of the hour. */
  readonly leftoverAgeHours?: number;
}

/** Something wrong with a registered model. */
export interface ModelProblem {
  readonly model_id: string;
  /** The file, absolute. */
  readonly file: string;
  readonly expected: string;
  readonly found: string;
  /** What to do. */
  readonly remedy: string;
}

/** How the disk and `trained_models` agree. */
export interface ModelVerification {
  /** Registered models that were looked at. */
  readonly models: number;
  /** Rows whose files are not there. */
  readonly missing: readonly ModelProblem[];
  /** Files that are not as they were saved. */
  readonly changed: readonly ModelProblem[];
  /** Metadata is as it was saved, but of a newer version: the files that it names could not be checked. */
  readonly newer: readonly ModelProblem[];
  /** Aliases that stand for a model that is not registered any more. */
  readonly dangling: readonly AliasState[];
  /** What lies on the disk and no reader sees. */
  readonly orphaned: readonly OrphanedFile[];
  /** Leftovers that were removed, absolute. */
  readonly removed: readonly string[];
}

/**
 * Compares the disk with `trained_models`: every file of every registered model against its sha256, and every file of the folders they are in against
 * what the table and the metadata name. Memory holds one part of a file at a time.
 *
 * @example
 * const { missing, changed, orphaned } = await verifyModels(database, { outputDirs: ['trained_models'] });
 */
export async function verifyModels(
  database: Database,
  options: VerifyModelsOptions = {},
): Promise<ModelVerification> {
  const { outputDirs = ['trained_models'], removeLeftovers = false, leftoverAgeHours = 1 } = options;
  const rows = await listModels(database);
  const problems: Problem[] = [];
  const aliases = await listAliases(database);
  for (const row of rows) {
    const own = aliases.filter((alias) => alias.model_id === row.model_id);
    problems.push(...(await problemsOf({ row, aliases: own })));
  }
  const folders = [
    ...rows.map((row) => path.dirname(row.model_path)),
    ...outputDirs.flatMap((folder) => [path.resolve(folder, database.network), path.resolve(folder)]),
  ];
  const { orphaned, removed } = await findOrphans(folders, {
    network: database.network,
    registered: rows,
    removeOlderThanHours: removeLeftovers ? leftoverAgeHours : null,
  });
  const known = new Set(rows.map((row) => row.model_id));
  const of = (kind: Problem['kind']) =>
    problems.filter((problem) => problem.kind === kind).map(({ kind: _, ...problem }) => problem);
  return {
    models: rows.length,
    missing: of('missing'),
    changed: of('changed'),
    newer: of('newer'),
    dangling: aliases.filter(({ model_id: id }) => !known.has(id)),
    orphaned,
    removed,
  };
}

interface Problem extends ModelProblem {
  readonly kind: 'missing' | 'changed' | 'newer';
}

/** A registered model, and what stands for it. */
interface Registered {
  readonly row: TrainedModelRow;
  readonly aliases: readonly AliasState[];
}

/** All that is wrong with a model, not only the first. */
async function problemsOf(registered: Registered): Promise<Problem[]> {
  const { row } = registered;
  const metadataPath = row.model_path;
  try {
    const { metadata } = await readMetadata(metadataPath, row.metadata_sha256);
    const problems: Problem[] = [];
    for (const [name, { sha256, bytes }] of Object.entries(metadata.files)) {
      const problem = await checkModelFile({ metadataPath, name, sha256, bytes }).catch((error: unknown) =>
        problemFrom(error, registered, path.join(path.dirname(metadataPath), name)),
      );
      if (problem) problems.push(problem);
    }
    return problems;
  } catch (error) {
    return [problemFrom(error, registered, metadataPath)];
  }
}

function problemFrom(error: unknown, { row, aliases }: Registered, file: string): Problem {
  if (!RiskScoringError.isInstance(error)) throw error;
  const { model_id, network } = row;
  const kind = kinds[error.code] ?? 'changed';
  // A model that is in use is deleted only once another one has its place.
  const replace = aliases.map(({ alias, model_type: type }) => promoteCommand(network, alias, type));
  const forget = [
    ...(replace.length === 0 ? [] : [`let another model take its place with: ${replace.join(', and ')}`]),
    `delete the model with: ${modelsCommand('delete', network, model_id)}`,
  ];
  return {
    kind,
    model_id,
    file,
    expected: error.expected ?? '',
    found: error.found ?? '',
    remedy:
      kind === 'newer'
        ? 'update risk-scoring to the version that saved the model'
        : `restore the file from a copy, or ${forget.join(', then ')}, and train it again`,
  };
}

const kinds: Readonly<Record<string, Problem['kind']>> = {
  MODEL_FILE_MISSING: 'missing',
  MODEL_METADATA_NEWER: 'newer',
};
