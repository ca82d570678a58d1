import { createFigures, type Measuring, measureQuery } from './measure-query.ts';
import type { RankedQueries } from './rank-queries.ts';

/** Where each figure stands in a list of all of them: NDCG, precision and recall at each k, then MAP. */
export function figureCount(ks: readonly number[]): number {
  return 3 * ks.length + 1;
}

/**
 * The mean of each figure over the queries in which a positive row occurs.
 *
 * @param sums one entry per figure, written over
 * @returns how many queries those are; where there is none, `sums` holds zeros
 */
export function meanFigures(ranked: RankedQueries, measuring: Measuring, sums: Float64Array): number {
  const size = measuring.ks.length;
  const figures = createFigures(measuring.ks);
  sums.fill(0);
  let queries = 0;
  for (let query = 0; query < ranked.codes.length; query++) {
    if (!measureQuery(ranked, query, { measuring, into: figures })) continue;
    queries++;
    for (let i = 0; i < size; i++) {
      sums[i] += figures.ndcg[i];
      sums[size + i] += figures.precision[i];
      sums[2 * size + i] += figures.recall[i];
    }
    sums[3 * size] += figures.averagePrecision;
  }
  if (queries > 0) for (let i = 0; i < sums.length; i++) sums[i] /= queries;
  return queries;
}

/** Figures by name, each by its k where it has one. */
export interface NamedFigures<Value> {
  /** By k: `ndcg['10']`. */
  readonly ndcg: Readonly<Record<string, Value>>;
  readonly map: Value;
  readonly precision_at_k: Readonly<Record<string, Value>>;
  readonly recall_at_k: Readonly<Record<string, Value>>;
}

/** Gives the entries of a list as {@link meanFigures} writes it their names. */
export function nameFigures<Value>(values: readonly Value[], ks: readonly number[]): NamedFigures<Value> {
  const byK = (first: number) => Object.fromEntries(ks.map((k, i) => [String(k), values[first + i]]));
  return {
    ndcg: byK(0),
    map: values[3 * ks.length],
    precision_at_k: byK(ks.length),
    recall_at_k: byK(2 * ks.length),
  };
}
