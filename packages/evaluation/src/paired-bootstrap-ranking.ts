import { createRandom, SingleClassError } from '@risk-scoring/contract';
import { checkBootstrapOptions, checkGroups } from './bootstrap.ts';
import { denseGroups } from './dense-groups.ts';
import { drawGroups, tooFewToResample } from './draw-groups.ts';
import { InvalidScoredRowsError } from './errors.ts';
import { countPositives } from './evaluate-binary.ts';
import {
  describeDifference,
  type PairedBootstrapRequest,
  type PairedDifference,
} from './paired-bootstrap.ts';
import type { Relevance } from './ranking-quality/at-k.ts';
import { checkKs, checkRelevance } from './ranking-quality/check-ranking.ts';
import { figureCount, meanFigures, type NamedFigures, nameFigures } from './ranking-quality/mean-figures.ts';
import { sumDiscounts } from './ranking-quality/measure-query.ts';
import { rankQueries } from './ranking-quality/rank-queries.ts';
import { checkScoredRows, type Scores } from './scored-rows.ts';

/** Two scorers on the same rows, within what these are ranked, and how to resample them. */
export interface PairedRankingRequest extends PairedBootstrapRequest {
  /** Within what rows are ranked (the snapshot), one code per row. */
  readonly queryIds: Int32Array;
  /** How much each row matters, for NDCG: at least 1 where the label is 1; the labels when absent. */
  readonly relevance?: Relevance | undefined;
  /** Cut-offs; 10, 50 and 100 when absent. */
  readonly ks?: readonly number[] | undefined;
}

/** By how much the second scorer orders the rows of a query better, figure by figure. Plain JSON. */
export interface PairedRankingResult extends NamedFigures<PairedDifference> {
  /** Split groups that were resampled. */
  readonly groups: number;
  readonly level: number;
  readonly resamples: number;
  /** Draws without a positive row, which were drawn again. */
  readonly redrawn: number;
}

/**
 * The difference of two scorers' figures of ranking, as `evaluateRanking` defines them (means over the queries that have a positive row), with
 * percentile bootstrap intervals. In every draw of split groups both order the same rows, as in {@link pairedBootstrap}: a group's rows stand in their
 * rankings as often as it was drawn. The queries themselves are not drawn.
 *
 * @throws {SingleClassError} when no row is labelled 1
 * @throws {InvalidScoredRowsError} on a NaN score, other labels, a label of 1 without relevance or arrays of unequal length
 * @throws {TooFewGroupsError} when there is one group only
 * @throws {InvalidInputError} on resamples, a level or cut-offs that cannot be meant
 * @example
 * const { ndcg } = pairedRankingBootstrap({ labels, first, second, queryIds, splitGroups, seed: 42 });
 * console.log(ndcg['10'].difference, ndcg['10'].interval);
 */
export function pairedRankingBootstrap(request: PairedRankingRequest): PairedRankingResult {
  const { labels, queryIds, relevance = labels, resamples = 1000, level = 0.95 } = request;
  checkBootstrapOptions({ resamples, level });
  const ks = checkKs(request.ks ?? [10, 50, 100]);
  checkRows({ ...request, relevance });
  const { groupCodes, groups } = denseGroups(request.splitGroups);
  if (groups < 2) throw tooFewToResample(groups);

  const rank = (scores: Scores) => rankQueries({ labels, relevance, scores, queryIds, groupCodes });
  const [one, other] = [rank(request.first), rank(request.second)];
  const discounts = sumDiscounts(ks[ks.length - 1]);
  const figures = [new Float64Array(figureCount(ks)), new Float64Array(figureCount(ks))] as const;
  /** Writes down both scorers' figures; whether any query has a positive row. */
  const measure = (multiplicities: Uint16Array): boolean => {
    const measuring = { ks, discounts, multiplicities };
    return meanFigures(one, measuring, figures[0]) > 0 && meanFigures(other, measuring, figures[1]) > 0;
  };
  const multiplicities = new Uint16Array(groups).fill(1);
  measure(multiplicities);
  const differences = figures[1].map((figure, i) => figure - figures[0][i]);
  const draws = Array.from(differences, () => new Float64Array(resamples));
  const random = createRandom(request.seed, 'paired ranking bootstrap');
  let redrawn = 0;
  for (let resample = 0; resample < resamples; ) {
    drawGroups(multiplicities, random);
    if (!measure(multiplicities)) {
      redrawn++;
      continue;
    }
    for (let i = 0; i < draws.length; i++) draws[i][resample] = figures[1][i] - figures[0][i];
    resample++;
  }
  const described = draws.map((drawn, i) => describeDifference(differences[i], drawn, level));
  return { ...nameFigures(described, ks), groups, level, resamples, redrawn };
}

function checkRows({
  labels,
  relevance,
  first,
  second,
  queryIds,
  splitGroups,
}: PairedRankingRequest & { readonly relevance: Relevance }): void {
  checkScoredRows(labels, first);
  checkScoredRows(labels, second);
  checkGroups(splitGroups, labels.length);
  for (const [what, { length }] of [['query ids', queryIds] as const, ['relevance', relevance] as const]) {
    if (length === labels.length) continue;
    throw new InvalidScoredRowsError({
      summary: `Rows and ${what} are not aligned.`,
      expected: 'one entry per row',
      found: `${labels.length} rows and ${length} entries of ${what}`,
    });
  }
  checkRelevance(relevance, labels);
  const positives = countPositives(labels);
  if (positives > 0) return;
  throw new SingleClassError({
    where: 'the ranked rows',
    positives,
    negatives: labels.length,
    remedy: 'compare on rows of which some are labelled 1',
  });
}
