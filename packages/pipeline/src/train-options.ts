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
import type { ThresholdRule } from '@risk-scoring/evaluation';
import { validatePeriod } from '@risk-scoring/extraction';
import type { ClusterLabelOptions } from '@risk-scoring/labels';
import { validateModelVersion } from '@risk-scoring/model-storage';
import { assertNetwork } from './assert-network.ts';
import type { CalibrationChoice } from './calibration.ts';
import { guardSplitter } from './guards/guard-splitter.ts';
import { guardTrainer } from './guards/guard-trainer.ts';
import type { OnPipelineProgress } from './progress.ts';
import { assertFitsModelType, defaultGroupsOf, type Grouping } from './training-subject.ts';

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
  /** What a split keeps together: the rows of an address (default), or of all addresses that stand in one cluster. */
  readonly groupBy?: Grouping;
  /** When a cluster is suspicious; for a cluster_scorer. By default when one member is. */
  readonly clusterLabels?: ClusterLabelOptions;
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
  /** How scores become probabilities: `auto` (default) takes what has the lowest Brier score on the folds. */
  readonly calibration?: CalibrationChoice;
  /** From which score on an alert is flagged; the best F1 on the folds by default. */
  readonly thresholdRule?: ThresholdRule;
  /** Go on where the leakage checks find something; the metadata says so. */
  readonly allowLeakage?: boolean;
  /** Besides, train on shuffled labels, which must come out at chance. */
  readonly permutationTest?: boolean;
  /** Save a model of all labelled rows, trained as long as the judged one; the figures stay those of the judged one. */
  readonly refitAll?: boolean;
  /** Bytes that the training may take; what is free by default. */
  readonly memoryLimit?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnPipelineProgress;
}

/** Options with every default filled in. */
export type SettledTrainOptions = TrainOptions &
  Required<
    Pick<
      TrainOptions,
      | 'testFraction'
      | 'cvFolds'
      | 'featureGroups'
      | 'groupBy'
      | 'clusterLabels'
      | 'calibration'
      | 'thresholdRule'
      | 'allowLeakage'
      | 'permutationTest'
      | 'refitAll'
    >
  >;

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
  assertFitsModelType(options);
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
    splitter: guardSplitter(splitter),
    trainer: guardTrainer(trainer),
    testFraction: options.testFraction ?? 0.2,
    cvFolds: options.cvFolds ?? 5,
    featureGroups: options.featureGroups ?? defaultGroupsOf(modelType),
    groupBy: options.groupBy ?? 'address',
    clusterLabels: options.clusterLabels ?? {},
    calibration: options.calibration ?? 'auto',
    thresholdRule: options.thresholdRule ?? { by: 'f1' },
    allowLeakage: options.allowLeakage ?? false,
    permutationTest: options.permutationTest ?? false,
    refitAll: options.refitAll ?? false,
  };
}
