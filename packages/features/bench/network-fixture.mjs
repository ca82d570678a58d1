import { newBatchId, publishBatch } from '@risk-scoring/storage';

const windowDays = 30;
const typologies = ['fan_in', 'fan_out', 'structuring', 'high_value', 'circular_flow', 'rapid_pass_through'];

/**
 * Fills a database with a made-up network of five weekly snapshots: `alerts` alerts in all, four addresses with features for
 * every five alerts, five money flows an alert, a cluster for every twenty, a label for three addresses in ten. The engine makes the rows, as
 * ingestion would leave them: one published batch a snapshot.
 *
 * @returns the dates
 */
export async function fillNetwork(database, alerts, snapshots = 5) {
  const dates = [];
  for (let snapshot = 0; snapshot < snapshots; snapshot++) {
    dates.push(await fillSnapshot(database, { snapshot, alerts: Math.round(alerts / snapshots) }));
  }
  return dates;
}

/**
 * Fills in one snapshot of such a network, of any size.
 *
 * @param snapshot its number, from 0: the week
 * @returns its date
 */
export async function fillSnapshot(database, { snapshot, alerts }) {
  const date = new Date(Date.UTC(2025, 0, 6 + 7 * snapshot)).toISOString().slice(0, 10);
  const counts = {
    raw_alerts: alerts,
    raw_features: Math.round(alerts * 0.8),
    raw_clusters: Math.round(alerts / 20),
    raw_money_flows: alerts * 5,
    raw_address_labels: Math.round(alerts * 0.24),
  };
  const batchId = await newBatchId(database);
  for (const [table, rows] of Object.entries(counts)) {
    const columns = await database.query({
      sql: `SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String}
  AND default_kind != 'MATERIALIZED' AND name NOT IN ('label_source', 'label_confidence', 'labeled_at', 'labeled_by', 'created_at')
  AND NOT (table = 'raw_alerts' AND name = 'label') ORDER BY position`,
      params: { table },
      doing: 'reading the columns',
    });
    await database.command({
      sql: `INSERT INTO ${table} (${columns.map(({ name }) => name).join(', ')})
SELECT ${columns.map((column, index) => madeUp(table, column, { index, snapshot, date, batchId, counts })).join(', ')}
FROM numbers(${rows})`,
      doing: `filling ${table}`,
      repeatable: false,
    });
  }
  await publishBatch(database, 'ingestions', [
    {
      batch_id: batchId,
      window_days: windowDays,
      processing_date: date,
      source: 'bench',
      file_md5: Object.fromEntries(Object.keys(counts).map((table) => [table, 'none'])),
      table_rows: counts,
      table_batches: Object.fromEntries(Object.keys(counts).map((table) => [table, batchId])),
    },
  ]);
  return date;
}

/** An address of the network by number. */
const address = (number) => `concat('0x', leftPad(lower(hex(intHash64(${number}))), 40, '0'))`;

function madeUp(table, { name, type }, { index, snapshot, date, batchId, counts }) {
  const random = `intHash64(number * 131 + ${index * 7919 + snapshot * 104729})`;
  // Each snapshot's population overlaps with the last one's by three quarters.
  const population = counts.raw_features;
  const first = Math.round((snapshot * population) / 4);
  if (name === 'processing_date') return `toDate('${date}')`;
  if (name === 'window_days') return `toUInt16(${windowDays})`;
  if (name === 'batch_id') return `'${batchId}'`;
  if (name === 'network') return `'bench'`;
  if (name === 'alert_id') return `lower(hex(sipHash64(number, ${snapshot})))`;
  if (name === 'cluster_id') return `concat('c', toString(number))`;
  if (name === 'address')
    return table === 'raw_alerts'
      ? address(`${first} + ${random} % ${population}`)
      : table === 'raw_features'
        ? address(`${first} + number`)
        : address(`${first} + number * 3`);
  if (name === 'from_address') return address(`${first} + number % ${population}`);
  if (name === 'to_address')
    return address(`${first} + (number * 7 + intDiv(number, ${population}) * 13 + 5) % ${2 * population}`);
  if (name === 'addresses_involved')
    return `arrayMap(k -> ${address(`${first} + (number * 10 + k) % ${population}`)}, range(10))`;
  if (name === 'typology_type')
    return `arrayElement([${typologies.map((text) => `'${text}'`).join(', ')}], 1 + ${random} % ${typologies.length})`;
  if (name === 'severity' || name === 'risk_level' || name === 'severity_max')
    return `arrayElement(['low', 'medium', 'high', 'critical'], 1 + ${random} % 4)`;
  if (name === 'evidence_json') return `concat('{"transfers":', toString(${random} % 40), '}')`;
  if (name.endsWith('_timestamp'))
    return `toUInt64(toUnixTimestamp(toDateTime('${date} 00:00:00', 'UTC')) - 1 - ${random} % 2591999) * 1000`;
  if (type === 'String') return `concat('value ', toString(${random} % 100))`;
  if (type.startsWith('Array(')) return `CAST(range(${random} % 6), '${type}')`;
  if (type.startsWith('Float')) return `CAST(${random} % 1000000 / 1000000, '${type}')`;
  if (type.startsWith('Decimal')) return `CAST(${random} % 1000000000 / 100, '${type}')`;
  if (type === 'Bool') return `CAST(${random} % 2, 'Bool')`;
  return `CAST(${random} % 200, '${type}')`;
}
