import type { ModelType } from '@risk-scoring/contract';
import type { Scores } from '@risk-scoring/onnx';

/**
 * What a model's ONNX form says, as it is served: probabilities, and of a ranker the logistic function of the raw scores, which puts them in 0..1 and makes
 * no probabilities of them.
 *
 * @example
 * servedScores('alert_ranker', { raw: Float64Array.of(0), probability: Float64Array.of(0) }); // [0.5]
 */
export function servedScores(modelType: ModelType, { probability, raw }: Scores): Float64Array {
  return modelType === 'alert_ranker' ? raw.map((score) => 1 / (1 + Math.exp(-score))) : probability;
}
