import { limitSpinning } from '@risk-scoring/contract';
import { LightGBMCallError, LightGBMLibraryInvalidError } from '../errors.ts';
import { receiveLog } from '../log.ts';
import { bindCApi, type CApi } from './c-api.ts';
import { describeLibrary } from './library-location.ts';
import { loadKoffi } from './load-koffi.ts';
import type { FunctionName } from './signatures.ts';

let loaded: CApi | undefined;

/**
 * LightGBM's C API, loaded on first use. A module has one instance per thread, and so does this: the log
 * callback, like LightGBM's last error and thread count, belongs to the thread.
 *
 * @throws {LightGBMLibraryNotFoundError} where there is no library
 * @throws {LightGBMLibraryInvalidError} where the file is not a LightGBM library
 */
export function lightgbm(): CApi {
  loaded ??= load(describeLibrary().path);
  return loaded;
}

/**
 * Calls a function and turns its failure into an error with LightGBM's own words.
 *
 * @throws {LightGBMCallError}
 * @example
 * call('LGBM_BoosterUpdateOneIter', booster, finished);
 */
export function call<Name extends Exclude<FunctionName, 'LGBM_GetLastError'>>(
  name: Name,
  ...args: Parameters<CApi[Name]>
): void {
  const api = lightgbm();
  // The tuple belongs to the function of the same name; TypeScript cannot follow that through the union.
  const code = (api[name] as (...args: unknown[]) => number)(...args);
  if (code !== 0) throw new LightGBMCallError({ call: name, message: api.LGBM_GetLastError() });
}

function load(path: string): CApi {
  limitSpinning();
  const koffi = loadKoffi();
  const api = bind(koffi, path);
  const callbackType = koffi.pointer(koffi.proto('void', ['const char *']));
  api.LGBM_RegisterLogCallback(koffi.register(receiveLog, callbackType));
  return api;
}

function bind(koffi: ReturnType<typeof loadKoffi>, path: string): CApi {
  try {
    return bindCApi(koffi.load(path));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LightGBMLibraryInvalidError({ path, reason, cause });
  }
}
