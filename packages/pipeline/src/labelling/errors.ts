import { RiskScoringError } from '@risk-scoring/contract';

/** A label strategy that failed by an error of its own. Nothing was written. */
export class LabelStrategyFailedError extends RiskScoringError {
  constructor(parts: { readonly strategy: string; readonly doing: string; readonly cause: unknown }) {
    super({
      code: 'LABEL_STRATEGY_FAILED',
      category: 'input',
      summary: `The label strategy '${parts.strategy}' failed while ${parts.doing}.`,
      expected: 'a label set, or an error that says what is wrong with the data',
      found:
        parts.cause instanceof Error ? `${parts.cause.name}: ${parts.cause.message}` : String(parts.cause),
      remedy: 'mend the strategy; describeLabelStrategy() of @risk-scoring/testkit shows where it fails',
      cause: parts.cause,
    });
  }
}

/** A label strategy that wrote into the tables it was given: whatever reads them next would see other data. */
export class LabelStrategyWroteError extends RiskScoringError {
  constructor(parts: { readonly strategy: string; readonly tables: readonly string[] }) {
    super({
      code: 'LABEL_STRATEGY_WROTE',
      category: 'input',
      summary: `The label strategy '${parts.strategy}' changed the data that it was given.`,
      expected: 'tables that are read and never written into',
      found: `other values in ${parts.tables.join(', ')}`,
      remedy: 'mend the strategy: let it copy what it wants to change',
    });
  }
}

/** What a stranger's code threw or returned, in words, whatever it is. */
export function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === 'object' && value !== null)
    return `an object (${Object.prototype.toString.call(value)})`;
  return typeof value === 'function' ? 'a function' : String(value);
}
