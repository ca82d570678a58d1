import type { Table } from 'apache-arrow';

/** A column of text as codes into its distinct values: what repeats is handled once. */
export interface TextColumn {
  /** One code per row. */
  readonly codes: Int32Array;
  /** The distinct values, in order of first appearance. */
  readonly values: readonly string[];
}

/**
 * Reads a text column of an Arrow table, plain or dictionary-encoded, in however many batches it came.
 * Labels and addresses repeat a lot, so whatever is done with a value is done once per distinct one.
 *
 * @throws {RangeError} when the table has no such column
 */
export function readTextColumn(table: Table, name: string): TextColumn {
  const vector = table.getChild(name);
  if (vector === null) throw new RangeError(`The table has no column ${name}.`);
  const codes = new Int32Array(table.numRows);
  const values: string[] = [];
  const codeOf = new Map<string, number>();
  let row = 0;
  for (const value of vector) {
    const text = String(value ?? '');
    let code = codeOf.get(text);
    if (code === undefined) {
      code = values.length;
      codeOf.set(text, code);
      values.push(text);
    }
    codes[row++] = code;
  }
  return { codes, values };
}
