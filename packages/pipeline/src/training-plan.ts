import {
  type FeatureGroup,
  InvalidLabelSetError,
  type LabelSet,
  type LabelStrategy,
  NoLabelsFoundError,
  type Split,
  type Splitter,
  type TrainingPeriod,
  type TrainingTable,
} from '@risk-scoring/contract';
import { extractTrainingData, type SnapshotSummary } from '@risk-scoring/extraction';
import { type AlertRows, readAlertRows } from '@risk-scoring/features';
import { createAddressLabelStrategy, readsOf } from '@risk-scoring/labels';
import type { Database } from '@risk-scoring/storage';
import type { Table } from 'apache-arrow';
import { deriveLabels } from './labelling/derive-labels.ts';
import { chooseJudgingLabels, countClasses, type JudgingLabels } from './labelling/judging-labels.ts';
import { groupsOf, type HiddenGroups, labelledRows } from './labelling/mask.ts';
import type { OnPipelineProgress } from './progress.ts';

/** What a training would learn from: known before any feature is computed. */
export interface TrainingPlan {
  readonly alerts: Table;
  readonly snapshots: readonly SnapshotSummary[];
  readonly rows: AlertRows;
  /** What the strategy says of every alert; `weights` are those that it trains with. */
  readonly labelSet: LabelSet;
  /** What models are judged by; undefined where there is nothing, and then nothing is judged. */
  readonly judging: JudgingLabels | undefined;
  /** Of the rows that have a label to judge by. */
  readonly holdout: Split;
  /** The holdout's addresses: no row of theirs is learned from, whatever labels it. */
  readonly holdoutGroups: HiddenGroups;
  readonly counts: PlanCounts;
}

/** The counts that `train --dry-run` prints. */
export interface PlanCounts {
  readonly snapshots: number;
  readonly alerts: number;
  readonly addresses: number;
  /** Alerts that the strategy labels. */
  readonly labelled: number;
  readonly positives: number;
  /** 0 where nothing is labelled. */
  readonly positive_rate: number;
  readonly label_sources: Readonly<Record<string, number>>;
  /** Labelled alerts to learn from, before models add any. */
  readonly train: number;
  readonly train_addresses: number;
  /** Alerts to judge on. */
  readonly holdout: number;
  readonly holdout_addresses: number;
  /** The strategy whose labels judge, and of what kind these are; null where nothing is judged. */
  readonly judged_by: { readonly strategy: string; readonly kind: string } | null;
}

/** The least addresses of each class, by folds, that a reference needs before anything is judged by it. */
const ADDRESSES_PER_FOLD = 3;

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
    readonly evaluationLabels?: LabelStrategy | undefined;
    readonly splitter: Splitter;
    readonly featureGroups: readonly FeatureGroup[];
    readonly seed: number;
    readonly testFraction: number;
    readonly cvFolds: number;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: OnPipelineProgress | undefined;
  },
): Promise<TrainingPlan> {
  const { labelStrategy, evaluationLabels, splitter, seed, signal, onProgress } = options;
  const reference = createAddressLabelStrategy();
  const readers = [labelStrategy, evaluationLabels ?? reference];
  const { data, snapshots } = await extractTrainingData(database, period, {
    tables: [...new Set(readers.flatMap((reader) => reader.requires))],
    columns: columnsToRead(readers, options.featureGroups),
    ...(signal ? { signal } : {}),
    onProgress: (progress) => onProgress?.({ stage: 'extract', ...progress }),
  });
  const derived = await deriveLabels(labelStrategy, data, { seed, signal });
  const labelSet: LabelSet = { ...derived.labelSet, weights: derived.weights };
  onProgress?.({ stage: 'label', done: 1, total: 1, detail: `by ${labelStrategy.name}` });

  const rows = readAlertRows(data.alerts);
  const labelled = labelledRows(labelSet.labels);
  if (labelled.length === 0 && labelStrategy.unsupervised !== true) {
    throw new NoLabelsFoundError({
      period,
      strategy: labelStrategy.name,
      alerts: data.alerts.numRows,
      ...(labelStrategy.requires.includes('addressLabels') ? { labelRows: data.addressLabels.numRows } : {}),
    });
  }
  assertWeights(labelStrategy.name, labelSet, labelled);
  const judging = await chooseJudgingLabels(data, {
    labelStrategy,
    labelSet,
    evaluationLabels,
    reference,
    rows,
    fewestAddresses: ADDRESSES_PER_FOLD * options.cvFolds,
    seed,
    signal,
  });
  const holdout = setAside(judging, { splitter, rows, seed, testFraction: options.testFraction });
  onProgress?.({ stage: 'split', done: 1, total: 1, detail: splitter.guarantee });
  const holdoutGroups = groupsOf(rows.splitGroups, rows.splitGroupNames.length, holdout.test);
  return {
    alerts: data.alerts,
    snapshots,
    rows,
    labelSet,
    judging,
    holdout,
    holdoutGroups,
    counts: countPlan({ snapshots, rows, labelSet, labelled, judging, holdout, holdoutGroups }),
  };
}

