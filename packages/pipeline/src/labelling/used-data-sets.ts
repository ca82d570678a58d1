import { type Database, listLabelSets } from '@risk-scoring/storage';

/** A version of a data set of miner_labels that a model learned from or was judged by. */
export interface UsedDataSet {
  /** `NAME@VERSION`. */
  readonly name: string;
  readonly rows: number;
  /** Of all its rows, whatever their order. */
  readonly hash: string;
  readonly source: string;
}

/**
 * The data sets that a strategy read, by what it reports: every map `data_sets` of rows by `NAME@VERSION`, however deep a strategy built on others
 * reports it.
 *
 * @example
 * await usedDataSets(database, labelSet.report); // [{ name: 'community@2.0.0', rows: 1200, hash: '97…', source: 'forum' }]
 */
export async function usedDataSets(database: Database, report: unknown): Promise<UsedDataSet[]> {
  const names = new Set(namesIn(report));
  if (names.size === 0) return [];
  const known = await listLabelSets(database);
  return known
    .map(({ dataSet, version, rows, hash, source }) => ({
      name: `${dataSet}@${version}`,
      rows,
      hash,
      source,
    }))
    .filter(({ name }) => names.has(name));
}

function namesIn(report: unknown): string[] {
  if (typeof report !== 'object' || report === null) return [];
  return Object.entries(report).flatMap(([key, value]) =>
    key === 'data_sets' && typeof value === 'object' && value !== null ? Object.keys(value) : namesIn(value),
  );
}
