import { readDays } from '@risk-scoring/contract';
import { DateDay, Table, Utf8, vectorFromArray } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AddressLabelRows } from '../rows/address-label-rows.ts';
import { labelAlerts } from '../rows/label-alerts.ts';
import { CONFLICT_POLICIES } from '../rows/resolve.ts';
import { createAddressIndex } from './address-index.ts';
import { labelPlacedAlerts } from './label-placed-alerts.ts';
import { overlapOf } from './overlap.ts';
import { describeRows } from './row-facts.ts';
import { disagreementOfSources, type SourceDisagreement } from './source-disagreement.ts';

/** One label row as a person would write it down. */
interface PlainRow {
  readonly address: string;
  readonly label: number;
  readonly level: number;
  readonly confidence: number;
  readonly source: string;
  readonly validFrom: number;
}

/** Rows about few addresses and of few sources, so that they repeat and disagree. */
const arbitraryRows: fc.Arbitrary<PlainRow[]> = fc.array(
  fc.record({
    address: fc.constantFrom('0xA1', '0xa1', '0xb2', 'T1', 't1', 'other'),
    level: fc.integer({ min: 0, max: 3 }),
    confidence: fc.constantFrom(0, 0.5, 1),
    source: fc.constantFrom('', 'one', ' one', 'two', 'three'),
    validFrom: fc.constantFrom(0, 0, 100, 200),
    label: fc.constantFrom(-1, 0, 0, 1, 1),
  }),
  { maxLength: 30 },
);

/** The same in columns. */
function toRows(plain: readonly PlainRow[]): AddressLabelRows {
  const column = (values: readonly string[]) => {
    const distinct = [...new Set(values)];
    return { values: distinct, codes: Int32Array.from(values, (value) => distinct.indexOf(value)) };
  };
  const days = Int32Array.from(plain, (row) => row.validFrom);
  return {
    rows: plain.length,
    addresses: column(plain.map((row) => row.address)),
    labels: Int8Array.from(plain, (row) => row.label),
    levels: Int8Array.from(plain, (row) => row.level),
    confidences: Float32Array.from(plain, (row) => row.confidence),
    sources: column(plain.map((row) => row.source)),
    dates: days,
    validFrom: days,
  };
}

/** What rows say of each address, by a plain reading: the set of labels of rows above confidence 0. */
function saidPlainly(plain: readonly PlainRow[]): Map<string, Set<number>> {
  const said = new Map<string, Set<number>>();
  for (const { address, label, confidence } of plain) {
    if (label < 0 || confidence === 0) continue;
    const key = address.startsWith('0x') ? address.toLowerCase() : address;
    said.set(key, (said.get(key) ?? new Set()).add(label));
  }
  return said;
}

/** The name of a source as reports write it. */
function nameOf({ source }: PlainRow): string {
  return source.trim() || 'unknown';
}

/** The address as it is compared. */
function keyOf({ address }: PlainRow): string {
  return address.startsWith('0x') ? address.toLowerCase() : address;
}

const row = (parts: Partial<PlainRow>): PlainRow => ({
  ...{ address: '0xa', label: 1, level: 2, confidence: 1, source: 'one', validFrom: 0 },
  ...parts,
});

function facts(plain: readonly PlainRow[]) {
  const rows = toRows(plain);
  const index = createAddressIndex();
  return describeRows({ rows, places: index.add(rows.addresses) }, index);
}

describe('describeRows', () => {
  it('counts rows by level and class, and where they repeat and contradict themselves', () => {
    const found = facts([
      row({ address: '0xA', label: 1, level: 3 }),
      row({ address: '0xa', label: 1, level: 3 }),
      row({ address: '0xa', label: 0, level: 0 }),
      row({ address: '0xb', label: 0, level: 1, validFrom: 20_000 }),
      row({ address: '0xc', label: -1, level: 1 }),
      row({ address: '0xd', label: 1, level: 2, confidence: 0, validFrom: 20_010 }),
      row({ address: '0xd', label: 0, level: 0 }),
    ]);
    expect(found).toEqual({
      rows: 7,
      addresses: 4,
      risk_levels: { low: 2, medium: 2, high: 1, critical: 2 },
      suspicious: 3,
      normal: 3,
      neither: 1,
      zero_confidence: 1,
      identical: 1,
      addresses_with_several_rows: 2,
      conflicts: { addresses: 1, first: ['0xA'] },
      valid_from: { first: '2024-10-04', last: '2024-10-14', rows: 2 },
    });
  });

  it('names the first five conflicts, in the order of their rows', () => {
    const addresses = ['f', 'e', 'd', 'c', 'b', 'a'];
    const found = facts(addresses.flatMap((address) => [0, 1].map((label) => row({ address, label }))));
    expect(found.conflicts).toEqual({ addresses: 6, first: ['f', 'e', 'd', 'c', 'b'] });
  });

  it('agrees with a plain count', () => {
    fc.assert(
      fc.property(arbitraryRows, (plain) => {
        const found = facts(plain);
        const text = (each: PlainRow) =>
          JSON.stringify([
            keyOf(each),
            each.label,
            each.level,
            each.confidence,
            each.source.trim(),
            each.validFrom,
          ]);
        expect(found.identical).toBe(plain.length - new Set(plain.map(text)).size);
        expect(found.addresses).toBe(new Set(plain.map(keyOf)).size);
        const both = [...saidPlainly(plain).values()].filter((labels) => labels.size === 2);
        expect(found.conflicts.addresses).toBe(both.length);
        expect(found.zero_confidence).toBe(plain.filter(({ confidence }) => confidence === 0).length);
        const several = [...new Set(plain.map(keyOf))].filter(
          (key) => plain.filter((each) => keyOf(each) === key).length > 1,
        );
        expect(found.addresses_with_several_rows).toBe(several.length);
      }),
    );
  });
});

