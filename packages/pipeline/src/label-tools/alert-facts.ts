import type { TextColumn } from '@risk-scoring/contract';

/** What the alerts of an address are about. */
export interface AlertFacts {
  readonly alerts: number;
  /** In alphabetical order. */
  readonly typologies: readonly string[];
  /** Processing date of the newest, in days since 1970-01-01. */
  readonly lastDay: number;
  /** USD of the alerts of that date. */
  readonly volume: number;
}

/**
 * Describes the alerts of some addresses.
 *
 * @param request.places the number of each alert's address
 * @param request.dates processing date of each alert, in days since 1970-01-01
 * @param request.wanted the numbers of the addresses
 * @returns one for each of `wanted`
 */
export function alertFactsOf(request: {
  readonly places: Int32Array;
  readonly dates: Int32Array;
  readonly typologies: TextColumn;
  readonly volumes: Float64Array;
  readonly wanted: Int32Array;
}): AlertFacts[] {
  const { places, dates, typologies, volumes, wanted } = request;
  const facts = Array.from(wanted, () => ({ alerts: 0, names: new Set<string>(), lastDay: -1, volume: 0 }));
  const factOf = new Map(Array.from(wanted, (place, at) => [place, facts[at]]));
  for (let alert = 0; alert < places.length; alert++) {
    const fact = factOf.get(places[alert] ?? 0);
    if (fact === undefined) continue;
    fact.alerts += 1;
    fact.names.add(typologies.values[typologies.codes[alert] ?? 0] ?? '');
    const day = dates[alert] ?? 0;
    if (day > fact.lastDay) fact.volume = 0;
    fact.lastDay = Math.max(fact.lastDay, day);
    if (day === fact.lastDay) fact.volume += volumes[alert] ?? 0;
  }
  return facts.map(({ alerts, names, lastDay, volume }) => ({
    alerts,
    typologies: [...names].sort(),
    lastDay,
    volume,
  }));
}
