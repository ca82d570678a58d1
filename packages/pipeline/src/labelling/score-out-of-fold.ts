import type { FeatureMatrix } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { learningRows } from '../fit.ts';
import { settleTrainOptions, type TrainOptions } from '../train-options.ts';
import { buildTrainingFeatures } from '../training-features.ts';
import { planTraining, type TrainingPlan } from '../training-plan.ts';
import { labelledRows } from './mask.ts';
import { outOfFoldScores } from './teaching.ts';

/** What models say of the alerts of a period, none of them having learned from the alert's address. */
export interface OutOfFold {
  /** P(suspicious) per alert. */
  readonly scores: Float64Array;
  /** What was learned from; nothing is set aside. */
  readonly plan: TrainingPlan;
  readonly matrix: FeatureMatrix;
}

/**
 * Scores every alert of a period by models that learned from no row of its address: for a look at the labels, not for a model. Nothing is saved,
 * and labels are taken as the strategy derives them, without refining.
 *
 * @throws {RiskScoringError} what `trainModel` throws up to its first model
 * @example
 * const { scores, plan } = await scoreOutOfFold(database, options);
 * plan.labelSet.labels.filter((label, alert) => label === 1 && scores[alert] < 0.05); // worth a second look
 */
export async function scoreOutOfFold(database: Database, options: TrainOptions): Promise<OutOfFold> {
  const settled = settleTrainOptions(options, database.network);
  const { labelStrategy, trainer, splitter, seed, signal } = settled;
  const planned = await planTraining(database, settled.period, settled);
  const { labels } = planned.labelSet;
  const hidden = new Uint8Array(labels.length);
  const plan: TrainingPlan = {
    ...planned,
    holdout: { train: labelledRows(labels), test: new Int32Array() },
    hidden,
  };
  const { matrix } = await buildTrainingFeatures(database, plan, settled);
  const prepared = await trainer.prepare?.(matrix, learningRows({ plan, labelStrategy, trainer }));
  try {
    const context = { plan, matrix, labelStrategy, trainer, prepared, splitter, seed, signal };
    const rows = Int32Array.from(labels, (_, row) => row);
    return {
      scores: await outOfFoldScores(context, { teaching: plan.labelSet, hidden, rows }),
      plan,
      matrix,
    };
  } finally {
    await prepared?.dispose();
  }
}
