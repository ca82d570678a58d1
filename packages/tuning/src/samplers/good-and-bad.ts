import {
  type CompleteTrial,
  type Direction,
  isBetter,
  type PrunedTrial,
  type TrialRecord,
} from '../trial.ts';

/** The trials that can be learned from, in two groups. */
export interface GoodAndBad {
  readonly good: readonly TrialRecord[];
  readonly bad: readonly TrialRecord[];
}

/** However many trials there are, the good ones are at most as many. */
const MOST_GOOD = 25;

/**
 * Splits trials into the best and the rest: min(⌈gamma · n⌉, 25) of n are good. It is Optuna's rule, which has gamma = 0.1;
 * Hyperopt's is min(⌈0.25 · √n⌉, 25).
 *
 * Complete trials come first, by value; then pruned ones: those that came further before others, and of those the ones with the
 * better mean. Of equals the earlier comes first. Failed trials have no value to learn from and are left out.
 *
 * @param gamma the share of good trials, in (0, 1)
 */
export function splitTrials(
  trials: readonly TrialRecord[],
  { gamma, direction }: { readonly gamma: number; readonly direction: Direction },
): GoodAndBad {
  const complete = trials.filter((trial): trial is CompleteTrial => trial.state === 'complete');
  const pruned = trials.filter((trial): trial is PrunedTrial => trial.state === 'pruned');
  const ranked: TrialRecord[] = [
    ...complete.toSorted((a, b) => compare(a.value, b.value, direction) || a.index - b.index),
    ...pruned.toSorted(
      (a, b) =>
        b.values.length - a.values.length ||
        compare(mean(a.values), mean(b.values), direction) ||
        a.index - b.index,
    ),
  ];
  const count = Math.min(Math.ceil(gamma * ranked.length), MOST_GOOD);
  return { good: ranked.slice(0, count), bad: ranked.slice(count) };
}

function compare(a: number, b: number, direction: Direction): number {
  if (isBetter(a, b, direction)) return -1;
  return isBetter(b, a, direction) ? 1 : 0;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
