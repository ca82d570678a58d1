import { InvalidInputError } from '@risk-scoring/contract';
import { checkIntegrity, judgeBehaviour, medianScores } from '@risk-scoring/evaluation';
import { type JudgedAlerts, pick } from './judged-alerts.ts';
import { type PreviousScores, previousScores } from './previous-scores.ts';
import { readSubmission } from './read-submission.ts';
import type { SnapshotAlerts } from './snapshot-truth.ts';
import type { SubmissionBehaviour } from './submission-report.ts';

/** What a submission is compared with. */
export interface ComparedFiles {
  readonly others?: readonly string[];
  readonly previous?: string;
  /** Of the snapshot. */
  readonly date: string;
  readonly windowDays: number;
  readonly signal?: AbortSignal;
}

/**
 * Judges the behaviour of a submission against the files that it is compared with.
 *
 * @param work.scores one per alert of the snapshot, NaN where it has none
 * @returns null where no alert has a score
 * @throws {SubmissionFileError} for a file that cannot be read
 * @throws {InvalidInputError} when the previous file is not of one earlier date and of this window, or another has no score for any alert
 */
export async function behaviourOf(
  options: ComparedFiles,
  work: { readonly alerts: SnapshotAlerts; readonly scores: Float64Array; readonly judged: JudgedAlerts },
): Promise<SubmissionBehaviour | null> {
  const { alerts, scores, judged } = work;
  const all = [judged.scores];
  for (const other of options.others ?? []) {
    const { date, windowDays } = options;
    const { alertIds, scores: given } = await readSubmission(other, {
      only: { date, windowDays },
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const rows = { alertIds, scores: given, withoutVersion: 0, withoutUrl: 0 };
    const known = checkIntegrity(alerts.ids, rows).scores;
    if (known.every(Number.isNaN)) throw nothingToCompare(other, options);
    all.push(pick(known, judged.places));
  }
  const previous = options.previous === undefined ? null : await readPrevious(options, work);
  if (judged.places.length === 0) return null;
  const { addresses } = judged;
  const before =
    previous === null
      ? new Float64Array(judged.places.length).fill(Number.NaN)
      : pick(previous.byAlert, judged.places);
  const medians = medianScores(all);
  return {
    ...judgeBehaviour({ scores: pick(scores, judged.places), medians, before, addresses }),
    submissions: all.length,
    alerts_of_previous: previous?.shared ?? null,
    stability_by_address: previous?.stabilityByAddress ?? null,
  };
}

async function readPrevious(
  { previous = '', date, windowDays, signal }: ComparedFiles,
  { alerts, scores }: { readonly alerts: SnapshotAlerts; readonly scores: Float64Array },
): Promise<PreviousScores> {
  const file = await readSubmission(previous, signal ? { signal } : {});
  const refused = (expected: string, found: string) =>
    new InvalidInputError({
      what: 'The submission of the previous date',
      expected,
      found: `rows of ${found} in ${previous}`,
      remedy: 'name the file of one earlier date and of this window with --previous, or leave it out',
    });
  // Of several dates nobody could say which is the previous one: rows of an alert would stand for each other.
  if (file.dates.length > 1 || file.dates.some((known) => known >= date))
    throw refused(`rows of one date before ${date}`, file.dates.join(', '));
  if (file.windows.some((known) => Number(known) !== windowDays))
    throw refused(`rows with window_days = ${windowDays}`, `the windows ${file.windows.join(', ')}`);
  return previousScores(alerts, scores, file);
}

function nothingToCompare(file: string, { date, windowDays }: ComparedFiles): InvalidInputError {
  return new InvalidInputError({
    what: `The other submission ${file}`,
    expected: `scores from 0 to 1 of alerts of ${date}, window_days = ${windowDays}`,
    found: 'none',
    remedy: 'name submissions of the same date and window with --others, or leave it out',
  });
}
