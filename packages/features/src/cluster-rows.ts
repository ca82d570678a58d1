import {
  dayText,
  type FeatureMatrix,
  readDays,
  readTextLists,
  readTexts,
  TextIndex,
} from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { type RecordBatch, Table } from 'apache-arrow';
import { type AlertRows, denseCodes } from './alert-rows.ts';
import { halvesOf } from './matrix/arrow-columns.ts';
import { FeatureAlignmentError } from './matrix/errors.ts';
import { KeyIndex } from './matrix/key-index.ts';
import { composeMembers } from './relations/compose-query.ts';
import type { Scope } from './relations/scope.ts';

/** Which clusters the rows are. */
export interface ClusterKeys {
  readonly processingDates: Int32Array;
  readonly ids: readonly string[];
  /** The hash of each row's date and id, its low and high half one after the other. */
  readonly hashes: Uint32Array;
}

/** Reads which clusters the rows are from Arrow batches with row_key, processing_date and cluster_id, in the order of the rows. */
export function readClusterKeys(batches: readonly RecordBatch[]): ClusterKeys {
  if (batches.length === 0) return { processingDates: new Int32Array(), ids: [], hashes: new Uint32Array() };
  const table = new Table([...batches]);
  const hashes = new Uint32Array(table.numRows * 2);
  let row = 0;
  for (const batch of batches) {
    hashes.set(halvesOf(batch, 'row_key'), row * 2);
    row += batch.numRows;
  }
  return { processingDates: readDays(table, 'processing_date'), ids: readTexts(table, 'cluster_id'), hashes };
}

/**
 * Groups rows so that no address stands in two groups: clusters that share one, on one date or several, are one group, and so are
 * those that are connected through others. Found by union-find (Tarjan 1975) over the rows.
 *
 * A group is named by its smallest cluster_id, and the date where several groups would have that name: an id may mean another
 * cluster on another date.
 *
 * @param options.partial whether the rows are only some of the snapshots' clusters
 * @throws {FeatureAlignmentError} when a snapshot has a cluster that is none of the rows
 */
