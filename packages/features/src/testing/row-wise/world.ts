import { addressKey } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { type ColumnKind, type RawRow, readRawTable, textOf, textsOf } from './raw-rows.ts';

/** Everything that is published of one window, as plain rows. */
export interface World {
  readonly alerts: readonly RawRow[];
  readonly features: readonly RawRow[];
  readonly clusters: readonly RawRow[];
  readonly flows: readonly RawRow[];
  readonly featureKinds: ReadonlyMap<string, ColumnKind>;
}

/** What one alert is computed from. Nothing of a later date is in it. */
export interface Surroundings {
  readonly alert: RawRow;
  readonly date: string;
  /** The address's key. */
  readonly key: string;
  /** Alerts of the snapshot. */
  readonly alerts: readonly RawRow[];
  /** Alerts of the address, of this snapshot and earlier ones. */
  readonly ownAlerts: readonly RawRow[];
  /** Rows of raw_features in the snapshot, by key. */
  readonly features: ReadonlyMap<string, RawRow>;
  /** Rows of raw_features of the address in earlier snapshots, the latest first. */
  readonly earlierFeatures: readonly RawRow[];
  /** Clusters of the snapshot that the address is in. */
  readonly clusters: readonly RawRow[];
  /** Flows of the snapshot to the address. */
  readonly flowsIn: readonly RawRow[];
  /** Flows of the snapshot from the address. */
  readonly flowsOut: readonly RawRow[];
  readonly featureKinds: ReadonlyMap<string, ColumnKind>;
}

/** Reads everything that is published of one window. */
export async function readWorld(database: Database, windowDays: number): Promise<World> {
  const features = await readRawTable(database, 'published_features', windowDays);
  const [alerts, clusters, flows] = [
    await readRawTable(database, 'published_alerts', windowDays),
    await readRawTable(database, 'published_clusters', windowDays),
    await readRawTable(database, 'published_money_flows', windowDays),
  ];
  return {
    alerts: alerts.rows,
    features: features.rows,
    clusters: clusters.rows,
    flows: flows.rows,
    featureKinds: features.kinds,
  };
}

/** The surroundings of every alert, by date and then alert_id. */
export function surroundingsOf(world: World): Surroundings[] {
  const alertsOf = grouped(world.alerts, (row) => keyOf(row, 'address'));
  const featuresOf = grouped(world.features, (row) => keyOf(row, 'address'));
  const alerts = byDate(world.alerts);
  const features = byDate(world.features);
  const clusters = byDate(world.clusters);
  const flows = byDate(world.flows);
  return [...alerts.keys()].sort().flatMap((date) => {
    const known = new Map(rowsOf(features, date).map((row) => [keyOf(row, 'address'), row]));
    const to = grouped(rowsOf(flows, date), (row) => keyOf(row, 'to_address'));
    const from = grouped(rowsOf(flows, date), (row) => keyOf(row, 'from_address'));
    return [...rowsOf(alerts, date)].sort(byId).map((alert) => {
      const key = keyOf(alert, 'address');
      return {
        alert,
        date,
        key,
        alerts: rowsOf(alerts, date),
        ownAlerts: (alertsOf.get(key) ?? []).filter((row) => dateOf(row) <= date),
        features: known,
        earlierFeatures: (featuresOf.get(key) ?? [])
          .filter((row) => dateOf(row) < date)
          .sort((a, b) => (dateOf(a) < dateOf(b) ? 1 : -1)),
        clusters: rowsOf(clusters, date).filter((row) =>
          textsOf(row, 'addresses_involved').some((member) => addressKey(member) === key),
        ),
        flowsIn: to.get(key) ?? [],
        flowsOut: from.get(key) ?? [],
        featureKinds: world.featureKinds,
      };
    });
  });
}

/** The key of an address in a row. */
export function keyOf(row: RawRow, column: string): string {
  return addressKey(textOf(row, column));
}

function dateOf(row: RawRow): string {
  return textOf(row, 'processing_date');
}

function byId(a: RawRow, b: RawRow): number {
  return textOf(a, 'alert_id') < textOf(b, 'alert_id') ? -1 : 1;
}

function byDate(rows: readonly RawRow[]): Map<string, RawRow[]> {
  return grouped(rows, dateOf);
}

/** Rows by what is said of each. */
export function grouped(rows: readonly RawRow[], name: (row: RawRow) => string): Map<string, RawRow[]> {
  const groups = new Map<string, RawRow[]>();
  for (const row of rows) {
    const same = groups.get(name(row));
    if (same) same.push(row);
    else groups.set(name(row), [row]);
  }
  return groups;
}

function rowsOf(dates: ReadonlyMap<string, readonly RawRow[]>, date: string): readonly RawRow[] {
  return dates.get(date) ?? [];
}
