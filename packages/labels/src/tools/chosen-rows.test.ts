import { DateDay, Float32, Table, Uint8, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { rowsOfLabelSet } from '../rows/read-address-labels.ts';
import { readChosenRows } from './chosen-rows.ts';

const taken = { positive: ['high', 'critical'], negative: ['low', 'medium'] } as const;

/** Rows written `address level data_set@version latest`. */
function tableOf(lines: readonly string[]): Table {
  const cells = lines.map((line) => line.split(' '));
  const texts = (at: number) =>
    vectorFromArray(
      cells.map((each) => each[at] ?? ''),
      new Utf8(),
    );
  const sets = cells.map((each) => (each[2] ?? '').split('@'));
  const days = () =>
    vectorFromArray(
      cells.map(() => new Date(0)),
      new DateDay(),
    );
  return new Table({
    processing_date: days(),
    address: texts(0),
    risk_level: texts(1),
    confidence_score: vectorFromArray(
      cells.map((_, row) => (row + 1) / 8),
      new Float32(),
    ),
    source: vectorFromArray(
      cells.map(() => ''),
      new Utf8(),
    ),
    data_set: vectorFromArray(
      sets.map(([name = '']) => name),
      new Utf8(),
    ),
    data_set_version: vectorFromArray(
      sets.map(([, version = '']) => version),
      new Utf8(),
    ),
    data_set_is_latest: vectorFromArray(
      cells.map((each) => Number(each[3] ?? 1)),
      new Uint8(),
    ),
    valid_from: days(),
  });
}

const table = tableOf(['0xa high', '0xb low mine@1 0', '0xc critical mine@2 1', '0xd medium other@1 1']);
const seen = (dataSets: 'latest' | readonly string[]) => {
  const { rows, dataSets: counts } = readChosenRows(table, { ...taken, dataSets });
  const { codes, values } = rows.addresses;
  return { addresses: Array.from(codes, (code) => values[code]), labels: [...rows.labels], rows, counts };
};

describe('readChosenRows', () => {
  it('keeps the rows of SOT and of the latest versions', () => {
    const { addresses, labels, rows, counts } = seen('latest');
    expect(addresses).toEqual(['0xa', '0xc', '0xd']);
    expect(labels).toEqual([1, 1, 0]);
    expect([...rows.confidences]).toEqual([1 / 8, 3 / 8, 4 / 8]);
    expect(Array.from(rows.sources.codes, (code) => rows.sources.values[code])).toEqual([
      '',
      'mine@2',
      'other@1',
    ]);
    expect(counts).toEqual({ 'mine@2': 1, 'other@1': 1 });
  });

  it('keeps those of named versions', () => {
    expect(seen(['mine@1']).addresses).toEqual(['0xa', '0xb']);
    expect(seen([]).addresses).toEqual(['0xa']);
  });

  it('refuses a version that is not there', () => {
    expect(() => seen(['mine@3'])).toThrow(expect.objectContaining({ code: 'UNKNOWN_LABEL_SET' }));
  });

  it('reads tables without data sets', () => {
    const plain = table.select(['processing_date', 'address', 'risk_level', 'confidence_score', 'source']);
    expect(readChosenRows(plain, { ...taken, dataSets: 'latest' }).rows.rows).toBe(4);
  });
});

describe('rowsOfLabelSet', () => {
  it('reads rows as labels, by the levels that stand for them', () => {
    const rows = rowsOfLabelSet(table, { positive: ['critical'], negative: ['low'] });
    expect([...rows.labels]).toEqual([-1, 0, 1, -1]);
    expect([...rows.levels]).toEqual([2, 0, 3, 1]);
  });

  it('refuses levels and confidences that are none', () => {
    const code = expect.objectContaining({ code: 'INVALID_ADDRESS_LABELS' });
    expect(() => rowsOfLabelSet(tableOf(['0xa grave']), taken)).toThrow(code);
    expect(() => rowsOfLabelSet(tableOf(new Array(9).fill('0xa low')), taken)).toThrow(code);
  });
});
