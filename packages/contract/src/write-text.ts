const encoder = new TextEncoder();

/** Up to so many characters a call of the encoder takes longer than a loop. */
const SHORT = 16;

/** A surrogate that has no partner. */
const halfCharacter = /\p{Cs}/u;

/**
 * Writes a text as UTF-8. Halves of characters, which UTF-8 does not know, are written as if they were whole, so that different texts are different bytes.
 *
 * @param bytes three for each unit of the text at least
 * @returns how many bytes were written, as a negative number where a half character is among them
 */
export function writeText(text: string, bytes: Uint8Array): number {
  if (text.length <= SHORT && writeAscii(text, bytes)) return text.length;
  const { written } = encoder.encodeInto(text, bytes);
  // As many bytes as characters: plain ASCII.
  return written === text.length || !halfCharacter.test(text) ? written : writeHalves(text, bytes);
}

/** Whether the text was plain ASCII; otherwise it is not written wholly. */
function writeAscii(text: string, bytes: Uint8Array): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x80) return false;
    bytes[at] = unit;
  }
  return true;
}

function writeHalves(text: string, bytes: Uint8Array): number {
  let length = 0;
  for (const character of text) {
    if (!halfCharacter.test(character)) {
      length += encoder.encodeInto(character, bytes.subarray(length)).written;
      continue;
    }
    const unit = character.charCodeAt(0);
    bytes[length++] = 0xe0 | (unit >> 12);
    bytes[length++] = 0x80 | ((unit >> 6) & 0x3f);
    bytes[length++] = 0x80 | (unit & 0x3f);
  }
  return -length;
}