export async function connectClusters(
  database: Database,
  scope: Scope,
  options: {
    readonly keys: ClusterKeys;
    readonly partial: boolean;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Pick<FeatureMatrix, 'splitGroups' | 'splitGroupNames'>> {
  const { keys, partial, signal } = options;
  const rowOf = new KeyIndex(keys.hashes);
  const parents = Int32Array.from(keys.ids.keys());
  let last: { low: number; high: number; row: number } | undefined;
  const batches = database.arrowBatches({
    ...composeMembers(scope),
    doing: 'reading which clusters share an address',
    ...(signal ? { signal } : {}),
  });
  for await (const batch of batches) {
    const rows = halvesOf(batch, 'row_key');
    const members = halvesOf(batch, 'member_key');
    for (let pair = 0; pair < batch.numRows; pair++) {
      const row = rowOf.find(rows[2 * pair] ?? 0, rows[2 * pair + 1] ?? 0);
      if (row < 0 && partial) continue;
      if (row < 0) throw unknownCluster(scope, keys.ids.length);
      const [low, high] = [members[2 * pair] ?? 0, members[2 * pair + 1] ?? 0];
      if (last?.low === low && last.high === high) unite(parents, last.row, row);
      last = { low, high, row };
    }
  }
  return nameGroups(parents, keys);
}

/**
 * Reads the keys of clusters and groups them: by shared addresses (what must not straddle a split) and by snapshot, as {@link connectClusters} does
 * from the database.
 *
 * @param clusters an Arrow table with processing_date (Date32), cluster_id and addresses_involved, in the order of the matrix
 * @example
 * const { keys, splitGroups } = readClusterRows(data.clusters);
 */
export function readClusterRows(clusters: Table): AlertRows {
  const processingDates = readDays(clusters, 'processing_date');
  const ids = readTexts(clusters, 'cluster_id');
  const addresses = new TextIndex({ compare: 'addresses' });
  const parents = Int32Array.from(ids.keys());
  const rowOf: number[] = [];
  for (const [row, members] of readTextLists(clusters, 'addresses_involved').entries()) {
    for (const member of members) {
      const place = addresses.addText(member);
      const other = rowOf[place];
      if (other === undefined) rowOf[place] = row;
      else unite(parents, other, row);
    }
  }
  return {
    keys: { processingDates, ids },
    ...nameGroups(parents, { processingDates, ids }),
    queryIds: denseCodes(processingDates),
  };
}

/**
 * Groups alerts by the clusters of their addresses: alerts whose addresses stand in one cluster, on any date, are of one group, and so are those that
 * are connected through others. An address of no cluster is a group of its own.
 *
 * @param rows alerts, grouped by address
 * @param clusters an Arrow table with addresses_involved
 * @returns dense codes, one per alert, and how many groups there are
 * @example
 * const { groups } = connectByClusters(readAlertRows(data.alerts), data.clusters);
 */
export function connectByClusters(
  { splitGroups, splitGroupNames }: Pick<AlertRows, 'splitGroups' | 'splitGroupNames'>,
  clusters: Table,
): { readonly splitGroups: Int32Array; readonly groups: number } {
  const addresses = new TextIndex({ compare: 'addresses' });
  for (const name of splitGroupNames) addresses.addText(name);
  const alerted = splitGroupNames.length;
  const parents: number[] = Array.from(splitGroupNames.keys());
  for (const members of readTextLists(clusters, 'addresses_involved')) {
    let first: number | undefined;
    for (const member of members) {
      const place = addresses.addText(member);
      // Clusters may hold addresses without an alert, which connect others all the same.
      while (parents.length <= place) parents.push(parents.length);
      if (first === undefined) first = place;
      else unite(parents, first, place);
    }
  }
  const codes = new Map<number, number>();
  const codeOf = Int32Array.from({ length: alerted }, (_, place) => {
    const root = rootOf(parents, place);
    const code = codes.get(root) ?? codes.size;
    codes.set(root, code);
    return code;
  });
  return { splitGroups: splitGroups.map((place) => codeOf[place] ?? 0), groups: codes.size };
}

function unite(parents: Int32Array | number[], one: number, other: number): void {
  const [a, b] = [rootOf(parents, one), rootOf(parents, other)];
  parents[Math.max(a, b)] = Math.min(a, b);
}

/** The root of a row's tree; every other row on the way is hung one step higher. */
function rootOf(parents: Int32Array | number[], row: number): number {
  let at = row;
  for (;;) {
    const parent = parents[at] ?? at;
    if (parent === at) return at;
    parents[at] = parents[parent] ?? parent;
    at = parent;
  }
}

/** Dense codes in the order of the rows, and the name of each. */
function nameGroups(
  parents: Int32Array,
  { ids, processingDates }: Pick<ClusterKeys, 'ids' | 'processingDates'>,
): Pick<FeatureMatrix, 'splitGroups' | 'splitGroupNames'> {
  const codes = new Map<number, number>();
  const namedBy: number[] = [];
  const splitGroups = Int32Array.from(parents, (_, row) => {
    const root = rootOf(parents, row);
    const code = codes.get(root) ?? codes.size;
    codes.set(root, code);
    const named = namedBy[code];
    if (named === undefined || (ids[row] ?? '') < (ids[named] ?? '')) namedBy[code] = row;
    return code;
  });
  const uses = new Map<string, number>();
  for (const row of namedBy) uses.set(ids[row] ?? '', (uses.get(ids[row] ?? '') ?? 0) + 1);
  const splitGroupNames = namedBy.map((row) => {
    const id = ids[row] ?? '';
    return uses.get(id) === 1 ? id : `${id}@${dayText(processingDates[row] ?? 0)}`;
  });
  return { splitGroups, splitGroupNames };
}

function unknownCluster({ dates }: Scope, rows: number): FeatureAlignmentError {
  return new FeatureAlignmentError({
    group: 'keys',
    snapshots: `${dates[0]} to ${dates.at(-1)}`,
    expected: `${rows} clusters`,
    found: 'another one besides',
  });
}
