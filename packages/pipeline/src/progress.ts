/** The stages of a training and a scoring, in order. */
export type Stage =
  | 'extract'
  | 'label'
  | 'split'
  | 'features'
  | 'leakage check'
  | 'permutation test'
  | 'cross-validation'
  | 'training'
  | 'tuning'
  | 'refitting'
  | 'evaluation'
  | 'onnx parity'
  | 'saving'
  | 'scoring'
  | 'writing scores';

/** How far a piece of work is. */
export interface PipelineProgress {
  readonly stage: Stage;
  /** Of `total` units of this stage; both 1 when it is over in one go. */
  readonly done: number;
  readonly total: number;
  /** What is being done, for humans: `fold 2 of 5, binary_logloss 0.31`. */
  readonly detail?: string;
}

/** Receives progress; must not throw. */
export type OnPipelineProgress = (progress: PipelineProgress) => void;
