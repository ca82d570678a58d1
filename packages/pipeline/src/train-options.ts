import {
  assertSpecificationVersion,
  type FeatureGroup,
  InvalidInputError,
  type LabelStrategy,
  type ModelTrainer,
  type ModelType,
  type Splitter,
  type TrainingPeriod,
} from '@risk-scoring/contract';
import { validatePeriod } from '@risk-scoring/extraction';
import { DEFAULT_GROUPS } from '@risk-scoring/features';
import { validateModelVersion } from '@risk-scoring/model-storage';
import { assertNetwork } from './assert-network.ts';
import type { OnPipelineProgress } from './progress.ts';

/** Options of `trainModel`. */
export interface TrainOptions {
  readonly period: TrainingPeriod;
  readonly modelType: ModelType;
  readonly labelStrategy: LabelStrategy;
  /**
   * Labels to judge by, whatever the model learns from. By default the strategy's own true labels; where it has none, those of the address
   * strategy; where there are none either, what the strategy made up.
   */
  readonly evaluationLabels?: LabelStrategy;
  readonly trainer: ModelTrainer;
  readonly splitter: Splitter;
  /** Feature groups in place of the default ones; scoring must be given the same. */
  readonly featureGroups?: readonly FeatureGroup[];
  /** Models go to `{outputDir}/{network}/`. */
  readonly outputDir: string;
  /** `1.0.0` */
  readonly modelVersion: string;
  readonly seed: number;
  /** Share of the labelled rows that the model is judged on; 0.2 by default. */
  readonly testFraction?: number;
  /** Folds of the cross-validation on the training part; 5 by default. */
  readonly cvFolds?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnPipelineProgress;
}

/** Options with every default filled in. */
export type SettledTrainOptions = TrainOptions & {
  readonly testFraction: number;
  readonly cvFolds: number;
  readonly featureGroups: readonly FeatureGroup[];
};

/**
 * Fills in the defaults and checks what can be checked before the database is asked.
 *
 * @param network the network of the database at hand
 * @throws {InvalidInputError} for a period, version or seed that cannot be meant, or a trainer of other model types
 * @throws {UnsupportedSpecificationError} for a strategy, trainer or splitter of another contract
 */
export function settleTrainOptions(options: TrainOptions, network: string): SettledTrainOptions {
  const { labelStrategy, evaluationLabels, trainer, splitter, modelType } = options;
  validatePeriod(options.period);
  validateModelVersion(options.modelVersion);
  assertSpecificationVersion(labelStrategy, 'LabelStrategy');
  if (evaluationLabels) assertSpecificationVersion(evaluationLabels, 'LabelStrategy');
  assertSpecificationVersion(trainer, 'ModelTrainer');
  assertSpecificationVersion(splitter, 'Splitter');
  if (!trainer.modelTypes.includes(modelType)) {
    throw new InvalidInputError({
      what: `The model type for the trainer '${trainer.name}'`,
      expected: trainer.modelTypes.join(', '),
      found: modelType,
    });
  }
  if (labelStrategy.unsupervised === true && trainer.unsupervised !== true) {
    throw new InvalidInputError({
      what: `The trainer '${trainer.name}' for the label strategy '${labelStrategy.name}'`,
      expected: 'a trainer that learns without labels, as isolation-forest does',
      found: `'${trainer.name}'`,
      remedy: 'write --trainer isolation-forest, or choose a strategy that labels alerts',
    });
  }
  assertNetwork(options.period, network);
  if (!Number.isInteger(options.seed) || options.seed < 0 || options.seed > 2 ** 31 - 2) {
    throw new InvalidInputError({
      what: 'The seed',
      expected: 'a whole number from 0 to 2147483646',
      found: options.seed,
      remedy: 'write --seed 42',
    });
  }
  return {
    ...options,
    testFraction: options.testFraction ?? 0.2,
    cvFolds: options.cvFolds ?? 5,
    featureGroups: options.featureGroups ?? DEFAULT_GROUPS,
  };
}
