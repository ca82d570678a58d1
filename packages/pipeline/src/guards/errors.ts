import { RiskScoringError } from '@risk-scoring/contract';

/** A trainer, or its model, returned what the contract does not allow, or changed what it may only read. */
export class TrainerBrokeContractError extends RiskScoringError {
  constructor(parts: { trainer: string; expected: string; found: string }) {
    super({
      code: 'TRAINER_BROKE_CONTRACT',
      category: 'model',
      summary: `The trainer '${parts.trainer}' did what it must not.`,
      expected: parts.expected,
      found: parts.found,
      remedy: 'mend the trainer; describeModelTrainer of @risk-scoring/testkit shows what it has to keep',
    });
  }
}

/** A trainer, or its model, threw something of its own. */
export class TrainerFailedError extends RiskScoringError {
  constructor({ trainer, doing, cause }: { trainer: string; doing: string; cause: unknown }) {
    super({
      code: 'TRAINER_FAILED',
      category: 'model',
      summary: `The trainer '${trainer}' failed while ${doing}.`,
      expected: 'an answer, or a RiskScoringError that says what to do',
      found: describeThrown(cause),
      remedy: 'mend the trainer, or choose another one',
      cause,
    });
  }
}

/** A splitter returned what the contract does not allow, or threw something of its own. */
export class SplitterBrokeContractError extends RiskScoringError {
  constructor(parts: { splitter: string; expected: string; found: string; cause?: unknown }) {
    super({
      code: 'SPLITTER_BROKE_CONTRACT',
      category: 'model',
      summary: `The splitter '${parts.splitter}' did what it must not.`,
      expected: parts.expected,
      found: parts.found,
      remedy: 'mend the splitter; describeSplitter of @risk-scoring/testkit shows what it has to keep',
      ...(parts.cause === undefined ? {} : { cause: parts.cause }),
    });
  }
}

/** What was thrown, in a line: anything can be. */
export function describeThrown(thrown: unknown): string {
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`;
  try {
    return `${typeof thrown} ${String(thrown)}`;
  } catch {
    return typeof thrown;
  }
}
