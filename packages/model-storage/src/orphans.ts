import { lstat, readdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { RiskScoringError } from '@risk-scoring/contract';
import { modelsCommand } from './advice.ts';
import type { ModelMetadata } from './metadata.ts';
import { readMetadataFile } from './model-files.ts';
import { derivedFiles, isStagingName, stemIn } from './model-name.ts';
import { parseMetadata } from './read-model.ts';
import type { TrainedModelRow } from './trained-models.ts';

/** Something on the disk that no reader sees. */
export interface OrphanedFile {
  /**
   * - `model`: the metadata of a model that no row knows
   * - `saving`: the hidden folder of a save that goes on or was killed
   * - `file`: a file of a model whose metadata is not there
   */
  readonly kind: 'model' | 'saving' | 'file';
  /** Absolute. */
  readonly path: string;
  /** Of a `model` whose metadata can be read. */
  readonly model_id: string | null;
  /** Since when nothing touched it. */
  readonly age_hours: number;
  /** What to do. */
  readonly remedy: string;
}

/** What {@link findOrphans} goes by. */
export interface OrphanSearch {
  readonly network: string;
  readonly registered: readonly Pick<TrainedModelRow, 'model_id' | 'model_path'>[];
  /** Removes leftovers (not models) that nothing touched for so long; null removes nothing. */
  readonly removeOlderThanHours: number | null;
}

/** Looks through folders for what neither rows nor metadata name. Folders that are not there hold nothing; none is looked into deeper. */
export async function findOrphans(
  folders: readonly string[],
  search: OrphanSearch,
): Promise<{ orphaned: OrphanedFile[]; removed: string[] }> {
  const real = await Promise.all([...new Set(folders)].map((folder) => realpath(folder).catch(() => null)));
  const registered = await Promise.all(
    search.registered.map(
      async ({ model_id: id, model_path: file }) => [await realMetadataPath(file), id] as const,
    ),
  );
  const known: Known = { network: search.network, files: new Map(registered) };
  const orphaned: OrphanedFile[] = [];
  const removed: string[] = [];
  for (const folder of new Set(real)) {
    if (folder === null) continue;
    for (const orphan of await orphansIn(folder, known)) {
      const { removeOlderThanHours: least } = search;
      if (least !== null && orphan.kind !== 'model' && orphan.age_hours >= least) {
        await rm(orphan.path, { recursive: true, force: true });
        removed.push(orphan.path);
      } else orphaned.push(orphan);
    }
  }
  return { orphaned, removed };
}

/** A file that is gone is still known by its name in its folder. */
async function realMetadataPath(file: string): Promise<string> {
  const folder = path.dirname(file);
  return path.join(await realpath(folder).catch(() => folder), path.basename(file));
}

/** What is registered. */
interface Known {
  readonly network: string;
  /** The id of each metadata file that a row names. */
  readonly files: ReadonlyMap<string, string>;
}

async function orphansIn(folder: string, known: Known): Promise<OrphanedFile[]> {
  const { network, files } = known;
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const models = await modelsIn(folder, names);
  const unknown = models.filter(
    ({ file, metadata }) => !files.has(file) && (metadata === null || metadata.network === network),
  );
  const named = new Set(models.flatMap(namesOf));
  // Of a model whose metadata cannot be read, or is gone though a row names it, the names tell which files are its own.
  const stems = new Set([...models.map(({ file }) => file), ...files.keys()].map(stemOfMetadata));
  const unnamed = names.filter((name) => {
    const stem = stemIn(name);
    return stem !== null && !named.has(name) && !stems.has(path.join(folder, stem));
  });
  const staging = entries.filter((entry) => entry.isDirectory() && isStagingName(entry.name));
  return Promise.all([
    ...unknown.map((model) => unknownModel(model, known)),
    ...unnamed.map((name) => leftover('file', path.join(folder, name), network)),
    ...staging.map(({ name }) => leftover('saving', path.join(folder, name), network)),
  ]);
}

/** A metadata file; null where it is one by its name only. */
interface FoundModel {
  readonly file: string;
  readonly metadata: ModelMetadata | null;
}

/** Metadata that can be read, whatever it is called, and files that have the name of metadata. */
async function modelsIn(folder: string, names: readonly string[]): Promise<FoundModel[]> {
  const models: FoundModel[] = [];
  for (const name of names.filter((each) => each.endsWith('.json'))) {
    const file = path.join(folder, name);
    const metadata = await readIfMetadata(file);
    if (metadata !== null || name === `${stemIn(name)}.json`) models.push({ file, metadata });
  }
  return models;
}

async function readIfMetadata(file: string): Promise<ModelMetadata | null> {
  try {
    return parseMetadata(await readMetadataFile(file), file);
  } catch (error) {
    if (RiskScoringError.isInstance(error)) return null;
    throw error;
  }
}

/** The names of a model's files, its metadata among them. */
function namesOf({ file, metadata }: FoundModel): string[] {
  const derived = Object.values(derivedFiles(file)).map((each) => path.basename(each));
  return [path.basename(file), ...Object.keys(metadata?.files ?? {}), ...derived];
}

function stemOfMetadata(file: string): string {
  return file.replace(/\.json$/, '');
}

async function unknownModel({ file, metadata }: FoundModel, known: Known): Promise<OrphanedFile> {
  const [registered] = [...known.files].find(([, id]) => id === metadata?.model_id) ?? [];
  const register = `make it known with: ${modelsCommand('register', known.network, file)}`;
  return {
    kind: 'model',
    path: file,
    model_id: metadata?.model_id ?? null,
    age_hours: await ageInHours(file),
    remedy:
      registered !== undefined
        ? `nothing where it is a copy; the registered model of this id is ${registered}`
        : `${register}${metadata === null ? ' (which says why it cannot be read)' : '; to be rid of it, delete it after that'}`,
  };
}

async function leftover(kind: 'saving' | 'file', file: string, network: string): Promise<OrphanedFile> {
  const folder = ['--output-dir', path.dirname(file)];
  const remove = modelsCommand('verify', network, '--remove-leftovers', ...folder);
  return {
    kind,
    path: file,
    model_id: null,
    age_hours: await ageInHours(file),
    remedy:
      kind === 'saving'
        ? `nothing while a training saves its model; otherwise an hour after it was killed: ${remove}`
        : `restore the metadata that names it; an hour after it was touched last this removes it: ${remove}`,
  };
}

/** By the newest of a folder's files, and also by when it came here: a copied file keeps its old time. */
async function ageInHours(file: string): Promise<number> {
  const times: number[] = [];
  const look = async (each: string) => {
    const found = await lstat(each).catch(() => null);
    if (found === null) return;
    times.push(found.mtimeMs, found.ctimeMs);
    if (found.isDirectory()) for (const name of await readdir(each)) await look(path.join(each, name));
  };
  await look(file);
  return Math.max(0, Date.now() - Math.max(...times)) / 3_600_000;
}
