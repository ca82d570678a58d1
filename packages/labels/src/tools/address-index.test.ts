import { addressKey } from '@risk-scoring/contract';
import { Table, Utf8, vectorFromArray } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressIndex } from './address-index.ts';

const column = (values: readonly string[]) => ({ values, codes: Int32Array.from(values, (_, at) => at) });

describe('createAddressIndex', () => {
  it('gives what a Map gives, whatever the texts', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom('0xAB', '0xab', '0xAb', 'AB', 'ab', '', '0x', 'ß', '😀'),
    );
    fc.assert(
      fc.property(fc.array(text), fc.array(text), (first, second) => {
        const index = createAddressIndex();
        const expected = new Map<string, number>();
        for (const texts of [first, second]) {
          const wanted = texts.map((address) => {
            const key = addressKey(address);
            if (!expected.has(key)) expected.set(key, expected.size);
            return expected.get(key);
          });
          expect([...index.add(column(texts))]).toEqual(wanted);
        }
        expect(index.size).toBe(expected.size);
        for (const each of [...first, 'not there, surely']) {
          expect(index.find(each)).toBe(expected.get(addressKey(each)) ?? -1);
        }
      }),
    );
  });

  it('grows, and knows how addresses were spelt first', () => {
    const index = createAddressIndex();
    const many = Array.from(
      { length: 20_000 },
      (_, at) => `0x${at.toString(16).toUpperCase().padStart(40, '0')}`,
    );
    index.add(column(many));
    expect(index.size).toBe(20_000);
    expect([...index.add(column(many.map((address) => address.toLowerCase())))]).toEqual([...many.keys()]);
    expect(index.nameOf(12_345)).toBe(many[12_345]);
    expect(index.find(many[12_345] ?? '')).toBe(12_345);
  });

  it('numbers a column of a table as it numbers its texts', () => {
    const index = createAddressIndex();
    index.add(column(['x', '0xAB']));
    const table = new Table({ address: vectorFromArray(['y', '0xab', 'x', '0xAb', 'y'], new Utf8()) });
    expect([...index.addColumn(table, 'address')]).toEqual([2, 1, 0, 1, 2]);
    expect([index.nameOf(1), index.nameOf(2), index.size]).toEqual(['0xAB', 'y', 3]);
    expect(() => index.addColumn(table, 'other')).toThrow(RangeError);
  });

  it('follows the codes of a column', () => {
    const index = createAddressIndex();
    expect([...index.add({ values: ['x', 'y'], codes: Int32Array.of(1, 0, 1) })]).toEqual([1, 0, 1]);
  });
});
