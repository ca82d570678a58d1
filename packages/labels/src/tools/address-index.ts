import { addressKey, type TextColumn } from '@risk-scoring/contract';

/** Numbers for addresses, so that sets of them are arrays. Spellings of one address have one number. */
export interface AddressIndex {
  /** How many addresses there are so far. */
  readonly size: number;
  /**
   * The number of each row's address; new ones are added.
   *
   * @returns one number per row
   */
  add(addresses: TextColumn): Int32Array;
  /** The number of an address, -1 for one that was never added. */
  find(address: string): number;
  /** How an address was spelt first. */
  nameOf(place: number): string;
}

/** Share of the slots that may be taken. */
const FULLEST = 0.5;

/**
 * An empty index.
 *
 * It is a hash table of its own, because a Map of a million texts takes a second: a slot holds a number, and addresses are compared only where the
 * hashes of their keys are equal.
 *
 * @example
 * const index = createAddressIndex();
 * const places = index.add(rows.addresses);
 * index.nameOf(places[0]); // the first row's address
 */
export function createAddressIndex(): AddressIndex {
  const names: string[] = [];
  const keys: string[] = [];
  let slots = new Int32Array(1 << 12).fill(-1);
  let hashes = new Int32Array(slots.length * FULLEST);

  /** The slot of a key, or the free one where it belongs. */
  function slotOf(key: string, hash: number): number {
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const place = slots[slot] ?? -1;
      if (place < 0 || (hashes[place] === hash && keys[place] === key)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  function grow(): void {
    const larger = new Int32Array(hashes.length * 2);
    larger.set(hashes);
    hashes = larger;
    slots = new Int32Array(slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let place = 0; place < names.length; place++) {
      let slot = (hashes[place] ?? 0) & mask;
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
      slots[slot] = place;
    }
  }

  function placeOf(address: string): number {
    const key = addressKey(address);
    const hash = hashOf(key);
    const slot = slotOf(key, hash);
    const known = slots[slot] ?? -1;
    if (known >= 0) return known;
    const place = names.push(address) - 1;
    keys.push(key);
    hashes[place] = hash;
    slots[slot] = place;
    if (names.length === hashes.length) grow();
    return place;
  }

  return {
    get size() {
      return names.length;
    },
    add({ codes, values }) {
      const placeOfCode = new Int32Array(values.length);
      for (let code = 0; code < values.length; code++) placeOfCode[code] = placeOf(values[code] ?? '');
      const places = new Int32Array(codes.length);
      for (let row = 0; row < codes.length; row++) places[row] = placeOfCode[codes[row] ?? 0] ?? 0;
      return places;
    },
    find(address) {
      const key = addressKey(address);
      return slots[slotOf(key, hashOf(key))] ?? -1;
    },
    nameOf: (place) => names[place] ?? '',
  };
}

/** FNV-1a over the text's units, and its bits mixed once more: the low ones choose the slot. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) ^ (hash >>> 13);
}
