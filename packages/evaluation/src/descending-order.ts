import type { Scores } from './scored-rows.ts';

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const DIGIT_MASK = DIGITS - 1;
/** Up to how many rows of one upper word are ordered by insertion. */
const SHORT_RUN = 128;

/** Rows with the key that each is sorted by: `keys[i]` is that of `rows[i]`. */
interface KeyedRows {
  readonly keys: Uint32Array;
  readonly rows: Int32Array;
}

/**
 * The rows from the highest score to the lowest; equal scores keep the order of their rows.
 *
 * A least-significant-digit radix sort on the bit patterns (Knuth, The Art of Computer Programming
 * vol. 3, 5.2.5): linear in the rows, and several times faster than a comparison sort of indices. 64-bit
 * scores are sorted by their upper 32 bits; the few that share them are then put in order among themselves.
 * Scores must not be NaN. -0 comes after 0, although the two are equal.
 *
 * @returns a permutation of 0 … scores.length - 1
 * @example
 * descendingOrder(Float64Array.of(0.1, 0.9, 0.5)); // Int32Array [1, 2, 0]
 */
export function descendingOrder(scores: Scores): Int32Array {
  const rows = new Int32Array(scores.length);
  for (let row = 0; row < rows.length; row++) rows[row] = row;
  if (scores instanceof Float32Array) {
    const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
    return sortByKeys({ keys: bits.map(descendingKey), rows }).rows;
  }
  const words = new Uint32Array(scores.buffer, scores.byteOffset, scores.length * 2);
  const sorted = sortByKeys({ keys: upperKeys(words), rows });
  orderRunsByLowerWord(sorted, words);
  return sorted.rows;
}

/** A float's bits so changed that a greater float has a smaller unsigned key. */
function descendingKey(bits: number): number {
  return bits >>> 31 === 0 ? ~bits & 0x7fffffff : bits;
}

/** The keys of the upper words of 64-bit floats. */
function upperKeys(words: Uint32Array): Uint32Array {
  const keys = new Uint32Array(words.length / 2);
  for (let row = 0; row < keys.length; row++) keys[row] = descendingKey(words[2 * row + upperWord]);
  return keys;
}

/** Rows whose upper words are equal have the same sign; a greater lower word means a greater magnitude. */
function orderRunsByLowerWord({ keys, rows }: KeyedRows, words: Uint32Array): void {
  const lowerKey = (row: number) => {
    const lower = words[2 * row + 1 - upperWord];
    return words[2 * row + upperWord] >>> 31 === 0 ? ~lower >>> 0 : lower;
  };
  for (let start = 0; start < rows.length; ) {
    let end = start + 1;
    while (end < rows.length && keys[end] === keys[start]) end++;
    if (end - start > SHORT_RUN) {
      const run = rows.slice(start, end);
      rows.set(sortByKeys({ keys: Uint32Array.from(run, lowerKey), rows: run }).rows, start);
    } else if (end - start > 1) insertByKey(rows.subarray(start, end), lowerKey);
    start = end;
  }
}

/** A stable insertion sort, for a few rows. */
function insertByKey(rows: Int32Array, keyOf: (row: number) => number): void {
  for (let i = 1; i < rows.length; i++) {
    const row = rows[i];
    const key = keyOf(row);
    let place = i;
    for (; place > 0 && keyOf(rows[place - 1]) > key; place--) rows[place] = rows[place - 1];
    rows[place] = row;
  }
}

/** Sorts by ascending key, stably. Keys move with their rows, so that every pass reads in sequence; both arrays are used up. */
function sortByKeys(unsorted: KeyedRows): KeyedRows {
  const size = unsorted.rows.length;
  let from = unsorted;
  let to: KeyedRows = { keys: new Uint32Array(size), rows: new Int32Array(size) };
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    if (!scatterByDigit(from, to, shift)) continue;
    [from, to] = [to, from];
  }
  return from;
}

/** One pass; false when all keys share the digit, and nothing was moved. */
function scatterByDigit(from: KeyedRows, to: KeyedRows, shift: number): boolean {
  const { keys, rows } = from;
  const places = new Int32Array(DIGITS);
  for (let i = 0; i < keys.length; i++) {
    const digit = (keys[i] >>> shift) & DIGIT_MASK;
    places[digit] = places[digit] + 1;
  }
  if (places.includes(keys.length)) return false;
  let start = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = places[digit];
    places[digit] = start;
    start += count;
  }
  const { keys: keysTo, rows: rowsTo } = to;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    const digit = (key >>> shift) & DIGIT_MASK;
    const place = places[digit];
    keysTo[place] = key;
    rowsTo[place] = rows[i];
    places[digit] = place + 1;
  }
  return true;
}

/** Where the upper word of a 64-bit float stands: 1 on little-endian machines. */
const upperWord = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;
