import path from 'node:path';
import { InvalidInputError, type TrainingPeriod } from '@risk-scoring/contract';
import {
  checkIntegrity,
  correctedFigures,
  EVOLUTION_DAYS,
  type Evolution,
  type EvolutionClass,
  type FinalScoreRequest,
  FLAT_DAYS,
  finalScore,
  judgeEvolution,
  judgeGroundTruth,
} from '@risk-scoring/evaluation';
import { listSnapshots, snapshotsOfPeriod, validatePeriod } from '@risk-scoring/extraction';
import type { Database } from '@risk-scoring/storage';
import { type JudgedAlerts, judgedAlerts } from './judged-alerts.ts';
import { notesOf } from './notes.ts';
import { readSubmission } from './read-submission.ts';
import {
  type AddressClasses,
  findLaterSnapshot,
  readAlerts,
  readClasses,
  readEvolution,
} from './snapshot-truth.ts';
import { behaviourOf } from './submission-behaviour.ts';
import type { SubmissionEvolution, SubmissionReport } from './submission-report.ts';

/** Options of {@link validateSubmission}. */
export interface ValidateSubmissionOptions {
  /** The submission: CSV or Parquet. */
  readonly file: string;
  /** Others of the same snapshot, which the median is taken of as well. */
  readonly others?: readonly string[];
  /** The same miner's submission of an earlier date. */
  readonly previous?: string;
  /** Processing date of the snapshot, `YYYY-MM-DD`. */
  readonly date: string;
  readonly windowDays: number;
  /** The day to judge on; that of the newest snapshot when left out. */
  readonly asOf?: string;
  /** Seed of the intervals. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

const DAY_MS = 86_400_000;

/**
 * Scores a submission as the subnet's validator does, and says beside it how good it is. A submission that fails the integrity check gets a
 * report as well: its final score is 0, and the other figures are taken from the rows that can be used.
 *
 * @throws {SubmissionFileError} for a file that cannot be read at all
 * @throws {InvalidInputError} for a date that cannot be meant
 * @throws {NoAlertsFoundError} when there is no such snapshot
 * @example
 * const report = await validateSubmission(database, { file: 'submission.parquet', date: '2019-11-01', windowDays: 30 });
 * report.final.score;
 */
export async function validateSubmission(
  database: Database,
  options: ValidateSubmissionOptions,
): Promise<SubmissionReport> {
  const { date, windowDays, seed = 42 } = options;
  const snapshot = { date, windowDays };
  const { asOf, days } = await dayOfJudging(database, options);
  const only = { only: snapshot, ...(options.signal ? { signal: options.signal } : {}) };
  const submission = await readSubmission(options.file, only);
  const alerts = await readAlerts(database, snapshot);
  const { integrity, scores } = checkIntegrity(alerts.ids, submission);
  const judged = judgedAlerts(alerts, scores);
  const behaviour = await behaviourOf(options, { alerts, scores, judged });

  const isJudged = days > FLAT_DAYS;
  const truth = isJudged ? await readClasses(database, snapshot, alerts) : null;
  const later =
    days >= EVOLUTION_DAYS
      ? await findLaterSnapshot(database, snapshot, { asOf, days: EVOLUTION_DAYS })
      : undefined;
  const evolutions = later === undefined ? null : await readEvolution(database, snapshot, { alerts, later });
  const labels = Int8Array.from(judged.addresses, (address) => truth?.classes[address] ?? -1);
  const groundTruth = truth === null ? null : truthOf(judged, labels, truth);
  const classes = Array.from(judged.addresses, (address) => evolutions?.[address]);
  const evolution = later === undefined ? null : evolutionOf(judged, classes, { date, later });
  const facts = later === undefined ? null : judgeEvolution(judged.scores, classes, { undecided: 'normal' });

  const request = (taken: Evolution | null): FinalScoreRequest => ({
    passedIntegrity: integrity.passed,
    behaviour: behaviour?.score ?? 0,
    truth: { score: groundTruth?.auc ?? null, coverage: groundTruth?.coverage ?? 0 },
    evolution: { score: taken?.score ?? null, coverage: taken?.coverage ?? 0 },
    days,
  });
  const report: Omit<SubmissionReport, 'notes'> = {
    file: path.resolve(options.file),
    network: database.network,
    processing_date: date,
    window_days: windowDays,
    as_of: asOf,
    days,
    alerts: alerts.ids.length,
    rows: submission.alertIds.length,
    rows_of_other_snapshots: submission.rowsOfOtherSnapshots,
    model_versions: submission.versions,
    model_github_urls: submission.urls,
    integrity,
    behaviour,
    ground_truth: groundTruth,
    evolution,
    final: finalScore(request(evolution)),
    corrected: isJudged
      ? {
          ...correctedFigures({ scores: judged.scores, labels, addresses: judged.addresses, seed }),
          evolution: facts,
          final_score: finalScore(request(facts)).score,
        }
      : null,
  };
  return { ...report, notes: notesOf(report) };
}

async function dayOfJudging(
  database: Database,
  { date, windowDays, asOf: given }: ValidateSubmissionOptions,
): Promise<{ asOf: string; days: number }> {
  const period: TrainingPeriod = { network: database.network, startDate: date, endDate: date, windowDays };
  validatePeriod(period);
  if (given !== undefined) validatePeriod({ ...period, startDate: given, endDate: given });
  await snapshotsOfPeriod(database, period);
  const ofWindow = (await listSnapshots(database)).filter((known) => known.windowDays === windowDays);
  const asOf = given ?? ofWindow.at(-1)?.processingDate ?? date;
  const days = daysBetween(date, asOf);
  if (days >= 0) return { asOf, days };
  throw new InvalidInputError({
    what: 'The day to judge on',
    expected: `${date}, the date of the snapshot, or a later day`,
    found: asOf,
    remedy: 'give a later day with --as-of, or leave it out for that of the newest snapshot',
  });
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

function truthOf({ scores }: JudgedAlerts, labels: Int8Array, { conflicting }: AddressClasses) {
  return { ...judgeGroundTruth(scores, labels), conflicting_addresses: conflicting };
}

function evolutionOf(
  { scores }: JudgedAlerts,
  classes: readonly (EvolutionClass | undefined)[],
  { date, later }: { readonly date: string; readonly later: string },
): SubmissionEvolution {
  return { ...judgeEvolution(scores, classes), later, days: daysBetween(date, later) };
}
