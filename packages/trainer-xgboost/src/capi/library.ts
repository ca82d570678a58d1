import { existsSync } from 'node:fs';
import { limitSpinning } from '@risk-scoring/contract';
import { XGBoostCallError, XGBoostLibraryInvalidError, XGBoostLibraryNotFoundError } from '../errors.ts';
import { bindCApi, type CApi, type FallibleName, type Out, type Pointer } from './c-api.ts';
import { loadKoffi } from './load-koffi.ts';

/** The loaded library. */
export interface Library {
  readonly api: CApi;
  /** The path in `XGBOOST_LIBRARY`, or the name by which the system's loader found it. */
  readonly name: string;
  /** `1.7.4` */
  readonly version: string;
}

/** The least version whose C API is the one bound here: 1.6 brought the model formats for `XGBoosterSaveModelToBuffer`. */
const OLDEST = [1, 6] as const;

let loaded: Library | undefined;

/**
 * XGBoost, loaded on first use: the path in `XGBOOST_LIBRARY`, which is the only place looked at when it is set, else what the system's loader finds by name.
 *
 * @throws {XGBoostLibraryNotFoundError} where there is none
 * @throws {XGBoostLibraryInvalidError} where it cannot be loaded, lacks a function or is older than 1.6
 */
export function xgboost(): Library {
  loaded ??= load(process.env.XGBOOST_LIBRARY);
  return loaded;
}

/**
 * Calls a function and turns its failure into an error with XGBoost's own words.
 *
 * @throws {XGBoostCallError} where it fails
 * @example
 * call('XGBoosterUpdateOneIter', booster, iteration, matrix);
 */
export function call<Name extends FallibleName>(name: Name, ...args: Parameters<CApi[Name]>): void {
  const { api } = xgboost();
  // The tuple belongs to the function of the same name; TypeScript cannot follow that through the union.
  const code = (api[name] as (...args: unknown[]) => number)(...args);
  if (code !== 0) throw new XGBoostCallError({ call: name, message: firstSentence(api.XGBGetLastError()) });
}

/** The pointer that a call writes. */
export function readPointer(fill: (out: Out) => void): Pointer {
  const out = new BigUint64Array(1);
  fill(out);
  return out[0] as bigint;
}

/** A copy of bytes that XGBoost owns. */
export function copyBytes(pointer: Pointer, length: number): Uint8Array {
  return new Uint8Array(new Uint8Array(loadKoffi().view(pointer, length)));
}

function load(variable: string | undefined): Library {
  const isSet = variable !== undefined && variable !== '';
  const names = isSet ? [variable] : systemNames();
  if (isSet && !existsSync(variable)) throw new XGBoostLibraryNotFoundError({ lookedFor: names, variable });
  limitSpinning();
  const koffi = loadKoffi();
  let cause: unknown;
  for (const name of names) {
    let library: ReturnType<typeof koffi.load>;
    try {
      library = koffi.load(name);
    } catch (error) {
      cause = error;
      continue;
    }
    return checked(name, library);
  }
  if (isSet) throw new XGBoostLibraryInvalidError({ path: variable, found: messageOf(cause), cause });
  throw new XGBoostLibraryNotFoundError({ lookedFor: names, variable: undefined, cause });
}

/** The names by which the system's loader may know it; Homebrew's folder is none that macOS looks into. */
function systemNames(): string[] {
  switch (process.platform) {
    case 'darwin':
      return ['libxgboost.dylib', '/opt/homebrew/lib/libxgboost.dylib', '/usr/local/lib/libxgboost.dylib'];
    case 'win32':
      return ['xgboost.dll'];
    default:
      return ['libxgboost.so.0', 'libxgboost.so'];
  }
}

function checked(path: string, library: Parameters<typeof bindCApi>[0]): Library {
  let api: CApi;
  try {
    api = bindCApi(library);
  } catch (cause) {
    throw new XGBoostLibraryInvalidError({ path, found: messageOf(cause), cause });
  }
  const [major, minor, patch]: [[number], [number], [number]] = [[0], [0], [0]];
  api.XGBoostVersion(major, minor, patch);
  const version = [...major, ...minor, ...patch].join('.');
  assertSupported(path, version);
  return { api, name: path, version };
}

/** @throws {XGBoostLibraryInvalidError} for a version before 1.6 */
export function assertSupported(path: string, version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new XGBoostLibraryInvalidError({
    path,
    expected: `XGBoost ${OLDEST.join('.')} or later`,
    found: `XGBoost ${version}`,
  });
}

/** XGBoost's message without where in its sources it came from and the stack that follows. */
function firstSentence(message: string): string {
  const [head = ''] = message.split(/\n\s*Stack trace/);
  return head.replace(/^\[[\d:]+\] \S+:\d+: /, '').trim();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
