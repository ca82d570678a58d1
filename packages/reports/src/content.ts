import type { ModelEvaluation, ModelMetadata } from '@risk-scoring/model-storage';

/** What a report is made of. Nothing else is read: the same content gives the same bytes. */
export interface ReportContent {
  readonly metadata: ModelMetadata;
  /** Curves and reference distributions; null for a model that was saved without. */
  readonly evaluation: ModelEvaluation | null;
  /** How a snapshot differs from the training period; null where none was compared. */
  readonly drift: SnapshotDrift | null;
  /** Why there is no drift, as a sentence without its full stop; `no snapshot was compared` by default. */
  readonly withoutDrift?: string;
  /** The metadata's own file: it cannot name its own hash. */
  readonly modelFile: ModelFile;
}

/** The file of a model's metadata. */
export interface ModelFile {
  /** Its name, without a folder. */
  readonly name: string;
  /** sha256 of its bytes, in hexadecimal. */
  readonly sha256?: string;
}

/** How one snapshot differs from the training period. */
export interface SnapshotDrift {
  /** `YYYY-MM-DD` */
  readonly processing_date: string;
  readonly rows: number;
  /** Of the scores that the model gives. */
  readonly scores: {
    /** Population stability index, 0 for equal distributions. */
    readonly psi: number;
    /** What the index stays below by chance, with these rows. */
    readonly psi_by_chance?: number;
    /** What is usual among snapshots of the training period: four of five stay within. */
    readonly psi_in_training?: number | null;
    readonly reference: Shares;
    readonly current: Shares;
  };
  /** Worst first. */
  readonly features: readonly FeatureDrift[];
  /** What labels of the snapshot say; null where none was read. */
  readonly labels: LabelDrift | null;
}

/** Shares of rows by value: n edges make n + 1 bins, the first below all, the last from the last edge on. */
export interface Shares {
  readonly edges: readonly number[];
  readonly shares: readonly number[];
  /** Share of the rows without a value. */
  readonly missing: number;
}

/** How one feature differs. */
export interface FeatureDrift {
  readonly name: string;
  readonly psi: number;
  /** What the index stays below by chance, with these rows. */
  readonly psi_by_chance?: number;
  /** What is usual among snapshots of the training period: four of five stay within. */
  readonly psi_in_training?: number | null;
  /** Share of the snapshot's rows without a value. */
  readonly missing: number;
  /** The same of the training period. */
  readonly reference_missing: number;
}

/** What labels that have arrived say of a snapshot. */
export interface LabelDrift {
  readonly labelled: number;
  readonly positives: number;
  readonly reference_positive_rate: number | null;
  readonly positive_rate: number | null;
  /** On all labelled rows: those of addresses that the model learned from flatter it. */
  readonly all: RealisedAuc;
  /** On rows that the model cannot have learned from; null where nobody can tell which these are. */
  readonly unseen: RealisedAuc | null;
}

/** How well scores ordered the labelled rows of a snapshot. */
export interface RealisedAuc {
  readonly rows: number;
  /** Null where the rows are of one class. */
  readonly auc: number | null;
  readonly auc_interval: readonly [number, number] | null;
}
