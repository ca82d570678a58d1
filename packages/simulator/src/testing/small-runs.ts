import type { Table } from 'apache-arrow';
import fc from 'fast-check';
import { expect } from 'vitest';
import { DAY_MS, dayNumber } from '../calendar.ts';
import { simulateSnapshots } from '../simulate-snapshots.ts';
import { numbersOf, readSnapshot } from './read-snapshot.ts';

/** A snapshot read back from its files. */
export type Snapshot = ReturnType<typeof readSnapshot>;

/** Runs of one small snapshot each, of any seed. */
const smallRuns = fc.record({
  seed: fc.integer({ min: 0, max: 1_000_000 }),
  alerts: fc.integer({ min: 1, max: 150 }),
  windowDays: fc.constantFrom(1, 2, 7, 30, 90),
});

const FIRST_DATE = '2025-01-06';

/** A run of one small snapshot into a folder of its own below `root`, read back. */
export async function simulateOne(
  root: string,
  options: { seed: number; alerts: number; windowDays: number },
): Promise<Snapshot> {
  const outputDir = `${root}/${options.seed}-${options.alerts}-${options.windowDays}`;
  const fixed = { firstDate: FIRST_DATE, snapshots: 1, labelledShare: 0.6 };
  const { snapshots } = await simulateSnapshots({ ...options, ...fixed, outputDir });
  return readSnapshot(snapshots[0]?.folder ?? '');
}

/** Checks several small simulations. */
export async function everyRun(
  root: string,
  check: (snapshot: Snapshot, windowDays: number) => void,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(smallRuns, async (options) =>
      check(await simulateOne(root, options), options.windowDays),
    ),
    { numRuns: 8 },
  );
}

/** Reads each column of a table once. */
export function columnReader(table: Table): (name: string) => Float64Array {
  const columns = new Map<string, Float64Array>();
  return (name) => {
    const column = columns.get(name) ?? numbersOf(table, name);
    columns.set(name, column);
    return column;
  };
}

/** Expects every number between two bounds. */
export function expectWithin(
  values: Float64Array,
  { name, least, most }: { name: string; least: number; most: number },
): void {
  expect(Math.min(...values, most), name).toBeGreaterThanOrEqual(least);
  expect(Math.max(...values, least), name).toBeLessThanOrEqual(most);
}

/** Expects both times of every row in the window, the first not after the last. */
export function expectTimesInWindow(table: Table, windowDays: number, [first, last]: [string, string]): void {
  const end = (dayNumber(FIRST_DATE) ?? 0) * DAY_MS;
  const earliest = numbersOf(table, first);
  const latest = numbersOf(table, last);
  for (let row = 0; row < table.numRows; row++) {
    expect(earliest[row]).toBeGreaterThanOrEqual(end - windowDays * DAY_MS);
    expect(earliest[row]).toBeLessThanOrEqual(latest[row] as number);
    expect(latest[row]).toBeLessThan(end);
  }
}
