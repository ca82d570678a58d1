import { type FeatureGroup, locateModule, type ModuleKind } from '@risk-scoring/contract';
import { assertDistinct, BUILT_IN, type LoadedGroup } from './assert-distinct.ts';
import { FeatureGroupSourceError } from './errors.ts';
import { readGroupFolder } from './read-group-folder.ts';
import { readGroupModule } from './read-group-module.ts';

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
  const kind = groupModules(known.map((group) => group.name));
  const { type, path: target, origin } = locateModule(specifier, { folder, kind });
  const groups =
    type === 'folder'
      ? [await readGroupFolder(target, specifier)]
      : await readGroupModule(target, { specifier, kind });
  return groups.map((group) => ({ group, origin }));
}

function groupModules(known: readonly string[]): ModuleKind {
  return {
    named: 'a group',
    known,
    brings: 'feature groups',
    pathNames: 'a folder with group.json and features.sql, or a .js or .mjs module',
    otherFileRemedy: 'name the folder, or compile TypeScript first and name the .js file',
    error: (problem) => new FeatureGroupSourceError(problem),
  };
}
