import { type ModuleProblem, ModuleSourceError, RiskScoringError } from '@risk-scoring/contract';

/** A name, path, module or package that gives no label strategy. */
export class LabelStrategySourceError extends ModuleSourceError {
  constructor(problem: ModuleProblem) {
    super({ code: 'LABEL_STRATEGY_SOURCE', what: 'label strategy', ...problem });
  }
}

/** What came from a module or package is no label strategy, or could not be made. */
export class LabelStrategyError extends RiskScoringError {
  constructor(parts: {
    readonly origin: string;
    readonly expected: string;
    readonly found: string;
    readonly remedy?: string;
    readonly cause?: unknown;
  }) {
    super({
      code: 'LABEL_STRATEGY_INVALID',
      category: 'input',
      summary: `The label strategy of ${parts.origin} cannot be used.`,
      expected: parts.expected,
      found: parts.found,
      remedy:
        parts.remedy ??
        'mend the strategy; describeLabelStrategy() of @risk-scoring/testkit shows all that it must do',
      cause: parts.cause,
    });
  }
}
