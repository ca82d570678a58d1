import { decodeTexts, isHexAddress, type TextBytes } from './text-bytes.ts';
import { writeText } from './write-text.ts';

/** Where a text is. */
interface Place {
  readonly bytes: Uint8Array;
  /** Of `bytes`. */
  readonly view: DataView;
  readonly from: number;
  readonly to: number;
}

/** How a {@link TextIndex} compares. */
export interface TextIndexOptions {
  /** `addresses`: spellings that have one `addressKey` are one text. Byte by byte when absent. */
  readonly compare?: 'addresses' | undefined;
}

/** The bit of each byte of a word in which capitals and small letters of ASCII differ. */
const LETTER_CASE = 0x20202020;

/** A slot is a pair: the hash of a text, and its code plus 1, where 0 is a free slot. */
const SLOT = 2;

/** Share of the slots that may be taken: a smaller table is more often in the processor's cache, which is worth some slots more to look at. */
const FULLEST = 0.75;

/**
 * Codes of texts by their UTF-8: a hash table in typed arrays that never decodes what it is asked for. A Map of a million texts takes
 * a second, most of it for texts that nobody needs.
 *
 * Texts get the codes 0, 1, 2, … as they are added. Open addressing with linear probing; a slot holds the hash, so that a text is
 * compared only with those of its own hash.
 *
 * @example
 * const index = new TextIndex({ compare: 'addresses' });
 * index.addText('0xAB'); // 0
 * index.findText('0xab'); // 0
 */
export class TextIndex {
  /** Bits that are left out of account while hashing. */
  readonly #blind: number;
  #slots = new Int32Array(8 * SLOT);
  #offsets = new Uint32Array(8);
  #bytes = new Uint8Array(256);
  #view: DataView = new DataView(this.#bytes.buffer);
  #size = 0;
  /** Texts that hold halves of characters, which UTF-8 cannot hold. */
  readonly #broken = new Map<number, string>();
  #scratch = new Uint8Array(1024);
  #scratchView: DataView = new DataView(this.#scratch.buffer);

  constructor({ compare }: TextIndexOptions = {}) {
    this.#blind = compare === 'addresses' ? LETTER_CASE : 0;
  }

  /** How many texts there are so far. */
  get size(): number {
    return this.#size;
  }

  /** Writes the code of each text into `codes`, from `at` on; new ones are added. */
  add({ bytes, offsets, length }: TextBytes, codes: Int32Array, at = 0): void {
    const view = viewOf(bytes);
    for (let text = 0; text < length; text++)
      codes[at + text] = this.#add(bytes, view, offsets[text] as number, offsets[text + 1] as number);
  }

