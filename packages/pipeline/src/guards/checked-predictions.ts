import type { FeatureMatrix, ModelTrainer, PredictOptions, TrainedModel } from '@risk-scoring/contract';
import { TrainerBrokeContractError } from './errors.ts';

/**
 * A model's predictions of some rows, when they are what the contract promises: one finite number per row, and probabilities within 0..1.
 *
 * @throws {TrainerBrokeContractError} naming the first that is not
 */
export async function checkedPredictions(
  { trainer, ranks = false }: { readonly trainer: Pick<ModelTrainer, 'name'>; readonly ranks?: boolean },
  model: TrainedModel,
  { data, ...options }: { readonly data: FeatureMatrix; readonly rows: Int32Array } & PredictOptions,
): Promise<Float64Array> {
  const scores: unknown = await model.predict(data, options);
  const broken = (expected: string, found: string) =>
    new TrainerBrokeContractError({ trainer: trainer.name, expected, found });
  const { rows, output = 'probability' } = options;
  if (!(scores instanceof Float64Array))
    throw broken('a Float64Array of scores', `${Object.prototype.toString.call(scores)}`);
  if (scores.length !== rows.length)
    throw broken(`${rows.length} scores, one per row`, `${scores.length} scores`);
  const isProbability = output === 'probability' && !ranks;
  const wrong = scores.findIndex(
    (score) => !Number.isFinite(score) || (isProbability && (score < 0 || score > 1)),
  );
  if (wrong >= 0) {
    throw broken(
      isProbability ? 'probabilities within 0..1' : 'finite scores',
      `${scores[wrong]} for row ${rows[wrong]} of the matrix`,
    );
  }
  return scores;
}
