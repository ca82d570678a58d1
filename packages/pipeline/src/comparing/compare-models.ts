import type { ModelType } from '@risk-scoring/contract';
import { loadModel, type StoredModel } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import type { UsedStrategy } from '../labelling/label-snapshot.ts';
import { isInTraining } from '../scoring/model-to-score.ts';
import {
  type DifferentParameter,
  describeModel,
  differentParameters,
  type FeatureDifference,
  featureDifference,
  type ModelDescription,
} from './describe-model.ts';
import { TooFewToCompareError } from './errors.ts';
import { groupsAre } from './groups-are.ts';
import { countRows, judgePair, type RowsComparison, tooFew, unseenRows } from './judge-rows.ts';
import {
  assertComparable,
  type JudgedTogether,
  type JudgingRequest,
  judgeTogether,
} from './judge-together.ts';
import { assertAsked, loadSelected } from './load-selected.ts';
import type { LabelledSnapshot } from './score-labelled-rows.ts';

/** Options of {@link compareModels}. */
export interface CompareOptions extends JudgingRequest {
  /** Model ids, aliases, metadata files or `latest`. */
  readonly first: string;
  readonly second: string;
  /** Of which type both are; where left out, the second is of the type of the first. */
  readonly modelType?: ModelType | undefined;
  /** Of which window both are; where left out, the second is of the window of the first. */
  readonly windowDays?: number | undefined;
}

/** Two models side by side, as plain JSON. */
export interface ModelComparison {
  readonly network: string;
  readonly model_type: ModelType;
  readonly window_days: number;
  readonly first: ModelDescription;
  readonly second: ModelDescription;
  /** What differs. */
  readonly parameters: readonly DifferentParameter[];
  readonly features: FeatureDifference;
  /** What was scored, with the models in whose training period it is. */
  readonly snapshots: readonly ComparedSnapshot[];
  /** The strategy whose labels judge both. */
  readonly labels: UsedStrategy;
  /** How many of the labelled rows each model may have learned from; null where nobody can tell. */
  readonly learned_from: { readonly first: number | null; readonly second: number | null };
  /** On all labelled rows. */
  readonly all: RowsComparison;
  /** On the rows that neither model learned from; null where there are none to judge by, or where nobody can tell. */
  readonly unseen: RowsComparison | null;
  /** Why `unseen` is null; absent otherwise. */
  readonly unseen_reason?: string;
}

/** A snapshot that models were compared on. */
export interface ComparedSnapshot extends LabelledSnapshot {
  readonly in_training_of: readonly ('first' | 'second')[];
}

/**
 * Lays two models side by side: what they were made of and how they did in training, and what both score on the same rows of the same snapshots,
 * with the difference of their AUC, of rankers that of NDCG@k and MAP within snapshots as well, and how sure it is.
 *
 * Figures of the two trainings are of different rows, and those of all rows favour whichever model learned from more of them. Only those of
 * `unseen`, the rows whose addresses neither model may have learned from, tell which one is better.
 *
 * @throws {ModelNotFoundError | ModelFileError} when a model is not there or not as it was saved
 * @throws {ModelDoesNotFitError} when one is not of the type or the window that was asked for
 * @throws {ModelsNotComparableError} for models of other networks, types or windows
 * @throws {NoAlertsFoundError} when there is no such snapshot
 * @throws {NoLabelsToCompareByError | TooFewToCompareError} when labels are missing, or of fewer than two addresses of each class
 * @throws {FeatureSchemaMismatchError} when this version computes other features than a model was trained on
 * @example
 * const { unseen } = await compareModels(database, { first: 'champion', second: 'latest', startDate: '2020-01-01', endDate: '2020-03-01' });
 * unseen?.auc_difference.interval; // [0.004, 0.021]: the second is better
 */
export async function compareModels(database: Database, options: CompareOptions): Promise<ModelComparison> {
  const { first, second } = await loadPair(database, options);
  const judged = await judgeTogether(database, [first, second], options);
  const [one, other] = [first.metadata, second.metadata];
  const { probabilities, resampling } = judged;
  const all = countRows(judged.scored);
  const reason = tooFew(all);
  if (reason !== undefined) {
    throw new TooFewToCompareError({
      dates: judged.dates,
      expected: `labelled rows of at least 2 ${groupsAre(one.model_type)} of each class`,
      found: reason,
    });
  }
  const { unseen, unseenReason } = compareUnseen(judged, one.model_type);
  return {
    network: database.network,
    model_type: one.model_type,
    window_days: one.training_period.window_days,
    first: describeModel(one),
    second: describeModel(other),
    parameters: differentParameters(one, other),
    features: featureDifference(one, other),
    snapshots: judged.scored.snapshots.map((snapshot) => ({
      ...snapshot,
      in_training_of: inTrainingOf(snapshot.processing_date, { first, second }),
    })),
    labels: judged.strategy,
    learned_from: { first: rowsLearnedFrom(judged, 0), second: rowsLearnedFrom(judged, 1) },
    all: judgePair(judged.scored, { ...resampling, probabilities }),
    unseen,
    ...(unseenReason === undefined ? {} : { unseen_reason: unseenReason }),
  };
}

/** Both models, of one network, type and window. */
async function loadPair(
  database: Database,
  { first, second, modelType, windowDays }: CompareOptions,
): Promise<{ readonly first: StoredModel; readonly second: StoredModel }> {
  const asked = { modelType, windowDays };
  const one = await loadSelected(database, { model: first, ...asked });
  const { model_type, training_period: period } = one.metadata;
  // An alias, or the latest model, is looked for beside the first one.
  const other = await loadModel(database, {
    model: second,
    modelType: modelType ?? model_type,
    windowDays: windowDays ?? period.window_days,
  });
  assertAsked(other.metadata, database.network, asked);
  assertComparable(one, other, database.network);
  return { first: one, second: other };
}

function compareUnseen(
  { scored, learned, probabilities, resampling, dates }: JudgedTogether,
  modelType: ModelType,
): { readonly unseen: RowsComparison | null; readonly unseenReason?: string } {
  const unknown = learned.find((from) => !from.known);
  if (unknown?.known === false)
    return {
      unseen: null,
      unseenReason: `${unknown.reason}; it can be told of a model that is trained on the data as it is now`,
    };
  const rows = unseenRows(scored);
  const few = tooFew(countRows(rows));
  if (few === undefined) return { unseen: judgePair(rows, { ...resampling, probabilities }) };
  const unseenReason = `${dates} holds too little that neither model learned from: it takes labelled rows of 2 ${groupsAre(modelType)} of each class, and there are ${few}`;
  return { unseen: null, unseenReason };
}

/** Of the labelled rows, those that a model may have learned from. */
function rowsLearnedFrom({ scored, learned }: JudgedTogether, which: number): number | null {
  if (learned[which]?.known !== true) return null;
  return scored.learned[which]?.reduce((sum, flag) => sum + flag, 0) ?? null;
}

function inTrainingOf(
  date: string,
  models: Readonly<Record<'first' | 'second', StoredModel>>,
): ('first' | 'second')[] {
  return (['first', 'second'] as const).filter((which) => isInTraining(models[which].metadata, date));
}
