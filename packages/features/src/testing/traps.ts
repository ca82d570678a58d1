import type { Database } from '@risk-scoring/storage';
import { type RawRow, readRawTable } from './row-wise/raw-rows.ts';

/** A Saturday between two simulated snapshots: a snapshot made by hand. */
export const HAND_MADE_DATE = '2025-02-08';

const WINDOW_DAYS = 30;
const LATE = '2025-02-03';
const snapshot = { window_days: WINDOW_DAYS, processing_date: LATE };

/**
 * Rows by hand beside simulated ones, for what simulated rows never do: other spellings, ties, gaps, zeros, odd values.
 *
 * @param database holds simulated snapshots of 2025-01-20, 2025-01-27, 2025-02-03 and 2025-02-10
 */
export async function insertTraps(database: Database): Promise<void> {
  const features = (await readRawTable(database, 'published_features', WINDOW_DAYS)).rows;
  const alerts = (await readRawTable(database, 'published_alerts', WINDOW_DAYS)).rows.filter(
    (row) => row.processing_date === LATE,
  );
  const alerted = [...new Set(alerts.map((row) => String(row.address)))].sort();
  const [first = '', second = '', third = ''] = alerted.filter((address) =>
    features.some((row) => row.processing_date === LATE && row.address === address),
  );
  const addresses = { first, second, third };
  await database.insert('raw_alerts', alertTraps(addresses, alerts), 'inserting alerts by hand');
  await database.insert('raw_features', featureTraps(features, addresses), 'inserting features by hand');
  await database.insert('raw_clusters', clusterTraps(addresses), 'inserting clusters by hand');
  await database.insert('raw_money_flows', flowTraps(addresses), 'inserting flows by hand');
}

interface Addresses {
  readonly first: string;
  readonly second: string;
  readonly third: string;
}

/** An address as a checksum might spell it. */
function capitals(address: string): string {
  return `0x${address.slice(2).toUpperCase()}`;
}

function alertTraps({ first, second, third }: Addresses, simulated: readonly RawRow[]): object[] {
  const volume = String(simulated[0]?.volume_usd);
  const alert = { ...snapshot, typology_type: 'fan_in', severity: 'low', volume_usd: '12.5' };
  const unknown = `0x${'e'.repeat(40)}`;
  const cased = [
    { address: capitals(first), severity: 'HIGH' },
    { address: `0X${second.slice(2).toUpperCase()}`, severity: 'Critical' },
    { address: unknown, volume_usd: volume, severity: 'odd' },
    { address: unknown.toUpperCase().replace('0X', '0x'), volume_usd: volume },
    { address: 'bc1QUpper', typology_type: 'lonely' },
    { address: 'bc1qupper', volume_usd: '-250.75', suspected_address_type: 'never trained' },
    { address: 'gap', typology_type: 'twins', volume_usd: '77' },
    { address: 'no time', typology_type: 'twins', volume_usd: '77' },
    { address: 'no amounts', volume_usd: '0' },
    { address: 'in an odd cluster', volume_usd: '0.000000000000000001' },
  ];
  const evidence = [
    '',
    'no json',
    '{"flow":{"hops":3},"transfers":-2.5}',
    '{"flow":[4],"transfers":null}',
    '{"flow":5,"velocity":1e3}',
    '{"flow":{"hops":-0.5e-3,"more":[]},"volume_usd":0}',
  ];
  return [
    ...cased.map((row, index) => ({ ...alert, alert_id: `hand ${index}`, ...row })),
    ...evidence.map((evidence_json, index) => ({
      ...alert,
      alert_id: `evidence ${index}`,
      address: third,
      evidence_json,
      risk_indicators: Array.from({ length: index }, (_, place) => `indicator ${place}`),
    })),
    ...[first, capitals(second), 'gap', unknown].map((address, index) => ({
      ...alert,
      processing_date: HAND_MADE_DATE,
      alert_id: `saturday ${index}`,
      address,
      volume_usd: `${index}00000.125`,
    })),
    // Of another window: no row of this one may change by it.
    { ...alert, window_days: 7, alert_id: 'week', address: first, volume_usd: '9999999999' },
  ];
}

function featureTraps(simulated: readonly RawRow[], { first, second }: Addresses): object[] {
  const template = simulated.find((row) => row.processing_date === LATE && row.address === first);
  const { batch_id: _batch, created_at: _created, ...rest } = template ?? {};
  const row = (address: string, processing_date: string, values: object = {}) => ({
    ...rest,
    address,
    processing_date,
    ...values,
  });
  return [
    // Absent on 2025-01-27: the change is since 2025-01-20.
    row('gap', '2025-01-20', { total_volume_usd: '10', degree_total: 4, global_anomaly_score: 0.75 }),
    row('gap', LATE, { total_volume_usd: '1000', degree_total: 0, tx_total_count: '1' }),
    row('no time', LATE, { first_activity_timestamp: '0', last_activity_timestamp: '0' }),
    // Not the alert's address: only hex is compared without its case.
    row('bc1qUPPER', LATE),
    row(capitals(first), HAND_MADE_DATE, { net_flow_usd: '-123456789.5', is_whale: true }),
    row(second, HAND_MADE_DATE, {
      is_exchange_like: true,
      total_out_usd: '0',
      first_activity_timestamp: '0',
    }),
    { ...row(first, LATE, { degree_in: 4_000_000_000 }), window_days: 7 },
  ];
}

function clusterTraps({ first, second }: Addresses): object[] {
  const tie = { ...snapshot, primary_alert_id: '', total_alerts: 4_000, total_volume_usd: '500.5' };
  const members = [capitals(first), second];
  return [
    { ...tie, cluster_id: 'tie a', addresses_involved: members, severity_max: 'low', confidence_avg: 0.1 },
    {
      ...tie,
      cluster_id: 'tie c',
      addresses_involved: [...members, 'x', first],
      severity_max: 'Medium',
      confidence_avg: 0.3,
    },
    { ...tie, cluster_id: 'tie b', addresses_involved: members, severity_max: 'odd', confidence_avg: 0.2 },
    {
      ...tie,
      cluster_id: 'z smaller',
      addresses_involved: [first, capitals(first)],
      total_volume_usd: '500.4',
      severity_max: 'CRITICAL',
    },
    { ...tie, cluster_id: 'odd', addresses_involved: ['in an odd cluster'], severity_max: 'odd' },
    { ...tie, window_days: 7, cluster_id: 'week', addresses_involved: [second, 'gap'], total_alerts: 9_999 },
  ];
}

function flowTraps({ first, second, third }: Addresses): object[] {
  const flow = (from_address: string, to_address: string, amount: string, more: object = {}) => ({
    ...snapshot,
    from_address,
    to_address,
    tx_count: '3',
    amount_usd_sum: amount,
    ...more,
  });
  return [
    flow('gap', second, '100.25', { is_bidirectional: true }),
    flow(capitals(second), 'gap', '300.75', { is_bidirectional: true }),
    flow('gap', 'nobody', '50'),
    flow('gap', 'gap', '40'),
    flow('gap', capitals(third), '25'),
    flow(first, capitals(third), '1000000'),
    flow('somebody', 'no amounts', '0'),
    flow('no amounts', 'somebody', '0'),
    { ...flow('gap', 'week', '1e6'), window_days: 7 },
    { ...flow('gap', second, '7', { is_bidirectional: false }), processing_date: HAND_MADE_DATE },
  ];
}
