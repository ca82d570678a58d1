/**
 * Finds the place of 64-bit keys that are evenly spread already, such as hashes: open addressing over typed arrays. A Map of BigInts takes
 * twenty times as long.
 */
export class KeyIndex {
  readonly #keys: Uint32Array;
  readonly #slots: Int32Array;
  readonly #mask: number;
  /** How many keys there are. */
  readonly size: number;
  /** The first place of a key that stood before, or -1. */
  readonly duplicate: number;

  /** @param keys the low and high half of each key, one after the other */
  constructor(keys: Uint32Array) {
    const count = keys.length / 2;
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2, count * 2)));
    this.#keys = keys;
    this.size = count;
    this.#slots = new Int32Array(slots).fill(-1);
    this.#mask = slots - 1;
    let duplicate = -1;
    for (let place = 0; place < count; place++) {
      const low = keys[2 * place] ?? 0;
      const high = keys[2 * place + 1] ?? 0;
      const slot = this.#slotOf(low, high);
      if (this.#slots[slot] === -1) this.#slots[slot] = place;
      else if (duplicate === -1) duplicate = place;
    }
    this.duplicate = duplicate;
  }

  /** The place of a key, or -1. */
  find(low: number, high: number): number {
    return this.#slots[this.#slotOf(low, high)] ?? -1;
  }

  /** The slot that holds a key, or the empty one where it belongs. */
  #slotOf(low: number, high: number): number {
    const slots = this.#slots;
    const keys = this.#keys;
    let slot = (low ^ high) & this.#mask;
    for (;;) {
      const place = slots[slot] ?? -1;
      if (place === -1 || (keys[2 * place] === low && keys[2 * place + 1] === high)) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }
}
