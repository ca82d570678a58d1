import type { Distribution } from '@risk-scoring/model-storage';
import type { RealisedLabels } from './realised.ts';

/** How far something has moved since the training. */
export interface Stability {
  /** Population stability index: 0 is no change, 0.25 and more a shift by custom. */
  readonly psi: number;
  /** What the index stays below 999 times in 1000 by chance alone, with these rows: below it, it says nothing. */
  readonly psi_by_chance: number;
  /** What four of five snapshots of the training period stay within against its others: up to there it is usual. Null where fewer than five can tell. */
  readonly psi_in_training: number | null;
}

/** A feature of a snapshot beside that of the training. */
export interface FeatureDrift extends Stability {
  readonly name: string;
  /** Share of rows without a value, and the same in training. */
  readonly missing: number;
  readonly reference_missing: number;
  /** The feature's part of the model's total gain; 0 where no tree uses it, null where the model does not say. */
  readonly gain_share: number | null;
}

/** How a snapshot differs from what a model was trained on, as plain JSON. */
export interface SnapshotDrift {
  readonly processing_date: string;
  readonly rows: number;
  /** What the rows are worth where those of one address count as one. */
  readonly effective_rows: number;
  /** Whether the model learned from this snapshot: its scores are then too good, and look unlike those of other rows. */
  readonly in_training_period: boolean;
  readonly scores: Stability & {
    readonly mean: number;
    readonly reference: Distribution;
    readonly current: Distribution;
  };
  /** Most drifted first. */
  readonly features: readonly FeatureDrift[];
  /** Null where no row of the snapshot has a label yet. */
  readonly labels: RealisedLabels | null;
}
