import { sourceNames } from '../rows/address-label-rows.ts';
import { type PlacedRows, SAID, saidBy } from './said-of-addresses.ts';

/** How far a source contradicts the others. */
export interface SourceDisagreement {
  readonly source: string;
  /** Addresses that it labels. */
  readonly addresses: number;
  /** Of these, those that other sources label, too. */
  readonly shared: number;
  /** Of these, those on which it says both, or the others are split evenly. */
  readonly undecided: number;
  /** Of the others, those on which it contradicts the majority of the other sources. */
  readonly contradicts: number;
  /** contradicts / (shared − undecided); null where there is none to compare. */
  readonly share: number | null;
}

/** Sums of one source. */
interface Tally {
  addresses: number;
  shared: number;
  undecided: number;
  contradicts: number;
}

/**
 * For each source, how often it contradicts the majority of the others on the addresses that they label, too. A source has one vote on
 * an address, and none where its rows say both.
 *
 * @param sets rows, from wherever; sources of one name are one source
 * @param size how many addresses there are
 * @returns by source in alphabetical order; sources that say nothing are left out
 * @example
 * disagreementOfSources([{ rows, places }], index.size).find(({ share }) => share !== null && share > 0.2)?.source;
 */
export function disagreementOfSources(sets: readonly PlacedRows[], size: number): SourceDisagreement[] {
  const { names, starts, sources, said } = groupByPlace(sets, size);
  const tallies = names.map((): Tally => ({ addresses: 0, shared: 0, undecided: 0, contradicts: 0 }));
  const votes = new Uint8Array(names.length);
  const voters: number[] = [];
  for (let place = 0; place < size; place++) {
    voters.length = 0;
    for (let at = starts[place] ?? 0; at < (starts[place + 1] ?? 0); at++) {
      const source = sources[at] ?? 0;
      if (votes[source] === SAID.nothing) voters.push(source);
      votes[source] = (votes[source] ?? 0) | (said[at] ?? 0);
    }
    count(voters, votes, tallies);
    for (const source of voters) votes[source] = SAID.nothing;
  }
  return names
    .map((source, code) => {
      const tally = tallies[code] as Tally;
      const compared = tally.shared - tally.undecided;
      return { source, ...tally, share: compared === 0 ? null : tally.contradicts / compared };
    })
    .filter(({ addresses }) => addresses > 0)
    .sort((a, b) => (a.source < b.source ? -1 : 1));
}

/** Adds what the voters on one address say of each other. */
function count(voters: readonly number[], votes: Uint8Array, tallies: readonly Tally[]): void {
  let [forNormal, forSuspicious] = [0, 0];
  for (const source of voters) {
    if (votes[source] === SAID.normal) forNormal += 1;
    else if (votes[source] === SAID.suspicious) forSuspicious += 1;
  }
  for (const source of voters) {
    const vote = votes[source] ?? 0;
    const tally = tallies[source] as Tally;
    tally.addresses += 1;
    if (voters.length < 2) continue;
    tally.shared += 1;
    const normal = forNormal - (vote === SAID.normal ? 1 : 0);
    const suspicious = forSuspicious - (vote === SAID.suspicious ? 1 : 0);
    if (vote === SAID.both || normal === suspicious) tally.undecided += 1;
    else if (vote !== (suspicious > normal ? SAID.suspicious : SAID.normal)) tally.contradicts += 1;
  }
}

/** The rows that say something, those of one address side by side. */
function groupByPlace(sets: readonly PlacedRows[], size: number) {
  const codeOf = new Map<string, number>();
  const codes = sets.map(({ rows }) =>
    Int32Array.from(sourceNames(rows), (name) => {
      const code = codeOf.get(name) ?? codeOf.size;
      codeOf.set(name, code);
      return code;
    }),
  );
  const starts = new Int32Array(size + 1);
  for (const { rows, places } of sets) {
    for (let row = 0; row < rows.rows; row++) {
      const next = (places[row] ?? 0) + 1;
      if (saidBy(rows, row) !== SAID.nothing) starts[next] = (starts[next] ?? 0) + 1;
    }
  }
  for (let place = 0; place < size; place++)
    starts[place + 1] = (starts[place + 1] ?? 0) + (starts[place] ?? 0);
  const total = starts[size] ?? 0;
  const [sources, said, next] = [new Int32Array(total), new Uint8Array(total), starts.slice()];
  for (const [set, { rows, places }] of sets.entries()) {
    for (let row = 0; row < rows.rows; row++) {
      const says = saidBy(rows, row);
      if (says === SAID.nothing) continue;
      const place = places[row] ?? 0;
      const at = next[place] ?? 0;
      next[place] = at + 1;
      sources[at] = codes[set]?.[rows.sources.codes[row] ?? 0] ?? 0;
      said[at] = says;
    }
  }
  return { names: [...codeOf.keys()], starts, sources, said };
}
