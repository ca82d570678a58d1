import { type FeatureGroup, importModule, type ModuleKind } from '@risk-scoring/contract';
import { assertDeclaration } from './check-declaration.ts';
import { FeatureGroupSourceError } from './errors.ts';

/**
 * Imports a JavaScript module and takes its feature groups: the export `featureGroups`, or the default export, a group or a list of them.
 * The module runs with all rights of this process.
 *
 * @param file its absolute path
 * @param about.specifier as the user wrote it, for messages
 * @throws {FeatureGroupSourceError} when it throws or exports no groups
 * @throws {FeatureGroupError} when a group's declaration breaks the contract
 * @throws {UnsupportedSpecificationError} when a group was written for another contract
 */
export async function readGroupModule(
  file: string,
  about: { readonly specifier: string; readonly kind: ModuleKind },
): Promise<FeatureGroup[]> {
  const exported = groupsIn(await importModule(file, about));
  if (exported === undefined || exported.length === 0) {
    throw new FeatureGroupSourceError({
      specifier: about.specifier,
      expected: 'an export featureGroups with at least one FeatureGroup, or a FeatureGroup as default export',
      found: exported === undefined ? `neither in ${file}` : `an empty list in ${file}`,
      remedy: 'export const featureGroups = [myGroup]; from the module',
    });
  }
  return exported.map((group) => {
    assertDeclaration(group);
    return group;
  });
}

/** What stands where groups are looked for; of a CommonJS module, `module.exports` is the default export. */
function groupsIn(module: Readonly<Record<string, unknown>>): readonly unknown[] | undefined {
  const fallback = module.default as { featureGroups?: unknown } | null | undefined;
  const found = module.featureGroups ?? fallback?.featureGroups ?? fallback;
  if (Array.isArray(found)) return found;
  return typeof found === 'object' && found !== null && 'sql' in found ? [found] : undefined;
}
