import { addressKey, createRandom } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';

/** A cluster as the tests insert it. */
export interface Cluster {
  processing_date: string;
  cluster_id: string;
  addresses_involved: string[];
  total_alerts: number;
  total_volume_usd: number;
  severity_max: string;
  confidence_avg: number;
  earliest_alert_timestamp: number;
  latest_alert_timestamp: number;
}
interface Alert {
  processing_date: string;
  alert_id: string;
  address: string;
  typology_type: string;
  severity: string;
  alert_confidence_score: number;
  volume_usd: number;
}
interface Flow {
  processing_date: string;
  from_address: string;
  to_address: string;
  amount_usd_sum: number;
}
type Profile = { processing_date: string; address: string } & Record<string, number | boolean | string>;
/** Rows of all tables that say something of clusters, on three dates. */
export interface ClusterWorld {
  readonly clusters: readonly Cluster[];
  readonly alerts: readonly Alert[];
  readonly features: readonly Profile[];
  readonly flows: readonly Flow[];
}

/** The dates of the snapshots. */
export const WORLD_DATES = ['2025-01-30', '2025-01-31', '2025-02-01'] as const;
const scores = ['behavioral', 'graph', 'neighborhood', 'global'].map((name) => `${name}_anomaly_score`);
const severities = ['low', 'medium', 'high', 'critical'];
/** A day in milliseconds. */
export const DAY_MS = 86_400_000;

/** Clusters of a few addresses each, hex ones in two spellings; some have no alert, no features, no flow or no time. */
export function makeClusterWorld(): ClusterWorld {
  const random = createRandom(7, 'clusters');
  const pick = <T>(items: readonly T[]): T => items[random.integer(items.length)] as T;
  const addresses = Array.from({ length: 24 }, (_, index) =>
    index % 4 === 0 ? `Base58x${index}` : `0x${(0xabcdef + index).toString(16).padStart(40, '0')}`,
  );
  const spelt = (address: string) =>
    address.startsWith('0x') && random.next() < 0.5 ? `0x${address.slice(2).toUpperCase()}` : address;
  const cents = () => random.integer(1_000_000) / 100;
  const world = { clusters: [], alerts: [], features: [], flows: [] } as {
    [K in keyof ClusterWorld]: ClusterWorld[K][number][];
  };
  for (const processing_date of WORLD_DATES) {
    const end = Date.parse(processing_date);
    for (let index = 0; index < 9; index++) {
      const latest = index === 3 ? 0 : end - random.integer(5 * DAY_MS);
      world.clusters.push({
        processing_date,
        cluster_id: `cluster-${index}`,
        addresses_involved: Array.from({ length: index === 4 ? 0 : 1 + random.integer(6) }, () =>
          spelt(pick(addresses)),
        ),
        total_alerts: random.integer(50),
        total_volume_usd: cents(),
        severity_max: pick([...severities, 'HIGH', 'odd']),
        confidence_avg: random.integer(64) / 64,
        earliest_alert_timestamp: index === 3 || index === 5 ? 0 : latest - random.integer(9 * DAY_MS),
        latest_alert_timestamp: latest,
      });
    }
    for (let index = 0; index < 40; index++) {
      world.alerts.push({
        processing_date,
        alert_id: `alert-${index}`,
        address: spelt(pick(addresses.slice(0, 18))),
        typology_type: pick(['fan_in', 'fan_out', 'cycle']),
        severity: pick([...severities, 'Critical', 'odd']),
        alert_confidence_score: Math.fround(random.next()),
        volume_usd: cents() - 100,
      });
    }
    for (const address of addresses.slice(4)) {
      if (random.next() < 0.2) continue;
      world.features.push({
        processing_date,
        address: spelt(address),
        total_volume_usd: cents(),
        degree_total: random.integer(40),
        is_new_address: random.next() < 0.3,
        is_mixer_like: random.next() < 0.3,
        is_exchange_like: random.next() < 0.3,
        is_contract_like: random.next() < 0.3,
        ...Object.fromEntries(scores.map((score) => [score, Math.fround(random.next() - 0.25)])),
      });
    }
    const pairs = new Set<string>();
    for (let index = 0; index < 120; index++) {
      const [from, to] = [pick(addresses), pick(addresses)];
      if (pairs.has(`${from}>${to}`)) continue;
      pairs.add(`${from}>${to}`);
      world.flows.push({
        processing_date,
        from_address: spelt(from),
        to_address: spelt(to),
        amount_usd_sum: cents(),
      });
    }
  }
  // Of hex addresses and others alike: nobody knows anything of these.
  world.clusters.push({
    ...(world.clusters[0] as Cluster),
    cluster_id: 'strangers',
    addresses_involved: ['0xstranger', 'Stranger'],
  });
  return world;
}

