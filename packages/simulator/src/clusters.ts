import { type AlertTable, SEVERITIES } from './alerts/alert-table.ts';
import { DAY_MS } from './calendar.ts';
import type { FeatureTable } from './features/feature-row.ts';
import type { Graph } from './graph/graph.ts';
import { joinAlerted } from './graph/join-alerted.ts';
import { hashOf } from './hash.ts';
import { RAW_CLUSTERS } from './tables/definitions.ts';
import { createTable, type Table } from './tables/table.ts';
import { takeRows } from './tables/take-rows.ts';
import type { Window } from './transfers/active-period.ts';

type ClusterColumns = Table<typeof RAW_CLUSTERS>['columns'];

/** What clusters are made of. */
export interface ClusterRequest {
  readonly network: string;
  readonly window: Window;
  readonly alerts: AlertTable;
  readonly features: FeatureTable;
  /** The node of each feature row. */
  readonly rowNodes: Int32Array;
  readonly graph: Graph;
}

/** Groups of alerted addresses that deal with one another or with the same third party, sorted by cluster_id. */
export function writeClusters(request: ClusterRequest): Table<typeof RAW_CLUSTERS> {
  const { window, alerts, rowNodes, graph } = request;
  const alertsByRow = groupAlerts(alerts);
  const rowOfNode = new Map(Array.from(alertsByRow.keys(), (row) => [rowNodes[row], row]));
  const groups = joinAlerted(graph, Int32Array.from(rowOfNode.keys()).sort());
  const table = createTable(RAW_CLUSTERS, groups.length);
  const { columns } = table;
  columns.window_days.fill(window.endDay - window.firstDay);
  columns.processing_date.fill(window.endDay);
  columns.created_at.fill(window.endDay * DAY_MS);
  groups.forEach(({ nodes, kind }, cluster) => {
    columns.cluster_type[cluster] = kind;
    const featureRows = nodes.map((node) => rowOfNode.get(node) as number);
    const members = {
      featureRows,
      alerts: featureRows.flatMap((row) => alertsByRow.get(row) ?? []),
    };
    writeMembers(columns, cluster, { ...request, members });
    writeSummary(columns, cluster, { ...request, members });
  });
  const ids = columns.cluster_id;
  const order = Array.from(ids.keys()).sort((a, b) => ((ids[a] as string) < (ids[b] as string) ? -1 : 1));
  return takeRows(table, Int32Array.from(order));
}

interface Members {
  readonly featureRows: readonly number[];
  /** Rows of the alert table. */
  readonly alerts: readonly number[];
}

function writeMembers(
  columns: ClusterColumns,
  cluster: number,
  { network, window, alerts, features, members }: ClusterRequest & { members: Members },
): void {
  const alertColumns = alerts.table.columns;
  const addresses = members.featureRows.map((row) => features.columns.address[row] as string).sort();
  const primary = mostSevere(alerts, members.alerts);
  columns.cluster_id[cluster] = hashOf([network, window.endDay, ...addresses], 20);
  columns.pattern_id[cluster] = alertColumns.pattern_id[primary] as string;
  columns.primary_address[cluster] = alertColumns.address[primary] as string;
  columns.primary_alert_id[cluster] = alertColumns.alert_id[primary] as string;
  columns.severity_max[cluster] = alertColumns.severity[primary] as string;
  columns.addresses_involved[cluster] = addresses;
  columns.related_alert_ids[cluster] = members.alerts
    .map((alert) => alertColumns.alert_id[alert] as string)
    .sort();
}

function writeSummary(
  columns: ClusterColumns,
  cluster: number,
  { alerts, features, members }: ClusterRequest & { members: Members },
): void {
  const sumOver = (rows: readonly number[], values: ArrayLike<number>) =>
    rows.reduce((total, row) => total + (values[row] as number), 0);
  const { first_activity_timestamp: first, last_activity_timestamp: last } = features.columns;
  columns.total_alerts[cluster] = members.alerts.length;
  columns.total_volume_usd[cluster] = sumOver(members.featureRows, features.columns.total_volume_usd);
  columns.confidence_avg[cluster] =
    sumOver(members.alerts, alerts.table.columns.alert_confidence_score) / members.alerts.length;
  columns.earliest_alert_timestamp[cluster] = Math.min(...members.featureRows.map((row) => first[row]));
  columns.latest_alert_timestamp[cluster] = Math.max(...members.featureRows.map((row) => last[row]));
}

/** The alert of greatest severity, then of greatest confidence. */
function mostSevere({ table }: AlertTable, alerts: readonly number[]): number {
  const { severity, alert_confidence_score: confidence } = table.columns;
  const gradeOf = (alert: number) =>
    SEVERITIES.indexOf(severity[alert] as (typeof SEVERITIES)[number]) + confidence[alert] / 2;
  return alerts.reduce((best, alert) => (gradeOf(alert) > gradeOf(best) ? alert : best));
}

function groupAlerts({ featureRow }: AlertTable): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  featureRow.forEach((row, alert) => {
    const group = groups.get(row);
    if (group === undefined) groups.set(row, [alert]);
    else group.push(alert);
  });
  return groups;
}
