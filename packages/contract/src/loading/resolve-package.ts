import { createRequire } from 'node:module';
import path from 'node:path';
import { nearestNames } from '../nearest-names.ts';
import type { ModuleKind } from './module-kind.ts';

/**
 * The main file of a package as it is installed for a folder.
 *
 * @throws {RiskScoringError} the kind's, when it is not installed there, or has no main file
 * @example
 * resolvePackage('their-features', { folder: process.cwd(), kind }); // '/…/node_modules/their-features/index.js'
 */
export function resolvePackage(
  specifier: string,
  { folder, kind }: { readonly folder: string; readonly kind: ModuleKind },
): string {
  const refusal = (found: string, remedy: string, cause?: unknown) =>
    kind.error({
      specifier,
      expected: `${kind.named} (${kind.known.join(', ')}), a path that begins with ./ or ../, or a package installed in ${folder}`,
      found,
      remedy,
      ...(cause === undefined ? {} : { cause }),
    });
  let file: string;
  try {
    file = createRequire(path.resolve(folder, 'noop.js')).resolve(specifier);
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    if (code === 'MODULE_NOT_FOUND') throw refusal('none of these', remedyFor(specifier, kind.known), cause);
    if (code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
      throw refusal(message, 'give "exports" in its package.json a "default" besides "import"', cause);
    }
    throw refusal(message, 'mend or install the package again', cause);
  }
  if (path.isAbsolute(file)) return file;
  throw refusal('a module of Node.js itself', `name a package with ${kind.brings}`);
}

/** Where a known name was meant, nobody should install whatever has the misspelt one. */
function remedyFor(specifier: string, known: readonly string[]): string {
  const meant = nearestNames(specifier, known, 1)[0];
  return meant === undefined
    ? `install the package: npm install ${specifier}; a folder or file is written ./${specifier}`
    : `write ${meant} if that was meant; a folder or file is written ./${specifier}`;
}
