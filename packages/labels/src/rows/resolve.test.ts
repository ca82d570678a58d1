import { addressKey, createRandom, type Random } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import type { AddressLabelRows } from './address-label-rows.ts';
import { CONFLICT_POLICIES, type ConflictPolicy, resolveRows } from './resolve.ts';

interface Row {
  readonly address: string;
  readonly label: number;
  readonly level: number;
  readonly confidence: number;
  readonly date: number;
  readonly validFrom: number;
  readonly source: string;
}

function toColumns(rows: readonly Row[]): AddressLabelRows {
  const column = (values: readonly string[]) => {
    const distinct = [...new Set(values)];
    return { values: distinct, codes: Int32Array.from(values, (value) => distinct.indexOf(value)) };
  };
  return {
    rows: rows.length,
    addresses: column(rows.map(({ address }) => address)),
    labels: Int8Array.from(rows, ({ label }) => label),
    levels: Int8Array.from(rows, ({ level }) => level),
    confidences: Float32Array.from(rows, ({ confidence }) => confidence),
    sources: column(rows.map(({ source }) => source)),
    dates: Int32Array.from(rows, ({ date }) => date),
    validFrom: Int32Array.from(rows, ({ validFrom }) => validFrom),
  };
}

const PRIORITY = ['sot', 'mine'];

function drawRows(random: Random, count: number, dated: boolean): Row[] {
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)] as T;
  return Array.from({ length: count }, () => {
    const level = random.integer(4);
    return {
      address: `0x${pick(['a', 'A'])}${random.integer(40).toString(16)}`,
      level,
      // Medium is taken for neither.
      label: [0, -1, 1, 1][level] ?? -1,
      confidence: pick([0, 0.25, 0.5, 1]),
      date: pick([100, 200, 300]),
      validFrom: dated ? pick([0, 0, 150, 250]) : 0,
      source: pick(['sot', 'mine', 'theirs', '', ' sot ']),
    };
  });
}

/** Independent of the code: all rows of the address that hold on the day, sorted as the documentation says. */
function expectedRow(
  rows: readonly Row[],
  { key, day, policy }: { key: string; day: number; policy: ConflictPolicy },
): Row | undefined {
  const name = ({ source }: Row) => source.trim() || 'unknown';
  const rank = (row: Row) => {
    const at = PRIORITY.indexOf(name(row));
    return at < 0 ? PRIORITY.length : at;
  };
  const candidates = rows.filter(
    (row) => addressKey(row.address) === key && row.confidence > 0 && row.validFrom <= day,
  );
  if (
    policy === 'drop' &&
    new Set(candidates.map(({ label }) => label).filter((label) => label >= 0)).size > 1
  )
    return undefined;
  const byRest = (a: Row, b: Row) =>
    b.confidence - a.confidence ||
    b.date - a.date ||
    b.level - a.level ||
    (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0);
  const orders: Record<ConflictPolicy, (a: Row, b: Row) => number> = {
    'highest-confidence': byRest,
    drop: byRest,
    newest: (a, b) => b.date - a.date || byRest(a, b),
    'source-priority': (a, b) => rank(a) - rank(b) || byRest(a, b),
  };
  return [...candidates].sort(orders[policy])[0];
}

describe('resolveRows', () => {
  const cases = CONFLICT_POLICIES.flatMap((policy) => [false, true].map((dated) => [policy, dated] as const));
  it.each(cases)(
    '%s (rows that hold from a date on: %s) gives what sorting each address’s rows gives, in any order',
    (policy, dated) => {
      for (const seed of [1, 2, 3]) {
        const random = createRandom(seed, policy);
        const rows = drawRows(random, 300, dated);
        for (const shuffled of [rows, random.shuffle([...rows])]) {
          const columns = toColumns(shuffled);
          const resolution = resolveRows(columns, {
            policy,
            sourcePriority: policy === 'source-priority' ? PRIORITY : [],
          });
          for (let address = 0; address < 45; address++) {
            const key = `0xa${address.toString(16)}`;
            const place = resolution.placeOf(key);
            for (const day of [0, 149, 150, 260]) {
              const row = place < 0 ? -1 : resolution.rowOn(place, day);
              const found = row < 0 ? undefined : shuffled[row];
              const expected = expectedRow(rows, { key, day, policy });
              // Rows that are alike in all that counts are one.
              const shown = (each?: Row) =>
                each && [each.label, each.confidence, each.date, each.source.trim()];
              expect(shown(found), `${key} on ${day}`).toEqual(shown(expected));
            }
          }
        }
      }
    },
  );

  it('counts addresses, those of several sources, those in conflict and those dropped', () => {
    const row = { label: 1, level: 2, confidence: 1, date: 1, validFrom: 0, source: 's' };
    const rows: Row[] = [
      { ...row, address: 'alone' },
      { ...row, address: 'twice' },
      { ...row, address: 'twice', date: 2 },
      { ...row, address: 'two sources' },
      { ...row, address: 'two sources', source: 't' },
      { ...row, address: 'conflict' },
      { ...row, address: 'conflict', label: 0, level: 0 },
      { ...row, address: 'silent', confidence: 0 },
    ];
    const counts = { rows: 7, addresses: 4, several_sources: 1, conflicting: 1 };
    expect(resolveRows(toColumns(rows), { policy: 'newest' }).counts).toEqual({ ...counts, dropped: 0 });
    expect(resolveRows(toColumns(rows), { policy: 'drop' }).counts).toEqual({ ...counts, dropped: 1 });
  });
});
