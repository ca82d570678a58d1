import { createLabelBook, type LabelBook } from './address-labels.ts';
import type { SimulationPlan } from './options.ts';
import { createPopulation, MEAN_ACTIVITY, type Population } from './population/population.ts';
import { createServices, type Service } from './population/services.ts';

/** What stays the same in all snapshots: who there is, and what is published of them. */
export interface SimulatedNetwork {
  readonly population: Population;
  readonly services: readonly Service[];
  readonly labels: LabelBook;
}

/** Alerts per active address that rules would raise if monitoring could take them all on; a little less than measured. */
const HITS_PER_ACTOR = 1.5;
/** Fewer addresses than this do not make a network. */
const FEWEST_ADDRESSES = 40;

/** Draws the network that a plan asks for. */
export function createNetwork({ seed, alerts, snapshots, labelledShare }: SimulationPlan): SimulatedNetwork {
  const perSnapshot = alerts / snapshots;
  // Some to spare, so that in a small network, too, capacity and not chance decides the number of alerts.
  const actors = perSnapshot / HITS_PER_ACTOR + 2 * Math.sqrt(perSnapshot);
  const population = createPopulation(seed, Math.max(FEWEST_ADDRESSES, Math.ceil(actors / MEAN_ACTIVITY)));
  return {
    population,
    services: createServices(seed),
    labels: createLabelBook(seed, population, labelledShare),
  };
}
