import type { Random } from '@risk-scoring/contract';
import { DAY_MS, HOUR_MS } from '../calendar.ts';
import { habitsOf } from '../population/behaviour.ts';
import type { Population } from '../population/population.ts';
import { type ActivePeriods, drawActivePeriods, drawTimeOfDay, type Window } from './active-period.ts';
import { type Actor, createCounterpartyChooser, type Direction } from './counterparties.ts';
import { ASSETS, createLedgerWriter, type Ledger, type LedgerWriter, type Transfer } from './ledger.ts';
import type { SnapshotNodes } from './snapshot-nodes.ts';

/** One snapshot's window to be filled with transfers. */
export interface TransferRequest {
  readonly population: Population;
  readonly nodes: SnapshotNodes;
  readonly window: Window;
  /** 0 in the first snapshot, 1 in the last. */
  readonly progress: number;
  readonly random: Random;
}

/** An active address has a first and a last transfer at least, and no more than this of its own accord. */
const TRANSFERS = { least: 2, most: 600 };
/** No transfer is larger: ten billion dollars. */
const MOST_CENTS = 1e12;

/** Plays out the habits of every actor of the snapshot. */
export function simulateTransfers({ population, nodes, window, progress, random }: TransferRequest): Ledger {
  const ledger = createLedgerWriter();
  const periods = drawActivePeriods(nodes.actors, window, random);
  for (let node = 0; node < nodes.actors; node++) {
    const member = nodes.members[node];
    const habits = habitsOf(population, member, { progress, random });
    const usualHour = population.usualHour[member];
    simulateActor({ node, member, habits }, { nodes, periods, usualHour, random, ledger });
  }
  return ledger.finish();
}

interface Surroundings {
  readonly nodes: SnapshotNodes;
  readonly periods: ActivePeriods;
  readonly usualHour: number;
  readonly random: Random;
  readonly ledger: LedgerWriter;
}

/** A transfer without its parties. */
type Entry = Omit<Transfer, 'from' | 'to'>;

function simulateActor(actor: Actor, { nodes, periods, usualHour, random, ledger }: Surroundings): void {
  const { node, habits } = actor;
  const choose = createCounterpartyChooser(actor, { nodes, periods, random });
  const drawAmount = createAmountSource(actor, random);
  const drawAsset = createAssetSource(actor, random);
  const drawTime = createTimeSource(actor, { periods, usualHour, random });
  const transfers = Math.min(TRANSFERS.most, Math.max(TRANSFERS.least, Math.round(habits.transfers)));
  const book = (direction: Direction, entry: Entry) => {
    const other = choose(direction, entry.time);
    ledger.add(
      direction === 'in' ? { from: other, to: node, ...entry } : { from: node, to: other, ...entry },
    );
  };
  for (let i = 0; i < transfers; i++) {
    const direction = random.next() < habits.incoming ? 'in' : 'out';
    const entry = { cents: drawAmount(), time: drawTime(i), asset: drawAsset() };
    book(direction, entry);
    if (direction === 'in' && random.next() < habits.passThrough) {
      book('out', sentOn(entry, periods.end[node], random));
    }
  }
}

/** Most of what came in, within the day and within the period of activity. */
function sentOn({ cents, time, asset }: Entry, end: number, random: Random): Entry {
  const delay = 60_000 + 1000 * Math.floor((random.next() ** 2 * 20 * HOUR_MS) / 1000);
  return {
    cents: Math.max(1, Math.round(cents * (0.85 + 0.149 * random.next()))),
    time: Math.min(time + delay, end),
    asset,
  };
}

/** The first two transfers open and close the period of activity; others come on its busy day or on any day. */
function createTimeSource(
  { node, habits }: Actor,
  { periods, usualHour, random }: { periods: ActivePeriods; usualHour: number; random: Random },
): (transfer: number) => number {
  const start = periods.start[node];
  const end = periods.end[node];
  const firstDay = Math.floor(start / DAY_MS);
  const days = Math.floor(end / DAY_MS) - firstDay + 1;
  const busyDay = firstDay + random.integer(days);
  const hour = { centre: usualHour, spread: habits.hourSpread };
  const anyMoment = () => start + 1000 * random.integer((end - start) / 1000 + 1);
  return (transfer) => {
    if (transfer === 0) return start;
    if (transfer === 1) return end;
    const day = random.next() < habits.burst ? busyDay : firstDay + random.integer(days);
    const time = day * DAY_MS + drawTimeOfDay(hour, random);
    return time < start || time > end ? anyMoment() : time;
  };
}

function createAmountSource({ habits }: Actor, random: Random): () => number {
  const draw = () => {
    const usd = habits.medianUsd * Math.exp(habits.amountSpread * random.normal());
    return Math.min(MOST_CENTS, Math.max(1, Math.round(100 * usd)));
  };
  const fixed = draw();
  return () => {
    if (random.next() >= habits.evenAmounts) return draw();
    return Math.max(1, Math.round(fixed * (1 + 0.008 * (2 * random.next() - 1))));
  };
}

function createAssetSource({ habits }: Actor, random: Random): () => number {
  const used = Math.min(ASSETS.length, Math.max(1, Math.round(habits.assets)));
  const assets = random.shuffle(Int32Array.from(ASSETS.keys())).subarray(0, used);
  return () => assets[Math.floor(used * random.next() ** 2)];
}
