import { type LabelStrategy, readTextColumn, type TrainingPeriod } from '@risk-scoring/contract';
import { extractTrainingData } from '@risk-scoring/extraction';
import { countLabels, createAddressIndex, type LabelCounts, readsOf } from '@risk-scoring/labels';
import type { Database } from '@risk-scoring/storage';
import type { Table } from 'apache-arrow';
import { type DerivedLabels, deriveLabels } from '../labelling/derive-labels.ts';
import type { OnPipelineProgress } from '../progress.ts';
import { type OpenPeriod, periodOf } from './period-of.ts';

/** What label strategies are tried with. */
export interface StrategyTrialOptions {
  readonly period: OpenPeriod;
  readonly labelStrategy: LabelStrategy;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnPipelineProgress | undefined;
}

/** What a strategy makes of a period. */
export interface LabelStatistics {
  readonly strategy: Pick<LabelStrategy, 'name' | 'settings'>;
  readonly period: TrainingPeriod;
  readonly counts: LabelCounts;
  /** What the strategy says of its own work: rows read, conflicts settled, how far its parts agree … */
  readonly report: Readonly<Record<string, unknown>>;
}

/**
 * Lets a strategy label the alerts of a period, as a training would, and counts what it said. Labels that it would refine with the help of models
 * are counted as they are before. Nothing is written.
 *
 * @throws {NoAlertsFoundError} when the period holds no alert
 * @throws {RiskScoringError} what the strategy throws, or when its labels break the contract
 * @example
 * const { counts } = await labelStatistics(database, { period: { windowDays: 30 }, labelStrategy: labelStrategyByName('proxy'), seed: 42 });
 * counts.suspicious_share.alerts;
 */
export async function labelStatistics(
  database: Database,
  options: StrategyTrialOptions,
): Promise<LabelStatistics> {
  const { strategy, period, alerts, labelSet, weights } = await tryStrategy(database, options);
  const index = createAddressIndex();
  const places = index.add(readTextColumn(alerts, 'address'));
  const counts = countLabels(alerts, { ...labelSet, weights }, { places, size: index.size });
  return { strategy, period, counts, report: labelSet.report ?? {} };
}

/** The alerts of a period, with date, address and typology, and a strategy's labels of them. */
export async function tryStrategy(
  database: Database,
  { period: open, labelStrategy, seed, signal, onProgress }: StrategyTrialOptions,
): Promise<DerivedLabels & Pick<LabelStatistics, 'strategy' | 'period'> & { readonly alerts: Table }> {
  const period = await periodOf(database, open);
  const { requires, columns = {} } = readsOf([labelStrategy]);
  const { data } = await extractTrainingData(database, period, {
    tables: requires,
    columns: {
      ...columns,
      ...(columns.alerts === undefined ? {} : { alerts: [...columns.alerts, 'typology_type'] }),
    },
    ...(signal ? { signal } : {}),
    onProgress: (progress) => onProgress?.({ stage: 'extract', ...progress }),
  });
  const derived = await deriveLabels(labelStrategy, data, { seed, signal });
  onProgress?.({ stage: 'label', done: 1, total: 1, detail: `by ${labelStrategy.name}` });
  const { name, settings } = labelStrategy;
  return { ...derived, alerts: data.alerts, period, strategy: { name, settings } };
}
