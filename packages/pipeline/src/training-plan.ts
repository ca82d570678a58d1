import {
  InvalidLabelSetError,
  type LabelSet,
  type LabelStrategy,
  type ModelType,
  NoLabelsFoundError,
  RiskScoringError,
  type Split,
  type SplitRequest,
  type Splitter,
  type TextColumn,
  type TrainingPeriod,
  type TrainingTable,
} from '@risk-scoring/contract';
import { extractTrainingData, type SnapshotSummary } from '@risk-scoring/extraction';
import type { AlertRows } from '@risk-scoring/features';
import { createAddressLabelStrategy, readsOf } from '@risk-scoring/labels';
import type { Database } from '@risk-scoring/storage';
import type { Table } from 'apache-arrow';
import { deriveLabels } from './labelling/derive-labels.ts';
import { groupsOfClasses } from './labelling/groups-of-classes.ts';
import { chooseJudgingLabels, countClasses, type JudgingLabels } from './labelling/judging-labels.ts';
import { type HiddenRows, hiddenBy, labelledRows } from './labelling/mask.ts';
import type { SettledTrainOptions } from './train-options.ts';
import { subjectOf } from './training-subject.ts';

/** What a training would learn from: known before any feature is computed. */
export interface TrainingPlan {
  readonly modelType: ModelType;
  readonly alerts: Table;
  readonly snapshots: readonly SnapshotSummary[];
  /** What is learned and scored: the alerts, or the clusters. */
  readonly rows: AlertRows;
  /** What kind of row each is: an alert's typology, a cluster's type. */
  readonly kinds: TextColumn;
  /** What must not straddle a split, per row. */
  readonly splitGroups: Int32Array;
  /** What the strategy says of every row; `weights` are those that it trains with. */
  readonly labelSet: LabelSet;
  /** What models are judged by; undefined where there is nothing, and then nothing is judged. */
  readonly judging: JudgingLabels | undefined;
  /** Of the rows that have a label to judge by. */
  readonly holdout: Split;
  /** Rows that no model may learn from which the holdout judges, whatever labels them. */
  readonly hidden: HiddenRows;
  readonly counts: PlanCounts;
}

/** The counts that `train --dry-run` prints. */
export interface PlanCounts {
  readonly snapshots: number;
  readonly alerts: number;
  readonly addresses: number;
  /** What is learned from: alerts, or clusters. */
  readonly rows: number;
  /** Rows that the strategy labels. */
  readonly labelled: number;
  readonly positives: number;
  /** 0 where nothing is labelled. */
  readonly positive_rate: number;
  readonly label_sources: Readonly<Record<string, number>>;
  /** Labelled rows to learn from, before models add any. */
  readonly train: number;
  readonly train_addresses: number;
  /** Rows to judge on. */
  readonly holdout: number;
  readonly holdout_addresses: number;
  /** The strategy whose labels judge, and of what kind these are; null where nothing is judged. */
  readonly judged_by: { readonly strategy: string; readonly kind: string } | null;
}

/** What {@link planTraining} needs of a training's options. */
export type PlanOptions = Pick<
  SettledTrainOptions,
  | 'modelType'
  | 'labelStrategy'
  | 'evaluationLabels'
  | 'splitter'
  | 'featureGroups'
  | 'groupBy'
  | 'clusterLabels'
  | 'seed'
  | 'testFraction'
  | 'cvFolds'
  | 'signal'
  | 'onProgress'
>;

