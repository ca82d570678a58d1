/** A piece of SQL that is neither space nor comment. */
export interface SqlToken {
  readonly kind: 'word' | 'quoted' | 'symbol';
  /** As written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** How many parentheses, brackets and braces are open around it; an opening one counts as outside itself. */
  readonly depth: number;
}

/**
 * Reads SQL piece by piece and lazily, since rows may follow an INSERT that are no SQL at all. It knows as much as
 * is needed to find a keyword that is one: quotes, comments, heredocs and parentheses.
 *
 * @example
 * [...sqlTokens("SELECT 'FORMAT' -- FORMAT")].map((token) => token.kind); // ['word', 'quoted']
 */
export function* sqlTokens(sql: string): Generator<SqlToken, void, undefined> {
  let depth = 0;
  let at = 0;
  while (at < sql.length) {
    const blank = matchAt(/\s+|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y, sql, at);
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    const text = pieceAt(sql, at);
    const kind = kindOf(text);
    if (kind === 'symbol' && ')]}'.includes(text)) depth--;
    yield { kind, text, start: at, end: at + text.length, depth };
    if (kind === 'symbol' && '([{'.includes(text)) depth++;
    at += text.length;
  }
}

/** Whether a token is this keyword, in any case. */
export function isKeyword(token: SqlToken | undefined, keyword: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === keyword;
}

/** A SQL string literal of any text. */
export function sqlString(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** A quoted SQL name. */
export function sqlName(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``;
}

const quoted =
  /'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|"(?:[^"\\]|\\[\s\S]|"")*(?:"|$)|`(?:[^`\\]|\\[\s\S]|``)*(?:`|$)/y;
const heredoc = /(\$\w*\$)[\s\S]*?(?:\1|$)/y;
const word = /[\p{L}\p{N}_][\p{L}\p{N}_$]*/uy;

function pieceAt(sql: string, at: number): string {
  return matchAt(quoted, sql, at) ?? matchAt(heredoc, sql, at) ?? matchAt(word, sql, at) ?? sql.charAt(at);
}

function kindOf(text: string): SqlToken['kind'] {
  if (/^['"`]|^\$\w*\$/.test(text)) return 'quoted';
  return /^[\p{L}\p{N}_]/u.test(text) ? 'word' : 'symbol';
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
