import type { Database } from '../database.ts';
import { countingLabels, latestLabelSets } from './published-labels.ts';

/** A version of a data set of labels that readers see. */
export interface LabelSetInfo {
  readonly dataSet: string;
  readonly version: string;
  readonly rows: number;
  /** Different addresses, hex ones without their letter case. */
  readonly addresses: number;
  /** Sum of the rows' cityHash64, modulo 2^64: the same rows in any order give the same number. */
  readonly hash: string;
  /** In UTC: `2026-11-21T12:00:00Z`. */
  readonly importedAt: string;
  /** Where it came from; empty for rows that were inserted by hand. */
  readonly source: string;
  /** Whether it is the version of its data set that was imported last. */
  readonly isLatest: boolean;
}

/**
 * The data sets of labels that readers see, by name, and of each the version imported last first.
 *
 * @example
 * const sets = await listLabelSets(database);
 * sets.find(({ dataSet, isLatest }) => dataSet === 'my-labels' && isLatest)?.rows;
 */
export async function listLabelSets(database: Database): Promise<LabelSetInfo[]> {
  const rows = await database.query<Omit<LabelSetInfo, 'isLatest'> & { isLatest: number }>({
    sql: `SELECT
    counted.data_set AS dataSet,
    counted.data_set_version AS version,
    toFloat64(counted.n) AS rows,
    toFloat64(counted.n_addresses) AS addresses,
    toString(counted.sum_of_hashes) AS hash,
    formatDateTime(greatest(recorded.newest_published_at, toDateTime64(counted.last_by_hand, 3, 'UTC')), '%Y-%m-%dT%H:%i:%SZ', 'UTC') AS importedAt,
    recorded.published_source AS source,
    tuple(counted.data_set, counted.data_set_version) IN (${latestLabelSets}) AS isLatest
FROM (
    SELECT
        data_set,
        data_set_version,
        count() AS n,
        uniqExact(address_key) AS n_addresses,
        sum(cityHash64(tuple(* EXCEPT (batch_id, created_at, address_key)))) AS sum_of_hashes,
        maxIf(created_at, batch_id = '') AS last_by_hand
    FROM ${countingLabels}
    GROUP BY data_set, data_set_version
) AS counted
LEFT JOIN published_label_sets AS recorded
    ON recorded.data_set = counted.data_set AND recorded.data_set_version = counted.data_set_version
ORDER BY dataSet, recorded.newest_sequence DESC, version DESC`,
    doing: 'listing the label sets',
  });
  return rows.map((row) => ({ ...row, isLatest: Boolean(row.isLatest) }));
}
