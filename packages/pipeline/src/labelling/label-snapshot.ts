import {
  CancelledError,
  InvalidInputError,
  type LabelSet,
  type LabelStrategy,
  RiskScoringError,
  type TrainingData,
  type TrainingPeriod,
  type TrainingTable,
} from '@risk-scoring/contract';
import { extractTrainingData } from '@risk-scoring/extraction';
import { readsOf } from '@risk-scoring/labels';
import type { ModelMetadata } from '@risk-scoring/model-storage';
import { type Database, readAddressLabels } from '@risk-scoring/storage';
import { type RecordBatch, Table } from 'apache-arrow';
import { relevanceOf } from '../relevance.ts';
import { subjectOf } from '../training-subject.ts';
import { deriveLabels } from './derive-labels.ts';
import { ofKind } from './judging-labels.ts';
import { type JudgingStrategy, judgingStrategyOf, referenceStrategy } from './judging-strategy.ts';

/** Which labels of which rows. */
export interface LabelSnapshotOptions {
  /** Of the model whose rows are labelled: its type says whether these are alerts or clusters. */
  readonly metadata: Pick<ModelMetadata, 'model_type' | 'seed' | 'labels'>;
  /** `YYYY-MM-DD` */
  readonly processingDate: string;
  readonly windowDays: number;
  /** Labels the rows instead of the strategy that judged the model. */
  readonly strategy?: LabelStrategy | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The labels of a snapshot's rows as they are known by now. */
export interface SnapshotLabels {
  /** 1 suspicious, 0 normal, by alert_id, of a cluster scorer by cluster_id; rows without a label are not in it. */
  readonly labels: ReadonlyMap<string, 0 | 1>;
  /** Of an alert_ranker how much each of these rows matters, as in its training: see `relevanceOf`. Empty of other models. */
  readonly relevance: ReadonlyMap<string, number>;
  /** The strategy that they come from. */
  readonly strategy: UsedStrategy;
}

/** The strategy that labels came from, as plain JSON. */
export interface UsedStrategy {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** `model`: it judged the model in training; `caller`: it was asked for; `reference`: `address`, in place of the model's own. */
  readonly from: 'model' | 'caller' | 'reference';
  /** Why the reference judges; absent otherwise. */
  readonly reason?: string;
}

/** Days between which every label is read: all that the database can hold. */
const ALL_DAYS = { startDate: '1970-01-01', endDate: '2149-06-06' } as const;

/**
 * Labels the rows of one snapshot, to judge models on it: by the strategy that judged the model in its training, or by the reference `address`, which
 * is then said, where there is none or it cannot be used here.
 *
 * Labels are those that the database knows now: what SOT says of an address counts from whichever snapshot of the window it comes, the later ones,
 * too, and so does what is imported. An imported label that holds from a date on only (`valid_from`) does not reach snapshots before it. Labels on
 * the alerts themselves are those of the snapshot. A cluster is suspicious where one labelled member is, as metadata keeps no other share.
 *
 * @throws {NoAlertsFoundError} when there is no such snapshot
 * @throws {InvalidInputError} for a strategy that is handed in for clusters and labels with the help of models
 * @throws {InvalidDataError | InvalidLabelSetError} for rows or labels that cannot be used
 * @example
 * const { labels, strategy } = await labelSnapshot(database, { metadata, processingDate: '2020-01-01', windowDays: 30 });
 * labels.get('alert-1'); // 1, 0 or undefined
 */
export async function labelSnapshot(
  database: Database,
  options: LabelSnapshotOptions,
): Promise<SnapshotLabels> {
  const chosen = await chooseStrategy(options);
  try {
    return await labelBy(database, chosen, options);
  } catch (cause) {
    if (chosen.from !== 'model' || !isOfTheStrategy(cause)) throw cause;
    const reason = `'${chosen.strategy.name}', which judged the model, cannot label here: ${cause.summary}`;
    return labelBy(database, referenceStrategy(reason), options);
  }
}

async function chooseStrategy({ metadata, strategy }: LabelSnapshotOptions): Promise<JudgingStrategy> {
  if (strategy === undefined) return judgingStrategyOf(metadata);
  if (metadata.model_type === 'cluster_scorer' && strategy.refineLabels !== undefined) {
    throw new InvalidInputError({
      what: `The label strategy '${strategy.name}' for a cluster_scorer`,
      expected: 'one that labels alerts without the help of models',
      found: 'one that refines its labels',
    });
  }
  return { strategy, from: 'caller' };
}

/** Whether it is the strategy that failed, as when its file is gone; where the data itself is at fault, the reference fails as well. */
function isOfTheStrategy(cause: unknown): cause is RiskScoringError {
  if (!RiskScoringError.isInstance(cause) || cause instanceof CancelledError) return false;
  return cause.category === 'input' || cause.category === 'data';
}

async function labelBy(
  database: Database,
  { strategy, from, only, reason }: JudgingStrategy,
  { metadata, processingDate, windowDays, signal }: LabelSnapshotOptions,
): Promise<SnapshotLabels> {
  const period: TrainingPeriod = {
    network: database.network,
    startDate: processingDate,
    endDate: processingDate,
    windowDays,
  };
  const data = await readToLabel(database, period, { strategy, metadata, signal });
  const derived = await deriveLabels(strategy, data, { seed: metadata.seed, signal });
  const subject = subjectOf(metadata.model_type, data, { groupBy: 'address', clusterLabels: {} });
  const labelSet: LabelSet = subject.label({ ...derived.labelSet, weights: derived.weights });
  const labels = only === undefined ? labelSet.labels : ofKind(labelSet, only);
  const grades = metadata.model_type === 'alert_ranker' ? relevanceOf(labels, labelSet.relevance) : null;
  const byId = new Map<string, 0 | 1>();
  const relevance = new Map<string, number>();
  for (const [row, id] of subject.rows.keys.ids.entries()) {
    const label = labels[row];
    if (label !== 0 && label !== 1) continue;
    byId.set(id, label);
    if (grades) relevance.set(id, grades[row] ?? label);
  }
  const { name, settings } = strategy;
  const used = { name, settings, from, ...(reason === undefined ? {} : { reason }) };
  return { labels: byId, relevance, strategy: used };
}

/** The snapshot's rows, and of address labels those of every date. */
async function readToLabel(
  database: Database,
  period: TrainingPeriod,
  {
    strategy,
    metadata,
    signal,
  }: Pick<LabelSnapshotOptions, 'metadata' | 'signal'> & { readonly strategy: LabelStrategy },
): Promise<TrainingData> {
  const readers: Pick<LabelStrategy, 'requires' | 'columns'>[] =
    metadata.model_type === 'cluster_scorer' ? [strategy, CLUSTER_READER] : [strategy];
  const { requires, columns = {} } = readsOf(readers);
  const tables: TrainingTable[] = requires.filter((table) => table !== 'addressLabels');
  const { data } = await extractTrainingData(database, period, {
    tables,
    columns: { ...columns, ...(columns.alerts ? { alerts: [...columns.alerts, 'typology_type'] } : {}) },
    ...(signal ? { signal } : {}),
  });
  if (!requires.includes('addressLabels')) return data;
  const batches: RecordBatch[] = [];
  const reading = readAddressLabels(database, {
    ...ALL_DAYS,
    windowDays: period.windowDays,
    beside: true,
    ...(columns.addressLabels ? { columns: columns.addressLabels } : {}),
    ...(signal ? { signal } : {}),
  });
  for await (const batch of reading) batches.push(batch);
  return { ...data, addressLabels: batches.length > 0 ? new Table(batches) : data.addressLabels };
}

/** What it takes to know clusters and their members. */
const CLUSTER_READER: Pick<LabelStrategy, 'requires' | 'columns'> = {
  requires: ['alerts', 'clusters'],
  columns: {
    alerts: ['processing_date', 'address'],
    clusters: ['processing_date', 'cluster_id', 'cluster_type', 'addresses_involved'],
  },
};
