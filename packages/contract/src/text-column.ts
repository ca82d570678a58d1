import type { Data, Table, Utf8 } from 'apache-arrow';

/** A column of text as codes into its distinct values: what repeats is handled once. */
export interface TextColumn {
  /** One code per row. */
  readonly codes: Int32Array;
  /** The distinct values, in order of first appearance. */
  readonly values: readonly string[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads a text column of an Arrow table as codes, plain or dictionary-encoded, in however many batches it came; NULL as ''.
 * Labels and addresses repeat a lot, so equal texts are found by their bytes and each distinct one is decoded once.
 *
 * @throws {RangeError} when the table has no such column
 * @example
 * const { codes, values } = readTextColumn(data.alerts, 'address');
 * values[codes[row]]; // the address of a row
 */
export function readTextColumn(table: Table, name: string): TextColumn {
  const codes = new Int32Array(table.numRows);
  const index = new TextIndex();
  let row = 0;
  for (const part of partsOf(table, name)) {
    if (part.texts) {
      for (const text of part.texts) codes[row++] = index.codeOf(encoder.encode(text), 0, -1);
      continue;
    }
    const { bytes, offsets, length } = part;
    for (let at = 0; at < length; at++) {
      codes[row++] = index.codeOf(bytes, offsets[at] as number, offsets[at + 1] as number);
    }
  }
  return { codes, values: index.values() };
}

/**
 * Reads a text column of an Arrow table as strings, NULL as ''. Plain ASCII, as ids are, is decoded as one text per batch and then cut.
 *
 * @throws {RangeError} when the table has no such column
 * @example
 * readTexts(data.alerts, 'alert_id')[row];
 */
export function readTexts(table: Table, name: string): string[] {
  const texts: string[] = [];
  for (const part of partsOf(table, name)) {
    if (part.texts) {
      for (const text of part.texts) texts.push(text);
      continue;
    }
    const { bytes, offsets, length } = part;
    const first = offsets[0] ?? 0;
    const whole = decoder.decode(bytes.subarray(first, offsets[length]));
    // As many characters as bytes: each byte is one.
    const ascii = whole.length === (offsets[length] ?? 0) - first;
    for (let row = 0; row < length; row++) {
      const [from, to] = [offsets[row] as number, offsets[row + 1] as number];
      texts.push(ascii ? whole.slice(from - first, to - first) : decoder.decode(bytes.subarray(from, to)));
    }
  }
  return texts;
}

/** A batch of a column: its bytes, or its texts where they are stored otherwise. */
type Part =
  | { readonly texts: Iterable<string> }
  | {
      readonly texts?: never;
      readonly bytes: Uint8Array;
      readonly offsets: Int32Array;
      readonly length: number;
    };

function partsOf(table: Table, name: string): Part[] {
  const vector = table.getChild(name);
  if (vector === null) throw new RangeError(`The table has no column ${name}.`);
  const plain = vector.data.every((data) => data.valueOffsets instanceof Int32Array && data.nullCount === 0);
  if (!plain) return [{ texts: Array.from(vector, (value) => String(value ?? '')) }];
  return vector.data.map((data: Data<Utf8>) => ({
    bytes: data.values,
    offsets: data.valueOffsets,
    length: data.length,
  }));
}

/** A hash of some bytes, four at a time: FNV-1a over 32-bit words. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5 ^ (to - from);
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    hash = Math.imul(hash ^ word, 0x01000193);
    hash ^= hash >>> 15;
  }
  for (; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash ^ (hash >>> 15);
}

/** Codes of texts by their bytes: open addressing over a hash. */
class TextIndex {
  #slots = new Int32Array(1024).fill(-1);
  #hashes = new Int32Array(1024);
  readonly #bytes: Uint8Array[] = [];

  /** The code of the text from `from` to before `to`, a new one where it was not seen. */
  codeOf(bytes: Uint8Array, from: number, to: number): number {
    const end = to < 0 ? bytes.length : to;
    const hash = hashOf(bytes, from, end);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const code = this.#slots[slot] as number;
      if (code === -1) break;
      if (this.#hashes[code] === hash && isEqual(this.#bytes[code] as Uint8Array, bytes, from, end))
        return code;
      slot = (slot + 1) & mask;
    }
    const code = this.#bytes.length;
    this.#slots[slot] = code;
    this.#hashes[code] = hash;
    this.#bytes.push(bytes.subarray(from, end));
    if (this.#bytes.length * 2 > this.#slots.length) this.#grow();
    return code;
  }

  values(): string[] {
    return this.#bytes.map((bytes) => decoder.decode(bytes));
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const hashes = new Int32Array(slots.length);
    hashes.set(this.#hashes);
    for (let code = 0; code < this.#bytes.length; code++) {
      let slot = (hashes[code] as number) & (slots.length - 1);
      while (slots[slot] !== -1) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = code;
    }
    this.#slots = slots;
    this.#hashes = hashes;
  }
}

function isEqual(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[from + at]) return false;
  return true;
}
