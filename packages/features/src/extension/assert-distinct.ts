import type { FeatureGroup } from '@risk-scoring/contract';
import { FeatureGroupConflictError } from './errors.ts';

/** The origin of groups that need neither package nor file. */
export const BUILT_IN = 'built in';

/** A group, and where it came from. */
export interface LoadedGroup {
  readonly group: FeatureGroup;
  /** {@link BUILT_IN}, the path of a folder or file, or the name of a package. */
  readonly origin: string;
}

/**
 * Checks that groups can be columns of one matrix: each group and each column once, and one column for each encoding's name.
 *
 * @throws {FeatureGroupConflictError} naming both that collide
 */
export function assertDistinct(groups: readonly LoadedGroup[]): void {
  const names = new Map<string, LoadedGroup>();
  const columns = new Map<string, LoadedGroup>();
  const encodings = new Map<string, LoadedGroup>();
  for (const loaded of groups) {
    const { group } = loaded;
    const same = names.get(group.name);
    if (same !== undefined) {
      throw new FeatureGroupConflictError({
        expected: 'each group once',
        found: `the group ${describe(same)} and the group ${describe(loaded)}`,
        remedy: "name it once ('...' already holds the default groups), or rename one of them",
      });
    }
    names.set(group.name, loaded);
    for (const { name } of group.columns) {
      refuseSame({ what: 'column', name, first: columns.get(name), second: loaded });
      columns.set(name, loaded);
    }
    for (const [name, column] of Object.entries(group.encodings ?? {})) {
      const first = encodings.get(name);
      if (first?.group.encodings?.[name] !== column) {
        refuseSame({ what: 'encoding', name, first, second: loaded });
      }
      encodings.set(name, loaded);
    }
  }
}

function refuseSame(parts: {
  readonly what: 'column' | 'encoding';
  readonly name: string;
  readonly first: LoadedGroup | undefined;
  readonly second: LoadedGroup;
}): void {
  const { what, name, first, second } = parts;
  if (first === undefined) return;
  throw new FeatureGroupConflictError({
    expected: what === 'column' ? 'each column once' : 'one column of raw_alerts for each encoding',
    found: `the ${what} ${name} of the group ${describe(first)} and of the group ${describe(second)}`,
    remedy: `rename it in one of them, or leave one of them out`,
  });
}

function describe({ group, origin }: LoadedGroup): string {
  return `'${group.name}' (${origin})`;
}
