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
 * @throws {InvalidInputError} when the previous file is of this date or a later one
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
    all.push(pick(checkIntegrity(alerts.ids, rows).scores, judged.places));
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
  { previous = '', date, signal }: ComparedFiles,
  { alerts, scores }: { readonly alerts: SnapshotAlerts; readonly scores: Float64Array },
): Promise<PreviousScores> {
  const file = await readSubmission(previous, signal ? { signal } : {});
  const late = file.dates.find((known) => known >= date);
  if (late === undefined) return previousScores(alerts, scores, file);
  throw new InvalidInputError({
    what: 'The submission of the previous date',
    expected: `rows of a date before ${date}`,
    found: `rows of ${late} in ${previous}`,
    remedy: 'name the file of an earlier date with --previous, or leave it out',
  });
}
