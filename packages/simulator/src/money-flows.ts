import { DAY_MS, HOUR_MS, weekday } from './calendar.ts';
import { countPositive, indexOfGreatest } from './features/statistics.ts';
import type { Graph } from './graph/graph.ts';
import { RAW_MONEY_FLOWS } from './tables/definitions.ts';
import { createTable, type Table } from './tables/table.ts';
import type { Window } from './transfers/active-period.ts';
import { ASSETS, type Ledger } from './transfers/ledger.ts';

type FlowColumns = Table<typeof RAW_MONEY_FLOWS>['columns'];

/** What flows are summed up from. */
export interface FlowRequest {
  readonly ledger: Ledger;
  readonly graph: Graph;
  readonly window: Window;
  /** Position of each node among all when sorted by address. */
  readonly addressRank: Int32Array;
  addressOf(node: number): string;
}

/** One row per ordered pair, sorted by the two addresses. Every transfer is in exactly one row. */
export function writeMoneyFlows({
  ledger,
  graph,
  window,
  addressRank,
  addressOf,
}: FlowRequest): Table<typeof RAW_MONEY_FLOWS> {
  const pairs = sortByPair(ledger, addressRank);
  const starts = pairStarts(pairs);
  const table = createTable(RAW_MONEY_FLOWS, starts.length);
  const { columns } = table;
  columns.window_days.fill(window.endDay - window.firstDay);
  columns.processing_date.fill(window.endDay);
  columns.created_at.fill(window.endDay * DAY_MS);
  for (let row = 0; row < starts.length; row++) {
    const transfers = pairs.transfers.subarray(starts[row], starts[row + 1] ?? ledger.transfers);
    const from = ledger.from[transfers[0]];
    const to = ledger.to[transfers[0]];
    columns.from_address[row] = addressOf(from);
    columns.to_address[row] = addressOf(to);
    writeAmounts(columns, row, { ledger, transfers });
    writeTimes(columns, row, { ledger, transfers });
    writeReturn(columns, row, { forth: columns.amount_usd_sum[row], back: sentCents(graph, to, from) });
  }
  return table;
}

interface FlowTransfers {
  readonly ledger: Ledger;
  /** Transfers of one pair in order of time. */
  readonly transfers: Int32Array;
}

function writeAmounts(columns: FlowColumns, row: number, { ledger, transfers }: FlowTransfers): void {
  const centsByAsset = new Float64Array(ASSETS.length);
  let cents = 0;
  for (const transfer of transfers) {
    centsByAsset[ledger.asset[transfer]] += ledger.cents[transfer];
    cents += ledger.cents[transfer];
  }
  const dominant = indexOfGreatest(centsByAsset);
  const asset = ASSETS[dominant];
  columns.tx_count[row] = transfers.length;
  columns.amount_usd_sum[row] = cents;
  columns.avg_tx_size_usd[row] = Math.round(cents / transfers.length);
  columns.unique_assets[row] = countPositive(centsByAsset);
  columns.dominant_asset[row] = asset?.symbol ?? '';
  columns.amount_sum[row] = Math.round((centsByAsset[dominant] * 1e4) / (asset?.usd ?? 1));
}

function writeTimes(columns: FlowColumns, row: number, { ledger, transfers }: FlowTransfers): void {
  const hours = columns.hourly_pattern.subarray(row * 24, (row + 1) * 24);
  const weekdays = columns.weekly_pattern.subarray(row * 7, (row + 1) * 7);
  let lastDay = -1;
  for (const transfer of transfers) {
    const day = Math.floor(ledger.time[transfer] / DAY_MS);
    hours[Math.floor((ledger.time[transfer] - day * DAY_MS) / HOUR_MS)]++;
    weekdays[weekday(day)]++;
    if (day !== lastDay) columns.active_days[row]++;
    lastDay = day;
  }
  columns.first_seen_timestamp[row] = ledger.time[transfers[0]];
  columns.last_seen_timestamp[row] = ledger.time[transfers[transfers.length - 1]];
}

function writeReturn(
  columns: FlowColumns,
  row: number,
  { forth, back }: { forth: number; back: number },
): void {
  columns.is_bidirectional[row] = Number(back > 0);
  columns.reciprocity_ratio[row] = Math.min(forth, back) / Math.max(forth, back);
}

function sentCents(graph: Graph, from: number, to: number): number {
  const few = degree(graph, from) <= degree(graph, to) ? from : to;
  const other = few === from ? to : from;
  const slot =
    graph.neighbours.subarray(graph.starts[few], graph.starts[few + 1]).indexOf(other) + graph.starts[few];
  return few === from ? graph.sentCents[slot] : graph.receivedCents[slot];
}

function degree(graph: Graph, node: number): number {
  return graph.starts[node + 1] - graph.starts[node];
}

interface Pairs {
  /** Transfers by pair, then by time. */
  readonly transfers: Int32Array;
  /** The pair of each of them. */
  readonly keys: Float64Array;
}

/** Two stable counting sorts, by recipient and then by sender, of transfers that are in order of time. */
function sortByPair(ledger: Ledger, addressRank: Int32Array): Pairs {
  const byTime = Int32Array.from({ length: ledger.transfers }, (_, transfer) => transfer);
  const byRecipient = countingSort(
    byTime,
    (transfer) => addressRank[ledger.to[transfer]],
    addressRank.length,
  );
  const transfers = countingSort(
    byRecipient,
    (transfer) => addressRank[ledger.from[transfer]],
    addressRank.length,
  );
  const keys = Float64Array.from(
    transfers,
    (transfer) => addressRank[ledger.from[transfer]] * addressRank.length + addressRank[ledger.to[transfer]],
  );
  return { transfers, keys };
}

function countingSort(items: Int32Array, keyOf: (item: number) => number, keys: number): Int32Array {
  const starts = new Int32Array(keys + 1);
  for (const item of items) starts[keyOf(item) + 1]++;
  for (let key = 0; key < keys; key++) starts[key + 1] += starts[key];
  const sorted = new Int32Array(items.length);
  for (const item of items) sorted[starts[keyOf(item)]++] = item;
  return sorted;
}

function pairStarts({ keys }: Pairs): Int32Array {
  return Int32Array.from(keys.keys()).filter((i) => i === 0 || keys[i] !== keys[i - 1]);
}
