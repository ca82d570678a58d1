import { assertSpecificationVersion, type FeatureGroup, type FeatureMatrix } from '@risk-scoring/contract';
import { check, checkSameBits } from '../conformance/check.ts';
import type { ConformanceCase } from '../conformance/conformance-case.ts';
import { checkSameRows, rowNames } from './matrix-rows.ts';

/** Computes a group's columns for the alerts of some snapshots, or for some of their alerts. */
export type ComputeFeatures = (dates: readonly string[], ids?: readonly string[]) => Promise<FeatureMatrix>;

/** A group under test, and the data to compute it on. */
export interface FeatureGroupSubject {
  readonly group: FeatureGroup;
  readonly compute: ComputeFeatures;
  /** Processing dates, `YYYY-MM-DD`, ascending. */
  readonly dates: readonly string[];
  /** How many alerts each date has; undefined where nobody says. */
  readonly rows: Readonly<Record<string, number>> | undefined;
  /** Columns that are NaN for every alert of the data. */
  readonly unknownColumns: readonly string[];
}

const kinds = ['numeric', 'boolean', 'categorical'];
const reserved = ['processing_date', 'alert_id', 'address_key', 'cluster_id', 'row_key'];

/** What every feature group promises. */
export const featureGroupCases: readonly ConformanceCase<FeatureGroupSubject>[] = [
  {
    name: 'carries the specification version',
    run: async ({ group }) => assertSpecificationVersion(group, 'FeatureGroup'),
  },
  {
    name: 'has a name, and columns that say what they mean and what NaN says',
    run: async ({ group }) => checkDeclaration(group),
  },
  {
    name: 'computes its declared columns, in their order',
    async run({ group, compute, dates }) {
      const { columns, values, rows } = await compute(dates);
      const found = columns.map((column) => `${column.group}.${column.name}`).join(', ');
      const expected = group.columns.map((column) => `${group.name}.${column.name}`).join(', ');
      check(found === expected, `columns ${found} instead of ${expected}; compute this group alone`);
      check(
        values.length === rows * columns.length,
        `${values.length} values for ${rows} rows of ${columns.length} columns`,
      );
    },
  },
  {
    name: 'gives each alert one row, and no row for another date',
    async run({ compute, dates, rows }) {
      const matrix = await compute(dates);
      check(matrix.rows > 0, 'no rows: the dates have no alerts');
      check(matrix.keys.ids.length === matrix.rows, `${matrix.keys.ids.length} ids for ${matrix.rows} rows`);
      const names = rowNames(matrix);
      check(
        new Set(names).size === names.length,
        `two rows for ${names.find((n, i) => names.indexOf(n) < i)}`,
      );
      const found = new Map<string, number>();
      for (const name of names) found.set(name.slice(0, 10), (found.get(name.slice(0, 10)) ?? 0) + 1);
      for (const date of found.keys())
        check(dates.includes(date), `a row for ${date}, which was not asked for`);
      for (const date of dates) {
        const expected = rows === undefined ? Math.max(1, found.get(date) ?? 0) : rows[date];
        check(
          found.get(date) === expected,
          `${found.get(date) ?? 0} rows for ${date} instead of ${expected ?? 'none: it is not among rows'}`,
        );
      }
    },
  },
  {
    name: 'gives numbers or NaN, and in every column some number',
    async run({ compute, dates, unknownColumns }) {
      const { values, rows, columns } = await compute(dates);
      columns.forEach(({ name }, column) => {
        const numbers = values.subarray(column * rows, (column + 1) * rows);
        const infinite = numbers.findIndex((value) => value === Infinity || value === -Infinity);
        check(infinite < 0, `${name} of row ${infinite} is ${numbers[infinite]}`);
        const known = numbers.some((value) => !Number.isNaN(value));
        const mayBeUnknown = unknownColumns.includes(name);
        check(known || mayBeUnknown, `${name} is NaN for every alert; see unknownColumns if the data is so`);
        check(!(known && mayBeUnknown), `${name} has numbers, although unknownColumns names it`);
      });
    },
  },
  {
    name: 'computes the same bits each time',
    async run({ compute, dates }) {
      const first = await compute(dates);
      for (const time of ['second', 'third']) {
        const again = await compute(dates);
        check(rowNames(again).join() === rowNames(first).join(), `the rows of the ${time} time are others`);
        checkSameBits(again.values, first.values, `the ${time} time`);
        check(again.schemaHash === first.schemaHash, `the ${time} time has another schema hash`);
      }
    },
  },
  {
    name: 'computes a snapshot alone as among others, so that it looks at no later one',
    async run({ compute, dates }) {
      check(dates.length > 1, 'the suite needs at least two dates: one alone shows nothing');
      const together = await compute(dates);
      for (const date of dates) {
        checkSameRows(await compute([date]), together, `the snapshot of ${date} alone`);
      }
      checkSameRows(await compute(dates.slice(0, -1)), together, 'all snapshots but the last');
    },
  },
  {
    name: 'computes some alerts as among all',
    async run({ compute, dates }) {
      for (const date of dates) {
        const all = await compute([date]);
        for (const ids of [all.keys.ids.filter((_, row) => row % 3 === 0), all.keys.ids.slice(-1)]) {
          const some = await compute([date], ids);
          check(some.rows === ids.length, `${some.rows} rows for ${ids.length} alerts of ${date}`);
          checkSameRows(some, all, `${ids.length} of ${all.rows} alerts of ${date}`);
        }
      }
    },
  },
];

function checkDeclaration({ name, columns }: FeatureGroup): void {
  check(/^[a-z][a-z0-9_-]*$/.test(name), `the name '${name}' has other signs than a-z, 0-9, - and _`);
  check(columns.length > 0, 'it declares no columns');
  const names = columns.map((column) => column.name);
  for (const [index, column] of columns.entries()) {
    check(/^[a-z_][a-z0-9_]*$/i.test(column.name), `the column name '${column.name}' needs quotes in SQL`);
    check(!reserved.includes(column.name), `the column ${column.name} has the name of a key`);
    check(names.indexOf(column.name) === index, `the column ${column.name} is declared twice`);
    check(kinds.includes(column.kind), `the column ${column.name} has the kind '${column.kind}'`);
    check(column.meaning.trim() !== '', `the column ${column.name} does not say what it means`);
    check(column.missing.trim() !== '', `the column ${column.name} does not say what NaN says`);
    check(
      column.absent === undefined || Number.isFinite(column.absent),
      `absent of ${column.name} is ${column.absent}, which is no number`,
    );
  }
}
