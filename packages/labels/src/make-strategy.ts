import {
  type LabelSet,
  type LabelStrategy,
  SPECIFICATION_VERSION,
  throwIfCancelled,
} from '@risk-scoring/contract';
import { validateLabelSet } from './validate-label-set.ts';

/** What is particular to a strategy; the rest is the same for all of them. */
export type StrategyParts = Pick<LabelStrategy, 'name' | 'settings' | 'requires' | 'deriveLabels'> &
  Partial<Pick<LabelStrategy, 'columns' | 'definedBy' | 'unsupervised' | 'refineLabels'>>;

/**
 * A whole strategy from what is particular to it: the version, the check of its results, weights as they are, and a first look
 * whether it was cancelled.
 */
export function makeStrategy(parts: StrategyParts): LabelStrategy {
  return {
    ...parts,
    specificationVersion: SPECIFICATION_VERSION,
    async deriveLabels(alerts, data, context) {
      throwIfCancelled(context.signal, 'labelling the alerts');
      return parts.deriveLabels(alerts, data, context);
    },
    validateLabels: (labelSet: LabelSet) => validateLabelSet(parts.name, labelSet),
    getLabelWeights: (labelSet: LabelSet) => labelSet.weights,
  };
}
