import { type ModuleProblem, ModuleSourceError, RiskScoringError } from '@risk-scoring/contract';

/** A feature group that breaks the contract: its declaration or its SQL. Nothing was computed with it. */
export class FeatureGroupError extends RiskScoringError {
  constructor(parts: { group: string; expected: string; found: string; remedy: string; cause?: unknown }) {
    super({
      code: 'FEATURE_GROUP_INVALID',
      category: 'input',
      summary: `The feature group '${parts.group}' cannot be used.`,
      expected: parts.expected,
      found: parts.found,
      remedy: parts.remedy,
      cause: parts.cause,
    });
  }
}

/** A folder, module or package that gives no feature groups. */
export class FeatureGroupSourceError extends ModuleSourceError {
  constructor(problem: ModuleProblem) {
    super({ code: 'FEATURE_GROUP_NOT_LOADED', what: 'feature groups', ...problem });
  }
}

/** Feature groups that cannot be in one model together. */
export class FeatureGroupConflictError extends RiskScoringError {
  constructor(parts: { expected: string; found: string; remedy: string }) {
    super({
      code: 'FEATURE_GROUPS_CONFLICT',
      category: 'input',
      summary: 'These feature groups cannot be used together.',
      ...parts,
    });
  }
}
