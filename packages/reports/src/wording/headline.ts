import type { ModelMetadata } from '@risk-scoring/model-storage';
import { count, figure } from './numbers.ts';
import { wordsOf } from './words.ts';

/** A figure of the holdout. */
export interface Headline {
  readonly name: string;
  readonly value: number | null;
  readonly interval: readonly [number, number] | null;
  /** What it says, as half a sentence. */
  readonly meaning: string;
}

type Interval = readonly [number, number] | undefined;

/** Every figure of the holdout, the most telling first; empty where nothing judged. */
export function headlines(metadata: ModelMetadata): Headline[] {
  const ranker = metadata.model_type === 'alert_ranker';
  const binary = binaryHeadlines(metadata);
  const ranking = rankingHeadlines(metadata);
  return ranker ? [...ranking, ...binary] : [...binary, ...ranking];
}

/** The few that stand on top. */
export function mainHeadlines(metadata: ModelMetadata): Headline[] {
  const all = headlines(metadata);
  const wanted =
    metadata.model_type === 'alert_ranker'
      ? [/^NDCG/, /^precision@/, /^MAP/, /^AUC/]
      : [/^AUC/, /^PR-AUC/, /^Brier/, /^precision@/];
  return wanted.flatMap((pattern) => all.find(({ name }) => pattern.test(name)) ?? []).slice(0, 4);
}

function binaryHeadlines({ metrics }: ModelMetadata): Headline[] {
  if (metrics.test_auc === null) return [];
  const bounds = new Map<string, Interval>(Object.entries(metrics.test_intervals));
  const row = (name: string, [value, key]: readonly [number | null, string], meaning: string): Headline => ({
    name,
    value,
    interval: bounds.get(key) ?? null,
    meaning,
  });
  const chosen = metrics.test_at_threshold;
  const threshold = figure(metrics.test_threshold ?? 0.5);
  return [
    row(
      'AUC',
      [metrics.test_auc, 'auc'],
      'a suspicious one is ranked above a normal one this often; 0.5 is chance',
    ),
    row(
      'PR-AUC',
      [metrics.test_pr_auc, 'pr_auc'],
      `average precision down the ranking; chance gives ${figure(metrics.test_positive_rate)}`,
    ),
    row(
      'Brier',
      [metrics.test_brier, 'brier'],
      `mean squared error of the probabilities; ${baseBrier(metrics.test_positive_rate)}`,
    ),
    row(
      'log loss',
      [metrics.test_log_loss, 'log_loss'],
      'how surprised the probabilities were; lower is better',
    ),
    ...(typeof metrics.test_ece === 'number'
      ? [
          row(
            'ECE',
            [metrics.test_ece, 'ece'],
            'how far probabilities are from the shares that come true; 0 is exact. Samples of it come out higher, so its interval lies high',
          ),
        ]
      : []),
    row(
      `precision at ${threshold}`,
      [metrics.test_precision, 'precision'],
      'of those scored that or more, this share is suspicious',
    ),
    row(
      `recall at ${threshold}`,
      [metrics.test_recall, 'recall'],
      'of suspicious ones, this share is found there',
    ),
    row(`F1 at ${threshold}`, [metrics.test_f1, 'f1'], 'harmonic mean of the two'),
    ...(chosen
      ? [
          {
            name: 'precision at the chosen threshold',
            value: chosen.flagged === 0 ? null : chosen.precision,
            interval: chosen.intervals?.precision ?? null,
            meaning: `${figure(chosen.threshold)} or more: ${count(chosen.flagged)} flagged`,
          },
          {
            name: 'recall at the chosen threshold',
            value: chosen.recall,
            interval: chosen.intervals?.recall ?? null,
            meaning: 'of suspicious ones, this share is found there',
          },
        ]
      : []),
  ];
}

function baseBrier(rate: number | null): string {
  return rate === null
    ? 'lower is better'
    : `always saying the share of suspicious ones gives ${figure(rate * (1 - rate))}`;
}

/** In full for a ranker, the top of the list for others. */
function rankingHeadlines(metadata: ModelMetadata): Headline[] {
  const { test_ranking: ranking } = metadata.metrics;
  if (!ranking) return [];
  const { subject } = wordsOf(metadata);
  const { intervals } = ranking;
  const ranker = metadata.model_type === 'alert_ranker';
  const shown = <T>(entries: readonly T[]) => (ranker ? entries : entries.slice(0, 1));
  const bounds = (of: Readonly<Record<string, [number, number]>> | undefined) =>
    new Map<string, Interval>(Object.entries(of ?? {}));
  const ndcg = bounds(intervals?.ndcg);
  const precision = bounds(intervals?.precision_at_k);
  return [
    ...shown(Object.entries(ranking.ndcg)).map(([k, value]) => ({
      name: `NDCG@${k}`,
      value,
      interval: ndcg.get(k) ?? null,
      meaning: `order of the first ${k} within a snapshot, by relevance; 1 is perfect`,
    })),
    ...shown(Object.entries(ranking.precision_at_k)).map(([k, value]) => ({
      name: `precision@${k}`,
      value,
      interval: precision.get(k) ?? null,
      meaning: `of the first ${k} ${subject} of a snapshot's holdout, this share is suspicious`,
    })),
    ...(ranker
      ? [
          {
            name: 'MAP',
            value: ranking.map,
            interval: intervals?.map ?? null,
            meaning: 'mean average precision within a snapshot',
          },
        ]
      : []),
  ];
}
