import { realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import type { FeatureGroup } from '@risk-scoring/contract';
import { assertDistinct, BUILT_IN, type LoadedGroup } from './assert-distinct.ts';
import { FeatureGroupSourceError } from './errors.ts';
import { readGroupFolder } from './read-group-folder.ts';
import { readGroupModule } from './read-group-module.ts';
import { resolvePackage } from './resolve-package.ts';

/** Options of {@link loadFeatureGroups}. */
export interface LoadOptions {
  /** What paths are relative to, and where packages are looked for: usually that of the configuration file, or the working directory. */
  readonly folder: string;
  /** The groups that are there without loading: `ALL_GROUPS`. */
  readonly known: readonly FeatureGroup[];
  /** Names of the known groups that `...` stands for. Default: none, and `...` is refused. */
  readonly defaults?: readonly string[];
}

/**
 * Finds feature groups by what a user names them with, in that order. Each is
 *
 * - `...`: the default groups;
 * - the name of a known group;
 * - a path that begins with `./` or `../`, or an absolute one: a folder with `group.json` and `features.sql`, or a `.js` or `.mjs` module;
 * - otherwise a package installed in the folder.
 *
 * A module or package exports `featureGroups: FeatureGroup[]`, or a group (or a list) as default. It runs as part of this process: load only
 * what you would run. What is loaded has a sound declaration; `checkFeatureGroup()` checks the SQL.
 *
 * @throws {FeatureGroupSourceError} for what cannot be found, read or imported
 * @throws {FeatureGroupError} when a declaration breaks the contract
 * @throws {UnsupportedSpecificationError} when a group was written for another contract
 * @throws {FeatureGroupConflictError} when a group, a column or an encoding is there twice
 * @example
 * const loaded = await loadFeatureGroups(['...', './my-features', 'their-features'], {
 *   folder: process.cwd(), known: ALL_GROUPS, defaults: DEFAULT_GROUPS.map((group) => group.name),
 * });
 * loaded.map(({ group, origin }) => `${group.name} from ${origin}`);
 */
export async function loadFeatureGroups(
  specifiers: readonly string[],
  options: LoadOptions,
): Promise<LoadedGroup[]> {
  const loaded: LoadedGroup[] = [];
  for (const specifier of specifiers.flatMap((each) => expand(each, options))) {
    loaded.push(...(await loadOne(specifier, options)));
  }
  assertDistinct(loaded);
  return loaded;
}

function expand(specifier: string, { defaults }: LoadOptions): readonly string[] {
  if (specifier !== '...') return [specifier];
  if (defaults !== undefined) return defaults;
  throw new FeatureGroupSourceError({
    specifier,
    expected: 'default groups that it stands for',
    found: 'none here',
    remedy: 'name each group',
  });
}

async function loadOne(specifier: string, { folder, known }: LoadOptions): Promise<LoadedGroup[]> {
  const builtIn = known.find((group) => group.name === specifier);
  if (builtIn !== undefined) return [{ group: builtIn, origin: BUILT_IN }];
  if (!isPath(specifier)) {
    const names = known.map((group) => group.name);
    const file = resolvePackage(specifier, folder, names);
    return fromOrigin(await readGroupModule(file, specifier), specifier);
  }
  const target = path.resolve(folder, specifier);
  if (kindOf(target, specifier) === 'folder') {
    return fromOrigin([await readGroupFolder(target, specifier)], target);
  }
  if (/\.m?js$/.test(target)) {
    // As Node resolves modules: their own imports are looked for where the file really is.
    return fromOrigin(await readGroupModule(realpathSync(target), specifier), target);
  }
  throw new FeatureGroupSourceError({
    specifier,
    expected: 'a folder with group.json and features.sql, or a .js or .mjs module',
    found: `the file ${target}`,
    remedy: 'name the folder, or compile TypeScript first and name the .js file',
  });
}

function isPath(specifier: string): boolean {
  return /^\.{1,2}(?:[/\\]|$)/.test(specifier) || path.isAbsolute(specifier);
}

function kindOf(target: string, specifier: string): 'folder' | 'file' {
  let stats: Stats | undefined;
  try {
    stats = statSync(target, { throwIfNoEntry: false });
  } catch (cause) {
    throw new FeatureGroupSourceError({
      specifier,
      expected: 'a path that can be followed',
      found: (cause as { code?: string }).code ?? `${cause}`,
      remedy: 'mend the path or the links on it',
      cause,
    });
  }
  if (stats === undefined) {
    throw new FeatureGroupSourceError({
      specifier,
      expected: 'a folder with group.json and features.sql, or a .js or .mjs module',
      found: `nothing at ${target}`,
      remedy: 'check the spelling; paths are relative to the folder of the configuration or of the command',
    });
  }
  return stats.isDirectory() ? 'folder' : 'file';
}

function fromOrigin(groups: readonly FeatureGroup[], origin: string): LoadedGroup[] {
  return groups.map((group) => ({ group, origin }));
}
