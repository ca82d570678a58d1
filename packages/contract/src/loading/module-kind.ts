import { RiskScoringError } from '../risk-scoring-error.ts';

/** Why nothing could be loaded from a place. */
export interface ModuleProblem {
  /** As the user wrote it. */
  readonly specifier: string;
  readonly expected: string;
  readonly found: string;
  readonly remedy: string;
  readonly cause?: unknown;
}

/** What is looked for in modules and packages, in the words of its messages. */
export interface ModuleKind {
  /** What has a name, with its article: `a group`. */
  readonly named: string;
  /** The names that need no module, one of which may have been meant. */
  readonly known: readonly string[];
  /** What a module brings: `feature groups`. */
  readonly brings: string;
  /** What a path may name. Default: `a .js or .mjs module`. */
  readonly pathNames?: string;
  /** What to do about a file that is none of these. Default: to compile it. */
  readonly otherFileRemedy?: string;
  /** The error of this kind; usually a {@link ModuleSourceError} with its code. */
  error(problem: ModuleProblem): RiskScoringError;
}

/**
 * A path, module or package that does not give what is looked for there. Each kind has its own code.
 *
 * @example
 * class LabelStrategySourceError extends ModuleSourceError {
 *   constructor(problem: ModuleProblem) { super({ code: 'LABEL_STRATEGY_SOURCE', what: 'label strategy', ...problem }); }
 * }
 */
export class ModuleSourceError extends RiskScoringError {
  /** @param parts.what what was to be loaded, for the summary: `feature groups` */
  constructor(parts: ModuleProblem & { readonly code: string; readonly what: string }) {
    super({
      code: parts.code,
      category: 'input',
      summary: `No ${parts.what} could be loaded from '${parts.specifier}'.`,
      expected: parts.expected,
      found: parts.found,
      remedy: parts.remedy,
      cause: parts.cause,
    });
  }
}
