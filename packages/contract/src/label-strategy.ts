import type { Table } from 'apache-arrow';
import type { TrainingData, TrainingTable } from './training-data.ts';
import type { SpecificationVersion } from './version.ts';

/** The label of a row that has none. */
export const UNLABELLED = -1;

/** Where each label came from, as codes into a short list of names. */
export interface LabelSources {
  /** Distinct source names; a code is an index into it. */
  readonly names: readonly string[];
  /** One code per alert row, -1 where the row is unlabelled. */
  readonly codes: Int32Array;
}

/** Labels aligned with the rows of `TrainingData.alerts`: entry i is about alert row i. */
export interface LabelSet {
  /** 1 suspicious, 0 normal, -1 unlabelled. */
  readonly labels: Int8Array;
  /** Confidence of the label, finite and ≥ 0; 0 where the row is unlabelled. */
  readonly weights: Float32Array;
  readonly sources: LabelSources;
}

/** What a strategy may use besides the data. */
export interface LabelContext {
  /** Seed for anything random, so that the same seed gives the same labels. */
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/**
 * Decides which alerts are suspicious, and how sure that is. One of the two things a miner replaces.
 *
 * Call order: `deriveLabels` once per training, then `validateLabels` on its result, then
 * `getLabelWeights`. Labels are derived before any split or feature exists, so a strategy
 * cannot see either. It must be deterministic for one seed, must not keep or change the tables, and
 * must reject with a `CancelledError` soon after the signal aborts.
 *
 * @example
 * const everythingCriticalIsSuspicious: LabelStrategy = {
 *   specificationVersion: 'v1', name: 'critical', settings: {}, requires: ['alerts'], …
 * };
 */
export interface LabelStrategy {
  readonly specificationVersion: SpecificationVersion;
  /** Short and stable; kept in every model's metadata. */
  readonly name: string;
  /** Everything that changes its labels, as plain JSON; kept in every model's metadata. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The tables it reads; others arrive empty, so that a big period need not be loaded whole. */
  readonly requires: readonly TrainingTable[];
  /**
   * The columns that it reads of a table; those of a table that is left out all arrive. An alert's description and evidence are most
   * of its bytes, so a big period needs far less memory without them.
   */
  readonly columns?: Readonly<Partial<Record<TrainingTable, readonly string[]>>>;
  /** One label per row of `alerts`, which is `data.alerts`. */
  deriveLabels(alerts: Table, data: TrainingData, context: LabelContext): Promise<LabelSet>;
  /** Throws `InvalidLabelSetError` where the set breaks the contract. */
  validateLabels(labelSet: LabelSet): void;
  /** The training weight of each row; usually `labelSet.weights` itself. */
  getLabelWeights(labelSet: LabelSet): Float32Array;
}
