import { DAY_MS } from '../calendar.ts';
import type { Activity } from './activity.ts';
import type { FeatureRow } from './feature-row.ts';

/** Amounts within this factor of the smallest count as equal. */
const NEAR_EQUAL = 1.03;
const FEWEST_FOR_STRUCTURING = 4;

/** How fast money passes through, and how much comes or goes in near-equal amounts. */
export function writeFlowPatterns({ columns, row, activity }: FeatureRow): void {
  columns.velocity_score[row] = shareSentOn(activity);
  columns.structuring_score[row] = Math.max(nearEqualShare(activity, 0), nearEqualShare(activity, 1));
}

/** The share of the USD received that left within 24 hours, first in, first out. */
function shareSentOn({ received, cents, time }: Activity): number {
  const left = cents.slice();
  let oldest = 0;
  let receivedCents = 0;
  let sentOn = 0;
  for (let i = 0; i < cents.length; i++) {
    if (received[i] === 1) {
      receivedCents += cents[i];
      continue;
    }
    let toCover = cents[i];
    while (oldest < i && toCover > 0) {
      if (received[oldest] === 0 || left[oldest] === 0 || time[oldest] < time[i] - DAY_MS) {
        oldest++;
        continue;
      }
      const covered = Math.min(left[oldest], toCover);
      left[oldest] -= covered;
      toCover -= covered;
      sentOn += covered;
    }
  }
  return receivedCents === 0 ? 0 : sentOn / receivedCents;
}

/** The largest group of near-equal amounts in one direction, as a share of the transfers that way. */
function nearEqualShare({ received, cents }: Activity, direction: 0 | 1): number {
  const ascending = cents.filter((_, i) => received[i] === direction).sort();
  if (ascending.length < FEWEST_FOR_STRUCTURING) return 0;
  let largest = 0;
  let start = 0;
  for (let end = 0; end < ascending.length; end++) {
    while (ascending[end] > ascending[start] * NEAR_EQUAL) start++;
    largest = Math.max(largest, end - start + 1);
  }
  return largest < 2 ? 0 : largest / ascending.length;
}
