import type { Database } from '@risk-scoring/storage';
import type { Entry, ZipFile } from 'yauzl';
import { ModelOfOtherNetworkError } from '../errors.ts';
import type { ModelMetadata } from '../metadata.ts';
import { fileStem, modelId, validateModelVersion } from '../model-name.ts';
import { parseMetadata } from '../read-model.ts';
import { sha256 } from '../sha256.ts';
import { listEntries } from './archive-entries.ts';
import { ArchiveError } from './errors.ts';
import type { ArchiveLimits } from './limits.ts';
import { entryBytes, unreadable } from './open-archive.ts';

/** The model that an archive holds, by its metadata; its other files are named and not read yet. */
export interface ArchivedModel {
  readonly metadata: ModelMetadata;
  /** The name of the metadata file. */
  readonly metadataName: string;
  readonly metadataBytes: Buffer;
  readonly metadataSha256: string;
  /** By name: the files that the metadata names, and no others. */
  readonly entries: ReadonlyMap<string, Entry>;
}

const extensionPattern = /^(?:\.[A-Za-z0-9_-]+){1,3}$/;
const metadataPattern = /_w\d+d_\d{8}_\d{6}\.json$/;

/**
 * Reads what an archive holds, and checks that it is one model, whole, of the database's network, under the names that a model has.
 *
 * @throws {ArchiveError} when it is anything else
 * @throws {ModelFileError} for metadata that is none
 * @throws {ModelNewerError} when a newer version of the product saved the model
 * @throws {ModelOfOtherNetworkError}
 */
export async function readArchivedModel(
  zip: ZipFile,
  options: {
    readonly database: Pick<Database, 'network'>;
    readonly file: string;
    readonly limits: ArchiveLimits;
  },
): Promise<ArchivedModel> {
  const { file, limits } = options;
  let all: ReadonlyMap<string, Entry>;
  try {
    all = await listEntries(zip, options);
  } catch (cause) {
    throw unreadable(file, cause);
  }
  const found = [...all].filter(([name]) => metadataPattern.test(name));
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new ArchiveError({
      file,
      expected: 'one model: one file of metadata, named as models export names it',
      found: found.length === 0 ? `none among ${listed(all.keys())}` : listed(found.map(([name]) => name)),
    });
  }
  const [metadataName, entry] = first;
  if (entry.uncompressedSize > limits.metadataBytes) {
    throw new ArchiveError({
      file,
      expected: `at most ${limits.metadataBytes} bytes of metadata`,
      found: `${entry.uncompressedSize} bytes in ${metadataName}`,
    });
  }
  const parts: Buffer[] = [];
  for await (const part of entryBytes(zip, entry, { file, name: metadataName })) parts.push(part);
  const metadataBytes = Buffer.concat(parts);
  const metadata = parseMetadata(metadataBytes, `${metadataName} in ${file}`);
  assertNames(metadata, { ...options, metadataName });
  const entries = assertComplete(metadata, { file, metadataName, all });
  return { metadata, metadataName, metadataBytes, metadataSha256: sha256(metadataBytes), entries };
}

/** The names of a model follow from what it is: an archive cannot choose where its files go. */
function assertNames(
  metadata: ModelMetadata,
  {
    file,
    metadataName,
    database,
  }: { readonly file: string; readonly metadataName: string; readonly database: Pick<Database, 'network'> },
): void {
  const { model_id: id, network, files } = metadata;
  const refuse = (expected: string, found: string) => new ArchiveError({ file, expected, found });
  if (network !== database.network) {
    throw new ModelOfOtherNetworkError({
      modelId: JSON.stringify(id),
      file,
      expected: database.network,
      found: network,
    });
  }
  validateModelVersion(metadata.version);
  const createdAt = new Date(metadata.created_at);
  if (Number.isNaN(createdAt.getTime())) throw refuse('a time of creation', metadata.created_at);
  const ownId = modelId(metadata, createdAt);
  if (id !== ownId)
    throw refuse(`the model_id ${ownId}, after its type, network, version and time`, JSON.stringify(id));
  const stem = fileStem(metadata, createdAt);
  if (metadataName !== `${stem}.json`) throw refuse(`${stem}.json, after its metadata`, metadataName);
  for (const name of Object.keys(files)) {
    const isOwn = name.startsWith(`${stem}.`) && extensionPattern.test(name.slice(stem.length));
    if (!isOwn || name === metadataName) {
      throw refuse(`files named ${stem}.…, after the metadata`, JSON.stringify(name));
    }
  }
  const { holdout_file: holdout } = metadata.split;
  if (!Object.hasOwn(files, holdout) || files[holdout]?.role !== 'holdout') {
    throw refuse('a holdout_file that is among the files', JSON.stringify(holdout));
  }
}

/** The entries of the model's other files: all that the metadata names, in the sizes it gives, and nothing besides. */
function assertComplete(
  metadata: ModelMetadata,
  {
    file,
    metadataName,
    all,
  }: { readonly file: string; readonly metadataName: string; readonly all: ReadonlyMap<string, Entry> },
): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const [name, { bytes }] of Object.entries(metadata.files)) {
    const entry = all.get(name);
    if (entry === undefined)
      throw new ArchiveError({
        file,
        expected: `${name}, which the metadata names`,
        found: 'no such file in it',
      });
    if (entry.uncompressedSize !== bytes) {
      throw new ArchiveError({
        file,
        expected: `${bytes} bytes in ${name}`,
        found: `${entry.uncompressedSize}`,
      });
    }
    entries.set(name, entry);
  }
  const others = [...all.keys()].filter((name) => name !== metadataName && !entries.has(name));
  if (others.length > 0) {
    throw new ArchiveError({ file, expected: 'only files that the metadata names', found: listed(others) });
  }
  return entries;
}

function listed(names: Iterable<string>): string {
  const all = [...names];
  return all.length === 0 ? 'no files' : `${all.slice(0, 5).join(', ')}${all.length > 5 ? ', …' : ''}`;
}
