import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { readParquet } from 'parquet-wasm';
import { describe, expect, it } from 'vitest';
import { decimalsOf, listsOf, numbersOf, textListsOf, textsOf } from '../testing/read-snapshot.ts';
import { toParquet } from './parquet.ts';
import { createTable, type TableDefinition } from './table.ts';

const definition = {
  small: 'uint8',
  middle: 'uint16',
  large: 'uint32',
  wide: 'uint64',
  single: 'float32',
  double: 'float64',
  flag: 'bool',
  usd: 'usd',
  tokens: 'tokens',
  date: 'date',
  instant: 'instant',
  text: 'text',
  texts: 'texts',
  hours: 'hours',
  weekdays: 'weekdays',
} as const satisfies TableDefinition;

const readBack = (bytes: Uint8Array) => tableFromIPC(readParquet(bytes).intoIPCStream());

describe('toParquet', () => {
  it('types every kind of column as SOT does, none of them nullable', () => {
    const { schema } = readBack(toParquet(createTable(definition, 1)));
    expect(schema.fields.map(({ name, type, nullable }) => `${name} ${type}${nullable ? '?' : ''}`)).toEqual([
      'small Uint8',
      'middle Uint16',
      'large Uint32',
      'wide Uint64',
      'single Float32',
      'double Float64',
      'flag Bool',
      'usd Decimal[38e+18]',
      'tokens Decimal[38e+18]',
      'date Date32<DAY>',
      'instant Timestamp<MILLISECOND, UTC>',
      'text Utf8',
      'texts List<Utf8>',
      'hours List<Uint16>',
      'weekdays List<Uint16>',
    ]);
  });

  it('gives back what went in', () => {
    const row = fc.record({
      small: fc.integer({ min: 0, max: 255 }),
      wide: fc.maxSafeNat(),
      double: fc.double({ noNaN: true }),
      flag: fc.constantFrom(0, 1),
      usd: fc.integer({ min: -(2 ** 50), max: 2 ** 50 }),
      tokens: fc.maxSafeNat(),
      date: fc.integer({ min: 0, max: 49_000 }),
      instant: fc.integer({ min: 0, max: 4_294_967_295_000 }),
      text: fc.string({ unit: 'grapheme' }),
      texts: fc.array(fc.string()),
      hours: fc.array(fc.integer({ min: 0, max: 65_535 }), { minLength: 24, maxLength: 24 }),
      weekdays: fc.array(fc.integer({ min: 0, max: 65_535 }), { minLength: 7, maxLength: 7 }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const table = createTable(definition, rows.length);
        rows.forEach((values, i) => {
          for (const name of [
            'small',
            'wide',
            'double',
            'flag',
            'usd',
            'tokens',
            'date',
            'instant',
          ] as const) {
            table.columns[name][i] = values[name];
          }
          table.columns.text[i] = values.text;
          table.columns.texts[i] = values.texts;
          table.columns.hours.set(values.hours, i * 24);
          table.columns.weekdays.set(values.weekdays, i * 7);
        });
        const found = readBack(toParquet(table));
        expect(found.numRows).toBe(rows.length);
        for (const name of ['small', 'wide', 'double', 'flag', 'instant'] as const) {
          expect(Array.from(numbersOf(found, name))).toEqual(rows.map((values) => values[name]));
        }
        const day = 86_400_000;
        expect(Array.from(numbersOf(found, 'date'), (time) => time / day)).toEqual(
          rows.map(({ date }) => date),
        );
        expect(decimalsOf(found, 'usd')).toEqual(rows.map(({ usd }) => BigInt(usd) * 10n ** 16n));
        expect(decimalsOf(found, 'tokens')).toEqual(rows.map(({ tokens }) => BigInt(tokens) * 10n ** 12n));
        expect(textsOf(found, 'text')).toEqual(rows.map(({ text }) => text));
        expect(textListsOf(found, 'texts')).toEqual(rows.map(({ texts }) => texts));
        expect(listsOf(found, 'hours')).toEqual(rows.map(({ hours }) => hours));
        expect(listsOf(found, 'weekdays')).toEqual(rows.map(({ weekdays }) => weekdays));
      }),
    );
  });

  it('gives the same bytes for the same table', () => {
    const table = createTable(definition, 100);
    expect(toParquet(table)).toEqual(toParquet(table));
  });
});
