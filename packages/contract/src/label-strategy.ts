import type { Table } from 'apache-arrow';
import type { TrainingData, TrainingTable } from './training-data.ts';
import type { SpecificationVersion } from './version.ts';

/** The label of a row that has none. */
export const UNLABELLED = -1;

/**
 * What a label rests on. `true`: somebody said so of the address or alert. `proxy`: it is read off the alert itself. `heuristic`: a rule.
 * `pseudo`: a model, or nobody having said anything. Models are judged on true labels wherever there are any.
 */
export type LabelKind = 'true' | 'proxy' | 'heuristic' | 'pseudo';

/** Every kind of label, the most trustworthy first. */
export const LABEL_KINDS: readonly LabelKind[] = ['true', 'proxy', 'heuristic', 'pseudo'];

/** Where each label came from, as codes into a short list of names. */
export interface LabelSources {
  /** Distinct source names; a code is an index into it. */
  readonly names: readonly string[];
  /** What the labels of each source rest on, aligned with `names`; all `true` when left out. */
  readonly kinds?: readonly LabelKind[];
  /** One code per alert row, -1 where the row is unlabelled. */
  readonly codes: Int32Array;
}

/** Labels aligned with the rows of `TrainingData.alerts`: entry i is about alert row i. */
export interface LabelSet {
  /** 1 suspicious, 0 normal, -1 unlabelled. */
  readonly labels: Int8Array;
  /** Confidence of the label, finite and ≥ 0; 0 where the row is unlabelled. */
  readonly weights: Float32Array;
  /**
   * With what weight each row is taught as the opposite class besides, finite and ≥ 0; absent where none is. A row that is suspicious with
   * probability p can so be taught as both: label 0, weight 1 − p, counter-weight p. Only trainers that say so take them.
   */
  readonly counterWeights?: Float32Array;
  readonly sources: LabelSources;
  /**
   * How much each row matters to a ranker: 0 low, 1 medium, 2 high, 3 critical, and up to 30; what it says of unlabelled rows is not looked at. Where
   * it is absent, or 0 for a suspicious row, the label decides.
   */
  readonly relevance?: Uint8Array;
  /**
   * What happened while the labels were made (rows read, conflicts settled …), as plain JSON; kept in the model's metadata. Sentences in a list
   * `remarks` are shown to whoever trains.
   */
  readonly report?: Readonly<Record<string, unknown>>;
}

/** The part of a label set that a model learns from. */
export type Teaching = Pick<LabelSet, 'labels' | 'weights' | 'counterWeights'>;

/** Models that a strategy may ask while it refines its labels. They never see the rows that the result is judged on. */
export interface LabelModels {
  /**
   * Trains models on some labels and lets them score the alerts: each alert by models that learned from no row of its address.
   *
   * @returns P(suspicious) per alert row; NaN for rows that are hidden
   */
  outOfFoldScores(teaching: Teaching): Promise<Float64Array>;
}

/** What `refineLabels` works with. */
export interface RefineRequest {
  /** What `deriveLabels` returned, with hidden rows unlabelled. Not to be changed. */
  readonly labelSet: LabelSet;
  /** The alerts that were labelled, with the columns that the strategy reads. */
  readonly alerts: Table;
  /** Rows that may be labelled, ascending. All others are hidden: the result is judged on them or on others of their addresses. */
  readonly rows: Int32Array;
  readonly models: LabelModels;
  readonly seed: number;
  readonly signal?: AbortSignal;
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
  /**
   * The columns that the labels are made of, where a feature could be made of them, too. A model that saw them would learn the rule and
   * nothing else, so features that depend on them are left out of the matrix.
   */
  readonly definedBy?: Readonly<Partial<Record<TrainingTable, readonly string[]>>>;
  /** Its models learn without labels: `deriveLabels` may leave every row unlabelled. */
  readonly unsupervised?: boolean;
  /** One label per row of `alerts`, which is `data.alerts`. */
  deriveLabels(alerts: Table, data: TrainingData, context: LabelContext): Promise<LabelSet>;
  /** Throws `InvalidLabelSetError` where the set breaks the contract. */
  validateLabels(labelSet: LabelSet): void;
  /** The training weight of each row; usually `labelSet.weights` itself. */
  getLabelWeights(labelSet: LabelSet): Float32Array;
  /**
   * Makes further labels with the help of models: pseudo-labels, weights by how sure a model is. Called once for the final model and once
   * per fold of the cross-validation, each time with other rows hidden. Models are judged by what `deriveLabels` returned.
   */
  refineLabels?(request: RefineRequest): Promise<LabelSet>;
}
