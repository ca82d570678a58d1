// Finds out before a training whether its model could be served.
import { RiskScoringError } from '@risk-scoring/contract';
import { assertConvertibleParameters } from '@risk-scoring/onnx';

try {
  assertConvertibleParameters({ objective: 'binary', num_leaves: 63, linear_trees: true });
} catch (error) {
  if (!RiskScoringError.isInstance(error)) throw error;
  console.error(error.code, error.remedy); // UNCONVERTIBLE_PARAMETERS leave out 'linear_trees'
}
