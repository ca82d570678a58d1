import { InvalidInputError } from '@risk-scoring/contract';
import { quantileEdges, type Values } from './quantile-edges.ts';

/** Shares of rows by value, as plain JSON. */
export interface Distribution {
  /** Inner edges, ascending: n edges make n + 1 bins, and bin i holds edges[i − 1] ≤ x < edges[i]. */
  readonly edges: readonly number[];
  /** Share of all rows in each bin; they and `missing` add up to 1, or to 0 where there are no rows. */
  readonly shares: readonly number[];
  /** Share of the rows without a value (NaN). */
  readonly missing: number;
}

/** A distribution that was just made: its arrays are the caller's. */
export interface OwnDistribution extends Distribution {
  readonly edges: number[];
  readonly shares: number[];
}

/** Where to cut. */
export interface DistributionOptions {
  /** Inner edges to count into, those of another distribution; by quantiles of the values when absent. */
  readonly edges?: readonly number[] | undefined;
  /** About how many equally full bins to make; 10 when absent. */
  readonly bins?: number | undefined;
}

/** Counts rows into given bins, part by part: memory does not grow with the rows. */
export interface DistributionCounter {
  add(values: Values): void;
  /** Rows so far, those without a value among them. */
  readonly rows: number;
  /** Of all rows so far. */
  distribution(): OwnDistribution;
}

/**
 * How some values are distributed. Edges are by quantiles of the values, all rows counting; a run of equal values is never divided, and
 * columns of few distinct values (booleans, counts) get a bin for each. A value that equals an edge belongs to the bin above it, always.
 *
 * All values missing: one empty bin and `missing: 1`. No rows: shares of 0 and `missing: 0`.
 *
 * @param values left as they are
 * @throws {InvalidInputError} on edges that do not ascend, or a number of bins that cannot be meant
 * @example
 * distributionOf(Float32Array.of(0, 0, 0, 1)); // { edges: [1], shares: [0.75, 0.25], missing: 0 }
 * distributionOf(later, { edges: distributionOf(reference).edges });
 */
export function distributionOf(values: Values, options: DistributionOptions = {}): OwnDistribution {
  const { edges, bins = 10 } = options;
  if (!Number.isInteger(bins) || bins < 2 || bins > 1000) {
    throw new InvalidInputError({
      what: 'the number of bins',
      expected: 'an integer from 2 to 1000',
      found: bins,
      remedy: 'use 10 bins, as is usual for a population stability index',
    });
  }
  const counter = countDistribution(edges ?? quantileEdges(known(values), bins));
  counter.add(values);
  return counter.distribution();
}

/**
 * Counts values into the bins of given edges, as {@link distributionOf} does, where they come in parts.
 *
 * @throws {InvalidInputError} on edges that do not ascend
 * @example
 * const counter = countDistribution(reference.edges);
 * for (const part of parts) counter.add(part);
 * populationStability(reference, counter.distribution());
 */
export function countDistribution(edges: readonly number[]): DistributionCounter {
  checkEdges(edges);
  const inner = Float64Array.from(edges);
  const counts = new Float64Array(inner.length + 1);
  let missing = 0;
  let rows = 0;
  return {
    add(values) {
      for (let row = 0; row < values.length; row++) {
        const value = values[row];
        if (Number.isNaN(value)) missing++;
        else counts[binOf(value, inner)]++;
      }
      rows += values.length;
    },
    get rows() {
      return rows;
    },
    distribution: () => ({
      edges: [...edges],
      shares: Array.from(counts, (count) => (rows === 0 ? 0 : count / rows)),
      missing: rows === 0 ? 0 : missing / rows,
    }),
  };
}

/** How many edges are at or below the value. */
function binOf(value: number, edges: Float64Array): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A copy of the values without NaN. */
function known(values: Values): Values {
  const copy = values.slice();
  let count = 0;
  for (let row = 0; row < copy.length; row++) {
    const value = copy[row];
    if (!Number.isNaN(value)) copy[count++] = value;
  }
  return copy.subarray(0, count);
}

function checkEdges(edges: readonly number[]): void {
  const wrong = edges.findIndex((edge, i) => Number.isNaN(edge) || (i > 0 && edge <= edges[i - 1]));
  if (wrong < 0) return;
  throw new InvalidInputError({
    what: 'a list of edges',
    expected: 'numbers that ascend, each above the one before',
    found: `${edges[wrong]} at place ${wrong}`,
    remedy: 'take the edges of a distribution as distributionOf gave them',
  });
}
