import type { Random } from '@risk-scoring/contract';
import { type Archetype, type Habits, HONEST, ILLICIT } from './archetypes.ts';
import { fromHabitVector, HABIT_COUNT, toHabitVector } from './habit-vector.ts';
import type { Population } from './population.ts';

/** Standard deviation of what differs from one snapshot to the next without a trend. */
const SNAPSHOT_SPREAD = 0.3;

const vectorsOf = (archetypes: readonly Archetype[]) => archetypes.map(({ habits }) => toHabitVector(habits));
const honestVectors = vectorsOf(HONEST);
const illicitVectors = vectorsOf(ILLICIT);

/**
 * The habits of an address in one snapshot: those of its archetype, an illicit one mixed with its cover as far as it hides,
 * moved by its own traits, its drift so far and the chance of the moment.
 *
 * @param progress 0 in the first snapshot, 1 in the last
 */
export function habitsOf(
  population: Population,
  address: number,
  { progress, random }: { progress: number; random: Random },
): Habits {
  const cover = honestVectors[population.cover[address]] as Float64Array;
  const shown = population.illicit[address] === 1 ? illicitVectors[population.archetype[address]] : cover;
  const openness = population.openness[address];
  const vector = new Float64Array(HABIT_COUNT);
  for (let habit = 0; habit < HABIT_COUNT; habit++) {
    const base = cover[habit] + openness * ((shown as Float64Array)[habit] - cover[habit]);
    const trait = population.traits[address * HABIT_COUNT + habit];
    const drift = population.drift[address * HABIT_COUNT + habit] * progress;
    vector[habit] = base + trait + drift + SNAPSHOT_SPREAD * random.normal();
  }
  return fromHabitVector(vector);
}
