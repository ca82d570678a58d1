import type { ModelTrainer } from '@risk-scoring/contract';
import type { CompleteTrial, Direction, SearchSpace, StudyResult, TrialRecord } from '@risk-scoring/tuning';
import type { OpenSettings } from '../config/read-config.ts';
import type { TrainOptions } from '../train-options.ts';
import type { PlanCounts } from '../training-plan.ts';
import type { TuningMetric } from './metrics.ts';
import type { SamplerName } from './samplers.ts';

/** A trainer that is made anew for each trial. */
export interface TunedTrainer {
  readonly name: string;
  /** What trials have besides the parameters that they try. */
  readonly settings: OpenSettings;
  /** Makes the trainer of some settings; throws for those that it does not take. */
  readonly create: (settings: OpenSettings) => ModelTrainer;
}

/** Options of `tuneModel`: those of a training, and how to search. */
export interface TuneOptions extends Omit<TrainOptions, 'trainer'> {
  readonly trainer: TunedTrainer;
  /** What is searched; a space for the trainer by default. Dots in a name lead into maps of settings, numbers into lists. */
  readonly space?: SearchSpace | undefined;
  /** `tpe` by default. */
  readonly sampler?: SamplerName | undefined;
  /** Trials of the study in the end, those of earlier runs included; 50 by default. */
  readonly trials?: number | undefined;
  /** `auc` by default, `ndcg@10` for an alert_ranker. */
  readonly metric?: TuningMetric | undefined;
  /** Whether trials that do worse than most are ended before their last fold; true by default. */
  readonly pruning?: boolean | undefined;
  /** The file of the study; by default one under `outputDir` that is named after the training. */
  readonly study?: string | undefined;
  /** After so many seconds no further trial is begun. */
  readonly timeoutSeconds?: number | undefined;
}

/** What came of a tuning. */
export interface TuneResult {
  /** The file, absolute. */
  readonly study: string;
  /** Trials that the file had already. */
  readonly resumedTrials: number;
  /** How many were asked for. */
  readonly requestedTrials: number;
  readonly ended: StudyResult['ended'];
  readonly metric: TuningMetric;
  readonly direction: Direction;
  readonly sampler: SamplerName;
  readonly space: SearchSpace;
  readonly best: CompleteTrial;
  /** All of the study, by index. `values` are the means over the folds so far: see `foldsOf`. */
  readonly trials: readonly TrialRecord[];
  /** Settings of the trainer with the best parameters. */
  readonly settings: OpenSettings;
  /** What was learned from and set aside; the holdout is of no trial. */
  readonly counts: PlanCounts;
}

/**
 * The figure of each fold that a trial was judged on. A study keeps the running means, which is what pruning compares; the last fold of a
 * complete trial follows from its value.
 *
 * @example
 * foldsOf({ state: 'complete', values: [0.8, 0.85], value: 0.9, … }); // [0.8, 0.9, 1]
 */
export function foldsOf(trial: TrialRecord): number[] {
  const means = trial.state === 'complete' ? [...trial.values, trial.value] : trial.values;
  return means.map((mean, fold) => mean * (fold + 1) - (means[fold - 1] ?? 0) * fold);
}
