import { plainText } from './plain-text.ts';

/**
 * A text for Markdown, that says what it says: nothing in it is markup, a link or HTML.
 *
 * @example
 * escapeMarkdown('<b>*x*'); // '&lt;b&gt;\\*x\\*'
 */
export function escapeMarkdown(text: string): string {
  return (
    plainText(text)
      .replace(/[\\`*_{}[\]#|!~]/g, '\\$&')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      // Bare addresses would become links.
      .replace(/:\/\//g, ':\\//')
      .replace(/www\./gi, (match) => `${match.slice(0, -1)}\\.`)
      .replace(/(?<!\w)@|@(?=[\w-]+\.)/g, '\\@')
      .replace(/^(\s*)([-+]|\d+[.)])(?=\s)/, '$1\\$2')
  );
}

/**
 * A name as code, whatever it holds; a pipe would end the cell of a table.
 *
 * @example
 * codeSpan('pagerank'); // '`pagerank`'
 */
export function codeSpan(text: string): string {
  const plain = plainText(text).replace(/\|/g, '\\|');
  if (plain.trim() === '') return '–';
  const longest = Math.max(0, ...(plain.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${plain}${space}${fence}`;
}

/** A table; cells come escaped. `right` names the columns of numbers. */
export function markdownTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(heading),
    line(heading.map((_, column) => (right.includes(column) ? '--:' : '---'))),
    ...rows.map(line),
  ].join('\n');
}
