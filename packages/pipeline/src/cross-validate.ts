import {
  type PreparedData,
  type Split,
  type TrainingProgress,
  throwIfCancelled,
} from '@risk-scoring/contract';
import { evaluateRanking, rocAuc } from '@risk-scoring/evaluation';
import { fit, learningRows, type TrainingContext } from './fit.ts';
import { checkedPredictions } from './guards/checked-predictions.ts';
import type { JudgingLabels } from './labelling/judging-labels.ts';
import { bothHidden, hiddenBy, visibleRows } from './labelling/mask.ts';
import { teachingFor } from './labelling/teaching.ts';
import { relevanceOf } from './relevance.ts';

/** What the models of the folds say of rows that they neither learned from nor stopped early by. */
export interface CrossValidation {
  /** One AUC per fold, of the raw scores. */
  readonly scores: readonly number[];
  /** Of a ranker: NDCG@10 per fold; null for one without anything to find. */
  readonly ndcg?: readonly (number | null)[];
  /** The judged rows of all folds, fold after fold, each scored by the model of its fold. */
  readonly rows: Int32Array;
  /** The fold of each of `rows`. */
  readonly folds: Int32Array;
  /** P(suspicious) per entry of `rows`, uncalibrated. */
  readonly probability: Float64Array;
  /**
   * Scores of every row that is not hidden and that no model has learned from which scores it, labelled or not: by its fold's model, or the mean of all
   * models' where no fold tests it and none may learn it. Only where they are asked for.
   */
  readonly everyRow?: { readonly rows: Int32Array; readonly probability: Float64Array };
}

/** What a fold's model said of the fold. */
export interface FoldPredictions {
  readonly rows: Int32Array;
  /** 0 or 1 per row of the whole data set; -1 where nothing judges. */
  readonly labels: Int8Array;
  /** Uncalibrated; a ranker's raw score. One per entry of `rows`. */
  readonly probability: Float64Array;
}

/** What {@link crossValidate} takes besides the context. */
export interface CrossValidationOptions {
  readonly judging: JudgingLabels;
  /** The training part; the holdout stays out. */
  readonly rows: Int32Array;
  readonly folds: number;
  /** Whether to score rows besides the judged ones. */
  readonly everyRow?: boolean;
  /** Makes the matrix show what the models of a fold may know, and prepares it; absent where all folds may know the same. */
  readonly beforeFold?: ((split: Split) => Promise<PreparedData | undefined>) | undefined;
  /** What is told of a fold besides its AUC; nothing by default. */
  readonly measure?: (fold: FoldPredictions) => number;
  /** After each fold, with what `measure` said of it; what it throws ends the cross-validation. */
  readonly onFold?: (value: number, fold: number) => void;
  readonly onProgress?: (progress: {
    readonly done: number;
    readonly total: number;
    readonly detail: string;
  }) => void;
}

/**
 * The AUC of a model per fold, each on rows that the fold's model neither learned from nor stopped early by.
 *
 * Whatever a strategy makes of its labels with the help of models, it makes anew for each fold.
 */
