import { RiskScoringError } from '@risk-scoring/contract';

/** Which scores a submission is about. */
export interface ScoredSnapshot {
  readonly network: string;
  /** Processing date, `YYYY-MM-DD`. */
  readonly date: string;
  readonly windowDays: number;
}

/** There are no published scores to submit. */
export class NoScoresFoundError extends RiskScoringError {
  constructor(parts: ScoredSnapshot & { readonly model?: string; readonly available: readonly string[] }) {
    const { network, date, windowDays, model, available } = parts;
    const by = model === undefined ? '' : ` by ${model}`;
    super({
      code: 'NO_SCORES_FOUND',
      category: 'data',
      summary: `There are no alert scores of ${network} for ${date} with window_days = ${windowDays}${by}.`,
      expected: 'published scores of that snapshot',
      found: available.length === 0 ? 'none by any model' : `scores by ${available.join(', ')}`,
      remedy: `score it first: ${scoreCommand(parts)}`,
    });
  }
}

/** The snapshot was replaced after it had been scored. */
export class ScoresOutdatedError extends RiskScoringError {
  constructor(parts: ScoredSnapshot & { readonly model: string; readonly tables: readonly string[] }) {
    const { network, date, windowDays, model, tables } = parts;
    super({
      code: 'SCORES_OUTDATED',
      category: 'data',
      summary: `The scores of ${network} for ${date} with window_days = ${windowDays} by ${model} are of a snapshot that was replaced since.`,
      expected: 'scores of the rows that are published now',
      found: `other rows of ${tables.join(', ')}`,
      remedy: `score it again: ${scoreCommand({ ...parts, model })}`,
    });
  }
}

/** Scores that a validator's integrity check would refuse. */
export class SubmissionRefusedError extends RiskScoringError {
  constructor(parts: ScoredSnapshot & { readonly model: string; readonly problems: readonly string[] }) {
    const { date, windowDays, model, problems } = parts;
    super({
      code: 'SUBMISSION_REFUSED',
      category: 'data',
      summary: `The scores of ${date} with window_days = ${windowDays} by ${model} would fail the integrity check.`,
      expected: 'each alert of the snapshot once, with a score from 0 to 1',
      found: problems.join('; '),
      remedy: `score the snapshot again: ${scoreCommand({ ...parts, model })}`,
    });
  }
}

/** A file that cannot be read as a submission at all. */
export class SubmissionFileError extends RiskScoringError {
  constructor(parts: {
    readonly file: string;
    readonly expected: string;
    readonly found: string;
    readonly category?: 'input' | 'data';
    readonly cause?: unknown;
  }) {
    super({
      code: 'SUBMISSION_FILE_UNREADABLE',
      category: parts.category ?? 'data',
      summary: `${parts.file} cannot be read as a submission.`,
      expected: parts.expected,
      found: parts.found,
      remedy: 'name another file, or have it written again, as CSV or Parquet',
      cause: parts.cause,
    });
  }
}

function scoreCommand({ network, date, windowDays, model }: ScoredSnapshot & { readonly model?: string }) {
  const by = model === undefined ? '' : ` --model ${model}`;
  return `npx risk-scoring score --network ${network} --date ${date} --window-days ${windowDays}${by}`;
}
