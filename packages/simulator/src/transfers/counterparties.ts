import type { Random } from '@risk-scoring/contract';
import type { Habits } from '../population/archetypes.ts';
import type { ActivePeriods } from './active-period.ts';
import type { SnapshotNodes } from './snapshot-nodes.ts';

/** Which way money goes, seen from the address whose habits are played out. */
export type Direction = 'in' | 'out';

/** Chooses whom an address deals with, one transfer after the other. */
export type CounterpartyChooser = (direction: Direction, time: number) => number;

/** Share of transfers with a contract, for everybody. */
const CONTRACT_SHARE = 0.05;
/** Share of dealings with a known partner that go the other way than before. */
const RECIPROCAL = 0.15;
/** Share of new partners that somebody else of the snapshot has met already. */
const SHARED_OUTSIDER = 0.04;
/** Share of exchange transfers that go to the favourite one. */
const FAVOURITE = 0.8;
/** Share of transfers within the circle that go by its collector. */
const COLLECTOR = 0.5;

/** Whose transfers are to be simulated. */
export interface Actor {
  readonly node: number;
  /** Its index in the population. */
  readonly member: number;
  readonly habits: Habits;
}

/** Among whom and when. */
export interface ChooserSurroundings {
  readonly nodes: SnapshotNodes;
  readonly periods: ActivePeriods;
  readonly random: Random;
}

/** A chooser that remembers whom the address has dealt with in this snapshot. */
export function createCounterpartyChooser(
  { node, member, habits }: Actor,
  { nodes, periods, random }: ChooserSurroundings,
): CounterpartyChooser {
  const { exchange: exchanges, mixer: mixers, contract: contracts } = nodes.services;
  const peers = nodes.peersOf(member).filter((peer) => peer !== node);
  const favourite = pickPopular(exchanges, random);
  const known: Record<Direction, number[]> = { in: [], out: [] };

  function pickWithinCircle(time: number): number {
    if (random.next() < COLLECTOR) return nodes.collectorOf(member);
    // Only peers who are active at the time, so that nobody's period of activity is stretched by others.
    const awake = peers.filter((peer) => periods.start[peer] <= time && time <= periods.end[peer]);
    return awake.length > 0 ? pick(awake, random) : nodes.collectorOf(member);
  }

  function pickOutsider(direction: Direction): number {
    const novelty = direction === 'in' ? habits.newSenders : habits.newRecipients;
    const list = random.next() < RECIPROCAL ? known[direction === 'in' ? 'out' : 'in'] : known[direction];
    if (list.length > 0 && random.next() >= novelty) return pick(list, random);
    const outsider = meetOutsider(nodes, random);
    known[direction].push(outsider);
    return outsider;
  }

  return (direction, time) => {
    let left = random.next() - habits.mixers;
    if (left < 0) return pick(mixers, random);
    left -= CONTRACT_SHARE;
    if (left < 0) return pick(contracts, random);
    left -= habits.exchanges;
    if (left < 0) return random.next() < FAVOURITE ? favourite : pickPopular(exchanges, random);
    left -= habits.circle;
    return left < 0 ? pickWithinCircle(time) : pickOutsider(direction);
  };
}

/** Mostly somebody new; now and then somebody who has just turned up with another address. */
function meetOutsider(nodes: SnapshotNodes, random: Random): number {
  const recent = Math.min(100, nodes.count() - nodes.firstOther);
  if (recent > 0 && random.next() < SHARED_OUTSIDER) return nodes.count() - 1 - random.integer(recent);
  return nodes.newOutsider();
}

function pick(list: readonly number[], random: Random): number {
  return list[random.integer(list.length)] as number;
}

/** The first ones are far more popular than the last. */
function pickPopular(list: readonly number[], random: Random): number {
  return list[Math.floor(list.length * random.next() ** 2)] as number;
}
