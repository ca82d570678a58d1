import {
  dayText,
  type FeatureMatrix,
  type ModelType,
  readTextLists,
  TextIndex,
} from '@risk-scoring/contract';
import { readClusterRows } from '@risk-scoring/features';
import type { Database } from '@risk-scoring/storage';
import type { Table } from 'apache-arrow';
import { addressOf } from '../address-of.ts';

/** Which snapshots, all of one window. */
export interface Dates {
  /** `YYYY-MM-DD`, both inclusive. */
  readonly startDate: string;
  readonly endDate: string;
  readonly windowDays: number;
}

/** Which snapshots, and by which others' clusters theirs may hang together as well. */
export interface LinkedDates extends Dates {
  /** Of the same window. */
  readonly linkedOver?: readonly Omit<Dates, 'windowDays'>[];
}

/** What a row of a matrix is about, whichever snapshot it is of. */
export interface RowFacts {
  /** What is resampled as a whole: the address; of clusters, those that share addresses. The same number over all snapshots. */
  readonly group: number;
  readonly addresses: readonly string[];
}

/** Looks up the rows of some snapshots. */
export type FactsOfRow = (matrix: FeatureMatrix, row: number) => RowFacts;

/**
 * What it takes to say of every row which addresses it is about and which rows belong together, over several snapshots: alerts by their address (hex
 * ones without their letter case), clusters by the addresses that they share, on one date or several. Clusters of `linkedOver` connect others, too: two
 * that share no address may each share one with a third, of another date.
 *
 * @example
 * const factsOf = await factsOfRows(database, 'alert_scorer', { startDate: '2020-01-01', endDate: '2020-02-01', windowDays: 30 });
 * factsOf(matrix, 0).group;
 */
export async function factsOfRows(
  database: Database,
  modelType: ModelType,
  dates: LinkedDates,
): Promise<FactsOfRow> {
  return modelType === 'cluster_scorer' ? clusterFacts(await readClusters(database, dates)) : alertFacts();
}

function alertFacts(): FactsOfRow {
  const index = new TextIndex({ compare: 'addresses' });
  return (matrix, row) => {
    const address = addressOf(matrix, row);
    return { group: index.addText(address), addresses: [address] };
  };
}

function clusterFacts(clusters: Table): FactsOfRow {
  const { keys, splitGroups } = readClusterRows(clusters);
  const members = readTextLists(clusters, 'addresses_involved');
  const places = new Map<string, number>();
  for (const [row, id] of keys.ids.entries())
    places.set(keyOf(dayText(keys.processingDates[row] ?? 0), id), row);
  return (matrix, row) => {
    const date = dayText(matrix.keys.processingDates[row] ?? 0);
    const place = places.get(keyOf(date, matrix.keys.ids[row] ?? ''));
    // A cluster that came after the others were read has no group; its snapshot is refused as one that changed.
    return { group: splitGroups[place ?? -1] ?? -1, addresses: members[place ?? -1] ?? [] };
  };
}

function keyOf(date: string, id: string): string {
  return `${date} ${id}`;
}

/** The clusters of some snapshots and of those that they are linked over, each once, in the order of a training. */
export function readClusters(database: Database, dates: LinkedDates): Promise<Table> {
  const ranges = [dates, ...(dates.linkedOver ?? [])];
  return database.arrow({
    sql: `SELECT processing_date, cluster_id, addresses_involved
FROM published_clusters
WHERE processing_date BETWEEN arrayMin({starts:Array(Date)}) AND arrayMax({ends:Array(Date)})
    AND arrayExists((first, last) -> processing_date BETWEEN first AND last, {starts:Array(Date)}, {ends:Array(Date)})
    AND window_days = {window:UInt16}
ORDER BY processing_date, cluster_id`,
    params: {
      starts: ranges.map(({ startDate }) => startDate),
      ends: ranges.map(({ endDate }) => endDate),
      window: dates.windowDays,
    },
    doing: 'reading the members of clusters',
  });
}
