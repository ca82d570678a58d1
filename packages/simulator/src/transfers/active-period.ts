import type { Random } from '@risk-scoring/contract';
import { DAY_MS, HOUR_MS } from '../calendar.ts';

/** The window of a snapshot: `firstDay` up to, not including, `endDay`, in days since 1970-01-01. */
export interface Window {
  readonly firstDay: number;
  readonly endDay: number;
}

/** Between which moments each actor acts: its first and its last transfer. Unix milliseconds, whole seconds. */
export interface ActivePeriods {
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** Share of addresses that may act on any day of the window. */
const WHOLE_WINDOW = 0.3;

/**
 * When each actor is active. It depends on chance alone: the times of a snapshot must not tell what an
 * address is, as they do in collected data, where they mostly remember when it was collected.
 */
export function drawActivePeriods(
  actors: number,
  { firstDay, endDay }: Window,
  random: Random,
): ActivePeriods {
  const start = new Float64Array(actors);
  const end = new Float64Array(actors);
  const windowDays = endDay - firstDay;
  for (let actor = 0; actor < actors; actor++) {
    const days = random.next() < WHOLE_WINDOW ? windowDays : 1 + random.integer(windowDays);
    const first = firstDay + random.integer(windowDays - days + 1);
    // Two moments of the first and the last day; of a single day, the earlier and the later.
    const opening = first * DAY_MS + 1000 * random.integer(DAY_MS / 1000);
    const closing = (first + days - 1) * DAY_MS + 1000 * random.integer(DAY_MS / 1000);
    start[actor] = Math.min(opening, closing);
    end[actor] = Math.max(opening, closing);
  }
  return { start, end };
}

/** A time of day around an address's usual hour, in milliseconds, whole seconds. */
export function drawTimeOfDay(hour: { centre: number; spread: number }, random: Random): number {
  const drawn = (hour.centre + hour.spread * random.normal()) % 24;
  const wrapped = drawn < 0 ? drawn + 24 : drawn;
  return (1000 * Math.floor((wrapped * HOUR_MS) / 1000)) % DAY_MS;
}
