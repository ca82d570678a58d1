import { pathToFileURL } from 'node:url';
import { locateModule } from './locate-module.ts';
import type { ModuleKind } from './module-kind.ts';

/** A module that was run, and where it came from. */
export interface LoadedModule {
  readonly exports: Readonly<Record<string, unknown>>;
  /** The absolute path of what was run. */
  readonly file: string;
  /** For readers: the absolute path that was named, or the name of the package. */
  readonly origin: string;
}

/**
 * Runs the `.js` or `.mjs` module of a path, or the package installed in a folder, with all rights of this process.
 *
 * @param specifier a path that begins with `./` or `../`, an absolute one, or the name of a package
 * @param where.folder what paths are relative to, and where packages are looked for
 * @param where.kind what is looked for, for messages
 * @throws {RiskScoringError} the kind's, when nothing is found, a folder is, or the module throws
 * @example
 * const { exports, origin } = await loadModule('./my-strategy.js', { folder: process.cwd(), kind });
 */
export async function loadModule(
  specifier: string,
  where: { readonly folder: string; readonly kind: ModuleKind },
): Promise<LoadedModule> {
  const { type, path: file, origin } = locateModule(specifier, where);
  if (type === 'folder') {
    throw where.kind.error({
      specifier,
      expected: where.kind.pathNames ?? 'a .js or .mjs module',
      found: `the folder ${file}`,
      remedy: 'name the file, such as index.js, in it',
    });
  }
  return { exports: await importModule(file, { specifier, kind: where.kind }), file, origin };
}

/**
 * Imports a JavaScript file. Of a CommonJS module, `module.exports` is the default export.
 *
 * @param file its absolute path
 * @param about.specifier as the user wrote it, for messages
 * @throws {RiskScoringError} the kind's, when it does not parse or throws
 * @example
 * const { default: made } = await importModule('/work/mine.mjs', { specifier: './mine.mjs', kind });
 */
export async function importModule(
  file: string,
  { specifier, kind }: { readonly specifier: string; readonly kind: ModuleKind },
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (cause) {
    throw kind.error({
      specifier,
      expected: `${file}, a JavaScript module that can be imported`,
      found: cause instanceof Error ? `${cause.name}: ${cause.message}` : `it threw ${String(cause)}`,
      remedy:
        cause instanceof Error && cause.name === 'SyntaxError'
          ? `see why with: node ${file}; a module that uses export ends in .mjs, or has "type": "module" in its package.json`
          : `see why with: node ${file}`,
      cause,
    });
  }
}
