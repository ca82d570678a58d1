import type { RankedQueries } from './rank-queries.ts';

/** What is measured, and on which resample. */
export interface Measuring {
  /** Cut-offs, ascending. */
  readonly ks: readonly number[];
  /** `discounts[n]` is Σ 1/log2(rank + 1) over ranks 1 … n, up to the greatest cut-off. */
  readonly discounts: Float64Array;
  /** How often each group occurs; a row stands in the ranking as often as its group. */
  readonly multiplicities: Uint16Array;
}

/** The figures of one query, written over by each measurement; entry i is about `ks[i]`. */
export interface QueryFigures {
  readonly ndcg: Float64Array;
  readonly precision: Float64Array;
  readonly recall: Float64Array;
  averagePrecision: number;
  /** Rows, each as often as it occurs. */
  rows: number;
  positives: number;
}

/** Room for the figures of one query. */
export function createFigures(ks: readonly number[]): QueryFigures {
  const empty = () => new Float64Array(ks.length);
  return {
    ndcg: empty(),
    precision: empty(),
    recall: empty(),
    averagePrecision: 0,
    rows: 0,
    positives: 0,
  };
}

/** The sums of discounts that {@link Measuring} wants. */
export function sumDiscounts(deepest: number): Float64Array {
  const discounts = new Float64Array(deepest + 1);
  for (let rank = 1; rank <= deepest; rank++) discounts[rank] = discounts[rank - 1] + 1 / Math.log2(rank + 1);
  return discounts;
}

/**
 * Measures one query in one pass down its ranking. A row that occurs m times takes m places side by side, as if it were
 * written out m times: a cut-off may fall among them.
 *
 * @returns whether a positive row occurs; if not, recall, average precision and NDCG are not defined and stay as they were
 */
export function measureQuery(
  ranked: RankedQueries,
  query: number,
  { measuring, into }: { measuring: Measuring; into: QueryFigures },
): boolean {
  const { labels, gains, groups, starts } = ranked;
  const { ks, discounts, multiplicities } = measuring;
  const { ndcg, precision, recall } = into;
  const deepest = ks[ks.length - 1];
  let place = 0;
  let found = 0;
  let gained = 0;
  let precisions = 0;
  let cut = 0;
  for (let entry = starts[query]; entry < starts[query + 1]; entry++) {
    const copies = multiplicities[groups[entry]];
    if (copies === 0) continue;
    const label = labels[entry];
    const gain = gains[entry];
    const next = place + copies;
    for (; cut < ks.length && ks[cut] <= next; cut++) {
      recall[cut] = found + label * (ks[cut] - place);
      precision[cut] = recall[cut] / ks[cut];
      ndcg[cut] = gained + gain * (discounts[ks[cut]] - discounts[place]);
    }
    if (label === 1) {
      for (let copy = 1; copy <= copies; copy++) precisions += (found + copy) / (place + copy);
      found += copies;
    }
    if (gain > 0 && place < deepest) gained += gain * (discounts[Math.min(next, deepest)] - discounts[place]);
    place = next;
  }
  for (; cut < ks.length; cut++) {
    recall[cut] = found;
    precision[cut] = place === 0 ? 0 : found / place;
    ndcg[cut] = gained;
  }
  into.rows = place;
  into.positives = found;
  if (found === 0) return false;
  into.averagePrecision = precisions / found;
  for (let i = 0; i < ks.length; i++) recall[i] /= found;
  divideByIdeal(ranked, query, { measuring, ndcg });
  return true;
}

/** Turns gains into shares of what the best order would have gained. Rounding must not lift one above 1. */
function divideByIdeal(
  { ideal }: RankedQueries,
  query: number,
  { measuring, ndcg }: { measuring: Measuring; ndcg: Float64Array },
): void {
  const { ks, discounts, multiplicities } = measuring;
  let place = 0;
  let gained = 0;
  let cut = 0;
  for (let entry = ideal.starts[query]; entry < ideal.starts[query + 1] && cut < ks.length; entry++) {
    const next = place + multiplicities[ideal.groups[entry]];
    for (; cut < ks.length && ks[cut] <= next; cut++) {
      const best = gained + ideal.gains[entry] * (discounts[ks[cut]] - discounts[place]);
      ndcg[cut] = Math.min(1, ndcg[cut] / best);
    }
    if (cut < ks.length) gained += ideal.gains[entry] * (discounts[next] - discounts[place]);
    place = next;
  }
  for (; cut < ks.length; cut++) ndcg[cut] = Math.min(1, ndcg[cut] / gained);
}
