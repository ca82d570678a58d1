import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { FeatureGroup } from '@risk-scoring/contract';
import { nearestNames, SPECIFICATION_VERSION } from '@risk-scoring/contract';
import { assertDeclaration } from './check-declaration.ts';
import { FeatureGroupSourceError } from './errors.ts';

const GROUP_KEYS = [
  'specificationVersion',
  'name',
  'per',
  'columns',
  'encodings',
  'readsLabels',
  'severalSnapshots',
  'otherNetworks',
] as const satisfies readonly (keyof FeatureGroup)[];

const COLUMN_KEYS = [
  'name',
  'kind',
  'meaning',
  'unit',
  'missing',
  'absent',
] as const satisfies readonly (keyof FeatureGroup['columns'][number])[];

/** A declaration or a SELECT that is longer is none. */
const MOST_BYTES = 1_000_000;

/**
 * Reads a feature group without code: a folder with `group.json` (the declaration) and `features.sql` (the SELECT).
 *
 * @param specifier as the user wrote it, for messages
 * @throws {FeatureGroupSourceError} when a file is missing or cannot be read as what it should be
 * @throws {FeatureGroupError} when the declaration breaks the contract
 * @throws {UnsupportedSpecificationError} when it was written for another contract
 */
export async function readGroupFolder(folder: string, specifier: string): Promise<FeatureGroup> {
  const declared = parseObject(await readText(folder, 'group.json', specifier), specifier);
  assertKnownKeys(declared, GROUP_KEYS, { specifier, where: 'group.json' });
  if (declared.specificationVersion === undefined) {
    throw new FeatureGroupSourceError({
      specifier,
      expected: `"specificationVersion": "${SPECIFICATION_VERSION}" in group.json`,
      found: 'none',
      remedy: `write "specificationVersion": "${SPECIFICATION_VERSION}" into group.json`,
    });
  }
  if (Array.isArray(declared.columns)) {
    declared.columns.forEach((column: unknown, index) => {
      if (!isObject(column)) return;
      assertKnownKeys(column, COLUMN_KEYS, { specifier, where: `columns[${index}] of group.json` });
    });
  }
  // The same text on every system, as it is part of the schema hash.
  const sql = (await readText(folder, 'features.sql', specifier)).replaceAll('\r\n', '\n').trim();
  const group: unknown = { ...declared, sql };
  assertDeclaration(group);
  return group;
}

async function readText(folder: string, name: string, specifier: string): Promise<string> {
  const file = path.join(folder, name);
  const unreadable = (found: string, cause?: unknown) =>
    new FeatureGroupSourceError({
      specifier,
      expected: `${file}, a file of at most ${MOST_BYTES} bytes that can be read`,
      found,
      remedy: 'write group.json (name, per, columns …) and features.sql (one SELECT) into the folder',
      cause,
    });
  const failed = (cause: NodeJS.ErrnoException) => {
    throw unreadable(cause.code === 'ENOENT' ? 'no such file' : `${cause.code ?? cause}`, cause);
  };
  const status = await stat(file).catch(failed);
  // Reading a pipe would wait for whoever writes to it.
  if (!status.isFile()) throw unreadable('no regular file');
  if (status.size > MOST_BYTES) throw unreadable(`${status.size} bytes, more than ${MOST_BYTES}`);
  return (await readFile(file, 'utf8').catch(failed)).replace(/^\uFEFF/, '');
}

function parseObject(text: string, specifier: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FeatureGroupSourceError({
      specifier,
      expected: 'group.json in JSON',
      found: (cause as Error).message,
      remedy: 'mend group.json; JSON has no comments and no comma after the last entry',
      cause,
    });
  }
  if (isObject(value)) return value;
  throw new FeatureGroupSourceError({
    specifier,
    expected: 'an object in group.json',
    found: Array.isArray(value) ? 'a list' : `${value}`,
    remedy: 'write one group a folder: {"specificationVersion": "v1", "name": …}',
  });
}

/** A misspelt flag would silently stay off. */
function assertKnownKeys(
  value: Record<string, unknown>,
  known: readonly string[],
  { specifier, where }: { readonly specifier: string; readonly where: string },
): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const meant = nearestNames(unknown, known, 1)[0];
  let remedy = 'remove it';
  if (meant !== undefined) remedy = `write '${meant}' if that was meant, or remove it`;
  else if (unknown === 'sql') remedy = 'remove it; the SELECT stands in features.sql';
  throw new FeatureGroupSourceError({
    specifier,
    expected: `in ${where} only ${known.join(', ')}`,
    found: `'${unknown}'`,
    remedy,
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
