import type { FeatureMatrix } from '@risk-scoring/contract';

/** The address of a row, as it is spelt where it first stands. */
export function addressOf(matrix: FeatureMatrix, row: number): string {
  return matrix.splitGroupNames[matrix.splitGroups[row] ?? -1] ?? '';
}
