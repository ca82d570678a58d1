/**
 * A command line to show to a user, as a POSIX shell takes it: words that hold anything but letters, digits and a few harmless signs are quoted.
 *
 * @example
 * shellCommand(['npx', 'risk-scoring', 'models', 'register', "it's here/m.json"]);
 * // "npx risk-scoring models register 'it'\\''s here/m.json'"
 */
export function shellCommand(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
