import { createRandom, type Random } from '@risk-scoring/contract';
import { accuses, writeAddressLabels } from './address-labels.ts';
import { type AlertTable, writeAlertTable } from './alerts/alert-table.ts';
import { collectEvidence, type Evidence } from './alerts/evidence.ts';
import { raiseAlerts } from './alerts/raise-alerts.ts';
import { formatDay } from './calendar.ts';
import { writeClusters } from './clusters.ts';
import { createActivityReader } from './features/activity.ts';
import { computeFeatures } from './features/compute-features.ts';
import type { FeatureTable } from './features/feature-row.ts';
import { buildGraph, type Graph } from './graph/graph.ts';
import { listIncidence } from './graph/incidence.ts';
import { writeMoneyFlows } from './money-flows.ts';
import type { SimulatedNetwork } from './network.ts';
import type { SimulationPlan } from './options.ts';
import { addressTexts } from './population/address-text.ts';
import type { SnapshotFile } from './tables/definitions.ts';
import type { Table } from './tables/table.ts';
import { takeRows } from './tables/take-rows.ts';
import type { Window } from './transfers/active-period.ts';
import type { Ledger } from './transfers/ledger.ts';
import { simulateTransfers } from './transfers/simulate-transfers.ts';
import { createSnapshotNodes, type SnapshotNodes } from './transfers/snapshot-nodes.ts';

/** The tables of one snapshot and what a summary says of them. */
export interface SimulatedSnapshot {
  readonly tables: Readonly<Record<SnapshotFile, Table>>;
  readonly alerts: number;
  readonly alertedAddresses: number;
  readonly labelledAlerts: number;
  readonly positiveAlerts: number;
}

/** Alerted addresses whose features were never delivered. */
const MISSING_FEATURES = 0.03;
/** Addresses without an alert have a feature row from so many transfers on. */
const FEWEST_TRANSFERS = 3;

/**
 * Plays out one window: who is active, what they transfer, what features and rules see of it.
 *
 * @param index which snapshot, from 0
 */
export function simulateSnapshot(
  network: SimulatedNetwork,
  plan: SimulationPlan,
  index: number,
): SimulatedSnapshot {
  const frame = frameOf(plan, index);
  const played = playOut(network, frame);
  const observed = observe(played, frame.window);
  const alerts = monitor(observed, frame);
  return {
    tables: publish({ ...observed, alerts }, frame, network),
    ...countAlerts(network, alerts, (row) => played.nodes.members[observed.rowNodes[row]]),
  };
}

/** Which snapshot of which plan, and its window. */
interface Frame {
  readonly plan: SimulationPlan;
  readonly window: Window;
  /** 0 in the first snapshot, 1 in the last. */
  readonly progress: number;
  /** Alerts that this snapshot may raise. */
  readonly capacity: number;
  /** A generator of its own for each use in this snapshot. */
  stream(use: string): Random;
}

function frameOf(plan: SimulationPlan, index: number): Frame {
  const day = plan.firstDay + index * plan.stepDays;
  return {
    plan,
    window: { firstDay: day - plan.windowDays, endDay: day },
    progress: plan.snapshots === 1 ? 0 : index / (plan.snapshots - 1),
    capacity: shareOf(plan.alerts, plan.snapshots, index),
    stream: (use) => createRandom(plan.seed, `${use}/${formatDay(day)}`),
  };
}

interface PlayedOut {
  readonly nodes: SnapshotNodes;
  readonly ledger: Ledger;
}

/** Who is active, and what they do. */
function playOut({ population, services }: SimulatedNetwork, frame: Frame): PlayedOut {
  const { plan, window, progress } = frame;
  const activity = frame.stream('activity');
  const members = Int32Array.from(population.activity.keys()).filter(
    (member) => activity.next() < population.activity[member],
  );
  const nextOutsider = addressTexts(plan.seed, `outsiders/${formatDay(window.endDay)}`);
  const nodes = createSnapshotNodes({ population, services, members, nextOutsider });
  const random = frame.stream('transfers');
  return { nodes, ledger: simulateTransfers({ population, nodes, window, progress, random }) };
}

