import type { Table } from 'apache-arrow';
import { decodeTexts, type TextBytes } from './text-bytes.ts';
import { TextIndex } from './text-index.ts';
import { textPartsOf } from './text-parts.ts';

/** A column of text as codes into its distinct values: what repeats is handled once. */
export interface TextColumn {
  /** One code per row. */
  readonly codes: Int32Array;
  /** The distinct values, in order of first appearance. */
  readonly values: readonly string[];
  /** The distinct values as UTF-8, where they are at hand: who needs no strings does without `values`, which are then never decoded. */
  readonly bytes?: TextBytes | undefined;
}

/**
 * Reads a text column of an Arrow table as codes, plain or dictionary-encoded, in however many batches it came; NULL as ''.
 * Labels and addresses repeat a lot, so equal texts are found by their bytes, and each distinct one is decoded once, when `values` is first asked for.
 *
 * @throws {RangeError} when the table has no such column
 * @example
 * const { codes, values } = readTextColumn(data.alerts, 'address');
 * values[codes[row]]; // the address of a row
 */
export function readTextColumn(table: Table, name: string): TextColumn {
  const index = new TextIndex();
  return textColumnOf(index, addColumn(index, table, name));
}

/**
 * Reads a text column of an Arrow table as strings, NULL as ''. Plain ASCII, as ids are, is decoded as one text per block and then cut.
 *
 * @throws {RangeError} when the table has no such column
 * @example
 * readTexts(data.alerts, 'alert_id')[row];
 */
export function readTexts(table: Table, name: string): string[] {
  const parts = textPartsOf(table, name).map((part) => part.texts ?? decodeTexts(part));
  return parts.length === 1 ? [...(parts[0] ?? [])] : parts.flat();
}

/**
 * Reads a column of lists of texts, as the members of a cluster are. NULL is an empty list.
 *
 * @throws {RangeError} when the table has no such column
 * @example
 * readTextLists(data.clusters, 'addresses_involved')[row];
 */
export function readTextLists(table: Table, name: string): string[][] {
  const column = table.getChild(name);
  if (column === null) throw new RangeError(`The table has no column ${name}.`);
  return Array.from(column, (list) => (list === null ? [] : Array.from(list as Iterable<unknown>, String)));
}

/**
 * Codes of a text column of an Arrow table in an index, which gets those that it does not have yet: columns that are added to one index
 * have their codes in common. NULL is ''.
 *
 * @returns one code per row
 * @throws {RangeError} when the table has no such column
 * @example
 * const index = new TextIndex({ compare: 'addresses' });
 * addColumn(index, data.addressLabels, 'address');
 */
export function addColumn(index: TextIndex, table: Table, name: string): Int32Array {
  const codes = new Int32Array(table.numRows);
  let row = 0;
  for (const part of textPartsOf(table, name)) {
    if (part.texts) for (const text of part.texts) codes[row++] = index.addText(text);
    else {
      index.add(part, codes, row);
      row += part.length;
    }
  }
  return codes;
}

/**
 * {@link addColumn} that adds nothing.
 *
 * @returns one code per row, -1 for texts that the index does not have
 * @throws {RangeError} when the table has no such column
 * @example
 * findColumn(index, data.alerts, 'address');
 */
export function findColumn(index: TextIndex, table: Table, name: string): Int32Array {
  const codes = new Int32Array(table.numRows);
  let row = 0;
  for (const part of textPartsOf(table, name)) {
    if (part.texts) for (const text of part.texts) codes[row++] = index.findText(text);
    else {
      index.find(part, codes, row);
      row += part.length;
    }
  }
  return codes;
}

/**
 * A column of the texts that an index has by now; they are decoded when they are first asked for.
 *
 * @param codes in the index, one per row
 * @example
 * textColumnOf(index, Int32Array.of(index.addText('a'), index.addText('b'), 0));
 */
export function textColumnOf(index: TextIndex, codes: Int32Array): TextColumn {
  const bytes = index.toBytes();
  if (bytes === undefined) return { codes, values: index.texts() };
  let values: readonly string[] | undefined;
  const column: TextColumn = {
    codes,
    get values() {
      values ??= decodeTexts(bytes);
      return values;
    },
  };
  // Not a part of what the column says: columns of the same texts are equal.
  return Object.defineProperty(column, 'bytes', { value: bytes });
}
