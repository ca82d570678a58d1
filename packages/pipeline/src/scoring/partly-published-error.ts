import { type ErrorCategory, RiskScoringError } from '@risk-scoring/contract';
import type { ScoreBatch } from './score-batch.ts';

/** Scores of a snapshot, by the batch that they were written in. */
export interface NamedBatch {
  readonly processing_date: string;
  readonly batch_id: string;
}

/**
 * A scoring ended early, and readers see some of its scores. It has the code and the category of the error that ended it, which is its cause, and says
 * besides which scores are published.
 */
export class PartlyPublishedError extends RiskScoringError {
  /** Batches that are published, and stay. */
  readonly published: readonly NamedBatch[];
  /** Batches of which nobody knows, as the database did not answer when they were published. */
  readonly perhapsPublished: readonly NamedBatch[];

  constructor(parts: {
    readonly cause: unknown;
    readonly published: readonly ScoreBatch[];
    readonly unanswered: readonly ScoreBatch[];
    /** What to do next, as a part of a sentence with a command. */
    readonly next: string;
  }) {
    const published = parts.published.map(named);
    const perhapsPublished = parts.unanswered.map(named);
    const { summary, remedy, ...cause } = describe(parts.cause);
    super({
      ...cause,
      summary: [
        summary,
        ...(published.length > 0 ? [`Published are the scores of ${inWords(published)}.`] : []),
        ...(perhapsPublished.length > 0
          ? [`The scores of ${inWords(perhapsPublished)} may be published: the database did not answer.`]
          : []),
      ].join(' '),
      remedy: remedy ? `${remedy}; then ${parts.next}` : parts.next,
      cause: parts.cause,
    });
    this.published = published;
    this.perhapsPublished = perhapsPublished;
  }

  /** With the batches. */
  override toJSON(): Record<string, string> & {
    published: readonly NamedBatch[];
    perhaps_published: readonly NamedBatch[];
  } {
    return Object.assign(super.toJSON(), {
      published: this.published,
      perhaps_published: this.perhapsPublished,
    });
  }
}

function named({ id, snapshot }: ScoreBatch): NamedBatch {
  return { processing_date: snapshot.processingDate, batch_id: id };
}

function inWords(batches: readonly NamedBatch[]): string {
  return batches.map(({ processing_date, batch_id }) => `${processing_date} (batch ${batch_id})`).join(', ');
}

interface Description {
  readonly code: string;
  readonly category: ErrorCategory;
  readonly summary: string;
  readonly expected?: string;
  readonly found?: string;
  readonly remedy?: string | undefined;
}

/** What an error says; of one that nobody foresaw, its stack. */
function describe(cause: unknown): Description {
  if (!RiskScoringError.isInstance(cause)) {
    const stack = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    return {
      code: 'UNEXPECTED',
      category: 'internal',
      summary: 'Scoring ended in an error that was not foreseen.',
      found: stack,
    };
  }
  const { code, category, summary, expected, found, remedy } = cause;
  return {
    code,
    category,
    summary,
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
    remedy,
  };
}
