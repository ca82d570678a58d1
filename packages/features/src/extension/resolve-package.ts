import { createRequire } from 'node:module';
import path from 'node:path';
import { nearestNames } from '@risk-scoring/contract';
import { FeatureGroupSourceError } from './errors.ts';

/**
 * The main file of a package as it is installed for a folder.
 *
 * @param known names of groups, one of which may have been meant
 * @throws {FeatureGroupSourceError} when it is not installed there, or has no main file
 */
export function resolvePackage(specifier: string, folder: string, known: readonly string[]): string {
  const refuse = (found: string, remedy: string, cause: unknown): never => {
    throw new FeatureGroupSourceError({
      specifier,
      expected: `a group (${known.join(', ')}), a path that begins with ./ or ../, or a package installed in ${folder}`,
      found,
      remedy,
      cause,
    });
  };
  try {
    const file = createRequire(path.resolve(folder, 'noop.js')).resolve(specifier);
    if (path.isAbsolute(file)) return file;
    return refuse('a module of Node.js itself', 'name a package with feature groups', undefined);
  } catch (cause) {
    if (cause instanceof FeatureGroupSourceError) throw cause;
    const { code, message } = cause as { code?: string; message: string };
    if (code === 'MODULE_NOT_FOUND') {
      const meant = nearestNames(specifier, known, 1)[0];
      // Where a group was meant, nobody should install whatever has the misspelt name.
      const remedy =
        meant === undefined
          ? `install the package: npm install ${specifier}; a folder or file is written ./${specifier}`
          : `write ${meant} if that was meant; a folder or file is written ./${specifier}`;
      return refuse('none of these', remedy, cause);
    }
    if (code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
      return refuse(message, 'give "exports" in its package.json a "default" besides "import"', cause);
    }
    return refuse(message, 'mend or install the package again', cause);
  }
}
