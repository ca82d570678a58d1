import {
  CancelledError,
  InvalidInputError,
  type LabelKind,
  type LabelStrategy,
  RiskScoringError,
} from '@risk-scoring/contract';
import { createAddressLabelStrategy, LABEL_STRATEGIES } from '@risk-scoring/labels';
import type { ModelMetadata } from '@risk-scoring/model-storage';
import { createBuiltIn } from '../label-strategies/index.ts';

/** The strategy by whose labels a saved model is judged again, and how it came to be this one. */
export interface JudgingStrategy {
  readonly strategy: LabelStrategy;
  /** `model`: the one that judged it in training; `caller`: one that was handed in; `reference`: `address`, in place of the model's own. */
  readonly from: 'model' | 'caller' | 'reference';
  /** Only labels of this kind judge; undefined where all do. */
  readonly only?: LabelKind;
  /** Why the reference judges; absent otherwise. */
  readonly reason?: string;
}

/**
 * The strategy that judged a model in its training, made again by its name and settings. Only built-in strategies are: a model's metadata may come
 * from elsewhere, and names no code that is run. The reference `address` stands in for all others.
 *
 * @example
 * const { strategy, from } = await judgingStrategyOf(metadata); // from: 'model'
 */
export async function judgingStrategyOf(metadata: Pick<ModelMetadata, 'labels'>): Promise<JudgingStrategy> {
  const judged = metadata.labels?.judged_by ?? null;
  if (judged === null) return referenceStrategy('no labels judged the model in its training');
  try {
    const strategy = await builtIn(judged.strategy, judged.settings);
    // Where a strategy's own true labels judged, what it made up beside them did not.
    return judged.own && judged.kind === 'true'
      ? { strategy, from: 'model', only: 'true' }
      : { strategy, from: 'model' };
  } catch (cause) {
    if (!RiskScoringError.isInstance(cause) || cause instanceof CancelledError) throw cause;
    return referenceStrategy(
      `'${judged.strategy}', which judged the model, cannot be made again: ${cause.summary}`,
    );
  }
}

/** `address` without settings, as what judges where there is nothing else. */
export function referenceStrategy(reason: string): JudgingStrategy {
  return { strategy: createAddressLabelStrategy(), from: 'reference', reason };
}

async function builtIn(name: string, settings: Readonly<Record<string, unknown>>): Promise<LabelStrategy> {
  const definition = LABEL_STRATEGIES.find((each) => each.name === name);
  if (definition === undefined) {
    throw new InvalidInputError({
      what: 'The label strategy of a saved model',
      expected: `one of ${LABEL_STRATEGIES.map((each) => each.name).join(', ')}`,
      found: name,
    });
  }
  return createBuiltIn(definition, settings, { surroundings: { folder: process.cwd(), load: builtIn } });
}
