import { type ErrorCategory, RiskScoringError } from '@risk-scoring/contract';

/** What a shell sees of each kind of failure. */
export const EXIT_CODES: Readonly<Record<ErrorCategory, number>> = {
  internal: 1,
  input: 2,
  data: 3,
  environment: 4,
  model: 5,
  cancelled: 130,
};

/** The exit code of a failure: by its category where it is one of ours, 1 otherwise. */
export function exitCodeOf(error: unknown): number {
  return RiskScoringError.isInstance(error) ? EXIT_CODES[error.category] : EXIT_CODES.internal;
}

/** What `monitor` ends with where it worked and a threshold was crossed: no failure of the command, and told apart from all of them. */
export const THRESHOLD_CROSSED = 10;
