import { DataType, type RecordBatch } from 'apache-arrow';
import type { MatrixEncoder } from '../export-features/matrix-formats.ts';
import { dateCell } from './date-cell.ts';

/** Characters that are handed over at once. */
const BLOCK_CHARACTERS = 1 << 20;

/**
 * Encodes batches as CSV (RFC 4180, lines that end in \n): a header, then a row each. Numbers are the shortest text that is the same
 * number again, dates `YYYY-MM-DD`; cells with commas, quotes or line breaks stand in quotes.
 */
export const encodeCsv: MatrixEncoder = async (batches, schema, sink) => {
  let text = `${schema.fields.map(({ name }) => csvCell(name)).join(',')}\n`;
  for await (const batch of batches) {
    for (const line of linesOf(batch)) {
      text += line;
      if (text.length < BLOCK_CHARACTERS) continue;
      await sink(Buffer.from(text));
      text = '';
    }
  }
  if (text !== '') await sink(Buffer.from(text));
};

/** A text as a cell: in quotes where it could be taken for more or less than it is. */
export function csvCell(text: string): string {
  return /[",\r\n]|^\s|\s$|^\ufeff/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function* linesOf(batch: RecordBatch): Generator<string> {
  const columns = batch.schema.fields.map(({ type }, place) => {
    const column = batch.getChildAt(place);
    const textOf = DataType.isDate(type) ? dateCell : String;
    return (row: number) => csvCell(textOf(column?.get(row)) ?? '');
  });
  for (let row = 0; row < batch.numRows; row++) yield `${columns.map((cell) => cell(row)).join(',')}\n`;
}
