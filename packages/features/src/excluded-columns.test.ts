import { type FeatureGroup, type FeatureMatrix, InvalidInputError } from '@risk-scoring/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFeatureMatrix, recomputeLabelColumns } from './build-matrix.ts';
import { ALL_GROUPS, columnsOf, DEFAULT_GROUPS, type FeaturePlan, planOf, schemaHash } from './catalogue.ts';
import { withoutColumns } from './excluded-columns.ts';
import type { FeatureSnapshot } from './matrix/chunks.ts';
import { NoFeaturesLeftError } from './matrix/errors.ts';
import { columnOf } from './testing/compare-bits.ts';
import {
  publishedSnapshots,
  type TemporaryDatabase,
  temporaryDatabase,
} from './testing/simulated-database.ts';

const encodings = { typology: ['fan_in', 'fan_out'], suspected_address_type: ['unknown', 'wallet'] };
/** Some of a group per alert, of one per address with absent values, and of one from labels; all of another one. */
const away = [
  'risky_peer_share',
  ...columnsOf(ALL_GROUPS.filter(({ name }) => name === 'history')).map(({ name }) => name),
  'in_cluster',
  'severity_encoded',
  'typology_encoded',
];
const theirs: FeatureGroup = {
  specificationVersion: 'v1',
  name: 'theirs',
  per: 'alert',
  columns: ['id_length', 'level'].map((name) => ({
    name,
    kind: 'numeric',
    meaning: name,
    missing: 'never missing',
  })),
  sql: 'SELECT processing_date, alert_id, length(severity) AS level, length(alert_id) AS id_length FROM alerts',
};

let temporary: TemporaryDatabase;
let snapshots: FeatureSnapshot[];

beforeAll(async () => {
  temporary = await temporaryDatabase({ seed: 4, alerts: 300, snapshots: 2 });
  snapshots = await publishedSnapshots(temporary.database, 30);
});
afterAll(() => temporary.dispose());

const build = (plan: FeaturePlan): Promise<FeatureMatrix> =>
  buildFeatureMatrix(temporary.database, { snapshots, plan });

/** Checks that a matrix is another one without some columns, bit by bit. */
function expectWithout(part: FeatureMatrix, whole: FeatureMatrix, excluded: readonly string[]): void {
  expect(part.columns).toEqual(whole.columns.filter(({ name }) => !excluded.includes(name)));
  expect(part.values).toHaveLength(part.rows * part.columns.length);
  for (const { name } of part.columns) expect(columnOf(part, name), name).toEqual(columnOf(whole, name));
  expect(part.keys).toEqual(whole.keys);
}

describe('a plan that excludes columns', () => {
  it('gives the whole matrix without them, and another hash', async () => {
    const whole = await build(planOf(ALL_GROUPS, encodings));
    const part = await build(planOf(ALL_GROUPS, encodings, away));
    expectWithout(part, whole, away);
    expect(part.schemaHash).not.toBe(whole.schemaHash);
    expect(part.schemaHash).not.toBe((await build(planOf(ALL_GROUPS, encodings, away.slice(1)))).schemaHash);
    expect(part.schemaHash).toBe(schemaHash(ALL_GROUPS, encodings, away));
  });

  it('names them in the order of the matrix, each once, and only where there are any', () => {
    const names = columnsOf(ALL_GROUPS).map(({ name }) => name);
    expect(planOf(ALL_GROUPS, encodings, [...away, ...away]).excluded).toEqual(
      names.filter((name) => away.includes(name)),
    );
    expect(planOf(ALL_GROUPS, encodings, [])).toEqual(planOf(ALL_GROUPS, encodings));
    expect(planOf(ALL_GROUPS, encodings)).not.toHaveProperty('excluded');
    expect(schemaHash(DEFAULT_GROUPS, encodings, [])).toBe(schemaHash(DEFAULT_GROUPS, encodings));
    expect(withoutColumns(DEFAULT_GROUPS)).toEqual(DEFAULT_GROUPS);
  });

  it('is the same after it was written down and read again, groups of others included', async () => {
    const groups = [...DEFAULT_GROUPS, theirs];
    const plan = planOf(groups, encodings, ['level', 'severity_encoded']);
    const read: FeaturePlan = JSON.parse(JSON.stringify(plan));
    const [now, then] = [await build(plan), await build(read)];
    expect(then.schemaHash).toBe(now.schemaHash);
    expect(then.values).toEqual(now.values);
    expectWithout(then, await build(planOf(groups, encodings)), ['level', 'severity_encoded']);
  });

  it('computes the columns that come from labels in their places', async () => {
    const labels = { hidden: [], folds: 3 };
    const options = { snapshots, plan: planOf(ALL_GROUPS, encodings, away) };
    const matrix = await build(options.plan);
    await recomputeLabelColumns(temporary.database, matrix, { ...options, labels });
    const anew = await buildFeatureMatrix(temporary.database, { ...options, labels });
    expect(matrix.values).toEqual(anew.values);
    expect(columnOf(anew, 'labelled_peers')).not.toEqual(
      columnOf(await build(options.plan), 'labelled_peers'),
    );

    const blind = columnsOf(ALL_GROUPS.filter(({ readsLabels }) => readsLabels)).map(({ name }) => name);
    const without = { snapshots, plan: planOf(ALL_GROUPS, encodings, blind) };
    const before = await build(without.plan);
    const values = before.values.slice();
    await recomputeLabelColumns(temporary.database, before, { ...without, labels });
    expect(before.values).toEqual(values);
  });

  it('may not name what is not there, nor everything', async () => {
    const error = (work: () => unknown) => {
      try {
        return work();
      } catch (thrown) {
        return thrown;
      }
    };
    const unknown = error(() => planOf(DEFAULT_GROUPS, encodings, ['severity_encoded', 'severity_encode']));
    expect(unknown).toBeInstanceOf(InvalidInputError);
    expect((unknown as InvalidInputError).message).toMatch(/severity_encode.*severity_encoded/s);
    const stale = { ...planOf(DEFAULT_GROUPS, encodings), excluded: ['risky_peer_share'] };
    await expect(build(stale)).rejects.toThrow(InvalidInputError);
    const all = columnsOf(DEFAULT_GROUPS).map(({ name }) => name);
    expect(error(() => planOf(DEFAULT_GROUPS, encodings, all))).toBeInstanceOf(NoFeaturesLeftError);
    await expect(build({ ...planOf(DEFAULT_GROUPS, encodings), excluded: all })).rejects.toThrow(
      NoFeaturesLeftError,
    );
  });
});
