/** Days after its date in which a submission gets {@link FLAT_SCORE}, and no more: 0 to 28. */
export const FLAT_DAYS = 28;
/** What every whole submission gets in that time. */
export const FLAT_SCORE = 0.1;
/** From this day on evolution is judged. */
export const EVOLUTION_DAYS = 30;

/** A part that counts as far as it covers the alerts. */
export interface CoveredPart {
  /** 0 to 1; null where it could not be judged. */
  readonly score: number | null;
  /** Share of the alerts, 0 to 1. */
  readonly coverage: number;
}

/** What the final score is made of. */
export interface FinalScoreRequest {
  readonly passedIntegrity: boolean;
  /** 0 to 1. */
  readonly behaviour: number;
  readonly truth: CoveredPart;
  readonly evolution: CoveredPart;
  /** Whole days since the submission's date. */
  readonly days: number;
}

/** The final score of a submission. */
export interface FinalScore {
  readonly score: number;
  /** What it would be at most with these coverages, were every part perfect. */
  readonly ceiling: number;
  /** Why it is what it is. */
  readonly phase: 'failed_integrity' | 'flat' | 'judged';
}

/**
 * The final score of the subnet's validator: 0.1 behaviour + 0.9 (0.5 truth × coverage + 0.5 evolution × coverage). It is {@link FLAT_SCORE} for
 * {@link FLAT_DAYS} days, and 0 for a submission that fails the integrity check. A part that could not be judged adds nothing.
 *
 * @example
 * finalScore({
 *   passedIntegrity: true, behaviour: 0.8, days: 31,
 *   truth: { score: 0.9, coverage: 0.4 }, evolution: { score: 0.6, coverage: 0.5 },
 * }); // { score: 0.08 + 0.45 × (0.36 + 0.3) = 0.377, ceiling: 0.1 + 0.45 × 0.9 = 0.505, phase: 'judged' }
 */
export function finalScore(request: FinalScoreRequest): FinalScore {
  const { passedIntegrity, behaviour, truth, evolution, days } = request;
  if (!passedIntegrity) return { score: 0, ceiling: 0, phase: 'failed_integrity' };
  if (days <= FLAT_DAYS) return { score: FLAT_SCORE, ceiling: FLAT_SCORE, phase: 'flat' };
  const weigh = (own: number, parts: readonly number[]) =>
    0.1 * own + 0.9 * parts.reduce((sum, part) => sum + 0.5 * part, 0);
  const parts = [truth, evolution].filter(({ score }) => score !== null);
  return {
    score: weigh(
      behaviour,
      parts.map(({ score, coverage }) => (score ?? 0) * coverage),
    ),
    ceiling: weigh(
      1,
      parts.map(({ coverage }) => coverage),
    ),
    phase: 'judged',
  };
}
