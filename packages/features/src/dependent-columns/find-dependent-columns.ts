import { type FeatureGroup, throwIfCancelled } from '@risk-scoring/contract';
import { type Database, publishedBatches } from '@risk-scoring/storage';
import { columnsOf, type FeaturePlan, groupsOfPlan } from '../catalogue.ts';
import { withoutColumns } from '../excluded-columns.ts';
import { checkFeatureGroup } from '../extension/index.ts';
import { isOwn } from '../groups/own-groups.ts';
import { ALL_LABELS, applyVisibility } from '../label-visibility.ts';
import { datesOf, type FeatureSnapshot } from '../matrix/chunks.ts';
import {
  ClusterGroupError,
  FeatureAlignmentError,
  FeatureSqlError,
  SnapshotsReplacedError,
} from '../matrix/errors.ts';
import { type FillOptions, fillMatrix } from '../matrix/fill-matrix.ts';
import { allocate, assertAscending, placeGroups } from '../matrix/layout.ts';
import { assertOthersUnchanged, findOtherNetworks } from '../other-networks.ts';
import type { Alteration } from '../relations/alterations.ts';
import { alteredColumns, type RawColumns } from './altered-columns.ts';
import { latestSnapshots } from './latest-snapshots.ts';
import { maySee } from './may-see.ts';

