import { createRandom, InvalidInputError } from '@risk-scoring/contract';
import { checkThreshold } from './confusion.ts';
import { denseGroups } from './dense-groups.ts';
import { drawGroups, tooFewToResample } from './draw-groups.ts';
import { InvalidScoredRowsError } from './errors.ts';
import { additiveMetrics, totalByGroup } from './group-totals.ts';
import { createDraws, intervalsOf, keepDraw, type MetricIntervals } from './intervals.ts';
import { type Ranking, rankingMetrics, rankRows, rankWeights } from './ranking.ts';
import { checkBothClasses, checkProbabilities, type Scores, type Weights } from './scored-rows.ts';
import { pickCodes } from './take-rows.ts';

/** The rows to judge and how to resample them. */
export interface BootstrapRequest {
  /** 0 or 1 per row. */
  readonly labels: Int8Array;
  /** Probabilities, one per row. */
  readonly scores: Scores;
  /** How much each row counts; all the same when absent. */
  readonly weights?: Weights | undefined;
  /** What is drawn as a whole (the address), one code ≥ 0 per row. */
  readonly splitGroups: Int32Array;
  /** Where precision, recall and F1 are taken; 0.5 when absent. */
  readonly threshold?: number | undefined;
  readonly seed: number;
  /** 1000 when absent. */
  readonly resamples?: number | undefined;
  /** Coverage of the intervals; 0.95 when absent. */
  readonly level?: number | undefined;
}

/** The intervals and how they came about. */
export interface BootstrapResult {
  readonly intervals: MetricIntervals;
  readonly level: number;
  readonly resamples: number;
  /** Draws that lacked a class and were drawn again. */
  readonly redrawn: number;
}

/**
 * Percentile bootstrap intervals of all binary metrics (Efron and Tibshirani, An Introduction to the
 * Bootstrap, 1993, chapter 13). Whole split groups are drawn with replacement, because alerts of one
 * address rise and fall together: drawing rows one by one would call the figures far surer than they are.
 *
 * A draw without positives or without negatives has no AUC; it is drawn again and counted in `redrawn`.
 * The rows are sorted once; a resample is then one pass over them with group multiplicities as weights.
 * The same request gives the same intervals. Ends are linearly interpolated order statistics.
 *
 * @throws {SingleClassError} when a class has no row, or no weight
 * @throws {InvalidScoredRowsError} on scores outside 0..1, other labels or arrays of unequal length
 * @throws {TooFewGroupsError} when there is one group only
 * @throws {InvalidInputError} on resamples, a level or a threshold that cannot be meant
 * @example
 * const { intervals } = bootstrapIntervals({ labels, scores, splitGroups, seed: 42 });
 * console.log(`AUC ${intervals.auc[0].toFixed(3)} to ${intervals.auc[1].toFixed(3)}`);
 */
export function bootstrapIntervals(request: BootstrapRequest): BootstrapResult {
  const { labels, scores, weights, threshold = 0.5, resamples = 1000, level = 0.95 } = request;
  checkThreshold(threshold);
  checkBootstrapOptions({ resamples, level });
  checkProbabilities(labels, scores, weights);
  checkBothClasses(labels, scores, weights);
  checkGroups(request.splitGroups, labels.length);
  const { groupCodes, groups } = denseGroups(request.splitGroups);
  if (groups < 2) throw tooFewToResample(groups);

  const totals = totalByGroup({ labels, scores, weights, groupCodes, groups }, threshold);
  const ranked = rankForResampling({ labels, scores, weights, groupCodes });
  const random = createRandom(request.seed, 'bootstrap');
  const multiplicities = new Uint16Array(groups);
  const draws = createDraws(resamples);
  let redrawn = 0;
  for (let resample = 0; resample < resamples; ) {
    drawGroups(multiplicities, random);
    const additive = additiveMetrics(totals, multiplicities);
    if (additive === undefined) {
      redrawn++;
      continue;
    }
    keepDraw(draws, resample++, { additive, ...resampledRanking(ranked, multiplicities) });
  }
  return { intervals: intervalsOf(draws, level), level, resamples, redrawn };
}

interface RankedForResampling {
  readonly ranking: Ranking;
  readonly weights: Float64Array;
  readonly groupCodes: Int32Array;
  /** Room for the weights of one resample. */
  readonly resampledWeights: Float64Array;
}

function rankForResampling(rows: {
  labels: Int8Array;
  scores: Scores;
  weights: Weights | undefined;
  groupCodes: Int32Array;
}): RankedForResampling {
  const ranking = rankRows(rows.labels, rows.scores);
  return {
    ranking,
    weights: rankWeights(ranking, rows.weights),
    groupCodes: pickCodes(rows.groupCodes, ranking.order),
    resampledWeights: new Float64Array(rows.labels.length),
  };
}

function resampledRanking(ranked: RankedForResampling, multiplicities: Uint16Array) {
  const { ranking, weights, groupCodes, resampledWeights } = ranked;
  for (let rank = 0; rank < weights.length; rank++) {
    resampledWeights[rank] = weights[rank] * multiplicities[groupCodes[rank]];
  }
  return rankingMetrics(ranking, resampledWeights);
}

/** @throws {InvalidInputError} unless there is a draw at least, and a level between 0 and 1 */
export function checkBootstrapOptions(options: { readonly resamples: number; readonly level: number }): void {
  if (!Number.isInteger(options.resamples) || options.resamples < 1) {
    throw new InvalidInputError({
      what: 'The number of resamples',
      expected: 'a whole number of at least 1',
      found: options.resamples,
    });
  }
  if (!(options.level > 0 && options.level < 1)) {
    throw new InvalidInputError({
      what: 'The level of the intervals',
      expected: 'a number between 0 and 1, such as 0.95',
      found: options.level,
    });
  }
}

/** @throws {InvalidScoredRowsError} unless every row has a group */
export function checkGroups(splitGroups: Int32Array, rows: number): void {
  if (splitGroups.length === rows) return;
  throw new InvalidScoredRowsError({
    summary: 'Rows and split groups are not aligned.',
    expected: 'one split group per row',
    found: `${rows} rows and ${splitGroups.length} split groups`,
  });
}