/** The holdout among the rows that have a label to judge by. */
function setAside(
  judging: JudgingLabels | undefined,
  {
    splitter,
    rows,
    seed,
    testFraction,
  }: {
    readonly splitter: Splitter;
    readonly rows: AlertRows;
    readonly seed: number;
    readonly testFraction: number;
  },
): Split {
  if (judging === undefined) return { train: new Int32Array(), test: new Int32Array() };
  const { labels } = judging;
  return splitter.holdout(
    { rows: labelledRows(labels), keys: rows.keys, labels, splitGroups: rows.splitGroups, seed },
    testFraction,
  );
}

function countPlan({
  snapshots,
  rows,
  labelSet,
  labelled,
  judging,
  holdout,
  holdoutGroups,
}: Pick<TrainingPlan, 'snapshots' | 'rows' | 'labelSet' | 'judging' | 'holdout' | 'holdoutGroups'> & {
  readonly labelled: Int32Array;
}): PlanCounts {
  const addresses = (of: Int32Array) => new Set(Array.from(of, (row) => rows.splitGroups[row])).size;
  const { positives } = countClasses(labelSet.labels);
  const train = labelled.filter((row) => holdoutGroups[rows.splitGroups[row] ?? 0] === 0);
  return {
    snapshots: snapshots.length,
    alerts: labelSet.labels.length,
    addresses: rows.splitGroupNames.length,
    labelled: labelled.length,
    positives,
    positive_rate: labelled.length === 0 ? 0 : positives / labelled.length,
    label_sources: countSources(labelSet),
    train: train.length,
    train_addresses: addresses(train),
    holdout: holdout.test.length,
    holdout_addresses: addresses(holdout.test),
    judged_by: judging ? { strategy: judging.strategy.name, kind: judging.kind } : null,
  };
}

/** What the strategies read, and what encodings are fitted on. */
function columnsToRead(
  readers: readonly LabelStrategy[],
  groups: readonly FeatureGroup[],
): Partial<Record<TrainingTable, readonly string[]>> {
  const { columns = {} } = readsOf(readers);
  if (columns.alerts === undefined) return columns;
  const encoded = groups.flatMap((group) => Object.values(group.encodings ?? {}));
  return { ...columns, alerts: [...columns.alerts, ...encoded] };
}

function assertWeights(strategy: string, { weights, counterWeights }: LabelSet, labelled: Int32Array): void {
  if (labelled.length === 0) return;
  const sum = labelled.reduce((total, row) => total + (weights[row] ?? 0) + (counterWeights?.[row] ?? 0), 0);
  if (sum > 0) return;
  throw new InvalidLabelSetError({
    strategy,
    expected: 'weights above 0 for some labelled alerts',
    found: `a weight of 0 for each of ${labelled.length}`,
  });
}

/** Names come from others, so they are no keys of an object before they are counted. */
function countSources({ sources }: LabelSet): Record<string, number> {
  const counts = new Map<string, number>();
  for (const code of sources.codes) {
    const name = sources.names[code];
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
