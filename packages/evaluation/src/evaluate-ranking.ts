import { SingleClassError } from '@risk-scoring/contract';
import { denseGroups } from './dense-groups.ts';
import { tooFewToResample } from './draw-groups.ts';
import { InvalidScoredRowsError } from './errors.ts';
import { checkResamples, countPositives } from './evaluate-binary.ts';
import { assertFiniteFigures } from './finite-figures.ts';
import type { Interval } from './intervals.ts';
import type { Relevance } from './ranking-quality/at-k.ts';
import { checkKs, checkRelevance } from './ranking-quality/check-ranking.ts';
import { figureCount, meanFigures, type NamedFigures, nameFigures } from './ranking-quality/mean-figures.ts';
import {
  createFigures,
  type Measuring,
  measureQuery,
  sumDiscounts,
} from './ranking-quality/measure-query.ts';
import { type RankedQueries, rankQueries } from './ranking-quality/rank-queries.ts';
import { resampleQueries } from './ranking-quality/resample-queries.ts';
import { checkScoredRows, type Scores } from './scored-rows.ts';
import { takeCodes, takeRows } from './take-rows.ts';

/** What to judge, and within what rows are ranked. */
export interface RankingRequest {
  /** 0 or 1 per row of the data set; 1 is what a reader of the ranking hopes to find. */
  readonly labels: Int8Array;
  /** How much each row matters, for NDCG: at least 1 where the label is 1; the labels when absent. */
  readonly relevance?: Relevance | undefined;
  /** One per scored row: `scores[i]` is about `rows[i]`. Any finite numbers. */
  readonly scores: Scores;
  /** What orders the rows instead of `scores`, such as raw scores that probabilities round together; aligned with `scores`. */
  readonly rankScores?: Scores | undefined;
  /** The rows that were scored, as indices into the arrays per row of the data set; all of them when absent. */
  readonly rows?: Int32Array | undefined;
  /** Within what rows are ranked (the snapshot), one code per row of the data set. */
  readonly queryIds: Int32Array;
  /** What the intervals draw as a whole (the address), per row of the data set. */
  readonly splitGroups: Int32Array;
  readonly seed: number;
  /** Cut-offs; 10, 50 and 100 when absent. They may exceed the rows of a query. */
  readonly ks?: readonly number[] | undefined;
  /** Bootstrap resamples for the intervals; 1000 when absent, 0 for no intervals. */
  readonly resamples?: number | undefined;
}

/** The figures of one query; null where it has no positive row. */
export interface QueryQuality {
  /** Its code among the query ids. */
  readonly query: number;
  readonly rows: number;
  readonly positives: number;
  readonly precision_at_k: Readonly<Record<string, number>>;
  readonly recall_at_k: Readonly<Record<string, number>> | null;
  readonly ndcg: Readonly<Record<string, number>> | null;
  readonly average_precision: number | null;
}

/** The figures of a ranking, as plain JSON: each the mean over the queries that have a positive row, all counting the same. */
export interface RankingQuality extends NamedFigures<number> {
  /** All queries, with and without positive rows. */
  readonly queries: number;
  /** Those that no figure could be taken of. */
  readonly queries_without_positives: number;
  readonly rows: number;
  /** Distinct split groups among the rows. */
  readonly groups: number;
  readonly positives: number;
  /** Ascending. */
  readonly ks: readonly number[];
  /** 95 % intervals; null when none were asked for. */
  readonly intervals: NamedFigures<Interval> | null;
  /** How the intervals were drawn; null when none were asked for. `redrawn` counts draws without a positive row. */
  readonly bootstrap: {
    readonly seed: number;
    readonly level: number;
    readonly resamples: number;
    readonly redrawn: number;
  } | null;
  /** In ascending order of their codes. */
  readonly per_query: readonly QueryQuality[];
}

const LEVEL = 0.95;

