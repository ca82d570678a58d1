import type { TextIndex } from '@risk-scoring/contract';
import { type AddressLabelRows, sourceNames } from './address-label-rows.ts';
import { placeAddresses } from './address-places.ts';

/** How the rows of one address are settled that disagree. */
export const CONFLICT_POLICIES = ['highest-confidence', 'newest', 'source-priority', 'drop'] as const;

/** One of {@link CONFLICT_POLICIES}. */
export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number];

/** How {@link resolveRows} settles conflicts. */
export interface ResolveOptions {
  readonly policy: ConflictPolicy;
  /** For `source-priority`: sources, the most trusted first; those that are not named come last. */
  readonly sourcePriority?: readonly string[];
}

/** What was found while rows were settled; counts are of addresses. */
export interface ResolveCounts {
  /** Rows that say something: of a confidence above 0. */
  readonly rows: number;
  readonly addresses: number;
  /** With rows of several sources. */
  readonly several_sources: number;
  /** With rows labelled 1 and rows labelled 0. */
  readonly conflicting: number;
  /** Conflicting ones that the policy `drop` leaves unlabelled. */
  readonly dropped: number;
}

/** Which row counts for an address. */
export interface Resolution {
  readonly counts: ResolveCounts;
  /** The addresses that have rows: the code of each is its place. Nothing may be added. */
  readonly addresses: TextIndex;
  /** The place of an address, however it is spelt; -1 for one without rows. */
  placeOf(address: string): number;
  /**
   * The row that counts for an address on a date (days since 1970-01-01), -1 where none does.
   *
   * @param place from {@link placeOf}
   */
  rowOn(place: number, day: number): number;
}

/**
 * Settles rows that repeat and disagree, address by address. The order of the rows never matters.
 *
 * - `highest-confidence`: the highest confidence wins, then the newest date, then the higher risk level, then the source that comes first in
 *   the alphabet;
 * - `newest`: the newest date, then as above;
 * - `source-priority`: the source that stands first in `sourcePriority`, then as above;
 * - `drop`: as `highest-confidence`, but an address whose rows carry both labels gets none.
 *
 * A row counts from its `validFrom` on. A row of confidence 0 says nothing and never counts.
 *
 * @example
 * const resolution = resolveRows(rows, { policy: 'newest' });
 * rows.labels[resolution.rowOn(resolution.placeOf('0xAB'), 18000)];
 */
export function resolveRows(rows: AddressLabelRows, options: ResolveOptions): Resolution {
  const { index, places } = placeAddresses(rows.addresses);
  const beats = comparison(rows, options);
  const drops = options.policy === 'drop';
  const state = settle(rows, { places, size: index.size, beats });
  const { winner, dated, seen, sourceSeen } = state;
  const isConflict = (place: number) => seen[place] === 3;
  let [addresses, severalSources, conflicting] = [0, 0, 0];
  for (let place = 0; place < index.size; place++) {
    if ((winner[place] ?? -1) < 0 && !dated.has(place)) continue;
    addresses += 1;
    if (sourceSeen[place] === -2) severalSources += 1;
    if (isConflict(place)) conflicting += 1;
  }
  return {
    counts: {
      rows: state.saying,
      addresses,
      several_sources: severalSources,
      conflicting,
      dropped: drops ? conflicting : 0,
    },
    addresses: index,
    placeOf: (address) => index.findText(address),
    rowOn(place, day) {
      const candidates = dated.size === 0 ? undefined : dated.get(place);
      if (candidates === undefined) return drops && isConflict(place) ? -1 : (winner[place] ?? -1);
      return bestOn(rows, candidates, { day, beats, drops });
    },
  };
}

/** Whether a row beats another one of its address. */
type Beats = (row: number, other: number) => boolean;

function comparison(rows: AddressLabelRows, { policy, sourcePriority = [] }: ResolveOptions): Beats {
  const { confidences, dates, levels, sources } = rows;
  const names = sourceNames(rows);
  const alphabet = ranksOf(names, [...new Set(names)].sort());
  const priority = ranksOf(names, sourcePriority);
  const rank = (ranks: Int32Array, row: number) => ranks[sources.codes[row] ?? 0] ?? 0;
  return (row, other) => {
    const byConfidence = (confidences[row] ?? 0) - (confidences[other] ?? 0);
    const byDate = (dates[row] ?? 0) - (dates[other] ?? 0);
    const first =
      policy === 'newest'
        ? byDate
        : policy === 'source-priority'
          ? rank(priority, other) - rank(priority, row)
          : 0;
    const difference =
      first ||
      byConfidence ||
      byDate ||
      (levels[row] ?? 0) - (levels[other] ?? 0) ||
      rank(alphabet, other) - rank(alphabet, row);
    return difference > 0;
  };
}

/** The place of each name in a list; the end of it for those that are not there. */
function ranksOf(names: readonly string[], list: readonly string[]): Int32Array {
  return Int32Array.from(names, (name) => {
    const at = list.indexOf(name);
    return at < 0 ? list.length : at;
  });
}

/** The winner of each place, and what its rows say. Places with a row that does not hold from the beginning keep all their rows. */
function settle(
  rows: AddressLabelRows,
  { places, size, beats }: { readonly places: Int32Array; readonly size: number; readonly beats: Beats },
) {
  const { confidences, labels, sources, validFrom } = rows;
  const winner = new Int32Array(size).fill(-1);
  // Which labels its rows carry (1: normal, 2: suspicious, 3: both), and its source: -1 none yet, -2 several.
  const seen = new Uint8Array(size);
  const sourceSeen = new Int32Array(size).fill(-1);
  const dated = new Map<number, number[]>();
  for (let row = 0; row < rows.rows; row++) {
    if ((validFrom[row] ?? 0) > 0 && (confidences[row] ?? 0) > 0) dated.set(places[row] ?? 0, []);
  }
  let saying = 0;
  for (let row = 0; row < rows.rows; row++) {
    if (!((confidences[row] ?? 0) > 0)) continue;
    saying += 1;
    const place = places[row] ?? 0;
    const label = labels[row] ?? -1;
    if (label >= 0) seen[place] = (seen[place] ?? 0) | (label + 1);
    const source = sources.codes[row] ?? 0;
    const before = sourceSeen[place] ?? -1;
    if (before === -1) sourceSeen[place] = source;
    else if (before !== source) sourceSeen[place] = -2;
    const list = dated.size === 0 ? undefined : dated.get(place);
    if (list !== undefined) list.push(row);
    else if ((winner[place] ?? -1) < 0 || beats(row, winner[place] ?? 0)) winner[place] = row;
  }
  return { winner, dated, seen, sourceSeen, saying };
}

function bestOn(
  { labels, validFrom }: AddressLabelRows,
  candidates: readonly number[],
  { day, beats, drops }: { readonly day: number; readonly beats: Beats; readonly drops: boolean },
): number {
  let best = -1;
  let seen = 0;
  for (const row of candidates) {
    if ((validFrom[row] ?? 0) > day) continue;
    const label = labels[row] ?? -1;
    if (label >= 0) seen |= label + 1;
    if (best < 0 || beats(row, best)) best = row;
  }
  return drops && seen === 3 ? -1 : best;
}
