import { InvalidInputError, type ModelType } from '@risk-scoring/contract';
import { averagePrecision, brierScore, evaluateRanking, logLoss, rocAuc } from '@risk-scoring/evaluation';
import type { Direction } from '@risk-scoring/tuning';
import type { FoldPredictions } from '../cross-validate.ts';
import { relevanceOf } from '../relevance.ts';
import type { TrainingPlan } from '../training-plan.ts';

/** The names that `--metric` takes. */
export const TUNING_METRICS = ['auc', 'pr_auc', 'log_loss', 'brier', 'ndcg@10'] as const;

/** One of {@link TUNING_METRICS}. */
export type TuningMetric = (typeof TUNING_METRICS)[number];

/** What a metric looks at besides a fold's predictions. */
export type MeasuredPlan = Pick<TrainingPlan, 'judging' | 'rows'>;

/** A figure of one fold, and whether large or small ones are good. */
export interface FoldMetric {
  readonly name: TuningMetric;
  readonly direction: Direction;
  measure(fold: FoldPredictions, plan: MeasuredPlan): number;
}

/** What ranks can be judged by: a ranker's scores are no probabilities. */
const OF_RANKS: readonly TuningMetric[] = ['ndcg@10', 'auc'];

const byLabels =
  (figure: (labels: Int8Array, scores: Float64Array) => number): FoldMetric['measure'] =>
  ({ rows, labels, probability }) =>
    figure(
      Int8Array.from(rows, (row) => labels[row] ?? -1),
      probability,
    );

const metrics: Readonly<Record<TuningMetric, Omit<FoldMetric, 'name'>>> = {
  auc: { direction: 'maximize', measure: byLabels(rocAuc) },
  pr_auc: { direction: 'maximize', measure: byLabels(averagePrecision) },
  log_loss: { direction: 'minimize', measure: byLabels(logLoss) },
  brier: { direction: 'minimize', measure: byLabels(brierScore) },
  'ndcg@10': { direction: 'maximize', measure: ndcg },
};

/**
 * The metric that trials are compared by: `auc` where nobody chooses, `ndcg@10` for an alert_ranker. All figures are of uncalibrated
 * scores: tuning compares models, and calibration is fitted on the same folds only afterwards.
 *
 * @throws {InvalidInputError} for a metric of probabilities where a model gives none
 * @example
 * tuningMetricOf('log_loss', 'alert_scorer').direction; // 'minimize'
 */
export function tuningMetricOf(name: TuningMetric | undefined, modelType: ModelType): FoldMetric {
  const ranks = modelType === 'alert_ranker';
  const chosen = name ?? (ranks ? 'ndcg@10' : 'auc');
  if (ranks && !OF_RANKS.includes(chosen)) {
    throw new InvalidInputError({
      what: 'The metric for an alert_ranker',
      expected: `one of ${OF_RANKS.join(', ')}: its scores order alerts and are no probabilities`,
      found: chosen,
      remedy: 'leave --metric out for ndcg@10',
    });
  }
  return { name: chosen, ...metrics[chosen] };
}

function ndcg({ rows, labels, probability }: FoldPredictions, { judging, rows: subjects }: MeasuredPlan) {
  const { ndcg } = evaluateRanking({
    labels,
    relevance: relevanceOf(labels, judging?.relevance),
    scores: probability,
    rows,
    queryIds: subjects.queryIds,
    splitGroups: subjects.splitGroups,
    seed: 0,
    ks: [10],
    resamples: 0,
  });
  return ndcg['10'] ?? Number.NaN;
}
