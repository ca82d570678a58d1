import {
  evaluateBinary,
  type Interval,
  type PairedBootstrapResult,
  pairedBootstrap,
} from '@risk-scoring/evaluation';
import { groupsOfClasses } from '../labelling/groups-of-classes.ts';
import { FEWEST_GROUPS } from './groups-are.ts';
import { type JudgedOrder, judgeOrder, type OrderDifference, orderDifference } from './judge-order.ts';
import type { ScoredLabels } from './score-labelled-rows.ts';

/** What some rows are, as plain JSON. */
export interface RowCounts {
  readonly rows: number;
  readonly positives: number;
  /** Addresses; of clusters, groups of those that share addresses. */
  readonly groups: number;
  /** Those with suspicious rows, and with normal ones. */
  readonly positive_groups: number;
  readonly negative_groups: number;
  /** There are so few of a class, under 20, that a bootstrap over them says little: intervals are narrower than they should be. */
  readonly intervals_too_narrow: boolean;
}

/** A model's figures on some rows, as plain JSON. */
export interface JudgedScores {
  readonly auc: number;
  readonly pr_auc: number;
  /** Null of a ranker, whose scores are no probabilities. */
  readonly brier: number | null;
  readonly ece: number | null;
  /** 95 %, by bootstrap over groups. */
  readonly intervals: {
    readonly auc: Interval;
    readonly pr_auc: Interval;
    readonly brier: Interval | null;
    readonly ece: Interval | null;
  };
  /** Of a ranker: how the rows of a snapshot are ordered. Null of other models. */
  readonly ranking: JudgedOrder | null;
}

/** Two models on the same rows, as plain JSON. */
export interface RowsComparison extends RowCounts {
  readonly first: JudgedScores;
  readonly second: JudgedScores;
  /** AUC of the second minus AUC of the first, both on every draw; over all snapshots at once. */
  readonly auc_difference: PairedBootstrapResult;
  /** The same of a ranker's figures within snapshots; null of other models. */
  readonly ranking_difference: OrderDifference | null;
  /** The figure whose difference tells which one is better: `ndcg@10` of rankers, `auc` of others. */
  readonly decided_by: DecidingFigure;
}

/** What tells which of two models is better. */
export type DecidingFigure = 'auc' | 'ndcg@10';

/** The figure that tells which of two models is better: what tuning goes by as well. */
export function decidingFigure({ ranked }: Pick<JudgedRows, 'ranked'>): DecidingFigure {
  return ranked ? 'ndcg@10' : 'auc';
}

/** How rows are resampled. */
export interface JudgeOptions {
  readonly seed: number;
  readonly resamples: number;
  /** Whether scores are probabilities. */
  readonly probabilities: boolean;
}

/** Labelled rows with one or more models' scores. */
export type JudgedRows = Pick<ScoredLabels, 'labels' | 'splitGroups' | 'scores' | 'ranked'>;

/** The rows that neither model, or none of several, may have learned from. */
export function unseenRows({ labels, splitGroups, scores, ranked, learned }: ScoredLabels): JudgedRows {
  const rows = Int32Array.from(labels.keys()).filter((row) => learned.every((flags) => flags[row] === 0));
  return {
    labels: Int8Array.from(rows, (row) => labels[row] ?? -1),
    splitGroups: Int32Array.from(rows, (row) => splitGroups[row] ?? -1),
    scores: pickScores(scores, rows),
    ranked: ranked && {
      scores: pickScores(ranked.scores, rows),
      relevance: Uint8Array.from(rows, (row) => ranked.relevance[row] ?? 0),
      queryIds: Int32Array.from(rows, (row) => ranked.queryIds[row] ?? -1),
    },
  };
}

function pickScores(scores: readonly Float64Array[], rows: Int32Array): Float64Array[] {
  return scores.map((ofModel) => Float64Array.from(rows, (row) => ofModel[row] ?? Number.NaN));
}

/** Counts rows, and addresses of each class. */
export function countRows({ labels, splitGroups }: Pick<JudgedRows, 'labels' | 'splitGroups'>): RowCounts {
  const [negative_groups, positive_groups] = groupsOfClasses(labels, splitGroups);
  return {
    rows: labels.length,
    positives: labels.reduce((sum, label) => sum + label, 0),
    groups: new Set(splitGroups).size,
    positive_groups,
    negative_groups,
    intervals_too_narrow: Math.min(positive_groups, negative_groups) < FEWEST_GROUPS,
  };
}

/** Why nothing can be said of so few rows; undefined where something can. */
export function tooFew({ positive_groups, negative_groups }: RowCounts): string | undefined {
  if (positive_groups >= 2 && negative_groups >= 2) return undefined;
  return `suspicious rows of ${positive_groups} and normal rows of ${negative_groups} of them`;
}

/** The figures of one model's scores of rows of both classes. */
export function judgeScores(
  rows: JudgedRows,
  model: number,
  { seed, resamples, probabilities }: JudgeOptions,
): JudgedScores {
  const { labels, splitGroups } = rows;
  const scores = rows.scores[model] ?? new Float64Array();
  const { auc, prAuc, brier, ece, intervals } = evaluateBinary({
    labels,
    splitGroups,
    scores,
    seed,
    resamples,
  });
  const nowhere: Interval = [Number.NaN, Number.NaN];
  return {
    auc,
    pr_auc: prAuc,
    brier: probabilities ? brier : null,
    ece: probabilities ? ece : null,
    intervals: {
      auc: intervals?.auc ?? nowhere,
      pr_auc: intervals?.prAuc ?? nowhere,
      brier: probabilities ? (intervals?.brier ?? nowhere) : null,
      ece: probabilities ? (intervals?.ece ?? nowhere) : null,
    },
    ranking: judgeOrder(rows, model, { seed, resamples }),
  };
}

/** Two models' figures of the same rows, of both classes, and how they differ. */
export function judgePair(rows: JudgedRows, options: JudgeOptions): RowsComparison {
  const { labels, splitGroups, scores } = rows;
  const [first = new Float64Array(), second = new Float64Array()] = scores;
  const { seed, resamples } = options;
  return {
    ...countRows(rows),
    first: judgeScores(rows, 0, options),
    second: judgeScores(rows, 1, options),
    auc_difference: pairedBootstrap({ labels, first, second, splitGroups, seed, resamples }),
    ranking_difference: orderDifference(rows, { seed, resamples }),
    decided_by: decidingFigure(rows),
  };
}
