import { createRandom } from '@risk-scoring/contract';
import { type BootstrapRequest, checkBootstrapOptions, checkGroups } from './bootstrap.ts';
import { denseGroups } from './dense-groups.ts';
import { drawGroups, tooFewToResample } from './draw-groups.ts';
import { type Interval, intervalOf } from './intervals.ts';
import { type Ranking, rankingMetrics, rankRows, rankWeights } from './ranking.ts';
import { checkBothClasses, type Scores } from './scored-rows.ts';
import { pickCodes } from './take-rows.ts';

/** Two scorers on the same rows, and how to resample these. */
export interface PairedBootstrapRequest
  extends Pick<BootstrapRequest, 'labels' | 'splitGroups' | 'seed' | 'resamples' | 'level'> {
  /** Any finite numbers, one per row; only their order matters. */
  readonly first: Scores;
  /** Of the other scorer, of the same rows. */
  readonly second: Scores;
}

/** By how much a figure of the second scorer is greater, and how sure that is. Plain JSON. */
export interface PairedDifference {
  /** The figure of the second minus that of the first, on the rows as they are. */
  readonly difference: number;
  /** Percentile interval of the difference. */
  readonly interval: Interval;
  /** Of the difference between draws; 0 with one draw. */
  readonly standard_deviation: number;
  /** Share of the draws in which the second has the greater figure; equal ones are not among them. */
  readonly share_better: number;
}

/** By how much the second scorer ranks better by AUC, and how sure that is. Plain JSON. */
export interface PairedBootstrapResult extends PairedDifference {
  /** Split groups that were resampled. */
  readonly groups: number;
  readonly level: number;
  readonly resamples: number;
  /** Draws that lacked a class and were drawn again. */
  readonly redrawn: number;
}

/**
 * The difference of two scorers' AUC with a percentile bootstrap interval. In every draw both are judged on the same rows: what makes a draw easy
 * or hard is in both figures and falls out of the difference, which two intervals that are laid side by side cannot show. Whole split groups are
 * drawn, as by {@link bootstrapIntervals}; where no two rows share one, the draws vary as DeLong, DeLong and Clarke-Pearson (Biometrics 44,
 * 1988) derive it.
 *
 * @throws {SingleClassError} when a class has no row
 * @throws {InvalidScoredRowsError} on a NaN score, another label or arrays of unequal length
 * @throws {TooFewGroupsError} when there is one group only
 * @throws {InvalidInputError} on resamples or a level that cannot be meant
 * @example
 * const { difference, interval } = pairedBootstrap({ labels, first, second, splitGroups, seed: 42 });
 * console.log(interval[0] > 0 ? `better by ${difference.toFixed(3)}` : 'no better than chance would have it');
 */
export function pairedBootstrap(request: PairedBootstrapRequest): PairedBootstrapResult {
  const { labels, first, second, resamples = 1000, level = 0.95 } = request;
  checkBootstrapOptions({ resamples, level });
  checkBothClasses(labels, first);
  checkBothClasses(labels, second);
  checkGroups(request.splitGroups, labels.length);
  const { groupCodes, groups } = denseGroups(request.splitGroups);
  if (groups < 2) throw tooFewToResample(groups);

  const one = rankForDraws(labels, first, groupCodes);
  const other = rankForDraws(labels, second, groupCodes);
  const difference = aucOf(other) - aucOf(one);
  const random = createRandom(request.seed, 'paired bootstrap');
  const multiplicities = new Uint16Array(groups);
  const draws = new Float64Array(resamples);
  let redrawn = 0;
  for (let resample = 0; resample < resamples; ) {
    drawGroups(multiplicities, random);
    const drawn = drawnAuc(other, multiplicities) - drawnAuc(one, multiplicities);
    // 0 / 0 where a class was not drawn.
    if (Number.isNaN(drawn)) {
      redrawn++;
      continue;
    }
    draws[resample++] = drawn;
  }
  return { ...describeDifference(difference, draws, level), groups, level, resamples, redrawn };
}

/** A difference and what draws of it say of how sure it is. */
export function describeDifference(difference: number, draws: Float64Array, level: number): PairedDifference {
  let better = 0;
  for (const drawn of draws) if (drawn > 0) better++;
  return {
    difference,
    interval: intervalOf(draws, level),
    standard_deviation: deviationOf(draws),
    share_better: better / draws.length,
  };
}

interface RankedForDraws {
  readonly ranking: Ranking;
  /** By rank. */
  readonly groupCodes: Int32Array;
  /** Room for the weights of one draw, by rank; ones at first. */
  readonly weights: Float64Array;
}

function rankForDraws(labels: Int8Array, scores: Scores, groupCodes: Int32Array): RankedForDraws {
  const ranking = rankRows(labels, scores);
  return { ranking, groupCodes: pickCodes(groupCodes, ranking.order), weights: rankWeights(ranking) };
}

function aucOf({ ranking, weights }: RankedForDraws): number {
  return rankingMetrics(ranking, weights).auc;
}

function drawnAuc(ranked: RankedForDraws, multiplicities: Uint16Array): number {
  const { weights, groupCodes } = ranked;
  for (let rank = 0; rank < weights.length; rank++) weights[rank] = multiplicities[groupCodes[rank]];
  return aucOf(ranked);
}

/** The standard deviation of a sample. */
function deviationOf(values: Float64Array): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
