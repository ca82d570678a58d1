import {
  type PreparedData,
  type Split,
  type TrainingProgress,
  throwIfCancelled,
} from '@risk-scoring/contract';
import { rocAuc } from '@risk-scoring/evaluation';
import { fit, type TrainingContext } from './fit.ts';
import type { JudgingLabels } from './labelling/judging-labels.ts';
import { groupsOf } from './labelling/mask.ts';
import { teachingFor } from './labelling/teaching.ts';

/**
 * The AUC of a model per fold, each on rows that the fold's model neither learned from nor stopped early by.
 *
 * Whatever a strategy makes of its labels with the help of models, it makes anew for each fold.
 *
 * @param rows the training part; the holdout stays out
 * @returns one AUC per fold
 */
export async function crossValidate(
  context: TrainingContext,
  {
    judging: { labels },
    rows,
    folds,
    beforeFold,
    onProgress,
  }: {
    readonly judging: JudgingLabels;
    readonly rows: Int32Array;
    readonly folds: number;
    /** Makes the matrix show what the models of a fold may know, and prepares it; absent where all folds may know the same. */
    readonly beforeFold?: ((split: Split) => Promise<PreparedData | undefined>) | undefined;
    readonly onProgress?: (progress: {
      readonly done: number;
      readonly total: number;
      readonly detail: string;
    }) => void;
  },
): Promise<number[]> {
  const { plan, matrix, splitter, seed, signal } = context;
  const { keys, splitGroups, splitGroupNames } = plan.rows;
  const splits = splitter.folds({ rows, keys, labels, splitGroups, seed }, folds);
  const scores: number[] = [];
  for (const [index, split] of splits.entries()) {
    throwIfCancelled(signal, `cross-validating fold ${index + 1}`);
    const prepared = beforeFold ? await beforeFold(split) : context.prepared;
    try {
      const hidden = groupsOf(splitGroups, splitGroupNames.length, plan.holdout.test, split.test);
      const ofFold = { ...context, prepared };
      const teaching = await teachingFor(ofFold, hidden);
      const { model } = await fit(ofFold, { teaching, hidden }, (progress) =>
        onProgress?.({
          done: index,
          total: splits.length,
          detail: `fold ${index + 1} of ${splits.length}${showMetric(progress)}`,
        }),
      );
      try {
        const predicted = await model.predict(matrix, { rows: split.test });
        scores.push(
          rocAuc(
            Int8Array.from(split.test, (row) => labels[row] ?? -1),
            predicted,
          ),
        );
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
  return scores;
}

/** The early-stopping metric as progress shows it. */
export function showMetric({ iteration, metric }: TrainingProgress): string {
  return `, tree ${iteration}${metric ? `, ${metric.name} ${metric.value.toFixed(4)}` : ''}`;
}
