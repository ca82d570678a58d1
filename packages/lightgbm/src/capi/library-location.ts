import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  libraryFileName,
  lightGBMVersion,
  packageNativeFolder,
  userCacheFolder,
} from '../../scripts/library-paths.mjs';
import { LightGBMLibraryNotFoundError } from '../errors.ts';

/** The native library that this process uses or would use. */
export interface LibraryDescription {
  readonly path: string;
  /** LightGBM's version, such as `4.1.0.99`; `unknown` for a library that was not built by this package. */
  readonly version: string;
}

/**
 * Finds the native library: the path in `LIGHTGBM_LIBRARY`, then this package's own `native` folder, then
 * the user's cache. A path in `LIGHTGBM_LIBRARY` is the only one looked at.
 *
 * @throws {LightGBMLibraryNotFoundError} where there is none
 * @example
 * console.log(describeLibrary().version); // '4.1.0.99'
 */
export function describeLibrary(env: NodeJS.ProcessEnv = process.env): LibraryDescription {
  const places = env.LIGHTGBM_LIBRARY ? [env.LIGHTGBM_LIBRARY] : builtPlaces(env);
  const path = places.find((place) => existsSync(place));
  if (path === undefined) throw new LightGBMLibraryNotFoundError({ lookedIn: places });
  return { path, version: builtVersion(path) };
}

function builtPlaces(env: NodeJS.ProcessEnv): string[] {
  const folders = [packageNativeFolder()];
  const version = sourceVersion();
  if (version !== undefined) folders.push(userCacheFolder(version, { env }));
  return folders.map((folder) => join(folder, libraryFileName()));
}

/** Undefined where the sources are not installed: then nothing can have been built from them either. */
function sourceVersion(): string | undefined {
  try {
    return lightGBMVersion();
  } catch {
    return undefined;
  }
}

function builtVersion(path: string): string {
  try {
    const note: unknown = JSON.parse(readFileSync(join(dirname(path), 'build.json'), 'utf8'));
    const version = (note as { lightgbm?: unknown }).lightgbm;
    return typeof version === 'string' ? version : 'unknown';
  } catch {
    return 'unknown';
  }
}
