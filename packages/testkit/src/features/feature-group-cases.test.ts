import { createRandom, type FeatureGroup, type FeatureMatrix } from '@risk-scoring/contract';
import { describeSuiteTrial } from '../testing/mutants.ts';
import { describeFeatureGroup } from './describe-feature-group.ts';
import { type FeatureGroupSubject, featureGroupCases } from './feature-group-cases.ts';

interface Alert {
  readonly date: string;
  readonly id: string;
  readonly address: string;
  readonly volume: number;
}

const dates = ['2025-02-03', '2025-02-10', '2025-02-17'];
const draw = createRandom(1, 'feature-group-cases');
const alerts: readonly Alert[] = dates.flatMap((date, week) =>
  Array.from({ length: 12 + week }, (_, index) => ({
    date,
    id: `a${index}`,
    address: `0x${index % 5}`,
    volume: draw.next() * 10 ** (index % 7),
  })),
);
const rows = { '2025-02-03': 12, '2025-02-10': 13, '2025-02-17': 14 };

const group: FeatureGroup = {
  specificationVersion: 'v1',
  name: 'volumes',
  per: 'alert',
  severalSnapshots: true,
  columns: [
    { name: 'volume_so_far', kind: 'numeric', meaning: 'volume up to now', unit: 'USD', missing: 'never' },
    { name: 'seen_before', kind: 'numeric', meaning: 'alerts before', missing: 'none before' },
  ],
  sql: 'SELECT processing_date, alert_id, … FROM alerts',
};

type Features = (alert: Alert, visible: readonly Alert[]) => number[];

/** The volume up to the alert's date, always summed in the same order, and the alerts of earlier dates. */
const features: Features = ({ address, date }, visible) => {
  const own = visible.filter((other) => other.address === address && other.date <= date);
  const before = own.filter((other) => other.date < date).length;
  return [own.reduce((sum, { volume }) => sum + volume, 0), before === 0 ? Number.NaN : before];
};

function matrixOf(wanted: readonly Alert[], visible: readonly Alert[], how: Features): FeatureMatrix {
  const values = wanted.map((alert) => how(alert, visible));
  return {
    values: Float32Array.from(group.columns.flatMap((_, column) => values.map((row) => row[column] ?? 0))),
    rows: wanted.length,
    columns: group.columns.map((column) => ({ ...column, group: group.name })),
    keys: {
      processingDates: Int32Array.from(wanted, ({ date }) => Date.parse(date) / 86_400_000),
      ids: wanted.map(({ id }) => id),
    },
    splitGroups: Int32Array.from(wanted, ({ address }) => Number(address.slice(2))),
    splitGroupNames: ['0x0', '0x1', '0x2', '0x3', '0x4'],
    queryIds: Int32Array.from(wanted, ({ date }) => dates.indexOf(date)),
    schemaHash: 'hash',
  };
}

/** As the pipeline does: a group sees the snapshots asked for and all before, those of a partial run whole. */
function computing(how: Features, pick = (_: Alert): boolean => true): FeatureGroupSubject['compute'] {
  return async (asked, ids) => {
    const last = asked.at(-1) ?? '';
    const wanted = alerts.filter(
      (alert) => asked.includes(alert.date) && (ids?.includes(alert.id) ?? true) && pick(alert),
    );
    return matrixOf(
      wanted,
      alerts.filter((alert) => alert.date <= last),
      how,
    );
  };
}

const sound: FeatureGroupSubject = { group, compute: computing(features), dates, rows, unknownColumns: [] };

function mutant(what: string, change: Partial<FeatureGroupSubject>, noticedBy: string[]) {
  return { what, subject: { ...sound, ...change }, noticedBy };
}

/** The sound matrix, changed afterwards. */
const changing =
  (change: (matrix: FeatureMatrix, ids: readonly string[] | undefined) => FeatureMatrix) =>
  async (asked: readonly string[], ids?: readonly string[]) =>
    change(await sound.compute(asked, ids), ids);

const declaring = (change: object): Partial<FeatureGroupSubject> => ({
  group: { ...group, ...change } as FeatureGroup,
});
const declaringColumn = (change: object) =>
  declaring({ columns: [{ ...group.columns[0], ...change }, group.columns[1]] });

const declaration = 'has a name, and columns that say what they mean and what NaN says';
const columns = 'computes its declared columns, in their order';
const onePerAlert = 'gives each alert one row, and no row for another date';
const numbers = 'gives numbers or NaN, and in every column some number';
const sameBits = 'computes the same bits each time';
const alone = 'computes a snapshot alone as among others, so that it looks at no later one';
const some = 'computes some alerts as among all';
const unordered = createRandom(2, 'order');

