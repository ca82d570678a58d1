import { ClusterStatementError } from './cluster-statement-error.ts';

/** A word, number, quoted text or sign of a statement. Blanks and comments are none. */
export interface Word {
  readonly kind: 'word' | 'number' | 'text' | 'quoted' | 'sign';
  readonly value: string;
  /** Where it begins in the statement, and where it ends (exclusive). */
  readonly start: number;
  readonly end: number;
}

const blank = /(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const kinds = [
  ['word', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['number', /\d[\w.]*/y],
  ['text', /'(?:[^'\\]|\\[\s\S]|'')*'/y],
  ['quoted', /`(?:[^`\\]|\\[\s\S]|``)*`|"(?:[^"\\]|\\[\s\S]|"")*"/y],
  ['sign', /[()[\]{},.*+\-/%=<>!:?|&^~]/y],
] as const;

/**
 * Splits a statement into its words, so that a name is never found within another word, a text or a comment.
 *
 * @throws {ClusterStatementError} where a part is none of them: an open quote, a semicolon, $…$
 */
export function splitWords(statement: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < statement.length) {
    at = endOf(blank, statement, at) ?? at;
    if (at === statement.length) break;
    const word = wordAt(statement, at);
    if (word === undefined) {
      throw new ClusterStatementError({
        statement,
        reason: `'${statement.slice(at, at + 20)}' in it is not understood`,
      });
    }
    words.push(word);
    at = word.end;
  }
  return words;
}

/** Whether the words beginning at an index are these keywords, in any letter case. */
export function startsWith(words: readonly Word[], at: number, keywords: string): boolean {
  return keywords.split(' ').every((keyword, offset) => isKeyword(words[at + offset], keyword));
}

/** Whether a word is this keyword or sign, in any letter case. */
export function isKeyword(word: Word | undefined, keyword: string): boolean {
  return (
    word !== undefined &&
    (word.kind === 'word' || word.kind === 'sign') &&
    word.value.toUpperCase() === keyword
  );
}

/** The index of the parenthesis that closes the one at an index, or undefined where it stays open. */
export function closing(words: readonly Word[], open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < words.length; at += 1) {
    if (isKeyword(words[at], '(')) depth += 1;
    if (isKeyword(words[at], ')')) depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

function wordAt(statement: string, start: number): Word | undefined {
  for (const [kind, pattern] of kinds) {
    const end = endOf(pattern, statement, start);
    if (end !== undefined) return { kind, value: statement.slice(start, end), start, end };
  }
  return undefined;
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