/** The features of a cluster, one row after the other. */
export function clusterFeatures(cluster: Cluster, world: ClusterWorld): Record<string, number> {
  const members = new Set(cluster.addresses_involved.map(addressKey));
  const n = members.size;
  const same = (row: { processing_date: string }) => row.processing_date === cluster.processing_date;
  const alerts = world.alerts.filter((row) => same(row) && members.has(addressKey(row.address)));
  const profiles = world.features.filter((row) => same(row) && members.has(addressKey(row.address)));
  const flows = world.flows
    .filter(same)
    .map((row) => ({
      from: addressKey(row.from_address),
      to: addressKey(row.to_address),
      usd: row.amount_usd_sum,
    }))
    .filter(({ from, to }) => from !== to && (members.has(from) || members.has(to)));
  const inside = flows.filter(({ from, to }) => members.has(from) && members.has(to));
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length;
  const max = (numbers: readonly number[]) => (numbers.length === 0 ? Number.NaN : Math.max(...numbers));
  const usd = (some: readonly { usd: number }[]) => sum(some.map((flow) => flow.usd));
  const { earliest_alert_timestamp: earliest, latest_alert_timestamp: latest } = cluster;
  const level = severities.indexOf(cluster.severity_max.toLowerCase()) + 1;
  return {
    total_alerts: cluster.total_alerts,
    member_count: n,
    cluster_total_usd: cluster.total_volume_usd,
    cluster_total_usd_log1p: Math.log1p(cluster.total_volume_usd),
    confidence_avg: cluster.confidence_avg,
    severity_max: level === 0 ? Number.NaN : level,
    span_days: latest === 0 || earliest === 0 ? Number.NaN : (latest - earliest) / DAY_MS,
    days_since_latest_alert:
      latest === 0 ? Number.NaN : (Date.parse(cluster.processing_date) - latest) / DAY_MS,
    member_alert_count: alerts.length,
    ...Object.fromEntries(
      severities.map((severity) => [
        `member_alert_${severity}_share`,
        mean(alerts.map((alert) => Number(alert.severity.toLowerCase() === severity))),
      ]),
    ),
    member_typology_count: new Set(alerts.map((alert) => alert.typology_type)).size,
    member_alert_volume_usd_mean: mean(alerts.map((alert) => alert.volume_usd)),
    member_alert_volume_usd_max: max(alerts.map((alert) => alert.volume_usd)),
    member_alert_confidence_mean: mean(alerts.map((alert) => alert.alert_confidence_score)),
    member_alert_confidence_max: max(alerts.map((alert) => alert.alert_confidence_score)),
    member_known_share: n === 0 ? Number.NaN : profiles.length / n,
    ...Object.fromEntries(
      scores.flatMap((score) => [
        [`member_${score}_mean`, mean(profiles.map((row) => Number(row[score])))],
        [`member_${score}_max`, max(profiles.map((row) => Number(row[score])))],
      ]),
    ),
    member_volume_usd_log1p_mean: mean(profiles.map((row) => Math.log1p(Number(row.total_volume_usd)))),
    member_new_share: mean(profiles.map((row) => Number(row.is_new_address))),
    member_mixer_share: mean(profiles.map((row) => Number(row.is_mixer_like))),
    member_exchange_share: mean(profiles.map((row) => Number(row.is_exchange_like))),
    member_contract_share: mean(profiles.map((row) => Number(row.is_contract_like))),
    member_degree_mean: mean(profiles.map((row) => Number(row.degree_total))),
    internal_flow_count: inside.length,
    internal_flow_usd: usd(inside),
    internal_flow_density: n < 2 ? Number.NaN : inside.length / (n * (n - 1)),
    inflow_usd: usd(flows.filter(({ from }) => !members.has(from))),
    outflow_usd: usd(flows.filter(({ to }) => !members.has(to))),
    internal_usd_share: usd(inside) / usd(flows),
  };
}

/** Inserts a world into a database, each table's rows in some order and several inserts. */
export async function insertClusterWorld(
  target: Database,
  world: ClusterWorld,
  inserts: <T>(rows: readonly T[]) => readonly (readonly T[])[],
): Promise<void> {
  const amounts = ['total_volume_usd', 'volume_usd', 'amount_usd_sum'];
  for (const [table, list] of [
    ['raw_clusters', world.clusters],
    ['raw_alerts', world.alerts],
    ['raw_features', world.features],
    ['raw_money_flows', world.flows],
  ] as const) {
    const texts = (list as readonly object[]).map((row) => ({
      window_days: 30,
      ...Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          amounts.includes(name) ? Number(value).toFixed(2) : value,
        ]),
      ),
    }));
    for (const rows of inserts(texts)) await target.insert(table, rows, 'inserting');
  }
}
