import { dayText } from '@risk-scoring/contract';
import { RISK_LEVELS } from '../rows/risk-levels.ts';
import type { AddressIndex } from './address-index.ts';
import { type PlacedRows, SAID, saidOfAddresses } from './said-of-addresses.ts';

/** How many addresses are named of those that something is the matter with. */
const MOST_NAMED = 5;

/** What can be said of label rows without looking at any alert. */
export interface RowFacts {
  readonly rows: number;
  readonly addresses: number;
  /** Rows by risk level, low to critical. */
  readonly risk_levels: Readonly<Record<string, number>>;
  readonly suspicious: number;
  readonly normal: number;
  /** Rows of a risk level that is taken for neither class. */
  readonly neither: number;
  /** Rows of confidence 0, which say nothing. */
  readonly zero_confidence: number;
  /** Rows that repeat another one in everything. */
  readonly identical: number;
  readonly addresses_with_several_rows: number;
  /** Addresses that are called suspicious and normal, and the first of them. */
  readonly conflicts: { readonly addresses: number; readonly first: readonly string[] };
  /** First and last day from which rows hold; null where none has one. */
  readonly valid_from: { readonly first: string; readonly last: string; readonly rows: number } | null;
}

/**
 * Counts what label rows say, and where they repeat or contradict themselves.
 *
 * @param placed rows with the numbers of their addresses in `index`
 * @example
 * const index = createAddressIndex();
 * describeRows({ rows, places: index.add(rows.addresses) }, index).conflicts.first;
 */
export function describeRows(placed: PlacedRows, index: AddressIndex): RowFacts {
  const { rows, places } = placed;
  const perPlace = new Int32Array(index.size);
  const levels = new Int32Array(RISK_LEVELS.length);
  const classes = new Int32Array(3);
  let zero = 0;
  let [dated, first, last] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < rows.rows; row++) {
    const place = places[row] ?? 0;
    perPlace[place] = (perPlace[place] ?? 0) + 1;
    const level = rows.levels[row] ?? 0;
    levels[level] = (levels[level] ?? 0) + 1;
    const label = (rows.labels[row] ?? -1) + 1;
    classes[label] = (classes[label] ?? 0) + 1;
    if (rows.confidences[row] === 0) zero += 1;
    const day = rows.validFrom[row] ?? 0;
    if (day > 0) {
      dated += 1;
      first = Math.min(first, day);
      last = Math.max(last, day);
    }
  }
  const conflicts = nameConflicts(placed, index);
  return {
    rows: rows.rows,
    addresses: perPlace.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0),
    risk_levels: Object.fromEntries(RISK_LEVELS.map((level, place) => [level, levels[place] ?? 0])),
    suspicious: classes[2] ?? 0,
    normal: classes[1] ?? 0,
    neither: classes[0] ?? 0,
    zero_confidence: zero,
    identical: countIdentical(placed, perPlace),
    addresses_with_several_rows: perPlace.reduce((sum, count) => sum + (count > 1 ? 1 : 0), 0),
    conflicts,
    valid_from: dated === 0 ? null : { first: dayText(first), last: dayText(last), rows: dated },
  };
}

/** Addresses with both labels; the first are those whose rows come first. */
function nameConflicts(placed: PlacedRows, index: AddressIndex): RowFacts['conflicts'] {
  const said = saidOfAddresses(placed, index.size);
  const first = new Set<number>();
  let addresses = 0;
  for (const each of said) if (each === SAID.both) addresses += 1;
  for (let row = 0; addresses > first.size && first.size < MOST_NAMED && row < placed.rows.rows; row++) {
    const place = placed.places[row] ?? 0;
    if (said[place] === SAID.both) first.add(place);
  }
  return { addresses, first: Array.from(first, (place) => index.nameOf(place)) };
}

/** Rows that are equal to one before them. Only rows that share their address are compared, in an order that puts equal ones side by side. */
function countIdentical({ rows, places }: PlacedRows, perPlace: Int32Array): number {
  const suspects = new Int32Array(rows.rows);
  let count = 0;
  for (let row = 0; row < rows.rows; row++)
    if ((perPlace[places[row] ?? 0] ?? 0) > 1) suspects[count++] = row;
  const { labels, levels, confidences, dates, validFrom } = rows;
  const sourceOf = ranksOfTexts(rows.sources.values);
  const sources = rows.sources.codes;
  const compare = (a: number, b: number): number =>
    (places[a] ?? 0) - (places[b] ?? 0) ||
    (levels[a] ?? 0) - (levels[b] ?? 0) ||
    (labels[a] ?? 0) - (labels[b] ?? 0) ||
    (confidences[a] ?? 0) - (confidences[b] ?? 0) ||
    (sourceOf[sources[a] ?? 0] ?? 0) - (sourceOf[sources[b] ?? 0] ?? 0) ||
    (dates[a] ?? 0) - (dates[b] ?? 0) ||
    (validFrom[a] ?? 0) - (validFrom[b] ?? 0);
  const sorted = suspects.subarray(0, count).sort(compare);
  let identical = 0;
  for (let at = 1; at < count; at++) if (compare(sorted[at - 1] ?? 0, sorted[at] ?? 0) === 0) identical += 1;
  return identical;
}

/** One number per text, equal for texts that differ in the spaces around them only. */
function ranksOfTexts(texts: readonly string[]): Int32Array {
  const ranks = new Map<string, number>();
  return Int32Array.from(texts, (text) => {
    const trimmed = text.trim();
    const rank = ranks.get(trimmed) ?? ranks.size;
    ranks.set(trimmed, rank);
    return rank;
  });
}
