/** Texts, quoted names, comments and heredocs of SQL. */
const QUOTED =
  /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|`(?:[^`\\]|\\[\s\S])*`|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$/g;

/** SQL without its texts, quoted names and comments, so that what is left can be searched for signs. */
export function plainSql(sql: string): string {
  return sql.replace(QUOTED, ' ');
}

/** SQL without its texts and comments, and with quoted names as if they were not quoted. */
export function unquotedSql(sql: string): string {
  return sql.replace(QUOTED, (quoted) => (/^[`"]/.test(quoted) ? ` ${quoted.slice(1, -1)} ` : ' '));
}

/** Whether a quoted name is written with escapes: then what it says is not what it shows. */
export function hasEscapedName(sql: string): boolean {
  return [...sql.matchAll(QUOTED)].some(([quoted]) => /^[`"]/.test(quoted) && quoted.includes('\\'));
}

/**
 * What keeps a text from being one SELECT that can stand between parentheses; undefined where nothing does. Whether the engine understands it
 * is another question.
 */
export function whyNotOneSelect(sql: string): string | undefined {
  const plain = plainSql(sql);
  if (plain.trim() === '') return 'no SQL';
  if (plain.includes(';')) return "a ';'";
  if (!/^[\s(]*(?:SELECT|WITH|FROM)\b/i.test(plain)) {
    return `a statement that begins with ${plain.trim().split(/\s/, 1)[0]}`;
  }
  let depth = 0;
  for (const sign of plain) {
    if (sign === '(') depth++;
    if (sign === ')' && --depth < 0) return "a ')' that closes nothing";
  }
  return depth > 0 ? "a '(' that is not closed" : undefined;
}
