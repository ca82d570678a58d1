import { createRequire } from 'node:module';
import type { ModelDescription } from '@risk-scoring/contract';
import type { OnnxCombination } from '@risk-scoring/onnx';

/**
 * What an ensemble says of itself: trees and splits are sums over the members, the best iteration is the longest. Importances are the mean of the
 * members' shares by weight, or by size of the coefficient, and sum to 1.
 */
export function describeEnsemble(
  {
    combine,
    ...own
  }: Pick<ModelDescription, 'hyperparameters' | 'featureNames'> & { combine: OnnxCombination },
  members: readonly ModelDescription[],
): ModelDescription {
  const splits = members.map((member) => member.splits).filter((list) => list !== undefined);
  return {
    hyperparameters: own.hyperparameters,
    featureNames: own.featureNames,
    numTrees: members.reduce((sum, { numTrees }) => sum + numTrees, 0),
    bestIteration: Math.max(...members.map(({ bestIteration }) => bestIteration)),
    importances: meanShares(members, sharesOf(combine), own.featureNames.length),
    ...(splits.length === members.length
      ? { splits: own.featureNames.map((_, i) => splits.reduce((sum, list) => sum + list[i], 0)) }
      : {}),
    members,
    libraries: {
      ...Object.assign({}, ...members.map(({ libraries }) => libraries)),
      '@risk-scoring/trainer-ensemble': packageVersion(),
    },
  };
}

/** How much say each member has; alike where none has any. */
function sharesOf(combine: OnnxCombination): readonly number[] {
  const shares = combine.method === 'stacking' ? combine.coefficients.map(Math.abs) : combine.weights;
  return shares.some((share) => share > 0) ? shares : shares.map(() => 1);
}

function meanShares(
  members: readonly ModelDescription[],
  shares: readonly number[],
  columns: number,
): readonly number[] {
  const mean = new Array<number>(columns).fill(0);
  for (const [i, { importances }] of members.entries()) {
    const total = sumOf(importances);
    if (total > 0)
      for (const [column, gain] of importances.entries()) mean[column] += (shares[i] * gain) / total;
  }
  const total = sumOf(mean);
  return total > 0 ? mean.map((share) => share / total) : mean;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function packageVersion(): string {
  const require = createRequire(import.meta.url);
  const { version } = require('@risk-scoring/trainer-ensemble/package.json') as { version: string };
  return version;
}
