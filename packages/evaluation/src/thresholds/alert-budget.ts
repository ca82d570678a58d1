import { InvalidInputError } from '@risk-scoring/contract';
import { descendingOrder } from '../descending-order.ts';
import { InvalidScoredRowsError } from '../errors.ts';
import type { Scores } from '../scored-rows.ts';
import { above, between } from './cut-points.ts';

/** All alerts of some snapshots, labelled or not. */
export interface BudgetAlerts {
  readonly scores: Scores;
  /** The snapshot of each alert: a processing date or any other code. */
  readonly snapshots: Int32Array;
}

/**
 * @throws {InvalidInputError} when there is none
 * @throws {InvalidScoredRowsError} on a score outside 0..1, or arrays of unequal length
 */
export function checkBudgetAlerts({ scores, snapshots }: BudgetAlerts): void {
  if (scores.length !== snapshots.length) {
    throw new InvalidScoredRowsError({
      summary: 'Scores and snapshots of the alerts are not aligned.',
      expected: 'one snapshot per score',
      found: `${scores.length} scores and ${snapshots.length} snapshots`,
    });
  }
  if (scores.length === 0) {
    throw new InvalidInputError({
      what: 'The list of alerts',
      expected: 'scores and snapshots of at least one alert',
      found: 'none',
    });
  }
  const row = scores.findIndex((score) => !(score >= 0 && score <= 1));
  if (row < 0) return;
  throw new InvalidScoredRowsError({
    summary: `The probability of alert ${row} cannot be used.`,
    expected: 'a number from 0 to 1',
    found: String(scores[row]),
  });
}

/** How many alerts a threshold flags in a snapshot, on average over the snapshots that have alerts. */
export function flaggedPerDay({ scores, snapshots }: BudgetAlerts, threshold: number): number {
  let flagged = 0;
  for (const score of scores) if (score >= threshold) flagged++;
  return flagged / new Set(snapshots).size;
}

/** The lowest threshold that flags at most so many alerts per snapshot; undefined where even 1 flags more. */
export function thresholdWithin(
  { scores, snapshots }: BudgetAlerts,
  alertsPerDay: number,
): number | undefined {
  const days = new Set(snapshots).size;
  const order = descendingOrder(scores);
  let upper: number | undefined;
  for (let flagged = 1; flagged <= order.length; flagged++) {
    const score = scores[order[flagged - 1]];
    // Equal scores are flagged together.
    if (flagged < order.length && scores[order[flagged]] === score) continue;
    if (flagged / days > alertsPerDay) return upper === undefined ? above(score) : between(score, upper);
    upper = score;
  }
  return upper;
}
