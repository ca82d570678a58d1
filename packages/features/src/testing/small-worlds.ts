import { addressKey } from '@risk-scoring/contract';
import fc from 'fast-check';

/** A row of a raw table, without `window_days`. */
export interface SmallRow {
  readonly processing_date: string;
  readonly [column: string]: unknown;
}

/** A few rows of every raw table, by its name. */
export type SmallWorld = Readonly<Record<SmallTable, readonly SmallRow[]>>;

/** A table that a {@link SmallWorld} has rows of. */
export type SmallTable =
  | 'raw_alerts'
  | 'raw_features'
  | 'raw_clusters'
  | 'raw_money_flows'
  | 'raw_address_labels';

/** Its snapshots. */
export const DATES = ['2025-01-24', '2025-01-25', '2025-02-03'] as const;

/** Few, so that they meet. The last two are not the same one. */
export const ADDRESSES = [
  '0xab01',
  '0xab02',
  '0xab03',
  '0xab04',
  '0xab05',
  '0xab06',
  '0xab07',
  '0xab08',
  'bc1qab',
  'bc1qAB',
] as const;

/** Sums of these as floats depend on their order. */
const signedAmount = fc.constantFrom(
  '0.1',
  '0.3',
  '-0.7',
  '1000000000000.000000000000000001',
  '-1000000000000',
  '33.33',
);
const amount = fc.constantFrom(
  '0',
  '0.1',
  '0.2',
  '7.77',
  '33333.333333333333333333',
  '1000000000000.000000000000000001',
);
const score = fc.constantFrom(0, 0.1, 0.2, 0.7, 1, 1 / 3, 1e-9, 1e15, -1e15);
const severity = fc.constantFrom('low', 'medium', 'high', 'critical', 'odd');
const count = fc.integer({ min: 0, max: 1_000_000 });
/** In any of its spellings. */
const address = fc
  .tuple(fc.constantFrom(...ADDRESSES), fc.boolean())
  .map(([text, upper]) => (upper && text.startsWith('0x') ? `0x${text.slice(2).toUpperCase()}` : text));

const alert = fc.record({
  address,
  typology_type: fc.constantFrom('fan_in', 'fan_out'),
  severity,
  volume_usd: signedAmount,
  alert_confidence_score: fc.constantFrom(0.5, 0.9),
});
const features = fc.record({
  address,
  degree_in: count,
  degree_total: count,
  tx_total_count: count.map(String),
  total_in_usd: amount,
  total_out_usd: amount,
  total_volume_usd: amount,
  net_flow_usd: signedAmount,
  behavioral_anomaly_score: score,
  graph_anomaly_score: score,
  neighborhood_anomaly_score: score,
  global_anomaly_score: score,
  is_exchange_like: fc.boolean(),
  is_mixer_like: fc.boolean(),
  first_activity_timestamp: fc.constantFrom('0', '1735689600000'),
  last_activity_timestamp: fc.constantFrom('1736294400000', '1737638096789'),
});
const cluster = fc.record({
  addresses_involved: fc.uniqueArray(address, { minLength: 2, maxLength: 4, selector: addressKey }),
  total_alerts: fc.constantFrom(2, 3),
  total_volume_usd: amount,
  severity_max: severity,
  confidence_avg: fc.constantFrom(0.25, 0.5),
});
const flow = fc.record({
  from_address: address,
  to_address: address,
  tx_count: count.map(String),
  amount_usd_sum: amount,
  is_bidirectional: fc.boolean(),
});
const label = fc.record({
  address,
  network: fc.constant('simnet'),
  label: fc.constant('report'),
  risk_level: severity,
  confidence_score: fc.constantFrom(0, 0.5, 0.9, 1),
  source: fc.constantFrom('one', 'other'),
});

/** Rows of a table on every date, numbered within it: `a0`, `a1`, … also where another date has the same. */
function onEveryDate<Row extends object>(
  rowsOfDate: fc.Arbitrary<readonly Row[]>,
  numbered?: { readonly id: string; readonly letter: string },
): fc.Arbitrary<SmallRow[]> {
  return fc.tuple(...DATES.map(() => rowsOfDate)).map((dates) =>
    dates.flatMap((rows, date) =>
      rows.map((row, place) => ({
        ...row,
        ...(numbered ? { [numbered.id]: `${numbered.letter}${place}` } : {}),
        processing_date: DATES[date] ?? '',
      })),
    ),
  );
}

const smallWorlds: fc.Arbitrary<SmallWorld> = fc.record({
  raw_alerts: onEveryDate(fc.array(alert, { minLength: 20, maxLength: 40 }), { id: 'alert_id', letter: 'a' }),
  raw_features: onEveryDate(
    fc.uniqueArray(features, { minLength: 4, maxLength: 8, selector: (row) => addressKey(row.address) }),
  ),
  raw_clusters: onEveryDate(fc.array(cluster, { minLength: 3, maxLength: 6 }), {
    id: 'cluster_id',
    letter: 'c',
  }),
  raw_money_flows: onEveryDate(fc.array(flow, { minLength: 25, maxLength: 40 })),
  raw_address_labels: onEveryDate(fc.array(label, { minLength: 6, maxLength: 12 })),
});

/**
 * Two small worlds, the same for the same seed.
 *
 * @example
 * const [world, other] = sampleWorlds(7);
 */
export function sampleWorlds(seed: number): [SmallWorld, SmallWorld] {
  const [world, other] = fc.sample(smallWorlds, { numRuns: 2, seed }) as [SmallWorld, SmallWorld];
  return [world, other];
}

/** A world with the rows of each table in another order. */
export function reordered(
  world: SmallWorld,
  order: (rows: readonly SmallRow[]) => readonly SmallRow[],
): SmallWorld {
  return {
    raw_alerts: order(world.raw_alerts),
    raw_features: order(world.raw_features),
    raw_clusters: order(world.raw_clusters),
    raw_money_flows: order(world.raw_money_flows),
    raw_address_labels: order(world.raw_address_labels),
  };
}

/** A world with every row as `change` gives it, or without it. */
export function changed(
  world: SmallWorld,
  change: (row: SmallRow, table: SmallTable) => SmallRow | undefined,
): SmallWorld {
  const rows = (table: SmallTable) =>
    world[table].map((row) => change(row, table)).filter((row) => row !== undefined);
  return {
    raw_alerts: rows('raw_alerts'),
    raw_features: rows('raw_features'),
    raw_clusters: rows('raw_clusters'),
    raw_money_flows: rows('raw_money_flows'),
    raw_address_labels: rows('raw_address_labels'),
  };
}
