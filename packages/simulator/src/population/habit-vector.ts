import { HABITS, type Habits } from './archetypes.ts';

/** How many habits there are: the length of a habit vector. */
export const HABIT_COUNT = HABITS.length;

type Scale = 'logarithm' | 'logit';

const scales: Readonly<Record<keyof Habits, Scale>> = {
  transfers: 'logarithm',
  incoming: 'logit',
  newSenders: 'logit',
  newRecipients: 'logit',
  medianUsd: 'logarithm',
  amountSpread: 'logarithm',
  passThrough: 'logit',
  evenAmounts: 'logit',
  burst: 'logit',
  exchanges: 'logit',
  mixers: 'logit',
  circle: 'logit',
  hourSpread: 'logarithm',
  assets: 'logarithm',
};

/**
 * Habits on unbounded scales (logarithms of amounts and counts, logits of shares), in the order of
 * `HABITS`. There they can be mixed and disturbed and still come back as valid habits.
 */
export function toHabitVector(habits: Habits): Float64Array {
  return Float64Array.from(HABITS, (name) => {
    const value = habits[name];
    return scales[name] === 'logit' ? Math.log(value / (1 - value)) : Math.log(value);
  });
}

/** The inverse of {@link toHabitVector}. */
export function fromHabitVector(vector: Float64Array): Habits {
  const entries = HABITS.map((name, i) => {
    const value = vector[i];
    return [name, scales[name] === 'logit' ? 1 / (1 + Math.exp(-value)) : Math.exp(value)];
  });
  return Object.fromEntries(entries) as Record<keyof Habits, number>;
}
