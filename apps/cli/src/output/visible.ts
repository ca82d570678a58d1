/**
 * A text as a terminal shows it: characters that would steer the terminal, and those that turn the direction of writing, become visible. Names come
 * from files of others.
 *
 * @example
 * visible('a\u001b[2Jb'); // 'a\\u001b[2Jb'
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) =>
    character === '\n' ? character : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
