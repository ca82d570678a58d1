import { InvalidScoredRowsError } from '../errors.ts';
import { checkScoredRows, type Scores } from '../scored-rows.ts';
import { checkKs, checkRelevance } from './check-ranking.ts';
import { figureCount, meanFigures } from './mean-figures.ts';
import { createFigures, measureQuery, type QueryFigures, sumDiscounts } from './measure-query.ts';
import { type RankedQueries, rankQueries } from './rank-queries.ts';

/** How much each row matters: a whole number from 0 (not at all) up. Labels of 0 and 1 will do. */
export type Relevance = Uint8Array | Int8Array;

/**
 * Normalised discounted cumulative gain of one query at cut-off k: Σ gain / log2(rank + 1) over the first k ranks, over what the
 * best order gains; the gain is 2^relevance − 1. 1 is perfect.
 *
 * Järvelin and Kekäläinen, ACM TOIS 20(4), 2002, with the exponential gain of Burges et al., ICML 2005, which is LightGBM's as
 * well. (scikit-learn's `ndcg_score` takes the relevance itself as gain; for 0 and 1 the two are equal.) Of equal scores the row
 * that comes first ranks first.
 *
 * @param relevance per row
 * @param scores any finite numbers; only their order matters
 * @param k a whole number from 1 up; it may exceed the rows
 * @returns null when no row is relevant
 * @throws {InvalidScoredRowsError} on a NaN score, a negative relevance or arrays of unequal length
 * @throws {InvalidInputError} on a k that cannot be meant
 * @example
 * ndcgAt(Uint8Array.of(0, 2, 1), Float64Array.of(0.9, 0.5, 0.1), 3); // (3/log2 3 + 1/log2 4) / (3 + 1/log2 3) = 0.6590…
 */
export function ndcgAt(relevance: Relevance, scores: Scores, k: number): number | null {
  checkRelevance(relevance);
  const relevant = Int8Array.from(relevance, (value) => (value > 0 ? 1 : 0));
  const { figures, hasPositives } = measureOne(relevant, scores, { relevance, k });
  return hasPositives ? figures.ndcg[0] : null;
}

/**
 * The share of positives among the first k rows of one query; among all of them where there are fewer than k. Of equal scores
 * the row that comes first ranks first.
 *
 * Manning, Raghavan and Schütze, Introduction to Information Retrieval, 2008, section 8.4; they, and trec_eval, divide by k even where
 * there are fewer rows.
 *
 * @param labels 0 or 1 per row
 * @param scores any finite numbers; only their order matters
 * @throws {InvalidScoredRowsError} on a NaN score, another label or arrays of unequal length
 * @throws {InvalidInputError} on a k that cannot be meant
 * @example
 * precisionAt(Int8Array.of(0, 1, 1), Float64Array.of(0.9, 0.5, 0.1), 2); // 0.5
 */
export function precisionAt(labels: Int8Array, scores: Scores, k: number): number {
  return measureOne(labels, scores, { k }).figures.precision[0];
}

/**
 * The share of one query's positives that are among its first k rows. Of equal scores the row that comes first ranks first.
 *
 * @param labels 0 or 1 per row
 * @param scores any finite numbers; only their order matters
 * @returns null when no row is positive
 * @throws {InvalidScoredRowsError} on a NaN score, another label or arrays of unequal length
 * @throws {InvalidInputError} on a k that cannot be meant
 * @example
 * recallAt(Int8Array.of(0, 1, 1), Float64Array.of(0.9, 0.5, 0.1), 2); // 0.5
 */
export function recallAt(labels: Int8Array, scores: Scores, k: number): number | null {
  const { figures, hasPositives } = measureOne(labels, scores, { k });
  return hasPositives ? figures.recall[0] : null;
}

/**
 * Mean average precision: per query the mean, over its positives, of the precision at the rank of each; then the mean over the
 * queries that have a positive row (Manning, Raghavan and Schütze, Introduction to Information Retrieval, 2008, section 8.4).
 *
 * Of equal scores the row that comes first ranks first. In `averagePrecision` equal scores are one step instead, because there
 * no list is read from the top.
 *
 * @param labels 0 or 1 per row
 * @param scores any finite numbers; only their order within a query matters
 * @param queryIds the query (snapshot) of each row; one query when absent
 * @returns null when no row is positive
 * @throws {InvalidScoredRowsError} on a NaN score, another label or arrays of unequal length
 * @example
 * meanAveragePrecision(Int8Array.of(0, 1, 1), Float64Array.of(0.9, 0.5, 0.1)); // (1/2 + 2/3) / 2 = 0.5833…
 */
export function meanAveragePrecision(
  labels: Int8Array,
  scores: Scores,
  queryIds: Int32Array = new Int32Array(labels.length),
): number | null {
  checkScoredRows(labels, scores);
  if (queryIds.length !== labels.length) {
    throw new InvalidScoredRowsError({
      summary: 'Labels and queries are not aligned.',
      expected: 'one query per label',
      found: `${labels.length} labels and ${queryIds.length} queries`,
    });
  }
  const ks = [1];
  const sums = new Float64Array(figureCount(ks));
  const ranked = rankPlain({ labels, relevance: labels, scores, queryIds });
  return meanFigures(ranked, { ks, ...once(1) }, sums) > 0 ? sums[3] : null;
}

function measureOne(
  labels: Int8Array,
  scores: Scores,
  { relevance = labels, k }: { relevance?: Relevance; k: number },
): { figures: QueryFigures; hasPositives: boolean } {
  const ks = checkKs([k]);
  checkScoredRows(labels, scores);
  const ranked = rankPlain({ labels, relevance, scores, queryIds: new Int32Array(labels.length) });
  const figures = createFigures(ks);
  const hasPositives = measureQuery(ranked, 0, { measuring: { ks, ...once(k) }, into: figures });
  return { figures, hasPositives };
}

/** Every row once: all of one group. */
function rankPlain(rows: {
  labels: Int8Array;
  relevance: Relevance;
  scores: Scores;
  queryIds: Int32Array;
}): RankedQueries {
  return rankQueries({ ...rows, groupCodes: new Int32Array(rows.labels.length) });
}

function once(deepest: number): { discounts: Float64Array; multiplicities: Uint16Array } {
  return { discounts: sumDiscounts(deepest), multiplicities: Uint16Array.of(1) };
}