export async function crossValidate(
  context: TrainingContext,
  {
    judging: { labels },
    rows,
    folds,
    beforeFold,
    measure,
    onFold,
    onProgress,
    ...options
  }: CrossValidationOptions,
): Promise<CrossValidation> {
  const { plan, matrix, splitter, seed, signal } = context;
  const { splitGroups } = plan;
  const splits = splitter.folds({ rows, keys: plan.rows.keys, labels, splitGroups, seed }, folds);
  const predictions: { readonly rows: Int32Array; readonly probability: Float64Array }[] = [];
  const everyRow = options.everyRow ? collectEveryRow(context, splits) : undefined;
  const scores: number[] = [];
  const ndcg: (number | null)[] = [];
  for (const [index, split] of splits.entries()) {
    throwIfCancelled(signal, `cross-validating fold ${index + 1}`);
    const prepared = beforeFold ? await beforeFold(split) : context.prepared;
    try {
      const hidden = bothHidden(plan.hidden, hiddenBy(split, splitGroups));
      const ofFold = { ...context, prepared };
      const teaching = await teachingFor(ofFold, hidden);
      const { model } = await fit(ofFold, { teaching, hidden }, (progress) =>
        onProgress?.({
          done: index,
          total: splits.length,
          detail: `fold ${index + 1} of ${splits.length}${showMetric(progress)}`,
        }),
      );
      const ranks = plan.modelType === 'alert_ranker';
      const predict = (of: Int32Array) =>
        checkedPredictions({ ...context, ranks }, model, { data: matrix, rows: of });
      try {
        const probability = await predict(split.test);
        predictions.push({ rows: split.test, probability });
        const ofTest = Int8Array.from(split.test, (row) => labels[row] ?? -1);
        scores.push(rocAuc(ofTest, probability));
        if (ranks) ndcg.push(ndcgOf(context, split.test, probability));
        if (measure) onFold?.(measure({ rows: split.test, labels, probability }), index);
        await everyRow?.add(index, predict);
      } finally {
        await model.dispose();
      }
    } finally {
      if (beforeFold) await prepared?.dispose();
    }
    onProgress?.({
      done: index + 1,
      total: splits.length,
      detail: `fold ${index + 1}: AUC ${scores[index]?.toFixed(3)}`,
    });
  }
  return {
    scores,
    ...(ndcg.length > 0 ? { ndcg } : {}),
    ...joined(predictions),
    ...(everyRow ? { everyRow: everyRow.result() } : {}),
  };
}

/** NDCG@10 of a fold, the mean over its snapshots. */
function ndcgOf({ plan, seed }: TrainingContext, rows: Int32Array, scores: Float64Array): number | null {
  if (plan.judging === undefined) return null;
  const { labels, relevance } = plan.judging;
  const quality = evaluateRanking({
    labels,
    relevance: relevanceOf(labels, relevance),
    scores,
    rows,
    queryIds: plan.rows.queryIds,
    splitGroups: plan.splitGroups,
    seed,
    ks: [10],
    resamples: 0,
  });
  return quality.ndcg['10'] ?? null;
}

function joined(
  predictions: readonly { readonly rows: Int32Array; readonly probability: Float64Array }[],
): Pick<CrossValidation, 'rows' | 'folds' | 'probability'> {
  const length = predictions.reduce((sum, { rows }) => sum + rows.length, 0);
  const all = {
    rows: new Int32Array(length),
    folds: new Int32Array(length),
    probability: new Float64Array(length),
  };
  let at = 0;
  for (const [fold, { rows, probability }] of predictions.entries()) {
    all.rows.set(rows, at);
    all.probability.set(probability, at);
    all.folds.fill(fold, at, at + rows.length);
    at += rows.length;
  }
  return all;
}

/** Gathers scores of every visible row while the models of the folds are there. */
function collectEveryRow(context: TrainingContext, splits: readonly Split[]) {
  const { plan } = context;
  const visible = visibleRows(plan.hidden);
  const testedBy = new Int32Array(plan.splitGroups.length).fill(-1);
  for (const [fold, split] of splits.entries()) {
    const hidden = hiddenBy(split, plan.splitGroups);
    // Of a temporal split each fold hides all that follows; the first that hides a row is the one that tests it.
    for (const row of visible) if (hidden[row] === 1 && testedBy[row] === -1) testedBy[row] = fold;
  }
  const learned = new Uint8Array(plan.splitGroups.length);
  for (const row of learningRows(context)) learned[row] = 1;
  const rows = visible.filter((row) => testedBy[row] !== -1 || learned[row] === 0);
  const sums = new Float64Array(plan.splitGroups.length);
  return {
    async add(fold: number, predict: (of: Int32Array) => Promise<Float64Array>): Promise<void> {
      const scored = rows.filter((row) => testedBy[row] === fold || testedBy[row] === -1);
      const probability = await predict(scored);
      scored.forEach((row, at) => {
        sums[row] = (sums[row] ?? 0) + (probability[at] ?? 0) / (testedBy[row] === -1 ? splits.length : 1);
      });
    },
    result: () => ({ rows, probability: Float64Array.from(rows, (row) => sums[row] ?? 0) }),
  };
}

/** The early-stopping metric as progress shows it. */
export function showMetric({ iteration, metric }: TrainingProgress): string {
  return `, iteration ${iteration}${metric ? `, ${metric.name} ${metric.value.toFixed(4)}` : ''}`;
}
