import type { TextColumn } from '@risk-scoring/contract';

/** Longer ones are left to Node: a loop over the characters beats a call of it only for short ones. */
const SHORT_TEXT = 80;

/** Texts as ClickHouse's binary formats have them, one after the other: the length in bytes (LEB128), then UTF-8. */
interface WrittenTexts {
  readonly bytes: Buffer;
  /** Where each text begins, and the last ends. */
  readonly starts: Float64Array;
}

/**
 * Encodes some texts.
 *
 * @example
 * encodeTexts(['a', 'ä'], { from: 0, to: 2 }); // 01 61 02 c3 a4
 */
export function encodeTexts(
  values: readonly string[],
  rows: { readonly from: number; readonly to: number },
): Buffer {
  return writeTexts(values, rows).bytes;
}

/**
 * Encodes each distinct text once.
 *
 * @returns what gives the bytes of some rows
 */
export function encodeCodedTexts({ codes, values }: TextColumn): (from: number, to: number) => Buffer {
  const { bytes, starts } = writeTexts(values, { from: 0, to: values.length });
  return (from, to) => {
    let size = 0;
    for (let row = from; row < to; row++) {
      const code = codes[row] as number;
      size += (starts[code + 1] as number) - (starts[code] as number);
    }
    const out = Buffer.allocUnsafe(size);
    let at = 0;
    for (let row = from; row < to; row++) {
      const code = codes[row] as number;
      const end = starts[code + 1] as number;
      for (let byte = starts[code] as number; byte < end; byte++) out[at++] = bytes[byte] as number;
    }
    return out;
  };
}

function writeTexts(
  values: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
): WrittenTexts {
  let characters = 0;
  let longest = 0;
  for (let row = from; row < to; row++) {
    const { length } = values[row] as string;
    characters += length;
    if (length > longest) longest = length;
  }
  // Room for characters of one byte, as those of ids and addresses; a text may take three bytes a character, and five say its length.
  const spare = 3 * longest + 5;
  let bytes = Buffer.allocUnsafe(characters + 2 * (to - from) + spare);
  const starts = new Float64Array(to - from + 1);
  let at = 0;
  for (let row = from; row < to; row++) {
    const value = values[row] as string;
    if (at + spare > bytes.length) bytes = Buffer.concat([bytes], bytes.length * 2 + spare);
    at = writeShortAscii(bytes, value, at) || writeText(bytes, value, at);
    starts[row - from + 1] = at;
  }
  return { bytes: bytes.subarray(0, at), starts };
}

/** @returns where it ends, or 0 where it is longer or has other characters */
function writeShortAscii(bytes: Buffer, value: string, at: number): number {
  const { length } = value;
  if (length > SHORT_TEXT) return 0;
  bytes[at++] = length;
  for (let index = 0; index < length; index++) {
    const code = value.charCodeAt(index);
    if (code > 0x7f) return 0;
    bytes[at++] = code;
  }
  return at;
}

function writeText(bytes: Buffer, value: string, at: number): number {
  for (let rest = Buffer.byteLength(value); ; rest >>>= 7) {
    bytes[at++] = rest < 0x80 ? rest : (rest & 0x7f) | 0x80;
    if (rest < 0x80) break;
  }
  return at + bytes.write(value, at);
}
