import type { AddressIndex } from './address-index.ts';
import { type PlacedRows, SAID, saidOfAddresses } from './said-of-addresses.ts';

/** How many addresses are named of those on which two sets of labels disagree. */
const MOST_NAMED = 5;

/** What two sets of labels say of the addresses that both label. */
export interface Overlap {
  /** Addresses that both label. */
  readonly addresses: number;
  readonly agree: number;
  readonly disagree: number;
  /** Addresses that one of the two, or both, calls suspicious and normal. */
  readonly undecided: number;
  /** The first addresses on which they disagree, and what each says. */
  readonly first: readonly { readonly address: string; readonly label: number; readonly existing: number }[];
}

/**
 * Compares labels with those that there are already, address by address.
 *
 * @param index holds the addresses of both
 * @example
 * overlapOf({ rows: mine, places: index.add(mine.addresses) }, { rows: known, places: index.add(known.addresses) }, index).disagree;
 */
export function overlapOf(mine: PlacedRows, existing: PlacedRows, index: AddressIndex): Overlap {
  const [own, theirs] = [saidOfAddresses(mine, index.size), saidOfAddresses(existing, index.size)];
  const first: { address: string; label: number; existing: number }[] = [];
  let [addresses, agree, disagree, undecided] = [0, 0, 0, 0];
  for (let place = 0; place < index.size; place++) {
    const [a, b] = [own[place] ?? 0, theirs[place] ?? 0];
    if (a === SAID.nothing || b === SAID.nothing) continue;
    addresses += 1;
    if (a === SAID.both || b === SAID.both) undecided += 1;
    else if (a === b) agree += 1;
    else {
      disagree += 1;
      if (first.length < MOST_NAMED) {
        first.push({ address: index.nameOf(place), label: a - 1, existing: b - 1 });
      }
    }
  }
  return { addresses, agree, disagree, undecided, first };
}
