import { type FeatureGroup, type GroupColumn, InvalidInputError } from '@risk-scoring/contract';
import { literal, quote } from '@risk-scoring/storage';
import { assertOtherNetworks } from '../other-networks.ts';
import { ANOMALY_SCORES, isScore, numeric } from './fragments.ts';

const scores = ANOMALY_SCORES.map(([score]) => score);

/** Settings of {@link createCrossNetworkGroup}. */
export interface CrossNetworkSettings {
  /** Networks other than the own one, in the order of their columns: `['bsc', 'polygon']`. */
  readonly networks: readonly string[];
}

/**
 * What is known of the alert's address on other networks at the date: of the same address there, and of those that entity_addresses
 * says are of the same entity. Each network's latest snapshot of the window counts.
 *
 * @returns columns `{network}_alert_count`, `{network}_alert_volume_usd`, `{network}_volume_usd` and four `{network}_…_anomaly_score` per network
 * @throws {InvalidInputError} for no network, a name that is none, begins with a digit or stands twice, or names whose columns would be called alike
 * @example
 * createCrossNetworkGroup({ networks: ['bsc'] }).columns[0]?.name; // 'bsc_alert_count'
 */
export function createCrossNetworkGroup({ networks }: CrossNetworkSettings): FeatureGroup {
  if (networks.length === 0) {
    throw new InvalidInputError({
      what: 'The list of other networks',
      expected: 'at least one network',
      found: 'none',
      remedy: 'name one, or leave the group out',
    });
  }
  assertOtherNetworks(networks);
  const nameless = networks.find((network) => /^\d/.test(network));
  if (nameless !== undefined) {
    throw new InvalidInputError({
      what: 'The list of other networks',
      expected: 'networks that begin with a letter, as their columns do',
      found: nameless,
      remedy: `leave out ${nameless}`,
    });
  }
  const columns = networks.flatMap(columnsOf);
  assertDistinct(columns, networks);
  return {
    specificationVersion: 'v1',
    name: 'cross-network',
    per: 'address',
    otherNetworks: [...networks],
    columns,
    sql: sqlOf(networks),
  };
}

function columnsOf(network: string): GroupColumn[] {
  const absent = `the database of ${network} is not there or has no snapshot of the window at or before the date`;
  const unknown = `${absent}, or raw_features there does not know the entity`;
  return [
    numeric(`${network}_alert_count`, `alerts of the entity's addresses on ${network}`, {
      unit: 'count',
      missing: absent,
    }),
    numeric(`${network}_alert_volume_usd`, `volume that these alerts on ${network} are about`, {
      unit: 'USD',
      missing: absent,
    }),
    numeric(`${network}_volume_usd`, `total_volume_usd of the entity's addresses on ${network} together`, {
      unit: 'USD',
      missing: unknown,
    }),
    ...scores.map((score) =>
      numeric(`${network}_${score}`, `highest ${score} of the entity's addresses on ${network}`, {
        missing: unknown,
      }),
    ),
  ];
}

/** `x` and `x_alert` would both have a column x_alert_volume_usd. */
function assertDistinct(columns: readonly GroupColumn[], networks: readonly string[]): void {
  const twice = columns.find(
    ({ name }, index) => columns.findIndex((other) => other.name === name) !== index,
  );
  if (twice === undefined) return;
  throw new InvalidInputError({
    what: 'The list of other networks',
    expected: 'networks whose columns have names of their own',
    found: `${twice.name} twice among ${networks.join(', ')}`,
    remedy: 'leave out one of them',
  });
}

// One row: one alerted address. It mentions each network of the list, whether its database is there or not.
function sqlOf(networks: readonly string[]): string {
  const each = (sql: (network: string, index: number) => readonly string[], indent: string) =>
    networks.flatMap((network, index) => sql(literal(network), index)).join(`,\n${indent}`);
  return `SELECT
    here.here_date AS processing_date,
    here.here_key AS address_key,
    ${each((_, index) => [`ifNull(alert_there.count_${index}, 0) AS count_or_0_${index}`, `ifNull(toFloat64(alert_there.usd_${index}), 0) AS usd_or_0_${index}`], '    ')},
    ${networks.map((network, index) => namedColumns(network, index).join(',\n    ')).join(',\n    ')}
FROM (SELECT DISTINCT processing_date AS here_date, address_key AS here_key FROM alerts) AS here
LEFT JOIN
(
    SELECT
        address_key AS alert_key,
        ${each((network, index) => [`countIf(network = ${network}) AS count_${index}`, `sumIf(volume_usd, network = ${network}) AS usd_${index}`], '        ')}
    FROM other_alerts
    WHERE address_key IN (SELECT address_key FROM alerts)
    GROUP BY alert_key
) AS alert_there ON here.here_key = alert_there.alert_key
LEFT JOIN
(
    SELECT
        address_key AS profile_key,
        ${each(
          (network, index) => [
            `sumOrNullIf(total_volume_usd, network = ${network}) AS volume_${index}`,
            ...scores.map(
              (score) =>
                `maxOrNullIf(${score}, network = ${network} AND ${isScore(score)}) AS ${score}_${index}`,
            ),
          ],
          '        ',
        )}
    FROM other_features
    WHERE address_key IN (SELECT address_key FROM alerts)
    GROUP BY profile_key
) AS profile_there ON here.here_key = profile_there.profile_key`;
}

function namedColumns(network: string, index: number): string[] {
  const there = `${literal(network)} IN (SELECT network FROM other_networks)`;
  return [
    `if(${there}, count_or_0_${index}, NULL) AS ${quote(`${network}_alert_count`)}`,
    `if(${there}, usd_or_0_${index}, NULL) AS ${quote(`${network}_alert_volume_usd`)}`,
    `profile_there.volume_${index} AS ${quote(`${network}_volume_usd`)}`,
    ...scores.map((score) => `profile_there.${score}_${index} AS ${quote(`${network}_${score}`)}`),
  ];
}
