import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { xgboost } from './capi/library.ts';

/** The native library that this process uses. */
export interface XGBoostDescription {
  /** Its file; the name by which the loader found it where the system does not say which file that is. */
  readonly path: string;
  /** `1.7.4` */
  readonly version: string;
}

/**
 * Says which XGBoost is used, after loading it.
 *
 * @throws {XGBoostLibraryNotFoundError} where there is none
 * @throws {XGBoostLibraryInvalidError} where it cannot be loaded, lacks a function or is older than 1.6
 * @example
 * describeXGBoost(); // { path: '/usr/lib/x86_64-linux-gnu/libxgboost.so.1.6.0', version: '1.7.4' }
 */
export function describeXGBoost(): XGBoostDescription {
  const { name, version } = xgboost();
  return { path: mappedFile(name) ?? name, version };
}

/** The file behind a name, from the process's memory map, which Linux alone has. */
function mappedFile(name: string): string | undefined {
  if (process.platform !== 'linux' || name.includes('/')) return undefined;
  const stem = basename(name).replace(/\.so.*$/, '.so');
  const paths = readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .map((line) => line.slice(line.indexOf('/')));
  return paths.find((path) => basename(path).startsWith(stem));
}
