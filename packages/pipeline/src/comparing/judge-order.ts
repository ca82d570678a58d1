import {
  evaluateRanking,
  type Interval,
  type NamedFigures,
  type PairedRankingResult,
  pairedRankingBootstrap,
} from '@risk-scoring/evaluation';
import type { JudgedRows, JudgeOptions } from './judge-rows.ts';

/** How a ranker orders the rows of a snapshot, as plain JSON: means over the snapshots with a suspicious row. */
export interface JudgedOrder extends NamedFigures<number> {
  readonly snapshots: number;
  /** Those that no figure could be taken of. */
  readonly snapshots_without_positives: number;
  /** 95 %, by bootstrap over groups. */
  readonly intervals: NamedFigures<Interval>;
}

/** Figures of the second ranker minus those of the first, both on every draw, as plain JSON. */
export type OrderDifference = PairedRankingResult;

/** Places that rankings are cut off at: those of the training. */
const KS = [10, 50, 100] as const;

/**
 * How a ranker orders rows within their snapshots, as its training judges: NDCG by the grades of the labels, MAP and precision at k.
 *
 * @returns null of other models
 */
export function judgeOrder(
  { labels, splitGroups, ranked }: JudgedRows,
  model: number,
  { seed, resamples }: Pick<JudgeOptions, 'seed' | 'resamples'>,
): JudgedOrder | null {
  if (ranked === null) return null;
  const { relevance, queryIds } = ranked;
  const quality = evaluateRanking({
    labels,
    relevance,
    scores: ranked.scores[model] ?? new Float64Array(),
    queryIds,
    splitGroups,
    seed,
    resamples,
    ks: KS,
  });
  const { ndcg, map, precision_at_k, recall_at_k, intervals } = quality;
  if (intervals === null) throw new RangeError('Models are judged with intervals.');
  return {
    snapshots: quality.queries,
    snapshots_without_positives: quality.queries_without_positives,
    ndcg,
    map,
    precision_at_k,
    recall_at_k,
    intervals,
  };
}

/** By how much the second of two rankers orders rows better; null of other models. */
export function orderDifference(
  { labels, splitGroups, ranked }: JudgedRows,
  { seed, resamples }: Pick<JudgeOptions, 'seed' | 'resamples'>,
): OrderDifference | null {
  if (ranked === null) return null;
  const {
    scores: [first = new Float64Array(), second = new Float64Array()],
    relevance,
    queryIds,
  } = ranked;
  return pairedRankingBootstrap({
    labels,
    relevance,
    first,
    second,
    queryIds,
    splitGroups,
    seed,
    resamples,
    ks: KS,
  });
}
