import { levelSql } from '../groups/fragments.ts';
import { altered } from './alterations.ts';
import type { Relation } from './scope.ts';

/** One row: an address whose label may be seen, as it stands at the snapshot's date. The rule for rows that disagree is that of the label strategy. */
const knownLabels: Relation = {
  select(scope, params) {
    const [date] = scope.dates;
    const batches = [
      ...scope.batches.before('raw_address_labels', date),
      ...scope.batches.of('raw_address_labels', date),
    ];
    params.label_date = date;
    params.label_batches = ['', ...new Set(batches)];
    params.computation_id = scope.labels.computationId;
    const table = 'raw_address_labels';
    const { alteration } = scope;
    const rows = alteration?.columns[table]
      ? `(${altered(`SELECT *, address_key FROM ${table}`, table, { alteration, params })})`
      : table;
    return `SELECT
    labelled_key,
    argMax(tuple(level >= 3, confidence), tuple(confidence, label_date, level)) AS held,
    held.1 AS risky,
    held.2 AS label_confidence
FROM
(
    SELECT
        address_key AS labelled_key,
        ${levelSql('trimBoth(risk_level)')} AS level,
        confidence_score AS confidence,
        processing_date AS label_date
    FROM ${rows}
    WHERE window_days = {window_days:UInt16} AND processing_date <= {label_date:Date} AND batch_id IN {label_batches:Array(String)}
        AND address_key NOT IN (SELECT address_key FROM hidden_labels WHERE computation_id = {computation_id:String})
)
WHERE level > 0 AND confidence > 0
GROUP BY labelled_key`;
  },
};

/** Whether an address may see the label of another one. */
function maySee(params: Record<string, unknown>, folds: number): string {
  params.label_folds = folds;
  const otherFold =
    'toUInt64(address_key) % greatest({label_folds:UInt64}, 1) != toUInt64(neighbour_key) % greatest({label_folds:UInt64}, 1)';
  return `address_key != neighbour_key
    AND ({label_folds:UInt64} = 0 OR ${otherFold}
        OR address_key IN (SELECT address_key FROM hidden_labels WHERE computation_id = {computation_id:String}))`;
}

/** One row: a money flow of the snapshot between an address and a neighbour whose label it may see. */
const labelledFlows: Relation = {
  reads: ['money_flows', 'known_labels'],
  select: ({ labels }, params) => `SELECT
    processing_date,
    address_key,
    neighbour_key,
    direction,
    tx_count,
    amount_usd_sum,
    risky,
    label_confidence
FROM
(
    SELECT processing_date, to_key AS address_key, from_key AS neighbour_key, 'in' AS direction, tx_count, amount_usd_sum FROM money_flows
    UNION ALL
    SELECT processing_date, from_key AS address_key, to_key AS neighbour_key, 'out' AS direction, tx_count, amount_usd_sum FROM money_flows
) AS flow
INNER JOIN known_labels ON flow.neighbour_key = known_labels.labelled_key
WHERE ${maySee(params, labels.folds)}`,
};

/** One row: an address and a member of one of its clusters in the snapshot whose label it may see. */
const labelledPeers: Relation = {
  reads: ['clusters', 'known_labels'],
  select: (
    { labels },
    params,
  ) => `SELECT DISTINCT processing_date, address_key, neighbour_key, risky, label_confidence
FROM
(
    SELECT processing_date, address_key, arrayJoin(member_keys) AS neighbour_key
    FROM (SELECT processing_date, member_keys, arrayJoin(member_keys) AS address_key FROM clusters)
) AS pair
INNER JOIN known_labels ON pair.neighbour_key = known_labels.labelled_key
WHERE ${maySee(params, labels.folds)}`,
};

/** What groups that may read labels see of them. */
export const labelRelations: Readonly<Record<string, Relation>> = {
  labelled_flows: labelledFlows,
  labelled_peers: labelledPeers,
};

/** What these are made of; no group sees it, as a row may see only some labels. */
export const innerLabelRelations: Readonly<Record<string, Relation>> = { known_labels: knownLabels };
