import { addressKey, type FeatureMatrix } from '@risk-scoring/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recomputeLabelColumns } from './build-matrix.ts';
import type { LabelVisibility } from './label-visibility.ts';
import { differences } from './testing/compare-bits.ts';
import {
  publishedSnapshots,
  type TemporaryDatabase,
  temporaryDatabase,
} from './testing/simulated-database.ts';
import { EVERY_GROUP, SmallWorldDatabase } from './testing/small-world-database.ts';
import { ADDRESSES, DATES, type SmallRow, type SmallWorld, sampleWorlds } from './testing/small-worlds.ts';

const [FRIDAY, SATURDAY, MONDAY] = DATES;
const [WORLD, OTHER] = sampleWorlds(7);
const plan = { ...EVERY_GROUP, groups: ['label-neighbourhood'] };

let temporary: TemporaryDatabase;
let worlds: SmallWorldDatabase;

beforeAll(async () => {
  temporary = await temporaryDatabase();
  worlds = new SmallWorldDatabase(temporary.database);
});
afterAll(() => temporary.dispose());

/** The label features of a world's rows. */
async function labelsOf(world: SmallWorld, labels?: LabelVisibility): Promise<FeatureMatrix> {
  return worlds.matrixOf({ ...world, raw_features: [] }, labels ? { plan, labels } : { plan });
}

function withLabels(world: SmallWorld, labels: readonly SmallRow[]): SmallWorld {
  return { ...world, raw_address_labels: labels };
}

/** A world with other labels for one address: safe, risky, none. */
function relabelled(world: SmallWorld, address: string): SmallWorld[] {
  const others = world.raw_address_labels.filter((row) => addressKey(String(row.address)) !== address);
  const sure = { address, network: 'simnet', label: 'report', confidence_score: 1, source: 'third' };
  const [safe = [], risky = []] = ['low', 'critical'].map((risk_level) =>
    DATES.map((processing_date) => ({ ...sure, processing_date, risk_level })),
  );
  return [[...others, ...safe], [...others, ...risky], others].map((labels) => withLabels(world, labels));
}

