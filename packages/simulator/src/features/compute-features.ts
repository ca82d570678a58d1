import { DAY_MS } from '../calendar.ts';
import type { Graph } from '../graph/graph.ts';
import { RAW_FEATURES } from '../tables/raw-features.ts';
import { createTable } from '../tables/table.ts';
import type { Window } from '../transfers/active-period.ts';
import type { Activity } from './activity.ts';
import { writeAmounts } from './amounts.ts';
import { writeAssets } from './assets.ts';
import type { FeatureTable } from './feature-row.ts';
import { writeFlags } from './flags.ts';
import { writeFlowPatterns } from './flow-patterns.ts';
import { writeGraphPosition } from './graph-position.ts';
import { writePartners } from './partners.ts';
import { writeScores } from './scores.ts';
import { writeTiming } from './timing.ts';

/** What features are computed from. */
export interface FeatureRequest {
  /** The node of each row, each with at least one transfer. */
  readonly nodes: Int32Array;
  readonly readActivity: (node: number) => Activity;
  readonly graph: Graph;
  readonly window: Window;
  addressOf(node: number): string;
}

/** The whole feature table of a snapshot, from its transfers alone. */
export function computeFeatures({
  nodes,
  readActivity,
  graph,
  window,
  addressOf,
}: FeatureRequest): FeatureTable {
  const table = createTable(RAW_FEATURES, nodes.length);
  const { columns } = table;
  columns.window_days.fill(window.endDay - window.firstDay);
  columns.processing_date.fill(window.endDay);
  columns.created_at.fill(window.endDay * DAY_MS);
  for (let row = 0; row < table.rows; row++) {
    columns.address[row] = addressOf(nodes[row]);
    const featureRow = { columns, row, activity: readActivity(nodes[row]) };
    writeAmounts(featureRow);
    writeTiming(featureRow, window.endDay);
    writePartners(featureRow);
    writeAssets(featureRow);
    writeFlowPatterns(featureRow);
  }
  writeGraphPosition(table, graph, nodes);
  writeScores(table);
  writeFlags(table);
  return table;
}
