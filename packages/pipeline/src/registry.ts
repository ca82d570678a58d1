import {
  assertSpecificationVersion,
  InvalidInputError,
  type LabelStrategy,
  MODEL_TYPES,
  type ModelTrainer,
  type ModelType,
  type Splitter,
} from '@risk-scoring/contract';
import { createAddressSplitter } from '@risk-scoring/evaluation';
import { createAddressLabelStrategy } from '@risk-scoring/labels';
import { createLightGBMTrainer } from '@risk-scoring/trainers';

const labelStrategies: Readonly<Record<string, () => LabelStrategy>> = {
  address: () => createAddressLabelStrategy(),
};
const trainers: Readonly<Record<string, () => ModelTrainer>> = { lightgbm: () => createLightGBMTrainer() };
const splitters: Readonly<Record<string, () => Splitter>> = { address: createAddressSplitter };

/** The names that `--label-strategy`, `--trainer` and `--split` take. */
export const AVAILABLE = {
  labelStrategies: Object.keys(labelStrategies),
  trainers: Object.keys(trainers),
  splitters: Object.keys(splitters),
} as const;

/**
 * The label strategy of a name.
 *
 * @throws {InvalidInputError} naming those that exist
 */
export function labelStrategyByName(name: string): LabelStrategy {
  return pick(labelStrategies, name, 'label strategy');
}

/**
 * The trainer of a name, for a model type.
 *
 * @throws {InvalidInputError} naming those that exist, or the model types that the trainer can train
 */
export function trainerByName(name: string, modelType: ModelType): ModelTrainer {
  const trainer = pick(trainers, name, 'trainer');
  if (!trainer.modelTypes.includes(modelType)) {
    throw new InvalidInputError({
      what: `The model type for the trainer '${name}'`,
      expected: trainer.modelTypes.join(', '),
      found: modelType,
    });
  }
  return trainer;
}

/**
 * The splitter of a name.
 *
 * @throws {InvalidInputError} naming those that exist
 */
export function splitterByName(name: string): Splitter {
  return pick(splitters, name, 'split');
}

/**
 * A model type from text.
 *
 * @throws {InvalidInputError} naming those that exist
 */
export function parseModelType(text: string): ModelType {
  const found = MODEL_TYPES.find((type) => type === text);
  if (found) return found;
  throw new InvalidInputError({
    what: 'The model type',
    expected: `one of ${MODEL_TYPES.join(', ')}`,
    found: text,
  });
}

function pick<T>(known: Readonly<Record<string, () => T>>, name: string, kind: string): T {
  if (!Object.hasOwn(known, name)) {
    throw new InvalidInputError({
      what: `The ${kind}`,
      expected: `one of ${Object.keys(known).join(', ')}`,
      found: name,
    });
  }
  const made = known[name]?.();
  assertSpecificationVersion(made, kind);
  return made as T;
}
