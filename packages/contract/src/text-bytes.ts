/** Texts end to end as UTF-8, as Arrow keeps them: text `n` is from `offsets[n]` to before `offsets[n + 1]`. */
export interface TextBytes {
  readonly bytes: Uint8Array;
  readonly offsets: Int32Array | Uint32Array;
  readonly length: number;
}

/** Bytes that are decoded at once: a text keeps those of its block in memory. */
const BLOCK_BYTES = 1 << 20;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Decodes texts. Plain ASCII, as addresses and ids are, is decoded as one text per block and then cut.
 *
 * @example
 * decodeTexts({ bytes: new TextEncoder().encode('ab'), offsets: Int32Array.of(0, 1, 2), length: 2 }); // ['a', 'b']
 */
export function decodeTexts({ bytes, offsets, length }: TextBytes): string[] {
  const texts: string[] = [];
  for (let first = 0; first < length; ) {
    const start = offsets[first] as number;
    let last = first + 1;
    while (last < length && (offsets[last + 1] as number) - start <= BLOCK_BYTES) last += 1;
    const end = offsets[last] as number;
    const block = decoder.decode(bytes.subarray(start, end));
    // As many characters as bytes: each byte is one.
    const ascii = block.length === end - start;
    for (let at = first; at < last; at++) {
      const [from, to] = [offsets[at] as number, offsets[at + 1] as number];
      texts.push(ascii ? block.slice(from - start, to - start) : decoder.decode(bytes.subarray(from, to)));
    }
    first = last;
  }
  return texts;
}

const ZERO = 0x30;
const NINE = 0x39;
const [A, F, X] = [0x61, 0x66, 0x78];
/** What a small letter of ASCII has and its capital lacks. */
const SMALL = 0x20;

/** Whether bytes spell an address whose letter case means nothing: what `addressKey` puts into small letters. */
export function isHexAddress(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 3 || bytes[from] !== ZERO || ((bytes[from + 1] as number) | SMALL) !== X) return false;
  for (let at = from + 2; at < to; at++) {
    const byte = bytes[at] as number;
    const small = byte | SMALL;
    if (!((byte >= ZERO && byte <= NINE) || (small >= A && small <= F))) return false;
  }
  return true;
}
