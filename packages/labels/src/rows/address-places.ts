import { addColumn, type TextColumn, TextIndex, textColumnOf } from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';

/** Addresses and the index that their codes are of: spellings of one address have one code, and its value is the first of them. */
export interface AddressColumn extends TextColumn {
  readonly index: TextIndex;
}

/** Where each row's address is in an index. */
export interface PlacedAddresses {
  readonly index: TextIndex;
  /** One code per row. */
  readonly places: Int32Array;
}

/**
 * Reads a column of addresses.
 *
 * @throws {RangeError} when the table has no such column
 * @example
 * const { codes, values } = readAddresses(data.addressLabels, 'address');
 */
export function readAddresses(table: Table, name: string): AddressColumn {
  const index = new TextIndex({ compare: 'addresses' });
  const column = textColumnOf(index, addColumn(index, table, name));
  // Not a part of what the column says: columns of the same addresses are equal.
  return Object.defineProperty(column as AddressColumn, 'index', { value: index });
}

/**
 * Puts the addresses of rows into an index, which they may have come with.
 *
 * @example
 * const { index, places } = placeAddresses(rows.addresses);
 * places[0] === index.findText('0xab'); // whether the first row is about this address
 */
export function placeAddresses(addresses: TextColumn): PlacedAddresses {
  if (isAddressColumn(addresses)) return { index: addresses.index, places: addresses.codes };
  const index = new TextIndex({ compare: 'addresses' });
  return { index, places: addAddresses(index, addresses) };
}

/**
 * Adds the addresses of rows to an index.
 *
 * @returns the code of each row's address
 * @example
 * addAddresses(index, rows.addresses)[0];
 */
export function addAddresses(index: TextIndex, addresses: TextColumn): Int32Array {
  const placeOfCode = addDistinct(index, addresses);
  const { codes } = addresses;
  const places = new Int32Array(codes.length);
  for (let row = 0; row < codes.length; row++) places[row] = placeOfCode[codes[row] ?? 0] ?? 0;
  return places;
}

function addDistinct(index: TextIndex, addresses: TextColumn): Int32Array {
  // Asking for the values would decode them.
  if (addresses.bytes === undefined) return Int32Array.from(addresses.values, (text) => index.addText(text));
  const places = new Int32Array(addresses.bytes.length);
  index.add(addresses.bytes, places);
  return places;
}

function isAddressColumn(addresses: TextColumn): addresses is AddressColumn {
  return 'index' in addresses && addresses.index instanceof TextIndex;
}
