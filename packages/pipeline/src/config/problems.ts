import { nearestNames } from '@risk-scoring/contract';
import type { z } from 'zod';
import { keysAt, leafPaths } from './schema-keys.ts';

/** The path of a key, from the outermost. */
export type KeyPath = readonly PropertyKey[];

/** What problems are about. */
export interface ProblemContext {
  readonly schema: z.core.$ZodType;
  /** The name of a key and where it stands: `features.grups (line 2, column 3)`. */
  whereOf(path: KeyPath): string;
  /** What to say of an unknown key in place of what it may have meant, where there is more to say. */
  readonly adviceOn?: (path: KeyPath) => string | undefined;
}

/**
 * What is wrong with a configuration or with settings, one sentence each with its path and place, in the order that the schema finds it.
 *
 * @example
 * // 'features.grups (line 2, column 3) is unknown; did you mean features.groups?'
 */
export function describeProblems(issues: readonly z.core.$ZodIssue[], context: ProblemContext): string[] {
  const { schema, whereOf, adviceOn } = context;
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const paths = issue.keys.map((key) => [...issue.path, key]);
      return paths.map(
        (path) => `${whereOf(path)} ${adviceOn?.(path) ?? `is unknown; ${suggestion(path, schema)}`}`,
      );
    }
    // The schema's own messages go on from the key; those that zod brings are sentences.
    const joint = /^[A-Z]/.test(issue.message) ? ': ' : ' ';
    return [`${whereOf(issue.path)}${joint}${issue.message}`];
  });
}

/** A key that stands in the wrong place is meant rather than one that is spelt alike. */
function suggestion(path: KeyPath, schema: z.core.$ZodType): string {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const siblings = keysAt(schema, parent).map((name) => showPath([...parent, name]));
  const elsewhere = leafPaths(schema).find((known) => known.length > 1 && known.at(-1) === key);
  const meant = elsewhere === undefined ? nearestNames(showPath(path), siblings, 1)[0] : showPath(elsewhere);
  if (meant !== undefined) return `did you mean ${meant}?`;
  return siblings.length > 0 ? `known are ${siblings.join(', ')}` : 'there are no keys here';
}

/**
 * A path as it is written in messages.
 *
 * @example
 * showPath(['features', 'groups', 0]); // 'features.groups[0]'
 */
export function showPath(path: KeyPath): string {
  if (path.length === 0) return 'the file';
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}
