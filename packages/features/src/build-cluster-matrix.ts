import { type FeatureGroup, type FeatureMatrix, InvalidInputError } from '@risk-scoring/contract';
import { type Database, publishedBatches } from '@risk-scoring/storage';
import { type AlertRows, denseCodes } from './alert-rows.ts';
import { columnsOf, type FeaturePlan, groupsOfPlan, schemaHash } from './catalogue.ts';
import { type ClusterKeys, connectClusters, readClusterKeys } from './cluster-rows.ts';
import { withoutColumns } from './excluded-columns.ts';
import { checkFeatureGroup } from './extension/index.ts';
import { clusterMatrixGroup } from './groups/cluster-matrix.ts';
import { markOwn } from './groups/own-groups.ts';
import type { FeatureSnapshot } from './matrix/chunks.ts';
import { FeatureAlignmentError, SnapshotsReplacedError } from './matrix/errors.ts';
import { type FeatureProgress, fillMatrix } from './matrix/fill-matrix.ts';
import { allocate, assertAscending, inOrder, type NamedRows, placeGroups } from './matrix/layout.ts';

/** The groups that a cluster scorer uses when nobody chooses. */
export const CLUSTER_GROUPS: readonly FeatureGroup[] = [markOwn(clusterMatrixGroup)];

/** Options of {@link buildClusterMatrix}. */
export interface ClusterMatrixOptions {
  /** In the order of the matrix's rows; `rows` counts clusters, and may be 0. */
  readonly snapshots: readonly FeatureSnapshot[];
  /** Defaults to {@link CLUSTER_GROUPS}. */
  readonly plan?: FeaturePlan;
  /** Where the plan's groups are found; {@link CLUSTER_GROUPS} by default. */
  readonly groups?: readonly FeatureGroup[];
  /** Ids and split groups of the rows, where they were read before; they are read otherwise. */
  readonly rows?: AlertRows;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FeatureProgress) => void;
}

/**
 * Computes the features of every published cluster of some snapshots, in ClickHouse. Training and scoring both call this, so a
 * row's features are the same bits in both.
 *
 * Clusters that share an address in any of the snapshots, on one date or several, are of one split group; see `splitGroupNames`.
 *
 * @param options snapshots must be of one window and in ascending order
 * @returns rows by processing date, then cluster_id, which are their ids; values column-major on a SharedArrayBuffer
 * @throws {InvalidInputError} for snapshots out of order, or a group that is not about clusters, reads labels or other networks
 * @throws {FeatureAlignmentError} when a group's rows are not exactly the snapshots' clusters
 * @throws {SnapshotsReplacedError} when a snapshot was published meanwhile
 * @example
 * const matrix = await buildClusterMatrix(database, { snapshots: [{ processingDate: '2020-01-01', windowDays: 30, rows: 12 }] });
 * matrix.keys.ids; // the cluster ids
 */
export async function buildClusterMatrix(
  database: Database,
  options: ClusterMatrixOptions,
): Promise<FeatureMatrix> {
  const { snapshots, signal } = options;
  const pin = assertAscending(snapshots);
  const plan = options.plan ?? { groups: CLUSTER_GROUPS.map(({ name }) => name), encodings: {} };
  const groups = groupsOfPlan(plan, options.groups ?? CLUSTER_GROUPS);
  assertAboutClusters(groups);
  assertWhole(snapshots);
  for (const group of groups) if (!CLUSTER_GROUPS.includes(group)) await checkFeatureGroup(database, group);
  const kept = withoutColumns(groups, plan.excluded);
  const columns = columnsOf(kept);
  const rows = snapshots.reduce((sum, snapshot) => sum + snapshot.rows, 0);
  const values = allocate(rows, columns.length);
  const labels = { computationId: '', folds: 0 };
  const names: NamedRows[] = [];
  const batches = await fillMatrix(database, {
    values,
    rows,
    per: 'cluster',
    snapshots,
    groups: placeGroups(kept),
    encodings: plan.encodings,
    labels,
    otherNetworks: [],
    onRows: (batch, firstRow) => names.push({ firstRow, batch }),
    onProgress: options.onProgress,
    signal,
  });
  const keys = readClusterKeys(inOrder(names));
  const [first, ...rest] = snapshots.map(({ processingDate }) => processingDate);
  const scope = {
    dates: [first ?? pin.through, ...rest] as const,
    windowDays: pin.windowDays,
    batches,
    labels,
    otherNetworks: [],
  };
  const partial = snapshots.some(({ ids }) => ids !== undefined);
  if (options.rows !== undefined) assertSameRows(options.rows, keys);
  const split = options.rows ?? (await connectClusters(database, scope, { keys, partial, signal }));
  if ((await publishedBatches(database, pin)).mark !== batches.mark) throw new SnapshotsReplacedError(pin);
  return {
    values,
    rows,
    columns,
    keys: { processingDates: keys.processingDates, ids: keys.ids },
    splitGroups: split.splitGroups,
    splitGroupNames: split.splitGroupNames,
    queryIds: denseCodes(keys.processingDates),
    schemaHash: schemaHash(kept, plan.encodings),
  };
}

/** Rows that were read before must be the clusters that the columns are about. */
function assertSameRows({ keys }: AlertRows, found: Pick<ClusterKeys, 'processingDates' | 'ids'>): void {
  const same =
    keys.ids.length === found.ids.length &&
    keys.ids.every(
      (id, row) => id === found.ids[row] && keys.processingDates[row] === found.processingDates[row],
    );
  if (same) return;
  throw new FeatureAlignmentError({
    group: 'keys',
    snapshots: 'the period',
    expected: `the ${keys.ids.length} clusters that were read before, in their order`,
    found: `${found.ids.length} clusters, or others`,
  });
}

function assertWhole(snapshots: readonly FeatureSnapshot[]): void {
  const cut = snapshots.find(({ part }) => part !== undefined);
  if (cut === undefined) return;
  throw new InvalidInputError({
    what: 'The list of snapshots',
    expected: 'whole ones, as the addresses of a cluster fall to several parts',
    found: `part ${cut.part?.index} of ${cut.part?.of} of ${cut.processingDate}`,
    remedy: 'leave part out',
  });
}

function assertAboutClusters(groups: readonly FeatureGroup[]): void {
  for (const { name, per, readsLabels, otherNetworks } of groups) {
    if (per === 'cluster' && !readsLabels && !otherNetworks) continue;
    throw new InvalidInputError({
      what: `The feature group ${name}`,
      expected: 'a group per cluster that reads neither labels nor other networks',
      found: `per ${per}${readsLabels ? ', reads labels' : ''}${otherNetworks ? ', reads other networks' : ''}`,
      remedy: 'leave it out of the features of clusters',
    });
  }
}
