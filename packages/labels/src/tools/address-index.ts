import { addColumn, type TextColumn, TextIndex } from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';
import { addAddresses } from '../rows/address-places.ts';

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
  /**
   * {@link add} for a column of an Arrow table, without a column of codes in between.
   *
   * @throws {RangeError} when the table has no such column
   */
  addColumn(table: Table, name: string): Int32Array;
  /** The number of an address, -1 for one that was never added. */
  find(address: string): number;
  /** How an address was spelt first. */
  nameOf(place: number): string;
}

/**
 * An empty index.
 *
 * @example
 * const index = createAddressIndex();
 * const places = index.add(rows.addresses);
 * index.nameOf(places[0]); // the first row's address
 */
export function createAddressIndex(): AddressIndex {
  const index = new TextIndex({ compare: 'addresses' });
  return {
    get size() {
      return index.size;
    },
    add: (addresses) => addAddresses(index, addresses),
    addColumn: (table, name) => addColumn(index, table, name),
    find: (address) => index.findText(address),
    nameOf: (place) => index.textOf(place),
  };
}
