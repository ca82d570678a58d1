import { realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import type { ModuleKind } from './module-kind.ts';
import { resolvePackage } from './resolve-package.ts';

/** Where a specifier leads. */
export interface ModulePlace {
  readonly type: 'folder' | 'module';
  /** Absolute; of a module, where the file really is, as its own imports are looked for there. */
  readonly path: string;
  /** For readers: the absolute path that was named, or the name of the package. */
  readonly origin: string;
}

/**
 * Whether a specifier is a path and no name: it begins with `./` or `../`, or is absolute.
 *
 * @example
 * isPath('./mine.js'); // true
 * isPath('mine.js'); // false
 */
export function isPath(specifier: string): boolean {
  return /^\.{1,2}(?:[/\\]|$)/.test(specifier) || path.isAbsolute(specifier);
}

/**
 * Finds the folder, the module or the main file of the package that a specifier names, without running anything.
 *
 * @param where.folder what paths are relative to, and where packages are looked for
 * @throws {RiskScoringError} the kind's, when there is nothing, or a file that is no JavaScript
 * @example
 * locateModule('./mine.mjs', { folder: '/work', kind }); // { type: 'module', path: '/work/mine.mjs', origin: '/work/mine.mjs' }
 */
export function locateModule(
  specifier: string,
  { folder, kind }: { readonly folder: string; readonly kind: ModuleKind },
): ModulePlace {
  if (!isPath(specifier)) {
    return { type: 'module', path: resolvePackage(specifier, { folder, kind }), origin: specifier };
  }
  const target = path.resolve(folder, specifier);
  const expected = kind.pathNames ?? 'a .js or .mjs module';
  if (statusOf(target, { specifier, expected, kind }).isDirectory()) {
    return { type: 'folder', path: target, origin: target };
  }
  // As Node resolves modules: their own imports are looked for where the file really is.
  if (/\.m?js$/.test(target)) return { type: 'module', path: realpathSync(target), origin: target };
  throw kind.error({
    specifier,
    expected,
    found: `the file ${target}`,
    remedy: kind.otherFileRemedy ?? 'compile TypeScript first and name the .js file',
  });
}

function statusOf(
  target: string,
  { specifier, expected, kind }: { specifier: string; expected: string; kind: ModuleKind },
): Stats {
  let stats: Stats | undefined;
  try {
    stats = statSync(target, { throwIfNoEntry: false });
  } catch (cause) {
    throw kind.error({
      specifier,
      expected: 'a path that can be followed',
      found: (cause as { code?: string }).code ?? `${cause}`,
      remedy: 'mend the path or the links on it',
      cause,
    });
  }
  if (stats !== undefined) return stats;
  throw kind.error({
    specifier,
    expected,
    found: `nothing at ${target}`,
    remedy: 'check the spelling; paths are relative to the folder of the configuration or of the command',
  });
}
