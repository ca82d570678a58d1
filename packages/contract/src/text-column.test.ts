import {
  Table as ArrowTable,
  type Table,
  tableFromArrays,
  tableFromIPC,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { readTextColumn, readTexts } from './text-column.ts';

/** A column stored plain, in batches of some rows. */
function plain(texts: readonly (string | null)[], batchRows = texts.length): Table {
  const tables: Table[] = [];
  for (let from = 0; from < texts.length; from += batchRows) {
    tables.push(new ArrowTable({ text: vectorFromArray(texts.slice(from, from + batchRows), new Utf8()) }));
  }
  const [first, ...rest] = tables;
  return first === undefined
    ? new ArrowTable({ text: vectorFromArray([], new Utf8()) })
    : first.concat(...rest);
}

const odd = ['', 'a', 'é', '漢字', '𝄞', 'a\0b', 'x'.repeat(300), 'A', 'é'];

describe.each([
  ['plain', (texts: readonly string[]) => plain(texts)],
  ['plain, in batches of three', (texts: readonly string[]) => plain(texts, 3)],
  ['dictionary-encoded', (texts: readonly string[]) => tableFromArrays({ text: [...texts] })],
  ['as it arrives', (texts: readonly string[]) => tableFromIPC(tableToIPC(plain(texts, 4), 'stream'))],
  ['a slice of another', (texts: readonly string[]) => plain(['before', ...texts, 'after']).slice(1, -1)],
])('a text column, %s', (_, make) => {
  it.each([
    ['odd texts', odd],
    ['plain ASCII', ['b', 'a', 'b', '', 'abc', 'a']],
    ['no rows', []],
  ])('reads %s', (_, texts) => {
    const table = make(texts);
    expect(readTexts(table, 'text')).toEqual(texts);
    const { codes, values } = readTextColumn(table, 'text');
    expect(Array.from(codes, (code) => values[code])).toEqual(texts);
    expect(values).toEqual([...new Set(texts)]);
  });

  it('tells thousands of texts apart', () => {
    const random = createRandom(1);
    const texts = Array.from({ length: 5000 }, () => `0x${random.integer(3000).toString(16)}`);
    const { codes, values } = readTextColumn(make(texts), 'text');
    expect(Array.from(codes, (code) => values[code])).toEqual(texts);
    expect(values).toEqual([...new Set(texts)]);
  });
});

it('reads NULL as an empty text', () => {
  const table = plain(['a', null, 'b']);
  expect(readTexts(table, 'text')).toEqual(['a', '', 'b']);
  const { codes, values } = readTextColumn(table, 'text');
  expect(Array.from(codes, (code) => values[code])).toEqual(['a', '', 'b']);
});

it('refuses a column that is not there', () => {
  expect(() => readTexts(plain(['a']), 'other')).toThrow(RangeError);
  expect(() => readTextColumn(plain(['a']), 'other')).toThrow(RangeError);
});
