import type { RowKeys } from './feature-matrix.ts';
import type { SpecificationVersion } from './version.ts';

/** What a splitter may look at. It never sees features or models. */
export interface SplitRequest {
  /** The rows to divide, as indices into the arrays below; only labelled ones, in ascending order. */
  readonly rows: Int32Array;
  readonly keys: RowKeys;
  /** 1, 0 or -1 per row of the whole data set. */
  readonly labels: Int8Array;
  /** What must not straddle, per row of the whole data set. */
  readonly splitGroups: Int32Array;
  readonly seed: number;
}

/** Two disjoint parts of the requested rows, each in ascending order. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
  /**
   * 1 for each row of the whole data set, labelled or not, that nothing judged on `test` may learn from (a temporal split: all rows from some date
   * on). When absent: every row of the split groups that `test` has rows of.
   */
  readonly hidden?: Uint8Array;
}

/** Divides labelled rows into what is learned from and what is judged on. Deterministic for one seed. */
export interface Splitter {
  readonly specificationVersion: SpecificationVersion;
  readonly name: string;
  /** What it does to figures, in one sentence, for summaries: "no address is on both sides". */
  readonly guarantee: string;
  /** Whether a split group is never on both sides: the leakage check of a training holds it to that. True when absent. */
  readonly disjoint?: boolean;
  /** A holdout of about `testFraction` of the rows, 0 < testFraction < 1. */
  holdout(request: SplitRequest, testFraction: number): Split;
  /** `k` splits whose test parts are disjoint and together cover the rows (a temporal splitter may leave out the first rows). */
  folds(request: SplitRequest, k: number): readonly Split[];
}
