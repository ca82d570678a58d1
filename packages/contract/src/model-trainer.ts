import type { FeatureMatrix } from './feature-matrix.ts';
import type { SpecificationVersion } from './version.ts';

/** What a model is for. */
export type ModelType = 'alert_scorer' | 'alert_ranker' | 'cluster_scorer';

/** Every model type, for messages and checks. */
export const MODEL_TYPES: readonly ModelType[] = ['alert_scorer', 'alert_ranker', 'cluster_scorer'];

/** How far a training is. */
export interface TrainingProgress {
  /** Iterations (trees, epochs) done so far, from 1. */
  readonly iteration: number;
  /** The most iterations there can be; early stopping may end sooner. */
  readonly maxIterations: number;
  /** The early-stopping metric on the validation rows, with its name. */
  readonly metric?: { readonly name: string; readonly value: number };
}

/**
 * A data set in the trainer's own form, made once and shared by several trainings of the same matrix
 * (LightGBM: the bins). Dispose of it when the last of them is done.
 */
export interface PreparedData {
  dispose(): Promise<void>;
}

/** One training. All row arrays are ascending indices into `data`; they never overlap. */
export interface TrainRequest {
  readonly data: FeatureMatrix;
  /** From `prepare` of the same trainer with the same `data`; must cover train and validation rows. */
  readonly prepared?: PreparedData;
  readonly trainRows: Int32Array;
  /** For early stopping only; never rows that the model is judged on. Empty: no early stopping. */
  readonly validationRows: Int32Array;
  /** One label per row of `data`. */
  readonly labels: Int8Array;
  /** One weight per row of `data`. */
  readonly weights: Float32Array;
  /** With what weight each row of `data` is taught as the opposite class besides; only for trainers that take them. */
  readonly counterWeights?: Float32Array;
  /**
   * How much each row of `data` matters to a ranker: a whole number from 0 (normal) up; only the rows that are trained with are looked at. A ranker
   * without it takes the labels; other trainers never get it.
   */
  readonly relevance?: Uint8Array;
  /**
   * Of a model of this trainer whose length of training is to be repeated on more rows: exactly its `bestIteration`, without validation rows. What else
   * it takes to do so, a trainer puts into its descriptions.
   */
  readonly refitOf?: ModelDescription;
  readonly seed: number;
  /** Stops the training within one iteration; `train` then rejects and leaves nothing behind. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

/** A file of a model: the native form and its ONNX twin. */
export interface ModelArtifact {
  readonly role: 'native' | 'onnx';
  /** With the dot: `.txt`, `.onnx`. */
  readonly extension: string;
  readonly bytes: Uint8Array;
}

/** What a trained model says of itself, as plain JSON. */
export interface ModelDescription {
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly featureNames: readonly string[];
  /** 0 for a model that is not made of trees. */
  readonly numTrees: number;
  /** The iteration that early stopping chose, from 1; equals the trees used in prediction. */
  readonly bestIteration: number;
  /** Total gain (or the trainer's closest measure) per feature, aligned with `featureNames`. */
  readonly importances: readonly number[];
  /** How many splits use each feature, aligned with `featureNames`; only of models made of trees. */
  readonly splits?: readonly number[];
  /** Of a model made of other models: theirs. */
  readonly members?: readonly ModelDescription[];
  /** Versions of the libraries that trained it. */
  readonly libraries: Readonly<Record<string, string>>;
}

/** Additive contributions, row-major: `values[i * (features + 1) + feature]`, the last column being the base value. */
export interface Explanation {
  readonly values: Float64Array;
  readonly features: number;
}

/** Which rows to predict, and in which form. */
export interface PredictOptions {
  /** Rows of the matrix, in the order of the result; all rows when absent. */
  readonly rows?: Int32Array;
  /** `probability` (default): P(illicit) in 0..1. `raw`: before the link function. */
  readonly output?: 'probability' | 'raw';
}

/** A model that can predict. It may hold native memory: dispose of it. */
export interface TrainedModel {
  readonly specificationVersion: SpecificationVersion;
  /** One number per requested row. The same rows always give the same bits, alone or in a batch. */
  predict(data: FeatureMatrix, options?: PredictOptions): Promise<Float64Array>;
  explain?(data: FeatureMatrix, options?: PredictOptions): Promise<Explanation>;
  /** Everything needed to `load` it again, and its ONNX twin. */
  artifacts(): Promise<readonly ModelArtifact[]>;
  describe(): ModelDescription;
  dispose(): Promise<void>;
}

/**
 * Turns a feature matrix and labels into a model. The other thing a miner replaces.
 *
 * A ranker (`alert_ranker`) orders rows within a query: rows of the matrix with one `queryIds` code, of those that it trains or stops early with. Its
 * scores are compared within a query only and are no probabilities: `predict` gives the raw score for either output.
 *
 * Call order: `prepare` (optional) once, any number of `train` calls, then `dispose` of the prepared
 * data. The same request with the same seed gives the same model. Work happens off the event loop, so
 * that progress and signals get through; buffers in a request stay the caller's and are only read.
 */
export interface ModelTrainer {
  readonly specificationVersion: SpecificationVersion;
  readonly name: string;
  readonly modelTypes: readonly ModelType[];
  /** Everything that changes its models besides the request, as plain JSON. */
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** Whether `train` heeds `counterWeights`; a trainer that does not say so never gets any. */
  readonly takesCounterWeights?: boolean;
  /** Whether it learns without labels: then the labels and weights of a request mean nothing to it. */
  readonly unsupervised?: boolean;
  /** Bytes that a training of so many rows takes beside the matrix at its peak, roughly; twice the matrix is assumed otherwise. */
  estimateMemory?(shape: { readonly rows: number; readonly columns: number }): number;
  /** `rows` must leave out every holdout row: what is learned here (bins, means) is part of the model. */
  prepare?(data: FeatureMatrix, rows: Int32Array): Promise<PreparedData>;
  train(request: TrainRequest): Promise<TrainedModel>;
  /** The model that `artifacts()` described, predicting the same bits. */
  load(artifacts: readonly ModelArtifact[]): Promise<TrainedModel>;
}
