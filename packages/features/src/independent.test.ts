import type { FeatureMatrix } from '@risk-scoring/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFeatureMatrix } from './build-matrix.ts';
import { columnsOf, DEFAULT_GROUPS, type Encodings } from './catalogue.ts';
import { createAlertGroup } from './groups/alert.ts';
import { type RowWiseRow, readWorld, rowWiseFeatures } from './testing/row-wise/index.ts';
import {
  publishedSnapshots,
  type TemporaryDatabase,
  temporaryDatabase,
} from './testing/simulated-database.ts';
import { insertTraps } from './testing/traps.ts';

const WINDOW_DAYS = 30;
const evidenceKeys = ['max_tx_usd', 'volume_usd', 'velocity', 'transfers', 'flow.hops'];
const encodings: Encodings = {
  // Without some that occur, and with one that does not.
  typology: ['circular_flow', 'exchange_peel', 'fan_in', 'high_value', 'structuring', 'unheard of'],
  suspected_address_type: ['contract', 'unknown', 'wallet'],
};
const groups = DEFAULT_GROUPS.map((group) =>
  group.name === 'alert' ? createAlertGroup({ evidenceKeys }) : group,
);

let temporary: TemporaryDatabase;
let matrix: FeatureMatrix;
let rows: RowWiseRow[];

beforeAll(async () => {
  temporary = await temporaryDatabase({ seed: 3, alerts: 1500, snapshots: 4, firstDate: '2025-01-20' });
  const { database } = temporary;
  await insertTraps(database);
  matrix = await buildFeatureMatrix(database, {
    snapshots: await publishedSnapshots(database, WINDOW_DAYS),
    plan: { groups: groups.map(({ name }) => name), encodings },
    groups,
  });
  rows = rowWiseFeatures(await readWorld(database, WINDOW_DAYS), { encodings, evidenceKeys });
});
afterAll(() => temporary.dispose());

describe('the features of SQL and of plain code', () => {
  it('are of the same rows', () => {
    expect(matrix.rows).toBeGreaterThan(1500);
    expect(matrix.keys.ids).toEqual(rows.map(({ id }) => id));
    expect(Array.from(matrix.keys.processingDates)).toEqual(
      rows.map(({ date }) => Date.parse(date) / 86_400_000),
    );
  });

  it('are the same columns', () => {
    const names = matrix.columns.map(({ name }) => name).sort();
    for (const { values } of rows) expect(Object.keys(values).sort()).toEqual(names);
  });

  it.each(columnsOf(groups).map(({ group, name }) => [group, name]))(
    'are the same numbers: %s %s',
    (_, name) => {
      const found = valuesOf(name);
      const different = rows
        .map(({ date, id, address, values }, row) => ({
          ...{ date, id, address },
          expected: values[name] ?? 0,
          found: found[row] ?? 0,
        }))
        .filter(({ expected, found }) => !agree(expected, found));
      expect(different).toEqual([]);
      expect(found.some(Number.isFinite)).toBe(true);
      expect(new Set(found.filter(Number.isFinite)).size).toBeGreaterThan(1);
    },
  );
});

/** The same but for float32: both unknown, or equal to 1e-5 of the value, or to 1e-6 where it is small. */
function agree(expected: number, found: number): boolean {
  if (Number.isNaN(expected) || Number.isNaN(found)) return Number.isNaN(expected) && Number.isNaN(found);
  return Math.abs(expected - found) <= Math.max(1e-6, 1e-5 * Math.abs(expected));
}

function valuesOf(name: string): number[] {
  const column = matrix.columns.findIndex((candidate) => candidate.name === name);
  return Array.from(matrix.values.subarray(column * matrix.rows, (column + 1) * matrix.rows));
}
