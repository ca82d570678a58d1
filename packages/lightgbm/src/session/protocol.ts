import type { ErrorDescription } from '@risk-scoring/contract';
import type { LightGBMLogEntry } from '../log.ts';
import type { LightGBMParameters } from '../parameters.ts';
import type { PredictionOutput } from '../prediction.ts';
import type { EarlyStoppingRule, IterationReport } from '../training-loop.ts';

/** A column-major matrix on a SharedArrayBuffer: both threads see the same memory. */
export interface SharedMatrix {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** One training, with row numbers of the matrix. */
export interface TrainingInput {
  readonly dataset: number;
  readonly trainRows: Int32Array;
  readonly validationRows: Int32Array;
  /** Per row of the matrix. */
  readonly labels: Int8Array | Float32Array;
  readonly weights: Float32Array | undefined;
  readonly counterWeights: Float32Array | undefined;
  readonly queryIds: Int32Array | undefined;
  readonly parameters: LightGBMParameters;
  readonly maxRounds: number;
  readonly earlyStopping: EarlyStoppingRule | undefined;
}

/** A model that was trained, as plain data. */
export interface TrainingResult {
  /** LightGBM's text format, up to the best iteration. */
  readonly model: string;
  /** From 1; the last iteration without early stopping. */
  readonly bestIteration: number;
  /** Trees in the model: one an iteration, or one per class. */
  readonly numTrees: number;
  /** Each metric on the validation rows, one value per iteration that was run. */
  readonly evalHistory: Readonly<Record<string, Float64Array>>;
}

/** What is known of a loaded model. */
export interface LoadedModel {
  readonly featureNames: readonly string[];
  readonly numTrees: number;
  /** Total gain of the splits on each feature. */
  readonly gains: Float64Array;
  /** Number of splits on each feature. */
  readonly splits: Float64Array;
}

/** What the worker can be asked for, by name. */
export interface Operations {
  open: { input: undefined; output: undefined };
  createDataset: {
    input: SharedMatrix & {
      readonly featureNames: readonly string[];
      /** Rows of `values` to take; all when undefined. */
      readonly selected: Int32Array | undefined;
      readonly parameters: LightGBMParameters;
      /** The rows of the caller's matrix that the dataset is made of, by which a training names them. */
      readonly origin: { readonly rows: number; readonly selection: Int32Array | undefined };
    };
    output: number;
  };
  disposeDataset: { input: number; output: undefined };
  train: { input: TrainingInput; output: TrainingResult };
  loadModel: { input: string; output: LoadedModel & { readonly model: number } };
  predict: {
    input: SharedMatrix & {
      readonly model: number;
      readonly selected: Int32Array | undefined;
      readonly output: PredictionOutput;
      readonly numIteration: number | undefined;
      readonly threads: number | undefined;
    };
    output: Float64Array;
  };
  disposeModel: { input: number; output: undefined };
  close: { input: undefined; output: undefined };
}

/** The name of an operation. */
export type OperationName = keyof Operations;

/** What the session posts: an operation, and the flag that cancels it (an Int32Array of one, shared). */
export type Request = {
  [Name in OperationName]: {
    readonly id: number;
    readonly name: Name;
    readonly input: Operations[Name]['input'];
    readonly cancelled: Int32Array;
  };
}[OperationName];

/** An error on its way between threads: a class does not survive the way, its parts do. */
export type TransferredError =
  | { readonly kind: 'typed'; readonly description: ErrorDescription; readonly name: string }
  | { readonly kind: 'other'; readonly error: unknown };

/** What the worker posts. */
export type Message =
  | { readonly kind: 'done'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: TransferredError }
  | { readonly kind: 'progress'; readonly id: number; readonly report: IterationReport }
  | { readonly kind: 'log'; readonly entry: LightGBMLogEntry };
