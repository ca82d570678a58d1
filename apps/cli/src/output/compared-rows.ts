import {
  FEWEST_GROUPS,
  groupsAre,
  type JudgedScores,
  type ModelComparison,
  type RowsComparison,
} from '@risk-scoring/pipeline';
import { count, figure, percent, table } from './table.ts';

/** Two models' figures on some rows, with what the second does better. */
export function showRows(
  title: string,
  rows: RowsComparison,
  { model_type: type }: Pick<ModelComparison, 'model_type'>,
): string[] {
  const { first, second, auc_difference: auc } = rows;
  const groups = groupsAre(type);
  return [
    `${title}: ${count(rows.rows)}, ${count(rows.positives)} suspicious; suspicious ones of ${count(rows.positive_groups)} and normal ones of ${count(rows.negative_groups)} ${groups}`,
    table([
      ['', 'first', 'second', 'second − first'],
      ...rankingRows(rows),
      [rows.ranking_difference ? 'AUC over all' : 'AUC', ...pairOf(rows, 'auc'), showDifference(auc)],
      ['PR-AUC', ...pairOf(rows, 'pr_auc'), signed(second.pr_auc - first.pr_auc)],
      ...(first.brier === null || second.brier === null
        ? []
        : [['Brier', ...pairOf(rows, 'brier'), signed(second.brier - first.brier)]]),
      ...(first.ece === null || second.ece === null
        ? []
        : [['ECE', ...pairOf(rows, 'ece'), signed(second.ece - first.ece)]]),
    ]),
    ...showSnapshotsRanked(first),
    ...(rows.intervals_too_narrow
      ? [
          `Fewer than ${FEWEST_GROUPS} ${groups} of a class: these intervals are too narrow; compare on more snapshots.`,
        ]
      : []),
  ];
}

/** Rankers' order within snapshots, which is what they are for. */
function rankingRows({ first, second, ranking_difference: paired }: RowsComparison): string[][] {
  const [one, other] = [first.ranking, second.ranking];
  if (paired === null || one === null || other === null) return [];
  const row = (title: string, of: (named: Named) => number, [a, b]: Intervals, difference: Paired) => [
    title,
    `${figure(of(one))}${a ? ` (${between(a)})` : ''}`,
    `${figure(of(other))}${b ? ` (${between(b)})` : ''}`,
    showDifference(difference),
  ];
  const byK = (title: string, name: 'ndcg' | 'precision_at_k') =>
    Object.entries(paired[name]).map(([k, difference]) =>
      row(
        `${title}@${k}`,
        (named) => named[name][k] ?? Number.NaN,
        [one.intervals[name][k], other.intervals[name][k]],
        difference,
      ),
    );
  return [
    ...byK('NDCG', 'ndcg'),
    row('MAP', ({ map }) => map, [one.intervals.map, other.intervals.map], paired.map),
    ...byK('precision', 'precision_at_k'),
  ];
}

type Named = NonNullable<JudgedScores['ranking']>;
type Paired = Pick<RowsComparison['auc_difference'], 'difference' | 'interval'>;
type Interval = readonly [number, number];
type Intervals = readonly [Interval | undefined, Interval | undefined];

/** Over which snapshots a ranking's figures are means. */
function showSnapshotsRanked({ ranking }: JudgedScores): string[] {
  if (ranking === null) return [];
  const { snapshots, snapshots_without_positives: without } = ranking;
  const judged = snapshots - without;
  return [
    `NDCG, MAP and precision: within a snapshot, the mean over ${count(judged)} with a suspicious row.`,
  ];
}

function pairOf({ first, second }: RowsComparison, name: keyof JudgedScores['intervals']): string[] {
  return [first, second].map((scores) => {
    const interval = scores.intervals[name];
    return `${figure(scores[name])}${interval ? ` (${between(interval)})` : ''}`;
  });
}

/** Which model is better on rows that neither learned from, and how sure that is. */
export function showVerdict(rows: RowsComparison): string {
  const { auc_difference: auc, ranking_difference: ranking, decided_by: by } = rows;
  const paired = by === 'ndcg@10' ? (ranking?.ndcg['10'] ?? auc) : auc;
  const {
    interval: [low, high],
    share_better: share,
  } = paired;
  const name = paired === auc ? 'AUC' : 'NDCG@10';
  const level = `${auc.level * 100} % interval of the difference of the ${name}`;
  const draws = `it has the greater ${name} in ${percent(share)} of the draws`;
  if (low > 0) return `The second is better: the ${level} is above 0; ${draws}.`;
  if (high < 0) return `The first is better: the ${level} is below 0.`;
  return `These rows do not show which is better: the ${level} holds 0. Of the second, ${draws}.`;
}

/** An interval in words. */
export function between([low, high]: Interval, show: (value: number) => string = figure): string {
  return `${show(low)} to ${show(high)}`;
}

function showDifference({ difference, interval }: Paired): string {
  return `${signed(difference)} (${between(interval, signed)})`;
}

/** A difference with its sign. */
function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}