/**
 * How well rows are ordered within their queries (alerts within a snapshot): NDCG, precision and recall at k, and MAP, as
 * `ndcgAt`, `precisionAt`, `recallAt` and `meanAveragePrecision` define them.
 *
 * Each figure is the mean over the queries that have a positive row; the others are counted in `queries_without_positives`. Of
 * equal scores the row that comes first ranks first: within a snapshot rows are in order of alert_id, which knows nothing of risk.
 *
 * Intervals are percentile bootstrap intervals over split groups (addresses), drawn through all queries at once. A drawn address's rows
 * stand in their rankings as often as it was drawn, copies side by side, as if the resample were written out and ranked anew;
 * queries left without positives drop out of that draw's means. The queries themselves are not drawn: intervals are about other
 * addresses in these snapshots, not about other days.
 *
 * @throws {SingleClassError} when no row is labelled 1
 * @throws {InvalidScoredRowsError} on a NaN score, other labels, a label of 1 without relevance or arrays that are not aligned
 * @throws {TooFewGroupsError} when intervals are asked for and there is one group only
 * @throws {InvalidInputError} on resamples or cut-offs that cannot be meant
 * @example
 * const quality = evaluateRanking({ labels, scores, rows: test, queryIds, splitGroups, seed: 42 });
 * console.log(quality.ndcg['10'], quality.intervals?.ndcg['10'], quality.precision_at_k['50']);
 */
export function evaluateRanking(request: RankingRequest): RankingQuality {
  const { seed, resamples = 1000 } = request;
  checkResamples(resamples);
  const ks = checkKs(request.ks ?? [10, 50, 100]);
  const { labels, scores, relevance, queryIds, splitGroups } = takeRankedRows(request);
  const positives = countPositives(labels);
  if (positives === 0) throw nothingToFind(labels.length);
  const { groupCodes, groups } = denseGroups(splitGroups);
  if (resamples > 0 && groups < 2) throw tooFewToResample(groups);

  const ranked = rankQueries({ labels, relevance, scores, queryIds, groupCodes });
  const discounts = sumDiscounts(ks[ks.length - 1]);
  const once = { ks, discounts, multiplicities: new Uint16Array(groups).fill(1) };
  const means = new Float64Array(figureCount(ks));
  const judged = meanFigures(ranked, once, means);
  const drawn =
    resamples === 0
      ? null
      : resampleQueries(ranked, { ks, discounts, groups, seed, resamples, level: LEVEL });
  const quality: RankingQuality = {
    queries: ranked.codes.length,
    queries_without_positives: ranked.codes.length - judged,
    rows: labels.length,
    groups,
    positives,
    ks,
    ...nameFigures(Array.from(means), ks),
    intervals: drawn && nameFigures(drawn.intervals, ks),
    bootstrap: drawn && { seed, level: LEVEL, resamples, redrawn: drawn.redrawn },
    per_query: Array.from(ranked.codes, (_, query) => describeQuery(ranked, query, once)),
  };
  return assertFiniteFigures(quality, 'ranking');
}

function takeRankedRows(request: RankingRequest) {
  const { rows, rankScores } = request;
  const { labels, scores, splitGroups } = takeRows({ ...request, weights: undefined });
  checkScoredRows(labels, scores);
  if (rankScores !== undefined) checkScoredRows(labels, rankScores);
  const queryIds = takeCodes('query ids', request.queryIds, request);
  const all = request.relevance ?? request.labels;
  if (all.length !== request.labels.length) {
    throw new InvalidScoredRowsError({
      summary: 'Labels and relevance are not aligned.',
      expected: 'one relevance per label',
      found: `${request.labels.length} labels and ${all.length} entries of relevance`,
    });
  }
  const relevance = rows === undefined ? all : rows.map((row) => all[row]);
  checkRelevance(relevance, labels);
  return { labels, scores: rankScores ?? scores, relevance, queryIds, splitGroups };
}

function describeQuery(ranked: RankedQueries, query: number, measuring: Measuring): QueryQuality {
  const { ks } = measuring;
  const figures = createFigures(ks);
  const hasPositives = measureQuery(ranked, query, { measuring, into: figures });
  const byK = (values: Float64Array) => Object.fromEntries(ks.map((k, i) => [String(k), values[i]]));
  return {
    query: ranked.codes[query],
    rows: figures.rows,
    positives: figures.positives,
    precision_at_k: byK(figures.precision),
    recall_at_k: hasPositives ? byK(figures.recall) : null,
    ndcg: hasPositives ? byK(figures.ndcg) : null,
    average_precision: hasPositives ? figures.averagePrecision : null,
  };
}

function nothingToFind(rows: number): SingleClassError {
  return new SingleClassError({
    where: 'the ranked rows',
    positives: 0,
    negatives: rows,
    remedy:
      'judge on rows of which some are labelled 1: widen the period, add labels or take a larger test part',
  });
}