describe('overlapOf', () => {
  it('agrees with a plain comparison', () => {
    fc.assert(
      fc.property(arbitraryRows, arbitraryRows, (mine, existing) => {
        const index = createAddressIndex();
        const place = (plain: readonly PlainRow[]) => {
          const rows = toRows(plain);
          return { rows, places: index.add(rows.addresses) };
        };
        const found = overlapOf(place(mine), place(existing), index);
        const [own, theirs] = [saidPlainly(mine), saidPlainly(existing)];
        const shared = [...own.keys()].filter((key) => theirs.has(key));
        const one = (labels: Set<number> | undefined) => (labels?.size === 1 ? [...labels][0] : undefined);
        const decided = shared.filter(
          (key) => one(own.get(key)) !== undefined && one(theirs.get(key)) !== undefined,
        );
        const agree = decided.filter((key) => one(own.get(key)) === one(theirs.get(key)));
        expect(found).toMatchObject({
          addresses: shared.length,
          undecided: shared.length - decided.length,
          agree: agree.length,
          disagree: decided.length - agree.length,
        });
        expect(found.first).toHaveLength(Math.min(5, found.disagree));
        for (const { address, label, existing: other } of found.first) {
          const key = keyOf(row({ address }));
          expect([one(own.get(key)), one(theirs.get(key))]).toEqual([label, other]);
        }
      }),
    );
  });
});

function disagreements(...sets: (readonly PlainRow[])[]): SourceDisagreement[] {
  const index = createAddressIndex();
  const placed = sets.map((plain) => {
    const rows = toRows(plain);
    return { rows, places: index.add(rows.addresses) };
  });
  return disagreementOfSources(placed, index.size);
}

/** The same by asking, for each source and address, everybody else. */
function plainly(plain: readonly PlainRow[]): SourceDisagreement[] {
  const saying = plain.filter(({ label, confidence }) => label >= 0 && confidence > 0);
  const votes = (source: string, key: string) =>
    new Set(
      saying.filter((each) => nameOf(each) === source && keyOf(each) === key).map(({ label }) => label),
    );
  const sources = [...new Set(saying.map(nameOf))].sort();
  return sources.map((source) => {
    const keys = [...new Set(saying.filter((each) => nameOf(each) === source).map(keyOf))];
    let [shared, undecided, contradicts] = [0, 0, 0];
    for (const key of keys) {
      const others = sources.filter((other) => other !== source && votes(other, key).size > 0);
      if (others.length === 0) continue;
      shared += 1;
      const clear = others.map((other) => votes(other, key)).filter((vote) => vote.size === 1);
      const lead = clear.reduce((sum, vote) => sum + (vote.has(1) ? 1 : -1), 0);
      const own = votes(source, key);
      if (own.size === 2 || lead === 0) undecided += 1;
      else if (own.has(1) !== lead > 0) contradicts += 1;
    }
    const compared = shared - undecided;
    return {
      source,
      addresses: keys.length,
      shared,
      undecided,
      contradicts,
      share: compared === 0 ? null : contradicts / compared,
    };
  });
}

describe('disagreementOfSources', () => {
  it('finds the source that stands against the others', () => {
    const says = (source: string, label: number): PlainRow[] =>
      ['0x1', '0x2', '0x3'].map((address) => ({
        address,
        label,
        level: 0,
        confidence: 1,
        source,
        validFrom: 0,
      }));
    const found = disagreements([...says('a', 1), ...says('b', 1)], says('odd', 0));
    expect(found.map(({ source, share }) => [source, share])).toEqual([
      // Of the other two one says yes and one no.
      ['a', null],
      ['b', null],
      ['odd', 1],
    ]);
    expect(found[0]).toMatchObject({ addresses: 3, shared: 3, undecided: 3, contradicts: 0 });
  });

  it('agrees with a plain count, however rows are spread over sets', () => {
    fc.assert(
      fc.property(arbitraryRows, arbitraryRows, (first, second) => {
        expect(disagreements(first, second)).toEqual(plainly([...first, ...second]));
      }),
    );
  });
});

it('labels alerts as labelAlerts does', () => {
  const alert = fc.record({
    address: fc.constantFrom('0xA1', '0xa1', '0xB2', 'T1', 'other', 'nobody'),
    day: fc.constantFrom(50, 100, 150, 250),
  });
  fc.assert(
    fc.property(
      arbitraryRows,
      fc.array(alert, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(...CONFLICT_POLICIES),
      fc.boolean(),
      (plain, alerts, policy, useConfidence) => {
        const table = new Table({
          address: vectorFromArray(
            alerts.map(({ address }) => address),
            new Utf8(),
          ),
          processing_date: vectorFromArray(
            alerts.map(({ day }) => new Date(day * 86_400_000)),
            new DateDay(),
          ),
        });
        const rows = toRows(plain);
        const options = { policy, useConfidence, sourcePriority: ['two'] };
        const expected = labelAlerts(table, rows, options);
        const index = createAddressIndex();
        const placed = { rows, places: index.add(rows.addresses) };
        const values = alerts.map(({ address }) => address);
        const places = index.add({ values, codes: Int32Array.from(values, (_, at) => at) });
        const found = labelPlacedAlerts(
          { places, days: readDays(table, 'processing_date') },
          placed,
          index,
          options,
        );
        expect(found.labels).toEqual(expected.labels);
        expect(found.weights).toEqual(expected.weights);
        const named = ({ names, codes }: typeof found.sources) => Array.from(codes, (code) => names[code]);
        expect(named(found.sources)).toEqual(named(expected.sources));
      },
    ),
  );
});
