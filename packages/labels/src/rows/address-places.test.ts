import { TextIndex } from '@risk-scoring/contract';
import { Table, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { addAddresses, placeAddresses, readAddresses } from './address-places.ts';

const spellings = ['0xAB', 'bc1', '0xab', 'BC1', '0xAb', ''];
const table = new Table({ address: vectorFromArray(spellings, new Utf8()) });

describe('addresses of rows', () => {
  it('have one code for all spellings, and the first of them for a value', () => {
    const { codes, values } = readAddresses(table, 'address');
    expect([...codes]).toEqual([0, 1, 0, 2, 0, 3]);
    expect(values).toEqual(['0xAB', 'bc1', 'BC1', '']);
  });

  it('have the same places whether they come with an index or as texts', () => {
    const read = readAddresses(table, 'address');
    const told = { values: spellings, codes: Int32Array.from(spellings, (_, at) => at) };
    for (const column of [read, told]) {
      const { index, places } = placeAddresses(column);
      expect([...places]).toEqual([0, 1, 0, 2, 0, 3]);
      expect([index.size, index.findText('0XAB'), index.findText('Bc1')]).toEqual([4, 0, -1]);
    }
    const index = new TextIndex({ compare: 'addresses' });
    expect([...addAddresses(index, read)]).toEqual([...addAddresses(index, told)]);
  });
});