/** Options of {@link findDependentColumns}. */
export interface DependenceOptions {
  /** Those of the matrix, in its order; the latest of them are computed. */
  readonly snapshots: readonly FeatureSnapshot[];
  /** The groups and their encodings. What it excludes is looked at, too. */
  readonly plan: FeaturePlan;
  /** Where the plan's groups are found; those of this package by default. */
  readonly groups?: readonly FeatureGroup[];
  /** The raw columns, as a label strategy names those that its labels are made of. */
  readonly definedBy: RawColumns;
  /** `YYYY-MM-DD`: only a dependence on rows of later processing dates is looked for. */
  readonly after?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/**
 * How columns are altered, one way after another: four times all rows get the same value, from the smallest to the largest (whatever a threshold or
 * an extreme among rows is, one of these moves it), and twice each row gets one of its own, which tells apart what was equal.
 */
const WAYS: readonly Alteration['how'][] = [
  { place: 0 },
  { place: 1 },
  { seed: 1 },
  { place: 1 / 3 },
  { place: 2 / 3 },
  { seed: 2 },
];

/**
 * Finds the columns that depend on some raw columns, on whatever path: directly, through aggregates, neighbours, clusters or earlier
 * snapshots. It computes the groups as they are and again with the raw columns altered in all that the groups read of this database; a column that
 * then differs in any row, in any bit, depends on them. So it needs to know nothing of a group but its SQL.
 *
 * What it cannot see: a dependence that only shows in rows before the latest 50,000 or with values that no alteration brought about, and rows of other
 * networks' databases, which stay as they are. A column that cannot be computed any more, or whose rows are others, counts as dependent.
 *
 * @returns their names, in matrix order; none where no group can see a raw column
 * @throws {InvalidInputError} for a table or column that is not there or that rows are known by, or a group that does not exist
 * @throws {FeatureGroupError} for a group of others that cannot be used
 * @throws {SnapshotsReplacedError} when a snapshot was published meanwhile
 * @throws {CancelledError} soon after the signal aborts
 * @example
 * const excluded = await findDependentColumns(database, { snapshots, plan, definedBy: { alerts: ['severity'] } });
 * planOf(DEFAULT_GROUPS, encodings, excluded); // without severity_encoded
 */
export async function findDependentColumns(
  database: Database,
  options: DependenceOptions,
): Promise<string[]> {
  const { definedBy, after, signal, onProgress } = options;
  const groups = groupsOfPlan(options.plan, options.groups);
  const per = rowsOf(groups);
  const snapshots = latestSnapshots(options.snapshots);
  const pin = assertAscending(snapshots);
  const batches = await publishedBatches(database, pin);
  const labels = await applyVisibility(database, ALL_LABELS);
  const scope = { dates: datesOf(snapshots), ...pin, batches, labels, otherNetworks: [] };
  const columns = await alteredColumns(database, definedBy, { scope, signal });
  const suspects = groups.filter((group) => maySee(group, columns));
  for (const group of suspects) if (!isOwn(group)) await checkFeatureGroup(database, group);

  const networks = [...new Set(suspects.flatMap(({ otherNetworks }) => otherNetworks ?? []))];
  const otherNetworks = networks.length > 0 ? await findOtherNetworks(database, { ...pin, networks }) : [];
  const compute = async (some: readonly FeatureGroup[], alteration?: Alteration) => {
    throwIfCancelled(signal, 'looking for features that depend on what labels are made of');
    const computed = await computeColumns(database, some, {
      per,
      snapshots,
      encodings: options.plan.encodings,
      labels,
      otherNetworks,
      alteration,
      signal,
    });
    if (computed.mark !== batches.mark) throw new SnapshotsReplacedError(pin);
    return computed.columns;
  };
  const dependent = new Set<string>();
  if (suspects.length > 0) {
    const before = await compute(suspects);
    for (const [done, how] of WAYS.entries()) {
      onProgress?.({ done, total: WAYS.length });
      const names = await changedColumns(left(suspects, dependent), before, (some) =>
        compute(some, { columns, how, after }),
      );
      for (const name of names) dependent.add(name);
    }
    onProgress?.({ done: WAYS.length, total: WAYS.length });
    await assertOthersUnchanged(database, otherNetworks, pin);
  }
  return columnsOf(groups).flatMap(({ name }) => (dependent.has(name) ? [name] : []));
}

/** Columns as they were computed, by their names. The numbers are bits, so that NaN equals NaN. */
type Computed = ReadonlyMap<string, Uint32Array>;

async function computeColumns(
  database: Database,
  groups: readonly FeatureGroup[],
  options: Omit<FillOptions, 'values' | 'rows' | 'groups'>,
): Promise<{ columns: Computed; mark: string }> {
  const columns = columnsOf(groups);
  const rows = options.snapshots.reduce((sum, snapshot) => sum + snapshot.rows, 0);
  const values = allocate(rows, columns.length);
  const { mark } = await fillMatrix(database, { ...options, values, rows, groups: placeGroups(groups) });
  const bits = new Uint32Array(values.buffer);
  return {
    columns: new Map(columns.map(({ name }, at) => [name, bits.subarray(at * rows, (at + 1) * rows)])),
    mark,
  };
}

/**
 * The columns that differ from what they were. Where altered rows make a group fail, its columns are tried one by one: the engine then computes that
 * one only, and one that fails alone depends on what was altered.
 */
async function changedColumns(
  groups: readonly FeatureGroup[],
  before: Computed,
  compute: (groups: readonly FeatureGroup[]) => Promise<Computed>,
): Promise<string[]> {
  if (groups.length === 0) return [];
  try {
    const after = await compute(groups);
    return [...after].flatMap(([name, bits]) => (same(bits, before.get(name)) ? [] : [name]));
  } catch (error) {
    if (!(error instanceof FeatureSqlError || error instanceof FeatureAlignmentError)) throw error;
    const smaller = groups.length > 1 ? groups.map((group) => [group]) : oneByOne(groups);
    if (smaller.length === 1) return columnsOf(groups).map(({ name }) => name);
    const names: string[] = [];
    for (const some of smaller) names.push(...(await changedColumns(some, before, compute)));
    return names;
  }
}

function oneByOne(groups: readonly FeatureGroup[]): FeatureGroup[][] {
  const names = columnsOf(groups).map(({ name }) => name);
  return names.map((kept) =>
    withoutColumns(
      groups,
      names.filter((name) => name !== kept),
    ),
  );
}

function same(bits: Uint32Array, others: Uint32Array | undefined): boolean {
  return others !== undefined && bits.every((word, row) => word === others[row]);
}

/** The groups without the columns that are known to depend. */
function left(groups: readonly FeatureGroup[], dependent: ReadonlySet<string>): FeatureGroup[] {
  const some = groups.filter(({ columns }) => columns.some(({ name }) => !dependent.has(name)));
  const excluded = columnsOf(some).flatMap(({ name }) => (dependent.has(name) ? [name] : []));
  return withoutColumns(some, excluded);
}

/** What the rows of some groups are about. */
function rowsOf(groups: readonly FeatureGroup[]): FillOptions['per'] {
  const aboutClusters = groups.filter(({ per }) => per === 'cluster');
  if (aboutClusters.length === 0) return 'alert';
  if (aboutClusters.length === groups.length) return 'cluster';
  throw new ClusterGroupError(aboutClusters[0]?.name ?? '');
}
