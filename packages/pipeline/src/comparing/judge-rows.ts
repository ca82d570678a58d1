import {
  evaluateBinary,
  type Interval,
  type PairedBootstrapResult,
  pairedBootstrap,
} from '@risk-scoring/evaluation';
import { groupsOfClasses } from '../labelling/groups-of-classes.ts';
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
}

/** Two models on the same rows, as plain JSON. */
export interface RowsComparison extends RowCounts {
  readonly first: JudgedScores;
  readonly second: JudgedScores;
  /** AUC of the second minus AUC of the first, both on every draw. */
  readonly auc_difference: PairedBootstrapResult;
}

/** How rows are resampled. */
export interface JudgeOptions {
  readonly seed: number;
  readonly resamples: number;
  /** Whether scores are probabilities. */
  readonly probabilities: boolean;
}

/** Labelled rows with one or more models' scores. */
export type JudgedRows = Pick<ScoredLabels, 'labels' | 'splitGroups' | 'scores'>;

/** The rows that neither model, or none of several, may have learned from. */
export function unseenRows({ labels, splitGroups, scores, learned }: ScoredLabels): JudgedRows {
  const rows = Int32Array.from(labels.keys()).filter((row) => learned.every((flags) => flags[row] === 0));
  return {
    labels: Int8Array.from(rows, (row) => labels[row] ?? -1),
    splitGroups: Int32Array.from(rows, (row) => splitGroups[row] ?? -1),
    scores: scores.map((ofModel) => Float64Array.from(rows, (row) => ofModel[row] ?? Number.NaN)),
  };
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
  };
}

/** Why nothing can be said of so few rows; undefined where something can. */
export function tooFew({ positive_groups, negative_groups }: RowCounts): string | undefined {
  if (positive_groups >= 2 && negative_groups >= 2) return undefined;
  return `suspicious rows of ${positive_groups} and normal rows of ${negative_groups} of them`;
}

/** The figures of one model's scores of rows of both classes. */
export function judgeScores(
  { labels, splitGroups }: Pick<JudgedRows, 'labels' | 'splitGroups'>,
  scores: Float64Array,
  { seed, resamples, probabilities }: JudgeOptions,
): JudgedScores {
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
  };
}

/** Two models' figures of the same rows, of both classes, and the difference of their AUC. */
export function judgePair(rows: JudgedRows, options: JudgeOptions): RowsComparison {
  const { labels, splitGroups, scores } = rows;
  const [first = new Float64Array(), second = new Float64Array()] = scores;
  const { seed, resamples } = options;
  return {
    ...countRows(rows),
    first: judgeScores(rows, first, options),
    second: judgeScores(rows, second, options),
    auc_difference: pairedBootstrap({ labels, first, second, splitGroups, seed, resamples }),
  };
}
