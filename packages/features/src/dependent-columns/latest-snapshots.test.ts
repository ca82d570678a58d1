import { expect, it } from 'vitest';
import { latestSnapshots } from './latest-snapshots.ts';

const snapshots = (...rows: readonly number[]) =>
  rows.map((count, index) => ({ processingDate: `2025-01-0${index + 1}`, windowDays: 30, rows: count }));

it('takes the latest snapshots up to 50,000 rows, and one whatever its size', () => {
  const rowsOf = (...rows: readonly number[]) =>
    latestSnapshots(snapshots(...rows)).map((snapshot) => snapshot.rows);
  expect(rowsOf(10, 20)).toEqual([10, 20]);
  expect(rowsOf(1, 20_000, 30_000)).toEqual([20_000, 30_000]);
  expect(rowsOf(20_001, 20_000, 10_000, 20_000)).toEqual([20_000, 10_000, 20_000]);
  expect(rowsOf(1, 60_000)).toEqual([60_000]);
  expect(rowsOf(60_000, 7)).toEqual([7]);
  expect(rowsOf()).toEqual([]);
});
