import type { LabelStrategy } from '@risk-scoring/contract';
import type { ConformanceOptions } from '../conformance/conformance-case.ts';
import { describeCases } from '../conformance/describe-cases.ts';
import type { LabelStrategySubject } from './label-strategy-cases.ts';
import { labelStrategyCases } from './label-strategy-cases.ts';
import { sampleTrainingData } from './sample-training-data.ts';

/** Options of {@link describeLabelStrategy}. */
export interface LabelStrategySuiteOptions extends ConformanceOptions {
  /**
   * A period that the strategy can label, some alerts with 1 and some with 0, stored as asked; pass the
   * argument on to `makeTrainingData`. Default: a sample with address labels and labelled alerts.
   */
  readonly data?: LabelStrategySubject['makeData'];
}

/**
 * The conformance suite of label strategies, as a vitest suite: one call in a test file.
 *
 * @param name of the suite
 * @param makeStrategy makes a new instance each time
 * @throws {InvalidInputError} where a known failure names no case
 * @example
 * describeLabelStrategy('my strategy', () => createMyStrategy());
 */
export function describeLabelStrategy(
  name: string,
  makeStrategy: () => LabelStrategy | Promise<LabelStrategy>,
  options: LabelStrategySuiteOptions = {},
): void {
  const subject = { makeStrategy, makeData: options.data ?? sampleTrainingData };
  describeCases(name, { cases: labelStrategyCases, subject }, options);
}
