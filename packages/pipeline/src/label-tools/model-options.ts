import { InvalidInputError } from '@risk-scoring/contract';
import type { TrainOptions } from '../train-options.ts';

/** How the models are trained that labels are looked at with. */
export type ModelOptions = Omit<
  TrainOptions,
  'period' | 'modelType' | 'labelStrategy' | 'evaluationLabels' | 'signal' | 'onProgress'
>;

/**
 * Refuses models that learn nothing from labels.
 *
 * @throws {InvalidInputError} naming the trainer
 */
export function assertLearnsFromLabels({ trainer }: Pick<ModelOptions, 'trainer'>): void {
  if (trainer.unsupervised !== true) return;
  throw new InvalidInputError({
    what: `The trainer '${trainer.name}'`,
    expected: 'a trainer that learns from labels, as lightgbm does',
    found: 'one that needs none',
    remedy: 'write --trainer lightgbm',
  });
}