  /** Writes the code of each text into `codes`, from `at` on; -1 for those that were never added. */
  find({ bytes, offsets, length }: TextBytes, codes: Int32Array, at = 0): void {
    const view = viewOf(bytes);
    const blind = this.#blind;
    for (let text = 0; text < length; text++) {
      const from = offsets[text] as number;
      const to = offsets[text + 1] as number;
      const slot = this.#slotOf(bytes, view, from, to, hashOf(bytes, view, from, to, blind));
      codes[at + text] = (this.#slots[slot + 1] as number) - 1;
    }
  }

  /**
   * The code of a text, a new one where it was not added before.
   *
   * @param refuse asked of texts that are not there yet; those for which it says true are not added
   * @returns -1 for one that was refused
   */
  addText(text: string, refuse?: (text: string) => boolean): number {
    const length = this.#write(text);
    const [bytes, view, to] = [this.#scratch, this.#scratchView, Math.abs(length)];
    const hash = hashOf(bytes, view, 0, to, this.#blind);
    const slot = this.#slotOf(bytes, view, 0, to, hash);
    const known = this.#slots[slot + 1] as number;
    if (known > 0) return known - 1;
    if (refuse?.(text)) return -1;
    if (length < 0) this.#broken.set(this.#size, text);
    return this.#take(slot, hash, { bytes, view, from: 0, to });
  }

  /** The code of a text, -1 where it was never added. */
  findText(text: string): number {
    const length = Math.abs(this.#write(text));
    const hash = hashOf(this.#scratch, this.#scratchView, 0, length, this.#blind);
    const slot = this.#slotOf(this.#scratch, this.#scratchView, 0, length, hash);
    return (this.#slots[slot + 1] as number) - 1;
  }

  /** A text as it was spelt first. */
  textOf(code: number): string {
    if (code < 0 || code >= this.#size) return '';
    const one = { bytes: this.#bytes, offsets: this.#offsets.subarray(code, code + 2), length: 1 };
    return this.#broken.get(code) ?? decodeTexts(one)[0] ?? '';
  }

  /** All texts so far by their codes. */
  texts(): string[] {
    const texts = decodeTexts(this.#all());
    for (const [code, text] of this.#broken) texts[code] = text;
    return texts;
  }

  /** All texts so far as UTF-8; undefined where one of them cannot be written so. Texts that are added later are not among them. */
  toBytes(): TextBytes | undefined {
    return this.#broken.size > 0 ? undefined : this.#all();
  }

  #all(): TextBytes {
    return { bytes: this.#bytes, offsets: this.#offsets, length: this.#size };
  }

  /** Writes a text where it can be compared; the length in bytes, negative where it is no UTF-8. */
  #write(text: string): number {
    if (text.length * 3 > this.#scratch.length) {
      this.#scratch = new Uint8Array(text.length * 6);
      this.#scratchView = viewOf(this.#scratch);
    }
    return writeText(text, this.#scratch);
  }

  #add(bytes: Uint8Array, view: DataView, from: number, to: number): number {
    const hash = hashOf(bytes, view, from, to, this.#blind);
    const slot = this.#slotOf(bytes, view, from, to, hash);
    const known = this.#slots[slot + 1] as number;
    return known > 0 ? known - 1 : this.#take(slot, hash, { bytes, view, from, to });
  }

  /** Takes a free slot for a text; its code. */
  #take(slot: number, hash: number, { bytes, view, from, to }: Place): number {
    const code = this.#size;
    this.#slots[slot] = hash;
    this.#slots[slot + 1] = code + 1;
    this.#append(bytes, view, from, to);
    if (this.#size * SLOT > this.#slots.length * FULLEST) this.#grow();
    return code;
  }

  /** The slot of a text, or the free one where it belongs. */
  #slotOf(bytes: Uint8Array, view: DataView, from: number, to: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - SLOT;
    let slot = Math.imul(hash, SLOT) & mask;
    for (;;) {
      const code = (slots[slot + 1] as number) - 1;
      if (code < 0 || (slots[slot] === hash && this.#isText(code, bytes, view, from, to))) return slot;
      slot = (slot + SLOT) & mask;
    }
  }

  #isText(code: number, bytes: Uint8Array, view: DataView, from: number, to: number): boolean {
    const start = this.#offsets[code] as number;
    const length = to - from;
    if ((this.#offsets[code + 1] as number) - start !== length) return false;
    const known = this.#view;
    let difference = 0;
    let at = 0;
    for (; at + 4 <= length; at += 4) {
      difference |= known.getInt32(start + at, true) ^ view.getInt32(from + at, true);
      if ((difference & ~this.#blind) !== 0) return false;
    }
    for (; at < length; at++)
      difference |= (this.#bytes[start + at] as number) ^ (bytes[from + at] as number);
    if (difference === 0) return true;
    if ((difference & ~this.#blind) !== 0) return false;
    return isHexAddress(bytes, from, to) && isHexAddress(this.#bytes, start, start + length);
  }

  #append(bytes: Uint8Array, view: DataView, from: number, to: number): void {
    const start = this.#offsets[this.#size] as number;
    const end = start + to - from;
    if (end > this.#bytes.length) {
      // Room for twice as much, the old array stays as it is for those who hold it.
      const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = viewOf(larger);
    }
    const [own, ownView] = [this.#bytes, this.#view];
    let at = from;
    for (; at + 4 <= to; at += 4) ownView.setInt32(start + at - from, view.getInt32(at, true), true);
    for (; at < to; at++) own[start + at - from] = bytes[at] as number;
    this.#size += 1;
    if (this.#size === this.#offsets.length) {
      const longer = new Uint32Array(this.#size * 2);
      longer.set(this.#offsets);
      this.#offsets = longer;
    }
    this.#offsets[this.#size] = end;
  }

  #grow(): void {
    const before = this.#slots;
    const slots = new Int32Array(before.length * 2);
    const mask = slots.length - SLOT;
    for (let old = 0; old < before.length; old += SLOT) {
      if (before[old + 1] === 0) continue;
      let slot = Math.imul(before[old] as number, SLOT) & mask;
      while (slots[slot + 1] !== 0) slot = (slot + SLOT) & mask;
      slots[slot] = before[old] as number;
      slots[slot + 1] = before[old + 1] as number;
    }
    this.#slots = slots;
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** FNV-1a over words of four bytes; its bits are mixed after each, because the low ones choose the slot. */
function hashOf(bytes: Uint8Array, view: DataView, from: number, to: number, blind: number): number {
  let hash = 0x811c9dc5 ^ (to - from);
  let at = from;
  for (; at + 4 <= to; at += 4) {
    hash = Math.imul(hash ^ (view.getInt32(at, true) | blind), 0x01000193);
    hash ^= hash >>> 15;
  }
  for (; at < to; at++) hash = Math.imul(hash ^ ((bytes[at] as number) | (blind & 0xff)), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) ^ (hash >>> 13);
}
