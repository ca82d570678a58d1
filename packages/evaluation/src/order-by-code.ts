/** Rows of equal code side by side. */
export interface OrderedByCode {
  /** The rows with code c are `order[starts[c]]` … `order[starts[c + 1] - 1]`. */
  readonly order: Int32Array;
  /** One more entry than there are codes. */
  readonly starts: Int32Array;
}

/**
 * Puts rows in order of ascending code by counting; rows of one code keep the order they came in.
 *
 * @param codes 0 … count - 1 per row
 * @param rows the rows to order, as indices into `codes`; all of them, ascending, when absent
 * @example
 * orderByCode(Int32Array.of(1, 0, 1), 2); // { order: [1, 0, 2], starts: [0, 1, 3] }
 */
export function orderByCode(codes: Int32Array, count: number, rows?: Int32Array): OrderedByCode {
  const size = rows === undefined ? codes.length : rows.length;
  const starts = new Int32Array(count + 1);
  for (let i = 0; i < size; i++) starts[codes[rows === undefined ? i : rows[i]] + 1]++;
  for (let code = 0; code < count; code++) starts[code + 1] += starts[code];
  const places = starts.slice(0, count);
  const order = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const row = rows === undefined ? i : rows[i];
    order[places[codes[row]]++] = row;
  }
  return { order, starts };
}
