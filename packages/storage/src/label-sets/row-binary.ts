import type { TextColumn } from '@risk-scoring/contract';
import { type LabelSetRows, textColumns } from './label-set-rows.ts';

/** The rows of a set, to be written as ClickHouse's RowBinary: a text is its length (LEB128) and its bytes in UTF-8. */
export interface RowBinary {
  /** ClickHouse's column list of the rows. */
  readonly structure: string;
  /** The columns, in their order. */
  readonly columns: readonly string[];
  /** The bytes of some rows. */
  encode(from: number, to: number): Buffer;
}

/** Every distinct value of a column as it is written, one after the other. */
interface WrittenValues {
  readonly codes: Int32Array;
  readonly bytes: Buffer;
  /** Where each value begins, and the last ends. */
  readonly starts: Uint32Array;
}

const NUMBER_BYTES = 6;

/**
 * Prepares rows to be written. Each distinct text is encoded once.
 *
 * @example
 * const { structure, encode } = rowBinary(rows);
 * await writeFile('labels.bin', encode(0, rows.rows));
 */
export function rowBinary(rows: LabelSetRows): RowBinary {
  const texts = textColumns(rows);
  const written = texts.map(([, column]) => writeValues(column));
  return {
    columns: ['confidence_score', 'valid_from', ...texts.map(([name]) => name)],
    structure: `confidence_score Float32, valid_from Date, ${texts.map(([name]) => `${name} String`).join(', ')}`,
    encode(from, to) {
      const bytes = Buffer.allocUnsafe(sizeOf(written, from, to));
      let at = 0;
      for (let row = from; row < to; row++) {
        at = bytes.writeFloatLE(rows.confidences[row] as number, at);
        at = bytes.writeUInt16LE(rows.validFrom[row] as number, at);
        for (const column of written) {
          const code = column.codes[row] as number;
          const end = column.starts[code + 1] as number;
          for (let byte = column.starts[code] as number; byte < end; byte++) {
            bytes[at++] = column.bytes[byte] as number;
          }
        }
      }
      return bytes;
    },
  };
}

function sizeOf(columns: readonly WrittenValues[], from: number, to: number): number {
  let size = (to - from) * NUMBER_BYTES;
  for (const { codes, starts } of columns) {
    for (let row = from; row < to; row++) {
      const code = codes[row] as number;
      size += (starts[code + 1] as number) - (starts[code] as number);
    }
  }
  return size;
}

function writeValues({ codes, values }: TextColumn): WrittenValues {
  const starts = new Uint32Array(values.length + 1);
  // Room for texts whose characters take one byte, as of addresses; more is made where it is needed.
  let bytes = Buffer.allocUnsafe(values.reduce((sum, value) => sum + value.length + 5, 0));
  let at = 0;
  for (const [index, value] of values.entries()) {
    const length = Buffer.byteLength(value);
    if (at + length + 5 > bytes.length) bytes = Buffer.concat([bytes], (at + length + 5) * 2);
    for (let rest = length; ; rest >>>= 7) {
      bytes[at++] = rest < 0x80 ? rest : (rest & 0x7f) | 0x80;
      if (rest < 0x80) break;
    }
    at += bytes.write(value, at);
    starts[index + 1] = at;
  }
  return { codes, bytes, starts };
}
