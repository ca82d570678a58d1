import type { FeatureMatrix } from '@risk-scoring/contract';
import type { Link } from '../convert/objectives.ts';

/** How far a scoring is. */
export interface ScoringProgress {
  readonly rowsDone: number;
  readonly rows: number;
}

/** What to score, and how to follow and stop it. */
export interface ScoreOptions {
  /** Rows of the matrix, in the order of the result; all rows when absent. */
  readonly rows?: Int32Array;
  /** Stops between chunks; `score` then rejects with `CancelledError`. */
  readonly signal?: AbortSignal;
  /** Called after each chunk. */
  readonly onProgress?: (progress: ScoringProgress) => void;
}

/** One number per requested row, in the order of the request. */
export interface Scores {
  /** Before the link function. */
  readonly raw: Float64Array;
  /** P(illicit) in 0..1; equal to `raw` where the model's link is the identity. */
  readonly probability: Float64Array;
}

/** A loaded ONNX model. The same row always gets the same bits, alone or in a batch. */
export interface OnnxScorer {
  /** The columns that a matrix has to have, in this order. */
  readonly featureNames: readonly string[];
  readonly link: Link;
  /**
   * Scores rows of a matrix; any number of calls may be under way. The matrix is only read, and must not change
   * until the promise settles.
   *
   * @throws {CancelledError} when the signal aborts
   * @throws {FeatureSchemaMismatchError} where the columns are not `featureNames`
   * @throws {InvalidInputError} where a row index or the matrix's length is wrong, or after `dispose`
   */
  score(matrix: FeatureMatrix, options?: ScoreOptions): Promise<Scores>;
  /** Ends the threads once the calls under way have settled. A second call does nothing. */
  dispose(): Promise<void>;
}
