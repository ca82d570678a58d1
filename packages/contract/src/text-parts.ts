import type { Data, Table, Utf8 } from 'apache-arrow';
import type { TextBytes } from './text-bytes.ts';

/** A batch of a column of text: its bytes, or its texts where they are stored otherwise. */
export type TextPart = { readonly texts: readonly string[] } | (TextBytes & { readonly texts?: never });

/**
 * The batches of a column of text, in order, NULL as ''.
 *
 * @throws {RangeError} when the table has no such column
 */
export function textPartsOf(table: Table, name: string): TextPart[] {
  const vector = table.getChild(name);
  if (vector === null) throw new RangeError(`The table has no column ${name}.`);
  const plain = vector.data.every((data) => data.valueOffsets instanceof Int32Array && data.nullCount === 0);
  if (!plain) return [{ texts: Array.from(vector, (value) => String(value ?? '')) }];
  return vector.data.map((data: Data<Utf8>) => ({
    bytes: data.values,
    offsets: data.valueOffsets,
    length: data.length,
  }));
}
