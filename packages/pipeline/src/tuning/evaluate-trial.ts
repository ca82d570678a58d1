import type { ModelTrainer } from '@risk-scoring/contract';
import type { TrialContext } from '@risk-scoring/tuning';
import { learningRows, type TrainingContext } from '../fit.ts';
import { guardTrainer } from '../guards/guard-trainer.ts';
import { crossValidatePlan } from '../train-and-judge.ts';
import type { SettledTrainOptions } from '../train-options.ts';
import type { TrainingFeatures } from '../training-features.ts';
import type { TrainingPlan } from '../training-plan.ts';
import type { FoldMetric } from './metrics.ts';

/** What all trials share. */
export interface TrialSubject {
  readonly settled: SettledTrainOptions;
  readonly plan: TrainingPlan;
  readonly features: TrainingFeatures;
  readonly metric: FoldMetric;
}

/**
 * The mean of the metric over the folds of the training part, of models of one trainer; rows of the holdout are neither learned from nor predicted.
 * After each fold but the last the mean so far is a step of the trial.
 *
 * @throws {TrialPruned} from `step`: after it nothing of the trial is left in memory
 * @example
 * const auc = await evaluateTrial({ settled, plan, features, metric }, trainer, { step: () => undefined, signal });
 */
export async function evaluateTrial(
  { settled, plan, features, metric }: TrialSubject,
  made: ModelTrainer,
  { step, signal }: Pick<TrialContext, 'step' | 'signal'>,
): Promise<number> {
  const { matrix, hideLabelsOf } = features;
  const { labelStrategy, splitter, seed, cvFolds } = settled;
  const trainer = guardTrainer(made);
  const rows = learningRows({ plan, labelStrategy, trainer });
  // Where columns come from labels, each fold prepares its own.
  const prepared = hideLabelsOf ? undefined : await trainer.prepare?.(matrix, rows);
  const context: TrainingContext = {
    plan,
    matrix,
    labelStrategy,
    trainer,
    prepared,
    splitter,
    seed,
    signal,
  };
  let sum = 0;
  let folds = 0;
  try {
    await crossValidatePlan(
      { settled: { ...settled, trainer }, plan, features, context },
      {
        measure: (fold) => metric.measure(fold, plan),
        onFold(value, fold) {
          sum += value;
          folds++;
          if (fold < cvFolds - 1) step(sum / folds);
        },
      },
    );
    return sum / folds;
  } finally {
    await prepared?.dispose();
  }
}
