import type {
  FeatureMatrix,
  LabelSet,
  LabelStrategy,
  ModelTrainer,
  PreparedData,
  Splitter,
  TrainedModel,
  TrainingProgress,
} from '@risk-scoring/contract';
import { countClasses, ofKind } from './labelling/judging-labels.ts';
import { groupsOf, type HiddenGroups, labelledRows, visibleRows } from './labelling/mask.ts';
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
  /** Labels with those of hidden addresses left out. */
  readonly teaching: LabelSet;
  readonly hidden: HiddenGroups;
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
 * Trains on four fifths of what is taught and stops early by the last fifth, no address being in both. Early stopping watches true labels where
 * there are some of both classes. A trainer that needs no labels learns from every alert that is not hidden.
 */
export async function fit(
  context: TrainingContext,
  lesson: Lesson,
  onProgress?: (progress: TrainingProgress) => void,
): Promise<FittedModel> {
  const { matrix, trainer, prepared, seed, signal } = context;
  const { trainRows, validationRows } = chooseRows(context, lesson);
  const { labels, weights, counterWeights } = lesson.teaching;
  const model = await trainer.train({
    data: matrix,
    trainRows,
    validationRows,
    labels,
    weights,
    ...(counterWeights ? { counterWeights } : {}),
    seed,
    ...(prepared ? { prepared } : {}),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
  return { model, trainRows, validationRows };
}

/** Rows that models of this run may learn from while only the holdout is hidden: what bins and encodings are found on. */
export function learningRows({
  plan,
  labelStrategy,
  trainer,
}: Pick<TrainingContext, 'plan' | 'labelStrategy' | 'trainer'>): Int32Array {
  const visible = visibleRows(plan.rows.splitGroups, plan.holdoutGroups);
  // Labels that models add may be of any of them.
  if (labelStrategy.refineLabels !== undefined || trainer.unsupervised === true) return visible;
  return visible.filter((row) => (plan.labelSet.labels[row] ?? -1) >= 0);
}

function chooseRows(
  { plan, trainer, splitter, seed }: TrainingContext,
  { teaching, hidden }: Lesson,
): Pick<FittedModel, 'trainRows' | 'validationRows'> {
  const { splitGroups, splitGroupNames, keys } = plan.rows;
  if (trainer.unsupervised === true) {
    return { trainRows: visibleRows(splitGroups, hidden), validationRows: new Int32Array() };
  }
  const spoken = ofKind(teaching, 'true');
  const { positives, negatives } = countClasses(spoken);
  const labels = positives > 0 && negatives > 0 ? spoken : teaching.labels;
  const { test } = splitter.holdout(
    { rows: labelledRows(labels), keys, labels, splitGroups, seed: seed + 1 },
    VALIDATION_FRACTION,
  );
  const watched = groupsOf(splitGroups, splitGroupNames.length, test);
  const trainRows = labelledRows(teaching.labels).filter((row) => watched[splitGroups[row] ?? 0] === 0);
  return { trainRows, validationRows: test };
}
