import {
  type FeatureMatrix,
  type ModelTrainer,
  type PreparedData,
  type Split,
  type Splitter,
  type TrainedModel,
  type TrainingProgress,
  throwIfCancelled,
} from '@risk-scoring/contract';
import { rocAuc } from '@risk-scoring/evaluation';

/** What every training of one run shares. */
export interface TrainingContext {
  readonly matrix: FeatureMatrix;
  readonly labels: Int8Array;
  readonly weights: Float32Array;
  readonly trainer: ModelTrainer;
  readonly prepared: PreparedData | undefined;
  readonly splitter: Splitter;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
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
 * Trains on four fifths of some rows and stops early by the last fifth, no address being in both.
 * Whatever the model is judged on must not be among `rows`.
 */
export async function fit(
  context: TrainingContext,
  rows: Int32Array,
  onProgress?: (progress: TrainingProgress) => void,
): Promise<FittedModel> {
  const { matrix, labels, weights, trainer, prepared, splitter, seed, signal } = context;
  const inner = splitter.holdout(
    { rows, keys: matrix.keys, labels, splitGroups: matrix.splitGroups, seed: seed + 1 },
    VALIDATION_FRACTION,
  );
  const model = await trainer.train({
    data: matrix,
    trainRows: inner.train,
    validationRows: inner.test,
    labels,
    weights,
    seed,
    ...(prepared ? { prepared } : {}),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
  return { model, trainRows: inner.train, validationRows: inner.test };
}

/**
 * The AUC of a model per fold, each on rows that the fold's model neither learned from nor stopped early by.
 *
 * @param rows the training part; the holdout stays out
 * @returns one AUC per fold
 */
export async function crossValidate(
  context: TrainingContext,
  {
    rows,
    folds,
    beforeFold,
    onProgress,
  }: {
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
  const { matrix, labels, splitter, seed, signal } = context;
  const splits = splitter.folds(
    { rows, keys: matrix.keys, labels, splitGroups: matrix.splitGroups, seed },
    folds,
  );
  const scores: number[] = [];
  for (const [index, split] of splits.entries()) {
    throwIfCancelled(signal, `cross-validating fold ${index + 1}`);
    const prepared = beforeFold ? await beforeFold(split) : context.prepared;
    try {
      const { model } = await fit({ ...context, prepared }, split.train, (progress) =>
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
