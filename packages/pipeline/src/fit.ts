import {
  type FeatureMatrix,
  type LabelSet,
  type LabelStrategy,
  type ModelDescription,
  type ModelTrainer,
  type PreparedData,
  RiskScoringError,
  type Split,
  type SplitRequest,
  type Splitter,
  type TrainedModel,
  type TrainingProgress,
} from '@risk-scoring/contract';
import { createAddressSplitter } from '@risk-scoring/evaluation';
import { countClasses, ofKind } from './labelling/judging-labels.ts';
import { type HiddenRows, hiddenBy, labelledRows, visibleRows } from './labelling/mask.ts';
import { relevanceOf } from './relevance.ts';
import type { TrainingPlan } from './training-plan.ts';

/** What every training of one run shares. */
export interface TrainingContext {
  readonly plan: TrainingPlan;
  readonly matrix: FeatureMatrix;
  readonly labelStrategy: LabelStrategy;
  readonly trainer: ModelTrainer;
  readonly prepared: PreparedData | undefined;
  readonly splitter: Splitter;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

/** What one model learns from. */
export interface Lesson {
  /** Labels with those of hidden rows left out. */
  readonly teaching: LabelSet;
  readonly hidden: HiddenRows;
  /** The model whose length of training is repeated, on all rows of the lesson and without early stopping. */
  readonly refitOf?: ModelDescription;
}

/** A model and the rows it learned from. */
export interface FittedModel {
  readonly model: TrainedModel;
  readonly trainRows: Int32Array;
  /** Rows that chose when to stop. */
  readonly validationRows: Int32Array;
}

/** The share of the training part that early stopping watches. */
const VALIDATION_FRACTION = 0.2;

/**
 * Trains on four fifths of what is taught and stops early by the last fifth, no address being in both, however the holdout was set aside (unless there are
 * too few of them). Early
 * stopping watches true labels where there are some of both classes. A trainer that needs no labels learns from every row that is not hidden.
 */
export async function fit(
  context: TrainingContext,
  lesson: Lesson,
  onProgress?: (progress: TrainingProgress) => void,
): Promise<FittedModel> {
  const { plan, matrix, trainer, prepared, seed, signal } = context;
  const { trainRows, validationRows } = chooseRows(context, lesson);
  const { labels, weights, counterWeights } = lesson.teaching;
  const model = await trainer.train({
    data: matrix,
    trainRows,
    validationRows,
    labels,
    weights,
    ...(counterWeights ? { counterWeights } : {}),
    ...(plan.modelType === 'alert_ranker'
      ? { relevance: relevanceOf(labels, lesson.teaching.relevance) }
      : {}),
    ...(lesson.refitOf ? { refitOf: lesson.refitOf } : {}),
    seed,
    ...(prepared ? { prepared } : {}),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
  return { model, trainRows, validationRows };
}

/** Rows that models of this run may learn from while only `hidden` is: what bins and encodings are found on. */
export function learningRows(
  { plan, labelStrategy, trainer }: Pick<TrainingContext, 'plan' | 'labelStrategy' | 'trainer'>,
  hidden: HiddenRows = plan.hidden,
): Int32Array {
  const visible = visibleRows(hidden);
  // Labels that models add may be of any of them.
  if (labelStrategy.refineLabels !== undefined || trainer.unsupervised === true) return visible;
  return visible.filter((row) => (plan.labelSet.labels[row] ?? -1) >= 0);
}

function chooseRows(
  { plan, trainer, splitter, seed }: TrainingContext,
  { teaching, hidden, refitOf }: Lesson,
): Pick<FittedModel, 'trainRows' | 'validationRows'> {
  const none = new Int32Array();
  if (trainer.unsupervised === true) return { trainRows: visibleRows(hidden), validationRows: none };
  const taught = labelledRows(teaching.labels);
  if (refitOf !== undefined) return { trainRows: taught, validationRows: none };
  const spoken = ofKind(teaching, 'true');
  const { positives, negatives } = countClasses(spoken);
  const labels = positives > 0 && negatives > 0 ? spoken : teaching.labels;
  const { splitGroups } = plan;
  const { test, watched } = setWatchedAside(splitter, {
    rows: labelledRows(labels),
    keys: plan.rows.keys,
    labels,
    splitGroups,
    seed: seed + 1,
  });
  return { trainRows: taught.filter((row) => watched[row] === 0), validationRows: test };
}

/**
 * What early stopping watches, by groups; by the split of the holdout where there are too few groups and that split does not keep them together
 * either, as of clusters that hang together and are divided by date.
 */
function setWatchedAside(
  splitter: Splitter,
  request: SplitRequest,
): { readonly test: Int32Array; readonly watched: HiddenRows } {
  const split = byGroups() ?? splitter.holdout(request, VALIDATION_FRACTION);
  return { test: split.test, watched: hiddenBy(split, request.splitGroups) };

  function byGroups(): Split | undefined {
    try {
      return createAddressSplitter().holdout(request, VALIDATION_FRACTION);
    } catch (error) {
      const isTooFew = RiskScoringError.isInstance(error) && error.code === 'TOO_FEW_GROUPS';
      if (isTooFew && splitter.disjoint === false) return undefined;
      throw error;
    }
  }
}
