const marker = Symbol.for('risk-scoring.error');

/**
 * What kind of trouble it is, and so who can mend it. The CLI turns it into an exit code.
 *
 * - `input`: what the user asked for makes no sense (a date, an option, a name)
 * - `data`: the tables or files hold something else than expected
 * - `environment`: something on this machine is missing, locked or out of reach
 * - `model`: a model or its files cannot be trusted or used
 * - `cancelled`: the user stopped it
 * - `internal`: a promise of ours was broken
 */
export type ErrorCategory = 'input' | 'data' | 'environment' | 'model' | 'cancelled' | 'internal';

/** What a typed error is made of; each part becomes a sentence of its message. */
export interface ErrorDescription {
  /** Stable, machine-readable name: `NO_ALERTS_FOUND`. */
  readonly code: string;
  readonly category: ErrorCategory;
  /** What went wrong, in a sentence. */
  readonly summary: string;
  readonly expected?: string;
  readonly found?: string;
  /** What the reader can do about it. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/**
 * The base of every error that the product throws on purpose. Recognise it with
 * {@link RiskScoringError.isInstance}, not `instanceof`: two installed copies of this package
 * have two classes, but share the marker.
 *
 * @example
 * try { await trainModel(options); } catch (error) {
 *   if (RiskScoringError.isInstance(error)) console.error(error.code, error.remedy);
 * }
 */
export class RiskScoringError extends Error {
  readonly [marker] = true;
  readonly code: string;
  readonly category: ErrorCategory;
  readonly summary: string;
  readonly expected: string | undefined;
  readonly found: string | undefined;
  readonly remedy: string | undefined;

  constructor(description: ErrorDescription) {
    super(composeMessage(description), { cause: description.cause });
    this.name = new.target.name;
    this.code = description.code;
    this.category = description.category;
    this.summary = description.summary;
    this.expected = description.expected;
    this.found = description.found;
    this.remedy = description.remedy;
  }

  /** Whether a thrown value is one of ours, whichever copy of this package made it. */
  static isInstance(value: unknown): value is RiskScoringError {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[marker] === true;
  }

  /** The parts as a plain object, for `--json` and structured logs. */
  toJSON(): Record<string, string> {
    const parts = {
      code: this.code,
      category: this.category,
      summary: this.summary,
      expected: this.expected,
      found: this.found,
      remedy: this.remedy,
    };
    return Object.fromEntries(Object.entries(parts).filter((entry): entry is [string, string] => !!entry[1]));
  }
}

function composeMessage({ summary, expected, found, remedy }: ErrorDescription): string {
  const sentences = [summary];
  if (expected) sentences.push(`Expected: ${expected}.`);
  if (found) sentences.push(`Found: ${found}.`);
  if (remedy) sentences.push(`To do: ${remedy}.`);
  return sentences.join(' ');
}
