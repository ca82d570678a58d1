import type { TrainingPeriod } from '@risk-scoring/contract';
import {
  type AddressLabelRows,
  createRowsLabelStrategy,
  type LabelCounts,
  type LabelNoise,
  suspectedNoise,
} from '@risk-scoring/labels';
import type { Database } from '@risk-scoring/storage';
import { scoreOutOfFold } from '../labelling/score-out-of-fold.ts';
import type { OnPipelineProgress } from '../progress.ts';
import type { AddressLabelReading } from './address-settings.ts';
import type { ModelOptions } from './model-options.ts';

/** The fewest addresses of a class that five folds can be made of. */
const FEWEST_ADDRESSES = 5;

/** What {@link findNoise} works with. */
export interface NoiseRequest {
  /** Of the labels, for messages. */
  readonly name: string;
  readonly rows: AddressLabelRows;
  readonly reading: AddressLabelReading;
  readonly counts: LabelCounts;
  readonly models: ModelOptions;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnPipelineProgress | undefined;
}

/**
 * Labels that models contradict which never saw them.
 *
 * @returns undefined where a class has fewer than five addresses
 * @throws {RiskScoringError} what a training throws up to its first model
 */
export async function findNoise(
  database: Database,
  period: TrainingPeriod,
  { name, rows, reading, counts, models, signal, onProgress }: NoiseRequest,
): Promise<LabelNoise | undefined> {
  if (Math.min(counts.addresses.suspicious, counts.addresses.normal) < FEWEST_ADDRESSES) return undefined;
  const { scores, plan } = await scoreOutOfFold(database, {
    ...models,
    period,
    modelType: 'alert_scorer',
    labelStrategy: createRowsLabelStrategy(name, rows, reading.resolving),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
  const { splitGroups, splitGroupNames } = plan.rows;
  return suspectedNoise(plan.labelSet, scores, {
    places: splitGroups,
    size: splitGroupNames.length,
    nameOf: (place) => splitGroupNames[place] ?? '',
  });
}
