import type { ModelTrainer } from '@risk-scoring/contract';
import type { ConformanceCase, ConformanceOptions } from '../conformance/conformance-case.ts';
import { describeCases } from '../conformance/describe-cases.ts';
import { artifactCases } from './artifact-cases.ts';
import { counterWeightCases } from './counter-weight-cases.ts';
import { learningCases } from './learning-cases.ts';
import { predictionCases } from './prediction-cases.ts';
import { progressCases } from './progress-cases.ts';
import type { ScoreOnnx, TrainerSubject } from './trainer-subject.ts';
import { makeTrainingProblem } from './training-problem.ts';
import { unsupervisedCases } from './unsupervised-cases.ts';

/** What the contract promises of every model trainer and its models. */
export const supervisedCases: readonly ConformanceCase<TrainerSubject>[] = [
  ...artifactCases,
  ...learningCases,
  ...counterWeightCases,
  ...predictionCases,
  ...progressCases,
];

/** Those, and what is promised of trainers that learn without labels. */
export const modelTrainerCases: readonly ConformanceCase<TrainerSubject>[] = [
  ...supervisedCases,
  ...unsupervisedCases,
];

/** Options of {@link describeModelTrainer}. */
export interface ModelTrainerSuiteOptions extends ConformanceOptions {
  /**
   * Scores the ONNX artifact: a probability per row of the matrix, which has to agree with the native one. Without it
   * that case is skipped.
   */
  readonly scoreOnnx?: ScoreOnnx;
  /** The least area under the ROC curve on held-out rows; a perfect model of the problem has about 0.95. Default 0.8. */
  readonly minimumAuc?: number;
  /** Rows of the problem that is watched and stopped while it is trained. Default 20,000. */
  readonly longRows?: number;
}

/**
 * The conformance suite of model trainers, as a vitest suite: one call in a test file.
 *
 * @param name of the suite
 * @param makeTrainer makes a new instance each time; small hyperparameters keep the suite fast
 * @throws {InvalidInputError} where a known failure names no case
 * @example
 * describeModelTrainer('my trainer', () => createMyTrainer({ iterations: 50 }), {
 *   knownFailures: { 'leaves the event loop free while it trains': 'the library has no other thread' },
 * });
 */
export function describeModelTrainer(
  name: string,
  makeTrainer: () => ModelTrainer | Promise<ModelTrainer>,
  options: ModelTrainerSuiteOptions = {},
): void {
  const subject = trainerSubject(makeTrainer, options);
  describeCases(name, { cases: modelTrainerCases, subject }, options);
}

/** The subject of a suite with these options. */
export function trainerSubject(
  makeTrainer: TrainerSubject['makeTrainer'],
  { scoreOnnx, minimumAuc = 0.8, longRows = 20_000 }: ModelTrainerSuiteOptions,
): TrainerSubject {
  return {
    makeTrainer,
    makeProblem: () => makeTrainingProblem(),
    makeLongProblem: () => makeTrainingProblem({ rows: longRows }),
    scoreOnnx,
    minimumAuc,
  };
}