interface Observed extends PlayedOut {
  readonly graph: Graph;
  /** Position of each node when all are sorted by address. */
  readonly addressRank: Int32Array;
  /** Actors and services with transfers, sorted by address: one per row of the features. */
  readonly rowNodes: Int32Array;
  readonly features: FeatureTable;
  readonly evidence: Evidence;
}

/** What can be computed from the transfers. */
function observe({ nodes, ledger }: PlayedOut, window: Window): Observed {
  const incidence = listIncidence(ledger, nodes.count());
  const graph = buildGraph(ledger, incidence);
  const addressRank = rankAddresses(nodes);
  const rowNodes = Int32Array.from({ length: nodes.firstOther }, (_, node) => node)
    .filter((node) => incidence.starts[node + 1] > incidence.starts[node])
    .sort((a, b) => addressRank[a] - addressRank[b]);
  const readActivity = createActivityReader(ledger, incidence);
  const addressOf = (node: number) => nodes.address(node);
  return {
    nodes,
    ledger,
    graph,
    addressRank,
    rowNodes,
    features: computeFeatures({ nodes: rowNodes, readActivity, graph, window, addressOf }),
    evidence: collectEvidence(rowNodes, readActivity, nodes),
  };
}

/** What the monitoring makes of it. Services are watched by others. */
function monitor({ nodes, rowNodes, features, evidence }: Observed, frame: Frame): AlertTable {
  const candidates = Int32Array.from(rowNodes.keys()).filter((row) => rowNodes[row] < nodes.actors);
  const random = frame.stream('alerts');
  const raised = raiseAlerts({ features, evidence, candidates, capacity: frame.capacity, random });
  const { network } = frame.plan;
  return writeAlertTable(raised, { network, window: frame.window, features, evidence, random });
}

function publish(
  observed: Observed & { alerts: AlertTable },
  { plan, window, stream }: Frame,
  { labels }: SimulatedNetwork,
): SimulatedSnapshot['tables'] {
  const { nodes, features, alerts } = observed;
  const { network, windowDays } = plan;
  const addressOf = (node: number) => nodes.address(node);
  return {
    'raw_alerts.parquet': alerts.table,
    'raw_features.parquet': takeRows(features, publishedRows(features, alerts, stream('missing features'))),
    'raw_clusters.parquet': writeClusters({ ...observed, network, window }),
    'raw_money_flows.parquet': writeMoneyFlows({ ...observed, window, addressOf }),
    'raw_address_labels.parquet': writeAddressLabels(labels, nodes, {
      network,
      windowDays,
      day: window.endDay,
    }),
  };
}

/** A whole number's even share for one of several, the first ones getting the remainder. */
function shareOf(total: number, parts: number, index: number): number {
  return Math.floor(total / parts) + (index < total % parts ? 1 : 0);
}

function rankAddresses(nodes: SnapshotNodes): Int32Array {
  const addresses = Array.from({ length: nodes.count() }, (_, node) => nodes.address(node));
  const order = Array.from(addresses.keys()).sort((a, b) =>
    (addresses[a] as string) < (addresses[b] as string) ? -1 : 1,
  );
  const rank = new Int32Array(order.length);
  order.forEach((node, position) => {
    rank[node] = position;
  });
  return rank;
}

/** Rows of addresses with an alert, but for a few, and of those with enough transfers. */
function publishedRows(features: FeatureTable, { featureRow }: AlertTable, random: Random): Int32Array {
  const alerted = new Set(featureRow);
  return Int32Array.from({ length: features.rows }, (_, row) => row).filter((row) => {
    const lost = random.next() < MISSING_FEATURES;
    if (alerted.has(row)) return !lost;
    return features.columns.tx_total_count[row] >= FEWEST_TRANSFERS;
  });
}

function countAlerts(
  { labels }: SimulatedNetwork,
  { table, featureRow }: AlertTable,
  memberOf: (featureRow: number) => number,
): Omit<SimulatedSnapshot, 'tables'> {
  const firstLabels = Array.from(featureRow, (row) => labels[memberOf(row)]?.[0]);
  return {
    alerts: table.rows,
    alertedAddresses: new Set(featureRow).size,
    labelledAlerts: firstLabels.filter((label) => label !== undefined).length,
    positiveAlerts: firstLabels.filter((label) => label !== undefined && accuses(label)).length,
  };
}
