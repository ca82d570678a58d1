import type {
  Behaviour,
  CorrectedFigures,
  Evolution,
  FinalScore,
  GroundTruth,
  Integrity,
} from '@risk-scoring/evaluation';

/** What a validator would make of a submission, as plain JSON. */
export interface SubmissionReport {
  /** Absolute. */
  readonly file: string;
  readonly network: string;
  readonly processing_date: string;
  readonly window_days: number;
  /** The day that it is judged on. */
  readonly as_of: string;
  /** From the processing date to that day. */
  readonly days: number;
  /** Alerts of the snapshot. */
  readonly alerts: number;
  /** Rows of the file about this snapshot. */
  readonly rows: number;
  readonly rows_of_other_snapshots: number;
  /** The first few that the file names. */
  readonly model_versions: readonly string[];
  readonly model_github_urls: readonly string[];
  readonly integrity: Integrity;
  /** Null where no row could be used. */
  readonly behaviour: SubmissionBehaviour | null;
  /** Null before day 29. */
  readonly ground_truth: SubmissionTruth | null;
  /** Null before day 30, and where there is no snapshot to take it from. */
  readonly evolution: SubmissionEvolution | null;
  readonly final: FinalScore;
  /** Beside what is paid for: how good the scores are. Null before day 29. */
  readonly corrected: CorrectedSubmissionFigures | null;
  /** What a reader should know of these figures, a sentence each. */
  readonly notes: readonly string[];
}

/** Behaviour, and what it was taken from. */
export interface SubmissionBehaviour extends Behaviour {
  /** That the median is of, this one among them. */
  readonly submissions: number;
  /** Alerts that the previous date had, too; null where no previous file was given. */
  readonly alerts_of_previous: number | null;
  /** The stability by address, which the validator does not take; null where it cannot be told. */
  readonly stability_by_address: number | null;
}

/** Ground truth, and how sure it is. */
export interface SubmissionTruth extends GroundTruth {
  /** Addresses whose label rows disagree; they count as 1. */
  readonly conflicting_addresses: number;
}

/** Evolution, and where it was taken from. */
export interface SubmissionEvolution extends Evolution {
  /** Processing date of the later snapshot. */
  readonly later: string;
  /** Days between the two. */
  readonly days: number;
}

/** Figures that the validator does not take. */
export interface CorrectedSubmissionFigures extends CorrectedFigures {
  /** Evolution with dormant and other addresses as 0, whatever the submission says of them; null where evolution is. */
  readonly evolution: Evolution | null;
  /** The final score with that evolution. */
  readonly final_score: number;
}
