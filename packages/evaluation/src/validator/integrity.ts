/** The rows of a submission, as far as its integrity is concerned. */
export interface SubmittedRows {
  readonly alertIds: readonly string[];
  /** One per row; NaN where it says no number. */
  readonly scores: Float64Array;
  /** Rows that name no version of the model. */
  readonly withoutVersion: number;
  /** Rows that say not where the model's source is. */
  readonly withoutUrl: number;
}

/** One condition of {@link Integrity}. */
export interface IntegrityCheck {
  readonly passed: boolean;
  /** Alerts (rows, for version and URL) at fault. */
  readonly failures: number;
  /** Some of their alert ids. */
  readonly examples: readonly string[];
}

/** Whether a submission may be judged at all: every check has to pass. */
export interface Integrity {
  readonly passed: boolean;
  readonly every_alert_scored: IntegrityCheck;
  readonly scores_in_range: IntegrityCheck;
  readonly no_duplicates: IntegrityCheck;
  readonly version_present: IntegrityCheck;
  readonly url_present: IntegrityCheck;
  /** Rows about alerts that the snapshot does not have. They are told and count for no figure; their scores and ids must be in order all the same. */
  readonly unknown_alerts: { readonly rows: number; readonly examples: readonly string[] };
}

/** What {@link checkIntegrity} says, and the rows that figures can be taken from. */
export interface CheckedSubmission {
  readonly integrity: Integrity;
  /** The score of each alert of the snapshot: its first row with a number from 0 to 1; NaN where there is none. */
  readonly scores: Float64Array;
}

const MOST_EXAMPLES = 5;

/**
 * Checks a submission against the alerts of its snapshot: each has a row, each score is a number from 0 to 1, no id has two rows, and
 * every row names the model's version and the address of its source.
 *
 * @param alertIds of the snapshot, each once
 * @example
 * const { integrity, scores } = checkIntegrity(['a', 'b'], {
 *   alertIds: ['a', 'a'], scores: Float64Array.of(0.2, 1.5), withoutVersion: 0, withoutUrl: 0,
 * });
 * integrity.every_alert_scored; // { passed: false, failures: 1, examples: ['b'] }
 * scores; // [0.2, NaN]
 */
export function checkIntegrity(alertIds: readonly string[], submission: SubmittedRows): CheckedSubmission {
  const placeOf = new Map(alertIds.map((id, place) => [id, place]));
  const times = new Uint32Array(alertIds.length);
  const strangers = new Map<string, number>();
  const scores = new Float64Array(alertIds.length).fill(Number.NaN);
  const [wrong, twice, unknown, missing] = [new Tally(), new Tally(), new Tally(), new Tally()];
  submission.alertIds.forEach((id, row) => {
    const score = submission.scores[row];
    const inRange = score >= 0 && score <= 1;
    if (!inRange) wrong.add(id);
    const place = placeOf.get(id);
    if (place === undefined) {
      unknown.add(id);
      const seen = (strangers.get(id) ?? 0) + 1;
      strangers.set(id, seen);
      if (seen === 2) twice.add(id);
      return;
    }
    times[place] += 1;
    if (times[place] === 2) twice.add(id);
    if (inRange && Number.isNaN(scores[place])) scores[place] = score;
  });
  alertIds.forEach((id, place) => {
    if (times[place] === 0) missing.add(id);
  });
  const checks = {
    every_alert_scored: missing.check(),
    scores_in_range: wrong.check(),
    no_duplicates: twice.check(),
    version_present: stated(submission, submission.withoutVersion),
    url_present: stated(submission, submission.withoutUrl),
  };
  const passed = Object.values(checks).every((check) => check.passed);
  const unknownAlerts = { rows: unknown.count, examples: unknown.examples };
  return { integrity: { passed, ...checks, unknown_alerts: unknownAlerts }, scores };
}

/** A file without rows says nothing of its model. */
function stated({ alertIds }: SubmittedRows, without: number): IntegrityCheck {
  return { passed: alertIds.length > 0 && without === 0, failures: without, examples: [] };
}

class Tally {
  count = 0;
  readonly examples: string[] = [];

  add(id: string): void {
    this.count += 1;
    if (this.examples.length < MOST_EXAMPLES) this.examples.push(id);
  }

  check(): IntegrityCheck {
    return { passed: this.count === 0, failures: this.count, examples: this.examples };
  }
}
