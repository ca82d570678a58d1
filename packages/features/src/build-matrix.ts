import { type FeatureGroup, type FeatureMatrix, InvalidInputError } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { Table } from 'apache-arrow';
import { type AlertRows, readAlertRows } from './alert-rows.ts';
import { ALL_GROUPS, columnsOf, type FeaturePlan, groupsOfPlan, schemaHash } from './catalogue.ts';
import { withoutColumns } from './excluded-columns.ts';
import { checkFeatureGroup } from './extension/index.ts';
import { ALL_LABELS, applyVisibility, type LabelVisibility } from './label-visibility.ts';
import type { FeatureSnapshot } from './matrix/chunks.ts';
import { ClusterGroupError } from './matrix/errors.ts';
import { type FeatureProgress, type FillOptions, fillMatrix } from './matrix/fill-matrix.ts';
import { allocate, assertAscending, inOrder, type NamedRows, placeGroups } from './matrix/layout.ts';
import { assertOthersUnchanged, findOtherNetworks } from './other-networks.ts';

/** Options of {@link buildFeatureMatrix}. */
export interface BuildOptions {
  /** In the order of the matrix's rows. */
  readonly snapshots: readonly FeatureSnapshot[];
  readonly plan: FeaturePlan;
  /** Where the plan's groups are found; those of this package by default. */
  readonly groups?: readonly FeatureGroup[];
  /** Which labels groups may see that read them; every label of another address by default, as in scoring. */
  readonly labels?: LabelVisibility;
  /** Ids and addresses of the rows, where they were read before; they are read otherwise. */
  readonly rows?: AlertRows;
  /** Where to put the values, from the start on, in place of memory of their own: for whoever builds one matrix after another. */
  readonly into?: Float32Array;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FeatureProgress) => void;
}

/**
 * Computes the features of every alert of some snapshots, in ClickHouse, one group a query and a few snapshots at a time.
 * Training and scoring both call this, so a row's features are the same bits in both.
 *
 * @param options snapshots must be of one window and in ascending order
 * @returns rows by processing date, then alert_id; values column-major on a SharedArrayBuffer
 * @throws {FeatureGroupError} for a group of others that cannot be used; it is checked before it runs
 * @throws {FeatureAlignmentError} when a group's rows are not exactly the snapshots' alerts
 * @throws {DuplicateFeaturesError} when raw_features has two rows for one address
 * @throws {SnapshotsReplacedError} when a snapshot was published meanwhile, here or on another network that a group reads
 * @throws {InvalidInputError} for memory that is too small, snapshots out of order, a group that does not exist or is about clusters, or an excluded column that no group has
 * @throws {NoFeaturesLeftError} when the plan excludes every column
 * @throws {CancelledError} soon after the signal aborts
 * @example
 * const matrix = await buildFeatureMatrix(database, { snapshots, plan: { groups: ['alert'], encodings } });
 * matrix.values[column * matrix.rows + row];
 */
export async function buildFeatureMatrix(database: Database, options: BuildOptions): Promise<FeatureMatrix> {
  const { snapshots, plan } = options;
  assertAscending(snapshots);
  const groups = groupsOfPlan(plan, options.groups);
  for (const group of groups) {
    if (group.per === 'cluster') throw new ClusterGroupError(group.name);
    if (!ALL_GROUPS.includes(group)) await checkFeatureGroup(database, group);
  }
  const kept = withoutColumns(groups, plan.excluded);
  const columns = columnsOf(kept);
  const rows = snapshots.reduce((sum, snapshot) => sum + snapshot.rows, 0);
  const values = options.into?.subarray(0, rows * columns.length) ?? allocate(rows, columns.length);
  if (values.length !== rows * columns.length) {
    throw new InvalidInputError({
      what: 'The memory to build a matrix in',
      expected: `room for ${rows} × ${columns.length} values`,
      found: `${values.length}`,
    });
  }
  const names: NamedRows[] = [];
  await fill(database, options, {
    values,
    rows,
    groups: placeGroups(kept),
    onRows: options.rows ? undefined : (batch, firstRow) => names.push({ firstRow, batch }),
  });
  return {
    values,
    rows,
    columns,
    ...(options.rows ?? readAlertRows(new Table(inOrder(names)))),
    schemaHash: schemaHash(kept, plan.encodings),
  };
}

/**
 * Computes the columns anew that come from labels, in place: for the next fold of a cross-validation, which may see others.
 *
 * @param matrix from {@link buildFeatureMatrix} with the same snapshots, plan and groups; one without such columns stays as it is
 * @throws {SnapshotsReplacedError | CancelledError} as buildFeatureMatrix does; the columns are then of neither fold
 * @example
 * await recomputeLabelColumns(database, matrix, { ...options, labels: { hidden: addressesOfFold, folds: 5 } });
 */
export async function recomputeLabelColumns(
  database: Database,
  matrix: FeatureMatrix,
  options: BuildOptions & { readonly labels: LabelVisibility },
): Promise<void> {
  const { values, rows } = matrix;
  const { plan } = options;
  const all = placeGroups(withoutColumns(groupsOfPlan(plan, options.groups), plan.excluded));
  const groups = all.filter(({ group }) => group.readsLabels);
  if (groups.length > 0) await fill(database, options, { values, rows, groups });
}

/** Fills some groups' columns, and sees to it that neither this database nor other networks' changed meanwhile. */
async function fill(
  database: Database,
  { snapshots, plan, labels = ALL_LABELS, onProgress, signal }: BuildOptions,
  target: Pick<FillOptions, 'values' | 'rows' | 'groups' | 'onRows'>,
): Promise<void> {
  const pin = assertAscending(snapshots);
  const networks = [...new Set(target.groups.flatMap(({ group }) => group.otherNetworks ?? []))];
  const otherNetworks = networks.length > 0 ? await findOtherNetworks(database, { ...pin, networks }) : [];
  await fillMatrix(database, {
    ...target,
    per: 'alert',
    snapshots,
    encodings: plan.encodings,
    labels: await applyVisibility(database, labels),
    otherNetworks,
    onProgress,
    signal,
  });
  await assertOthersUnchanged(database, otherNetworks, pin);
}
