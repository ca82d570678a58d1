import type { SplitRequest } from '@risk-scoring/contract';
import { createRandom, UNLABELLED } from '@risk-scoring/contract';
import type { FeatureMatrixOptions } from './make-feature-matrix.ts';
import { makeFeatureMatrix } from './make-feature-matrix.ts';

/**
 * Makes rows to be split: those of {@link makeFeatureMatrix}, of which one address in ten is unlabelled and so not
 * among `rows`.
 *
 * @example
 * const { train, test } = splitter.holdout(makeSplitRequest(1), 0.2);
 */
export function makeSplitRequest(seed: number, options: FeatureMatrixOptions = {}): SplitRequest {
  const { data, labels } = makeFeatureMatrix(seed, { snapshots: 12, ...options });
  const random = createRandom(seed, 'testkit-split');
  const isUnlabelled = data.splitGroupNames.map(() => random.next() < 0.1);
  for (let row = 0; row < data.rows; row++) if (isUnlabelled[data.splitGroups[row]]) labels[row] = UNLABELLED;
  const all = Int32Array.from({ length: data.rows }, (_, row) => row);
  return {
    rows: all.filter((row) => labels[row] !== UNLABELLED),
    keys: data.keys,
    labels,
    splitGroups: data.splitGroups,
    seed,
  };
}
