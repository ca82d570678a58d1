import {
  type FeatureGroup,
  type LabelSet,
  type LabelStrategy,
  NoLabelsFoundError,
  SingleClassError,
  type Split,
  type Splitter,
  type TrainingPeriod,
  type TrainingTable,
} from '@risk-scoring/contract';
import { extractTrainingData, type SnapshotSummary } from '@risk-scoring/extraction';
import { type AlertRows, readAlertRows } from '@risk-scoring/features';
import type { Database } from '@risk-scoring/storage';
import type { Table } from 'apache-arrow';
import type { OnPipelineProgress } from './progress.ts';

/** What a training would learn from: known before any feature is computed. */
export interface TrainingPlan {
  readonly alerts: Table;
  readonly snapshots: readonly SnapshotSummary[];
  readonly rows: AlertRows;
  readonly labelSet: LabelSet;
  readonly weights: Float32Array;
  /** Rows with a label, ascending. */
  readonly labelled: Int32Array;
  readonly holdout: Split;
  readonly counts: PlanCounts;
}

/** The counts that `train --dry-run` prints. */
export interface PlanCounts {
  readonly snapshots: number;
  readonly alerts: number;
  readonly addresses: number;
  readonly labelled: number;
  readonly positives: number;
  readonly positive_rate: number;
  readonly label_sources: Readonly<Record<string, number>>;
  readonly train: number;
  readonly train_addresses: number;
  readonly holdout: number;
  readonly holdout_addresses: number;
}

/**
 * Reads a period, labels it and sets the holdout aside.
 *
 * @throws {NoLabelsFoundError} when no alert got a label
 * @throws {SingleClassError} when all labels agree
 */
export async function planTraining(
  database: Database,
  period: TrainingPeriod,
  options: {
    readonly labelStrategy: LabelStrategy;
    readonly splitter: Splitter;
    readonly featureGroups: readonly FeatureGroup[];
    readonly seed: number;
    readonly testFraction: number;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: OnPipelineProgress | undefined;
  },
): Promise<TrainingPlan> {
  const { labelStrategy, splitter, seed, signal, onProgress } = options;
  const { data, snapshots } = await extractTrainingData(database, period, {
    tables: labelStrategy.requires,
    columns: columnsToRead(labelStrategy, options.featureGroups),
    ...(signal ? { signal } : {}),
    onProgress: (progress) => onProgress?.({ stage: 'extract', ...progress }),
  });
  const labelSet = await labelStrategy.deriveLabels(data.alerts, data, {
    seed,
    ...(signal ? { signal } : {}),
  });
  labelStrategy.validateLabels(labelSet);
  const weights = labelStrategy.getLabelWeights(labelSet);
  onProgress?.({ stage: 'label', done: 1, total: 1, detail: `by ${labelStrategy.name}` });

  const { labels } = labelSet;
  const labelled = rowsWhere(labels, (label) => label >= 0);
  const positives = labelled.reduce((sum, row) => sum + (labels[row] === 1 ? 1 : 0), 0);
  if (labelled.length === 0) {
    throw new NoLabelsFoundError({
      period,
      strategy: labelStrategy.name,
      alerts: data.alerts.numRows,
      labelRows: data.addressLabels.numRows,
    });
  }
  if (positives === 0 || positives === labelled.length) {
    throw new SingleClassError({
      where: `the ${labelled.length} labelled alerts of the period`,
      positives,
      negatives: labelled.length - positives,
    });
  }
  const rows = readAlertRows(data.alerts);
  const holdout = splitter.holdout(
    { rows: labelled, keys: rows.keys, labels, splitGroups: rows.splitGroups, seed },
    options.testFraction,
  );
  onProgress?.({ stage: 'split', done: 1, total: 1, detail: splitter.guarantee });
  const addresses = (of: Int32Array) => new Set(Array.from(of, (row) => rows.splitGroups[row])).size;
  return {
    alerts: data.alerts,
    snapshots,
    rows,
    labelSet,
    weights,
    labelled,
    holdout,
    counts: {
      snapshots: snapshots.length,
      alerts: data.alerts.numRows,
      addresses: rows.splitGroupNames.length,
      labelled: labelled.length,
      positives,
      positive_rate: positives / labelled.length,
      label_sources: countSources(labelSet),
      train: holdout.train.length,
      train_addresses: addresses(holdout.train),
      holdout: holdout.test.length,
      holdout_addresses: addresses(holdout.test),
    },
  };
}

/** What the strategy reads, and what encodings are fitted on. */
function columnsToRead(
  { columns }: LabelStrategy,
  groups: readonly FeatureGroup[],
): Partial<Record<TrainingTable, readonly string[]>> {
  if (columns?.alerts === undefined) return { ...columns };
  const encoded = groups.flatMap((group) => Object.values(group.encodings ?? {}));
  return { ...columns, alerts: [...columns.alerts, ...encoded] };
}

function rowsWhere(labels: Int8Array, test: (label: number) => boolean): Int32Array {
  const rows = new Int32Array(labels.length);
  let count = 0;
  for (let row = 0; row < labels.length; row++) {
    if (test(labels[row] ?? -1)) rows[count++] = row;
  }
  return rows.slice(0, count);
}

function countSources({ sources }: LabelSet): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of sources.codes) {
    const name = sources.names[code];
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
