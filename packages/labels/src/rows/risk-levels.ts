/** The risk levels of a label row, from low to high. */
export const RISK_LEVELS = ['low', 'medium', 'high', 'critical'] as const;

/** One of {@link RISK_LEVELS}. */
export type RiskLevel = (typeof RISK_LEVELS)[number];

/** Levels that are suspicious where nobody says anything else. */
export const POSITIVE_LEVELS: readonly RiskLevel[] = ['high', 'critical'];

/** Levels that are normal where nobody says anything else. */
export const NEGATIVE_LEVELS: readonly RiskLevel[] = ['low', 'medium'];

/**
 * The place of a text in {@link RISK_LEVELS}, whatever its letter case and the spaces around it; -1 for others.
 *
 * @example
 * riskLevelOf(' High '); // 2
 */
export function riskLevelOf(text: string): number {
  return (RISK_LEVELS as readonly string[]).indexOf(text.trim().toLowerCase());
}
