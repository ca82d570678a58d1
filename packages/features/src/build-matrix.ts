import { type FeatureGroup, type FeatureMatrix, InvalidInputError } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { type RecordBatch, Table } from 'apache-arrow';
import { type AlertRows, readAlertRows } from './alert-rows.ts';
import { ALL_GROUPS, columnsOf, type FeaturePlan, groupsOfPlan, schemaHash } from './catalogue.ts';
import { checkFeatureGroup } from './extension/index.ts';
import { ALL_LABELS, applyVisibility, type LabelVisibility } from './label-visibility.ts';
import { type FeatureProgress, type FeatureSnapshot, fillMatrix } from './matrix/fill-matrix.ts';

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
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FeatureProgress) => void;
}

/**
 * Computes the features of every alert of some snapshots, in ClickHouse, one snapshot and one group a query.
 * Training and scoring both call this, so a row's features are the same bits in both.
 *
 * @param options snapshots must be of one window and in ascending order
 * @returns rows by processing date, then alert_id; values column-major on a SharedArrayBuffer
 * @throws {FeatureGroupError} for a group of others that cannot be used; it is checked before it runs
 * @throws {FeatureAlignmentError} when a group's rows are not exactly the snapshots' alerts
 * @throws {DuplicateFeaturesError} when raw_features has two rows for one address
 * @throws {SnapshotsReplacedError} when a snapshot was published meanwhile
 * @example
 * const matrix = await buildFeatureMatrix(database, { snapshots, plan: { groups: ['alert'], encodings } });
 * matrix.values[column * matrix.rows + row];
 */
export async function buildFeatureMatrix(database: Database, options: BuildOptions): Promise<FeatureMatrix> {
  const { snapshots, plan } = options;
  assertAscending(snapshots);
  const groups = groupsOfPlan(plan, options.groups);
  for (const group of groups) if (!ALL_GROUPS.includes(group)) await checkFeatureGroup(database, group);
  const columns = columnsOf(groups);
  const rows = snapshots.reduce((sum, snapshot) => sum + snapshot.rows, 0);
  const values = new Float32Array(
    new SharedArrayBuffer(rows * columns.length * Float32Array.BYTES_PER_ELEMENT),
  );
  const names: { firstRow: number; batch: RecordBatch }[] = [];
  await fillMatrix(database, {
    values,
    rows,
    per: 'alert',
    snapshots,
    groups: placed(groups),
    encodings: plan.encodings,
    labels: await applyVisibility(database, options.labels ?? ALL_LABELS),
    otherNetworks: [],
    onRows: options.rows ? undefined : (batch, firstRow) => names.push({ firstRow, batch }),
    onProgress: options.onProgress,
    signal: options.signal,
  });
  return {
    values,
    rows,
    columns,
    ...(options.rows ?? readAlertRows(new Table(inOrder(names)))),
    schemaHash: schemaHash(groups, plan.encodings),
  };
}

/**
 * Computes the columns anew that come from labels, in place: for the next fold of a cross-validation, which may see others.
 *
 * @param matrix from {@link buildFeatureMatrix} with the same snapshots, plan and groups
 * @returns whether there are such columns
 */
export async function recomputeLabelColumns(
  database: Database,
  matrix: FeatureMatrix,
  options: BuildOptions & { readonly labels: LabelVisibility },
): Promise<boolean> {
  const groups = placed(groupsOfPlan(options.plan, options.groups)).filter(({ group }) => group.readsLabels);
  if (groups.length === 0) return false;
  await fillMatrix(database, {
    values: matrix.values,
    rows: matrix.rows,
    per: 'alert',
    snapshots: options.snapshots,
    groups,
    encodings: options.plan.encodings,
    labels: await applyVisibility(database, options.labels),
    otherNetworks: [],
    onProgress: options.onProgress,
    signal: options.signal,
  });
  return true;
}

/** Batches of the same chunk came in order. */
function inOrder(names: readonly { firstRow: number; batch: RecordBatch }[]): RecordBatch[] {
  return [...names].sort((a, b) => a.firstRow - b.firstRow).map(({ batch }) => batch);
}

/** The groups, each with the place of its first column. */
function placed(groups: readonly FeatureGroup[]): { group: FeatureGroup; firstColumn: number }[] {
  let firstColumn = 0;
  return groups.map((group) => {
    const at = firstColumn;
    firstColumn += group.columns.length;
    return { group, firstColumn: at };
  });
}

function assertAscending(snapshots: readonly FeatureSnapshot[]): void {
  if (snapshots.length === 0) throw new RangeError('buildFeatureMatrix needs at least one snapshot');
  snapshots.forEach((snapshot, index) => {
    const before = snapshots[index - 1];
    if (
      before &&
      (before.processingDate >= snapshot.processingDate || before.windowDays !== snapshot.windowDays)
    ) {
      throw new InvalidInputError({
        what: 'The list of snapshots',
        expected: 'snapshots of one window with ascending dates',
        found: `${snapshot.processingDate} (window ${snapshot.windowDays}) after ${before.processingDate} (window ${before.windowDays})`,
      });
    }
  });
}