/** A period without clusters gives a cluster_scorer nothing to learn from. */
class NoClustersError extends RiskScoringError {
  constructor({ startDate, endDate, windowDays }: TrainingPeriod) {
    super({
      code: 'NO_CLUSTERS',
      category: 'data',
      summary: 'The period has no clusters.',
      expected: `clusters in the snapshots from ${startDate} to ${endDate} with window_days = ${windowDays}`,
      found: 'none',
      remedy: 'widen the period, ingest snapshots with clusters, or train an alert_scorer',
    });
  }
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
  options: PlanOptions,
): Promise<TrainingPlan> {
  const { modelType, labelStrategy, evaluationLabels, splitter, seed, signal, onProgress } = options;
  const reference = createAddressLabelStrategy();
  const readers = [labelStrategy, evaluationLabels ?? reference];
  const { data, snapshots } = await extractTrainingData(database, period, {
    tables: [...new Set([...readers.flatMap((reader) => reader.requires), ...subjectTables(options)])],
    columns: columnsToRead(readers, options),
    ...(signal ? { signal } : {}),
    onProgress: (progress) => onProgress?.({ stage: 'extract', ...progress }),
  });
  const derived = await deriveLabels(labelStrategy, data, { seed, signal });
  const ofAlerts: LabelSet = { ...derived.labelSet, weights: derived.weights };
  onProgress?.({ stage: 'label', done: 1, total: 1, detail: `by ${labelStrategy.name}` });

  const subject = subjectOf(modelType, data, options);
  const { rows, splitGroups } = subject;
  if (rows.splitGroups.length === 0) throw new NoClustersError(period);
  const labelSet = subject.label(ofAlerts);
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
    label: subject.label,
    evaluationLabels,
    reference,
    rows,
    fewestAddresses: ADDRESSES_PER_FOLD * options.cvFolds,
    seed,
    signal,
  });
  const byClusters = modelType === 'cluster_scorer' || options.groupBy === 'cluster';
  const request = { keys: rows.keys, splitGroups, seed };
  const holdout = explaining(judging, { byClusters, splitGroups, folds: options.cvFolds }, () => {
    const split = setAside(judging, { ...request, splitter, testFraction: options.testFraction });
    // Sooner than after features and a model: data that gives no folds cannot be cross-validated.
    if (judging) splitter.folds({ ...request, rows: split.train, labels: judging.labels }, options.cvFolds);
    return split;
  });
  onProgress?.({ stage: 'split', done: 1, total: 1, detail: splitter.guarantee });
  const hidden = hiddenBy(holdout, splitGroups);
  const alerts = data.alerts.numRows;
  return {
    modelType,
    alerts: data.alerts,
    snapshots,
    rows,
    splitGroups,
    kinds: subject.kinds,
    labelSet,
    judging,
    holdout,
    hidden,
    counts: countPlan({ snapshots, rows, labelSet, labelled, judging, holdout, hidden, alerts }),
  };
}

/**
 * Says the same of whatever divides the rows later on: folds of folds, or the part that early stopping watches.
 *
 * @throws {RiskScoringError} `CLUSTERS_NOT_DIVIDABLE` in place of `TOO_FEW_GROUPS` where rows are grouped by clusters
 */
export async function explainingClusters<T>(
  { modelType, judging, splitGroups }: Pick<TrainingPlan, 'modelType' | 'judging' | 'splitGroups'>,
  { groupBy, cvFolds }: Pick<PlanOptions, 'groupBy' | 'cvFolds'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const byClusters = modelType === 'cluster_scorer' || groupBy === 'cluster';
    return explaining(judging, { byClusters, splitGroups, folds: cvFolds }, () => {
      throw cause;
    });
  }
}

/** Says of rows that are grouped by clusters why they cannot be divided: clusters that share addresses hang together, over all dates. */
function explaining<T>(
  judging: JudgingLabels | undefined,
  {
    byClusters,
    splitGroups,
    folds,
  }: { readonly byClusters: boolean; readonly splitGroups: Int32Array; readonly folds: number },
  divide: () => T,
): T {
  try {
    return divide();
  } catch (cause) {
    const isTooFew = RiskScoringError.isInstance(cause) && cause.code === 'TOO_FEW_GROUPS';
    if (!byClusters || !isTooFew || judging === undefined) throw cause;
    throw clustersNotDividable(judging.labels, splitGroups, { folds, cause });
  }
}

