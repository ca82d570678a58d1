import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { ConfigError } from './config-error.ts';
import type { ConfigFile } from './config-file.ts';
import { isNestedDeeper } from './nesting.ts';

/** Far deeper than any configuration is nested. */
const DEEPEST = 50;

/** What a configuration says, before anybody asks whether it makes sense. */
export interface ParsedText {
  /** Plain objects, lists and values; `{}` for an empty file. */
  readonly value: unknown;
  /** Where a path stands, or the innermost part of it that does: `line 3, column 5`. */
  placeOf(path: readonly PropertyKey[]): string;
}

/**
 * Parses YAML 1.2, of which JSON is a part.
 *
 * @throws {ConfigError} for what is no YAML, with the line and column of each mistake
 */
export function parseText({ path: file, text }: ConfigFile): ParsedText {
  const lines = new LineCounter();
  try {
    if (isNestedDeeper(text, DEEPEST)) throw notYaml(file, `lists or maps nested deeper than ${DEEPEST}`);
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const mistakes = [...document.errors, ...document.warnings, ...unknownAliases(document)].map(
      ({ pos, message }) => `${showPlace(lines, pos[0])}: ${message.replace(/; please use YAML.*/, '')}`,
    );
    if (mistakes.length > 0) throw notYaml(file, mistakes.slice(0, 5).join('; '));
    return {
      value: document.toJS({ maxAliasCount: 100 }) ?? {},
      placeOf: (path) => showPlace(lines, offsetOf(document, path)),
    };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    // Endless aliases end here.
    throw notYaml(file, error instanceof Error ? error.message : String(error), error);
  }
}

function notYaml(file: string, found: string, cause?: unknown): ConfigError {
  return new ConfigError({
    file,
    expected: 'YAML or JSON',
    found,
    remedy: 'mend these lines; indentation is by spaces, and texts with special characters stand in quotes',
    ...(cause === undefined ? {} : { cause }),
  });
}

function unknownAliases(document: Document.Parsed): { pos: readonly [number]; message: string }[] {
  const anchors = new Set<string>();
  const unknown: { pos: readonly [number]; message: string }[] = [];
  visit(document, {
    Value: (_, node) => {
      if (node.anchor !== undefined) anchors.add(node.anchor);
    },
    Alias: (_, { source, range }) => {
      if (!anchors.has(source))
        unknown.push({ pos: [range?.[0] ?? 0], message: `nothing is named &${source}` });
    },
  });
  return unknown;
}

function showPlace(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `line ${line}, column ${col}`;
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0] ?? 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (pair === undefined) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      if (isScalar(node)) offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
