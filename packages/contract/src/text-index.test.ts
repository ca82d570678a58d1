import { Table, tableFromArrays, Utf8, vectorFromArray } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressKey } from './address-key.ts';
import { addColumn, findColumn, readTextColumn, textColumnOf } from './text-column.ts';
import { TextIndex } from './text-index.ts';

const hex = fc
  .array(fc.constantFrom(...'0123456789abcdefABCDEF'), { maxLength: 12 })
  .map((digits) => digits.join(''));
const nearlyHex = fc.tuple(
  fc.constantFrom('0x', '0X', '0', 'x0x', ''),
  hex,
  fc.constantFrom('', '', 'g', ' ', 'é', '\u0010'),
);
const text = fc.oneof(
  nearlyHex.map((parts) => parts.join('')),
  // Texts that differ in nothing but the bit of the letter case.
  fc
    .array(fc.constantFrom('a', 'A', '0', '\u0010', '@', '`'), { maxLength: 6 })
    .map((parts) => `0x${parts.join('')}`),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', '0x', '0xAB', '0XaB', 'ß', '😀', '漢字', '\u0000', 'x'.repeat(2000)),
);

/** Columns of one kind each. */
const columns = {
  plain: (texts: readonly string[]) => new Table({ text: vectorFromArray([...texts], new Utf8()) }),
  encoded: (texts: readonly string[]) => tableFromArrays({ text: [...texts] }),
};

describe.each([
  ['addresses', addressKey, { compare: 'addresses' }],
  ['any texts', (each: string) => each, {}],
] as const)('TextIndex of %s', (_, keyOf, options) => {
  it.each(Object.entries(columns))('gives what a Map gives, for %s columns', (_, column) => {
    // The table begins with a few slots, so that most texts here meet others in theirs.
    fc.assert(
      fc.property(fc.array(text), fc.array(text), (first, second) => {
        const index = new TextIndex(options);
        const expected = new Map<string, number>();
        const spelt: string[] = [];
        for (const each of first) {
          if (expected.has(keyOf(each))) continue;
          expected.set(keyOf(each), expected.size);
          spelt.push(each);
        }
        const codes = (texts: readonly string[]) => texts.map((each) => expected.get(keyOf(each)) ?? -1);
        expect([...addColumn(index, column(first), 'text')]).toEqual(codes(first));
        expect([...findColumn(index, column(second), 'text')]).toEqual(codes(second));
        expect(second.map((each) => index.findText(each))).toEqual(codes(second));
        expect(first.map((each) => index.addText(each))).toEqual(codes(first));
        expect(index.size).toBe(spelt.length);
        expect(index.texts()).toEqual(spelt);
        expect(spelt.map((_, code) => index.textOf(code))).toEqual(spelt);
      }),
    );
  });

  it('tells 20,000 texts apart, whether they come one by one or as a column', () => {
    const texts = Array.from({ length: 20_000 }, (_, at) => `0xAB${at.toString(16).padStart(38, '0')}`);
    const index = new TextIndex(options);
    expect(texts.map((each) => index.addText(each))).toEqual([...texts.keys()]);
    expect([...findColumn(index, columns.plain([...texts, 'other']), 'text')]).toEqual([...texts.keys(), -1]);
  });
});

describe('TextIndex', () => {
  it('keeps halves of characters, which UTF-8 cannot hold', () => {
    const texts = ['\ud83d', '\ude00', 'a\ud83db', 'a\ufffdb', '😀'];
    const index = new TextIndex();
    expect(texts.map((each) => index.addText(each))).toEqual([0, 1, 2, 3, 4]);
    expect(texts.map((each) => index.findText(each))).toEqual([0, 1, 2, 3, 4]);
    expect(textColumnOf(index, new Int32Array(5)).values).toEqual(texts);
  });

  it('decodes a column of more texts than a block holds', () => {
    const texts = Array.from(
      { length: 60_000 },
      (_, at) => `${at % 7 === 0 ? 'é' : 'e'}${'-'.repeat(30)}${at}`,
    );
    const { codes, values } = readTextColumn(columns.plain(texts), 'text');
    expect(codes[59_999]).toBe(59_999);
    expect(values).toEqual(texts);
  });

  it('leaves a column as it is that was taken before others were added', () => {
    const index = new TextIndex();
    const column = textColumnOf(index, Int32Array.of(index.addText('first')));
    for (let at = 0; at < 1000; at++) index.addText(`later ${at}`);
    expect(column.values).toEqual(['first']);
  });

  it('gives -1 and an empty text for what it does not have', () => {
    const index = new TextIndex();
    expect([index.findText('a'), index.textOf(0), index.textOf(-1), index.size]).toEqual([-1, '', '', 0]);
  });
});
