import type { AddressLabelRows } from '../rows/address-label-rows.ts';

/** Label rows, and the number of each row's address in an `AddressIndex`. */
export interface PlacedRows {
  readonly rows: AddressLabelRows;
  readonly places: Int32Array;
}

/** Bits of what is said of an address: nothing, one of the two, or both. */
export const SAID = { nothing: 0, normal: 1, suspicious: 2, both: 3 } as const;

/**
 * What the rows say of each address, whatever a strategy would make of rows that disagree. A row of confidence 0 or of a risk level that is taken for
 * neither class says nothing.
 *
 * @param size how many addresses there are
 * @returns one of {@link SAID} per address
 */
export function saidOfAddresses({ rows, places }: PlacedRows, size: number): Uint8Array {
  const said = new Uint8Array(size);
  for (let row = 0; row < rows.rows; row++) {
    const bit = saidBy(rows, row);
    const place = places[row] ?? 0;
    if (bit !== SAID.nothing) said[place] = (said[place] ?? 0) | bit;
  }
  return said;
}

/** What one row says. */
export function saidBy({ labels, confidences }: AddressLabelRows, row: number): number {
  const label = labels[row] ?? -1;
  return label < 0 || !((confidences[row] ?? 0) > 0) ? SAID.nothing : label + 1;
}
