import { expect, it } from 'vitest';
import type { InsertColumn } from './columns.ts';
import { blocksOf, nativeEncoder } from './native-blocks.ts';

const texts = (values: readonly string[]): InsertColumn => ({ name: 'text', type: 'String', values });

it('cuts by rows, and earlier where texts are long, but never within a row', () => {
  const sizes = { blockRows: 3, blockCharacters: 10 };
  const lengths = [1, 1, 1, 1, 9, 2, 30, 0, 4];
  const column = texts(lengths.map((length) => 'x'.repeat(length)));
  const blocks = blocksOf([column], lengths.length, sizes);
  expect(blocks.map(({ from, to }) => lengths.slice(from, to))).toEqual([
    [1, 1, 1],
    [1, 9],
    [2],
    [30],
    [0, 4],
  ]);
  expect(blocksOf([column], 0, sizes)).toEqual([]);
});

it('counts the characters of texts that come as codes per row', () => {
  const codes = Int32Array.of(0, 0, 0, 1);
  const column: InsertColumn = { name: 'text', type: 'String', values: { codes, values: ['12345', ''] } };
  expect(blocksOf([column], 4, { blockRows: 100, blockCharacters: 10 })).toEqual([
    { from: 0, to: 2 },
    { from: 2, to: 4 },
  ]);
});

// Bytes as ClickHouse's documentation of the format Native gives them: counts, then per column name, type and values.
it('writes a block as the format is documented', () => {
  const columns: InsertColumn[] = [
    texts(['skipped', 'é']),
    { name: 'n', type: 'UInt16', values: Int32Array.of(0, 258) },
  ];
  const bytes = Buffer.concat(nativeEncoder(columns)({ from: 1, to: 2 }));
  expect(bytes.toString('hex')).toBe(
    ['0201', '0474657874', '06537472696e67', '02c3a9', '016e', '0655496e743136', '0201'].join(''),
  );
});