function clustersNotDividable(
  labels: Int8Array,
  splitGroups: Int32Array,
  { folds, cause }: { readonly folds: number; readonly cause: unknown },
): RiskScoringError {
  const rowsOf = new Map<number, number>();
  const labelled = labelledRows(labels);
  for (const row of labelled) {
    const group = splitGroups[row] ?? -1;
    rowsOf.set(group, (rowsOf.get(group) ?? 0) + 1);
  }
  const [normal, suspicious] = groupsOfClasses(labels, splitGroups);
  const share = (100 * Math.max(0, ...rowsOf.values())) / labelled.length;
  return new RiskScoringError({
    code: 'CLUSTERS_NOT_DIVIDABLE',
    category: 'data',
    summary:
      'The clusters of the period hang together, so whole clusters cannot be kept on one side of a split.',
    expected: `suspicious and normal rows of enough groups of clusters that share no address for a holdout and ${folds} folds`,
    found: `suspicious rows of ${suspicious} groups and normal ones of ${normal}; the largest group holds ${share.toFixed(0)} % of the labelled rows`,
    remedy:
      'split by date (--split temporal), choose a shorter period, or, for alerts, write --group-by address',
    cause,
  });
}

/** The tables that the rows of a model type need besides what labels need. */
function subjectTables({ modelType, groupBy }: Pick<PlanOptions, 'modelType' | 'groupBy'>): TrainingTable[] {
  return modelType === 'cluster_scorer' || groupBy === 'cluster' ? ['clusters'] : [];
}

/** The holdout among the rows that have a label to judge by. */
function setAside(
  judging: JudgingLabels | undefined,
  {
    splitter,
    testFraction,
    ...request
  }: Pick<SplitRequest, 'keys' | 'splitGroups' | 'seed'> & {
    readonly splitter: Splitter;
    readonly testFraction: number;
  },
): Split {
  if (judging === undefined) return { train: new Int32Array(), test: new Int32Array() };
  const { labels } = judging;
  return splitter.holdout({ ...request, rows: labelledRows(labels), labels }, testFraction);
}

function countPlan({
  snapshots,
  rows,
  labelSet,
  labelled,
  judging,
  holdout,
  hidden,
  alerts,
}: Pick<TrainingPlan, 'snapshots' | 'rows' | 'labelSet' | 'judging' | 'holdout' | 'hidden'> & {
  readonly labelled: Int32Array;
  readonly alerts: number;
}): PlanCounts {
  const addresses = (of: Int32Array) => new Set(Array.from(of, (row) => rows.splitGroups[row])).size;
  const { positives } = countClasses(labelSet.labels);
  const train = labelled.filter((row) => hidden[row] === 0);
  return {
    snapshots: snapshots.length,
    alerts,
    rows: labelSet.labels.length,
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

/** What the strategies and the rows read, and what encodings are fitted on. */
function columnsToRead(
  readers: readonly LabelStrategy[],
  options: Pick<PlanOptions, 'modelType' | 'groupBy' | 'featureGroups'>,
): Partial<Record<TrainingTable, readonly string[]>> {
  const { columns = {} } = readsOf(readers);
  // Of tables that a strategy reads whole, every column comes.
  const readWhole = readers.some(
    (reader) => reader.requires.includes('clusters') && reader.columns?.clusters === undefined,
  );
  const ofClusters =
    subjectTables(options).length > 0 && !readWhole
      ? {
          clusters: [
            ...(columns.clusters ?? []),
            'processing_date',
            'cluster_id',
            'cluster_type',
            'addresses_involved',
          ],
        }
      : {};
  const encoded = options.featureGroups.flatMap((group) => Object.values(group.encodings ?? {}));
  return {
    ...columns,
    ...ofClusters,
    ...(columns.alerts === undefined ? {} : { alerts: [...columns.alerts, ...encoded, 'typology_type'] }),
  };
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
