import { nearestNames } from '@risk-scoring/contract';
import type { z } from 'zod';
import type { ParsedText } from './parse-text.ts';
import { SECTIONS } from './schema.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/**
 * What is wrong with a configuration, one sentence each with its path and place, in the order of the file.
 *
 * @example
 * // 'features.grups (line 2, column 3) is unknown; did you mean features.groups?'
 */
export function describeProblems(issues: readonly Issue[], parsed: ParsedText): string[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownKey([...issue.path, key], parsed))
      : [`${showWhere(issue.path, parsed)} ${issue.message}`],
  );
}

function unknownKey(path: Path, parsed: ParsedText): string {
  return `${showWhere(path, parsed)} is unknown; ${suggestion(path)}`;
}

/** A key that stands in the wrong place is meant rather than one that is spelt alike. */
function suggestion(path: Path): string {
  const key = String(path.at(-1));
  const siblings = keysAt(path.slice(0, -1)).map((name) => showPath([...path.slice(0, -1), name]));
  const elsewhere = allPaths().filter((known) => known.endsWith(`.${key}`));
  const nearest = nearestNames(showPath(path), siblings, 1);
  const meant = elsewhere[0] ?? nearest[0];
  return meant === undefined ? `known are ${siblings.join(', ')}` : `did you mean ${meant}?`;
}

function keysAt([section]: Path): string[] {
  if (section === undefined) return Object.keys(SECTIONS);
  return Object.hasOwn(SECTIONS, section)
    ? Object.keys(SECTIONS[section as keyof typeof SECTIONS].shape)
    : [];
}

function allPaths(): string[] {
  return Object.entries(SECTIONS).flatMap(([section, { shape }]) =>
    Object.keys(shape).map((key) => `${section}.${key}`),
  );
}

function showWhere(path: Path, parsed: ParsedText): string {
  return `${showPath(path)} (${parsed.placeOf(path)})`;
}

/** `features.groups[0]` */
function showPath(path: Path): string {
  if (path.length === 0) return 'the file';
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}