describe('features from labels', () => {
  it('never come from the row’s own address, but do from its neighbours’', async () => {
    const before = await labelsOf(WORLD);
    for (const address of [ADDRESSES[0], ADDRESSES[1], 'bc1qab']) {
      const changedRows = new Set<string>();
      for (const other of relabelled(WORLD, address)) {
        for (const row of differences(before, await labelsOf(other)))
          changedRows.add(addressKey(row.address));
      }
      expect(changedRows).not.toContain(address);
      expect(changedRows.size).toBeGreaterThan(1);
    }
  });

  it('leave all other groups alone', async () => {
    const found = differences(await worlds.matrixOf(WORLD), await worlds.matrixOf(withLabels(WORLD, [])));
    expect(new Set(found.map(({ group }) => group))).toEqual(new Set(['label-neighbourhood']));
  });

  it('never come from hidden addresses, however they are spelled', async () => {
    const labels = { hidden: ['0xAB01', 'bc1qab'], folds: 0 };
    const before = await labelsOf(WORLD, labels);
    for (const address of ['0xab01', 'bc1qab']) {
      for (const other of relabelled(WORLD, address)) {
        expect(differences(before, await labelsOf(other, labels))).toEqual([]);
      }
    }
    // Hidden ones see the others, and only those two are hidden.
    const seen = new Set<string>();
    for (const other of relabelled(WORLD, 'bc1qAB')) {
      for (const row of differences(before, await labelsOf(other, labels))) seen.add(addressKey(row.address));
    }
    expect(seen).toContain('0xab01');
  });

  it('never come from a later date', async () => {
    const before = await labelsOf(WORLD);
    const until = WORLD.raw_address_labels.filter((row) => row.processing_date <= SATURDAY);
    const later = OTHER.raw_address_labels.map((row) => ({
      ...row,
      processing_date: MONDAY,
      confidence_score: 1,
    }));
    const found = differences(before, await labelsOf(withLabels(WORLD, [...until, ...later])));
    expect(new Set(found.map(({ date }) => date))).toEqual(new Set([MONDAY]));
    const early = [...until, ...later.map((row) => ({ ...row, processing_date: '2025-01-20' }))];
    const dates = differences(before, await labelsOf(withLabels(WORLD, early))).map(({ date }) => date);
    expect(dates).toContain(FRIDAY);
  });

  it('never come from an address of the row’s own fold, and do from other folds', async () => {
    const labels = { hidden: [], folds: 2 };
    const folds = await foldsOf(2);
    expect(new Set(folds.values())).toEqual(new Set([0, 1]));
    const before = await labelsOf(WORLD, labels);
    for (const address of ADDRESSES.slice(0, 4)) {
      const changedFolds = new Set<number | undefined>();
      for (const other of relabelled(WORLD, address).slice(0, 2)) {
        for (const row of differences(before, await labelsOf(other, labels))) {
          changedFolds.add(folds.get(addressKey(row.address)));
        }
      }
      expect([...changedFolds]).toEqual([1 - (folds.get(address) ?? 0)]);
    }
  });

  it('of hidden addresses come from every fold', async () => {
    const hidden = ADDRESSES.slice(0, 4);
    const ofHidden = (matrix: FeatureMatrix, other: FeatureMatrix) =>
      differences(matrix, other).filter((row) =>
        hidden.some((address) => address === addressKey(row.address)),
      );
    const inFolds = await labelsOf(WORLD, { hidden, folds: 2 });
    expect(ofHidden(await labelsOf(WORLD, { hidden, folds: 0 }), inFolds)).toEqual([]);
    expect(differences(await labelsOf(WORLD, { hidden, folds: 0 }), inFolds).length).toBeGreaterThan(0);
  });

  it('are the same bits for the same visibility, whichever snapshots are asked for', async () => {
    const windowDays = await worlds.insert(WORLD);
    const snapshots = await publishedSnapshots(temporary.database, windowDays);
    for (const labels of [
      { hidden: ['0xab02', '0xab04'], folds: 3 },
      { hidden: [], folds: 0 },
    ]) {
      const whole = await worlds.build(windowDays, { plan, labels });
      for (const some of [snapshots, snapshots.slice(1), snapshots.slice(0, 1)]) {
        const part = await worlds.build(windowDays, { plan, labels, snapshots: some });
        expect(differences(whole, part)).toEqual([]);
      }
    }
  });

  it('are computed anew in place as in a fresh build', async () => {
    const labels = { hidden: ['0xab01', '0xab02', '0xab03'], folds: 2 };
    const windowDays = await worlds.insert(WORLD);
    const snapshots = await publishedSnapshots(temporary.database, windowDays);
    const matrix = await worlds.build(windowDays, { snapshots });
    const before = { ...matrix, values: matrix.values.slice() };
    const options = { snapshots, plan: EVERY_GROUP, labels };
    await recomputeLabelColumns(temporary.database, matrix, options);
    const groups = differences(before, matrix).map(({ group }) => group);
    expect(new Set(groups)).toEqual(new Set(['label-neighbourhood']));
    expect(differences(matrix, await worlds.build(windowDays, options))).toEqual([]);
  });
});

/** The fold of each address. */
async function foldsOf(folds: number): Promise<Map<string, number>> {
  await worlds.insert(WORLD);
  const rows = await temporary.database.query<{ address: string; fold: number }>({
    sql: `SELECT DISTINCT from_address AS address, toUInt32(toUInt64(from_key) % {folds:UInt64}) AS fold
FROM raw_money_flows
WHERE from_address IN {addresses:Array(String)}`,
    params: { folds, addresses: [...ADDRESSES] },
    doing: 'reading the folds',
  });
  return new Map(rows.map(({ address, fold }) => [address, fold]));
}