describeSuiteTrial('featureGroupCases', {
  cases: featureGroupCases,
  sound,
  mutants: [
    mutant('another specification version', declaring({ specificationVersion: 'v0' }), [
      'carries the specification version',
    ]),
    mutant('a name with capitals', declaring({ name: 'Volumes' }), [declaration]),
    mutant('no columns', declaring({ columns: [] }), [declaration]),
    mutant('a column name that needs quotes', declaringColumn({ name: 'volume so far' }), [declaration]),
    mutant('a column with the name of a key', declaringColumn({ name: 'alert_id' }), [declaration]),
    mutant('a column twice', declaringColumn({ name: 'seen_before' }), [declaration, columns]),
    mutant('an unknown kind', declaringColumn({ kind: 'text' }), [declaration]),
    mutant('a column without a meaning', declaringColumn({ meaning: ' ' }), [declaration]),
    mutant('a column that does not say what NaN says', declaringColumn({ missing: '' }), [declaration]),
    mutant('an absent that is no number', declaringColumn({ absent: Number.NaN }), [declaration]),
    mutant(
      'columns in another order',
      { compute: changing((matrix) => ({ ...matrix, columns: matrix.columns.toReversed() })) },
      [columns],
    ),
    mutant(
      'too few values',
      { compute: changing((matrix) => ({ ...matrix, values: matrix.values.subarray(1) })) },
      [columns],
    ),
    mutant('a missing alert', { compute: computing(features, ({ id }) => id !== 'a3') }, [onePerAlert]),
    mutant(
      'a missing alert where all were asked for, though nobody says how many there are',
      {
        rows: undefined,
        compute: changing((matrix, ids) =>
          ids === undefined ? matrix : { ...matrix, rows: matrix.rows - 1 },
        ),
      },
      [some],
    ),
    mutant(
      'a snapshot without rows, though nobody says how many there are',
      { rows: undefined, compute: computing(features, ({ date }) => date !== '2025-02-10') },
      [onePerAlert],
    ),
    mutant('no rows', { compute: computing(features, () => false) }, [onePerAlert]),
    mutant(
      'an alert twice',
      {
        compute: async (asked, ids) => {
          const wanted = alerts.filter(({ date, id }) => asked.includes(date) && (ids?.includes(id) ?? true));
          return matrixOf([...wanted, ...wanted.slice(0, 1)], alerts, features);
        },
      },
      [onePerAlert],
    ),
    mutant('rows of another date', { dates: dates.slice(1), compute: () => sound.compute(dates) }, [
      onePerAlert,
    ]),
    mutant('a number that is infinite', { compute: computing(() => [Number.POSITIVE_INFINITY, 1]) }, [
      numbers,
    ]),
    mutant('a column that is always unknown', { compute: computing(() => [1, Number.NaN]) }, [numbers]),
    mutant('a known column that is said to be unknown', { unknownColumns: ['seen_before'] }, [numbers]),
    mutant(
      'sums of floats in the order of the rows, which is none',
      {
        compute: computing((_, visible) => [
          unordered.shuffle([...visible]).reduce((sum, { volume }) => Math.fround(sum + volume), 0),
          1,
        ]),
      },
      [sameBits],
    ),
    mutant('a number of the clock', { compute: computing(() => [performance.now(), 1]) }, [sameBits]),
    mutant(
      'rows in another order each time',
      {
        compute: changing((matrix) => {
          const ids = matrix.keys.ids.toSorted(() => unordered.next() - 0.5);
          return { ...matrix, keys: { ...matrix.keys, ids } };
        }),
      },
      [sameBits],
    ),
    mutant(
      'another schema hash each time',
      { compute: changing((matrix) => ({ ...matrix, schemaHash: `${unordered.next()}` })) },
      [sameBits],
    ),
    mutant(
      'a look ahead',
      {
        compute: computing(({ address }, visible) => [
          1,
          visible.filter((o) => o.address === address).length,
        ]),
      },
      [alone],
    ),
    mutant('one date, which shows nothing', { dates: dates.slice(0, 1) }, [alone]),
    mutant(
      'a count of the alerts asked for',
      {
        compute: changing((matrix, ids) => ({
          ...matrix,
          values: matrix.values.map((v) => v + (ids?.length ?? 0)),
        })),
      },
      [some],
    ),
  ],
});

// The suite as an implementer calls it.
describeFeatureGroup('a feature group', { group, compute: computing(features), dates });

describeFeatureGroup('a feature group that looks ahead', {
  group,
  dates,
  rows,
  compute: computing((_, visible) => [visible.length, 1]),
  knownFailures: { [alone]: 'it counts all alerts that there are' },
});
