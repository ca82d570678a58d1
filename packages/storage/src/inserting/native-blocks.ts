import { InvalidInputError } from '@risk-scoring/contract';
import { type InsertColumn, type IntegerValues, isCoded, NUMBER_ARRAYS } from './columns.ts';
import { encodeCodedTexts, encodeTexts } from './text-bytes.ts';

/** Rows of one block at most. */
const BLOCK_ROWS = 250_000;
/** Characters of text of one block at most, unless one row has more: memory holds a few blocks. */
const BLOCK_CHARACTERS = 32 * 2 ** 20;

/** Some of the rows. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts rows into blocks of bounded size.
 *
 * @example
 * blocksOf(columns, 600_000); // [{ from: 0, to: 250000 }, { from: 250000, to: 500000 }, { from: 500000, to: 600000 }]
 */
export function blocksOf(
  columns: readonly InsertColumn[],
  rows: number,
  { blockRows = BLOCK_ROWS, blockCharacters = BLOCK_CHARACTERS } = {},
): RowRange[] {
  const lengths = columns.flatMap(lengthsOf);
  const blocks: RowRange[] = [];
  let from = 0;
  let characters = 0;
  for (let row = 0; row < rows; row++) {
    let own = 0;
    for (const lengthOf of lengths) own += lengthOf(row);
    if (row > from && (row - from === blockRows || characters + own > blockCharacters)) {
      blocks.push({ from, to: row });
      from = row;
      characters = 0;
    }
    characters += own;
  }
  if (rows > from) blocks.push({ from, to: rows });
  return blocks;
}

function lengthsOf({ type, values }: InsertColumn): ((row: number) => number)[] {
  if (type !== 'String') return [];
  if (!isCoded(values)) return [(row) => (values[row] as string).length];
  const { codes, values: distinct } = values;
  return [(row) => (distinct[codes[row] as number] as string).length];
}

/**
 * Prepares columns to be written in ClickHouse's format Native: a block is its numbers of columns and rows, and per column its name, its type
 * and its values, one after the other.
 *
 * @returns what gives the bytes of some rows, in pieces
 */
export function nativeEncoder(columns: readonly InsertColumn[]): (rows: RowRange) => Buffer[] {
  const encoders = columns.map((column) => ({
    head: encodeTexts([column.name, column.type], { from: 0, to: 2 }),
    values: valueEncoder(column),
  }));
  return ({ from, to }) => [
    Buffer.concat([varint(columns.length), varint(to - from)]),
    ...encoders.flatMap(({ head, values }) => [head, values(from, to)]),
  ];
}

function valueEncoder(column: InsertColumn): (from: number, to: number) => Buffer {
  if (column.type === 'String') {
    const { values } = column;
    return isCoded(values) ? encodeCodedTexts(values) : (from, to) => encodeTexts(values, { from, to });
  }
  const { name, type, values } = column;
  const Numbers = NUMBER_ARRAYS[type];
  return (from, to) => {
    const part: Float32Array | Float64Array | IntegerValues = values.subarray(from, to);
    const numbers = part instanceof Numbers ? part : new Numbers(part);
    const isFloat = type === 'Float32' || type === 'Float64';
    if (numbers !== part && !isFloat) assertSame({ name, type }, part, numbers);
    return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  };
}

/** @throws {InvalidInputError} where a number became another one, as its type does not hold it */
function assertSame(
  { name, type }: { readonly name: string; readonly type: string },
  given: ArrayLike<number>,
  held: ArrayLike<number>,
): void {
  for (let row = 0; row < given.length; row++) {
    if (given[row] === held[row]) continue;
    throw new InvalidInputError({
      what: `The column ${name} of the rows to insert`,
      expected: `numbers that ${type} holds`,
      found: `${given[row]}`,
    });
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
