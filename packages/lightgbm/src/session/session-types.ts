import type { LightGBMParameters } from '../parameters.ts';
import type { PredictionOutput } from '../prediction.ts';
import type { IterationReport } from '../training-loop.ts';
import type { TrainingResult } from './protocol.ts';
import type { NamedMatrix } from './shared-matrix.ts';

/** What a dataset of a session is made of. */
export interface SessionDatasetRequest {
  readonly matrix: NamedMatrix;
  /**
   * Rows of the matrix to find bins on and to train with later, each once; all when absent. They lie in the dataset in this order, and a training has its rows in
   * it: LightGBM takes subsets in ascending order only, so rows of one query, which a ranker wants next to each other, have to be so here.
   */
  readonly selected?: Int32Array | undefined;
  /** Parameters of binning; those of a training must not contradict them. */
  readonly parameters?: LightGBMParameters | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Bins in the worker, shared by any number of trainings. */
export interface SessionDataset {
  /** Frees the bins. A training that was asked for before still gets them. */
  dispose(): Promise<void>;
}

/** One training. Rows are row numbers of the matrix that the dataset was made of, strictly ascending. */
export interface SessionTrainingRequest {
  readonly dataset: SessionDataset;
  readonly trainRows: Int32Array;
  /** Evaluated after each iteration; empty or absent: no evaluation and no early stopping. */
  readonly validationRows?: Int32Array | undefined;
  /** One per row of the matrix; only those of the rows above are looked at. */
  readonly labels: Int8Array | Float32Array;
  /** One per row of the matrix, ≥ 0; all 1 when absent. */
  readonly weights?: Float32Array | undefined;
  /**
   * One per row of the matrix, ≥ 0: with what weight the row is taught, and evaluated, as the opposite class besides. Labels
   * are 1 or 0 then. A row of weight 0 with a counter-weight counts as the opposite class alone.
   */
  readonly counterWeights?: Float32Array | undefined;
  /** The query of each row of the matrix, for a ranker; rows of one query are next to each other in the dataset. */
  readonly queryIds?: Int32Array | undefined;
  readonly parameters?: LightGBMParameters | undefined;
  readonly maxRounds: number;
  /** Iterations without a better value on the validation rows before it stops; 0 or absent: none. */
  readonly earlyStoppingRounds?: number | undefined;
  /** The metric that decides, as LightGBM names it (`binary_logloss`); the first of the training when absent. */
  readonly earlyStoppingMetric?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the first iteration, about ten times a second, and with the last one. */
  readonly onProgress?: ((report: IterationReport) => void) | undefined;
}

/** What to predict. */
export interface SessionPredictionRequest {
  /** With the columns of the model, by name and order. */
  readonly matrix: NamedMatrix;
  /** Rows in the order of the result; all when absent. */
  readonly selected?: Int32Array | undefined;
  /** `probability` when absent. */
  readonly output?: PredictionOutput | undefined;
  readonly numIteration?: number | undefined;
  /** All cores when absent; the result does not depend on it. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A model in the worker. */
export interface SessionModel {
  readonly featureNames: readonly string[];
  readonly numTrees: number;
  /** Total gain of the splits on each feature, aligned with `featureNames`. */
  readonly gains: Float64Array;
  /** Number of splits on each feature, likewise. */
  readonly splits: Float64Array;
  /**
   * One number per row (times classes); for `contrib` one per feature and the base value, row-major. The same row
   * gives the same bits alone or in a batch.
   */
  predict(request: SessionPredictionRequest): Promise<Float64Array>;
  dispose(): Promise<void>;
}

/**
 * LightGBM in a worker thread of its own: the caller's event loop stays free. Requests are answered one after the other.
 *
 * - Buffers in a request stay the caller's and are only read; do not write into them before the promise settles.
 * - Aborting a signal ends a training within one iteration, a prediction within one chunk; both reject with
 *   `CancelledError` and leave nothing behind. Sorting rows into bins runs to its end once it has begun.
 * - Should the thread end (out of memory), what is pending and all that follows rejects with `LightGBMWorkerError`.
 */
export interface LightGBMSession {
  createDataset(request: SessionDatasetRequest): Promise<SessionDataset>;
  train(request: SessionTrainingRequest): Promise<TrainingResult>;
  loadModel(model: string): Promise<SessionModel>;
  /** Cancels what is running, frees everything and ends the thread. */
  dispose(): Promise<void>;
}
