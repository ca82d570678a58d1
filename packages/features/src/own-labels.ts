import { type FeatureGroup, type FeatureMatrix, LeakageError } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { buildFeatureMatrix } from './build-matrix.ts';
import { type Encodings, planOf } from './catalogue.ts';
import type { FeatureSnapshot } from './matrix/chunks.ts';

/** Addresses that are tried: each costs one computation of the groups for its alerts. */
const SAMPLES = 8;

/**
 * Tries whether groups that read labels use the label of a row's own address: hides the labels of some addresses, one at a time, and compares
 * their rows with those computed while it was visible. They must not differ in a bit, whichever way the label went. The addresses are the labelled
 * ones with most money flows, which labels can reach.
 *
 * @param options.snapshot whole, not some of its alerts
 * @throws {LeakageError} naming a column and an address
 * @example
 * await assertBlindToOwnLabels(database, { snapshot, groups: [mine], encodings: {} });
 */
export async function assertBlindToOwnLabels(
  database: Database,
  {
    snapshot,
    groups,
    encodings,
  }: {
    readonly snapshot: FeatureSnapshot;
    readonly groups: readonly FeatureGroup[];
    readonly encodings: Encodings;
  },
): Promise<void> {
  if (groups.length === 0) return;
  const options = { plan: planOf(groups, encodings), groups };
  const visible = await buildFeatureMatrix(database, { ...options, snapshots: [snapshot] });
  const rowOf = new Map(visible.keys.ids.map((id, row) => [id, row]));
  for (const { address, ids } of await labelledAddresses(database, snapshot)) {
    const hidden = await buildFeatureMatrix(database, {
      ...options,
      snapshots: [{ ...snapshot, rows: ids.length, ids }],
      labels: { hidden: [address], folds: 0 },
    });
    const leaking = hidden.columns.find((_, column) =>
      hidden.keys.ids.some((id, row) => {
        const [now, before] = [cellOf(hidden, column, row), cellOf(visible, column, rowOf.get(id) ?? -1)];
        return !Object.is(now, before);
      }),
    );
    if (leaking === undefined) continue;
    throw new LeakageError({
      summary: `The feature group '${leaking.group}' uses the label of a row's own address.`,
      expected: 'the same values whether the own label of an address is visible or hidden',
      found: `others in ${leaking.name} for ${address} on ${snapshot.processingDate}`,
      remedy:
        'key the rows by address_key of labelled_flows and labelled_peers, never by neighbour_key, on no path',
    });
  }
}

/** One row: a labelled address with alerts in the snapshot, and the ids of these. Those with most flows come first. */
async function labelledAddresses(
  database: Database,
  { processingDate, windowDays }: FeatureSnapshot,
): Promise<{ address: string; ids: string[] }[]> {
  return database.query({
    sql: `SELECT min(alert.address) AS address, groupUniqArray(alert.alert_id) AS ids
FROM raw_alerts AS alert
INNER JOIN
(
    SELECT DISTINCT address_key AS labelled_key
    FROM raw_address_labels
    WHERE window_days = {window:UInt16} AND processing_date <= {date:Date}
) AS label ON alert.address_key = label.labelled_key
LEFT JOIN
(
    SELECT from_key AS flow_key, count() AS flows
    FROM (SELECT from_key FROM raw_money_flows WHERE window_days = {window:UInt16} AND processing_date = {date:Date}
        UNION ALL SELECT to_key FROM raw_money_flows WHERE window_days = {window:UInt16} AND processing_date = {date:Date})
    GROUP BY flow_key
) AS flow ON alert.address_key = flow.flow_key
WHERE alert.window_days = {window:UInt16} AND alert.processing_date = {date:Date}
    AND alert.alert_id IN (SELECT alert_id FROM published_alerts WHERE window_days = {window:UInt16} AND processing_date = {date:Date})
GROUP BY alert.address_key
ORDER BY max(flow.flows) DESC, address
LIMIT ${SAMPLES}`,
    params: { window: windowDays, date: processingDate },
    doing: 'choosing labelled addresses',
  });
}

function cellOf({ values, rows }: FeatureMatrix, column: number, row: number): number {
  return values[column * rows + row] ?? Number.NaN;
}
