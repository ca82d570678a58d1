import { type CST, Parser } from 'yaml';

/**
 * Whether lists and maps of a YAML text lie deeper within one another than a limit. Composing values takes a stack as deep as the
 * text is nested, and one that runs out may end the process; this takes none.
 *
 * @example
 * isNestedDeeper('[[[]]]', 2); // true
 */
export function isNestedDeeper(text: string, limit: number): boolean {
  let level: CST.Token[] = [...new Parser().parse(text)];
  for (let depth = 0; level.length > 0; depth++) {
    // A document is a level of its own.
    if (depth > limit + 1) return true;
    level = level.flatMap(inside).filter(isCollection);
  }
  return false;
}

function inside(token: CST.Token): (CST.Token | null | undefined)[] {
  if (token.type === 'document') return [token.value];
  if ('items' in token) return token.items.flatMap((item) => [item.key, item.value]);
  return [];
}

function isCollection(token: CST.Token | null | undefined): token is CST.Token {
  return token !== null && token !== undefined && 'items' in token;
}
