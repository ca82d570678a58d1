// C0 and C1 control characters, and those that turn the direction of the text around them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
 * A text that others wrote, for one line: white space is one space, and characters that would hide or reorder what stands around them are
 * shown as U+FFFD.
 *
 * @example
 * plainText('fan\tin\u202e'); // 'fan in\ufffd'
 */
export function plainText(text: string): string {
  return text
    .replace(/[\t\n\r]+/g, ' ')
    .replace(UNSEEN, '\ufffd')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}

/**
 * The same, cut to a length with an ellipsis.
 *
 * @example
 * shortText('neighborhood_anomaly_score', 12); // 'neighborhoo…'
 */
export function shortText(text: string, length: number): string {
  const characters = Array.from(plainText(text));
  return characters.length <= length ? characters.join('') : `${characters.slice(0, length - 1).join('')}…`;
}
