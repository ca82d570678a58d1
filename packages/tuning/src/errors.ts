import { type ErrorCategory, RiskScoringError } from '@risk-scoring/contract';

/** What is wrong with one key of a search space. */
export interface SpaceProblem {
  /** `num_leaves.low`, or the parameter's name. */
  readonly key: string;
  readonly expected: string;
  readonly found: string;
  readonly remedy?: string;
}

/** A search space that cannot be searched; all its problems at once. */
export class InvalidSearchSpaceError extends RiskScoringError {
  readonly problems: readonly SpaceProblem[];

  constructor(problems: readonly SpaceProblem[]) {
    const keys = problems.map(({ key }) => `'${key}'`).join(', ');
    const join = (texts: readonly string[]) => texts.join('; ');
    const named = (problem: SpaceProblem, text: string) =>
      problems.length === 1 ? text : `${problem.key}: ${text}`;
    const remedies = problems.flatMap((each) =>
      each.remedy === undefined ? [] : [named(each, each.remedy)],
    );
    super({
      code: 'INVALID_SEARCH_SPACE',
      category: 'input',
      summary: `The search space cannot be used because of ${keys}.`,
      expected: join(problems.map((each) => named(each, each.expected))),
      found: join(problems.map((each) => named(each, each.found))),
      ...(remedies.length === 0 ? {} : { remedy: join(remedies) }),
    });
    this.problems = problems;
  }
}

/** One setting in which a study file and what is asked for disagree; values as JSON. */
export interface SettingDifference {
  /** `space.num_leaves.high` */
  readonly setting: string;
  readonly stored: string;
  readonly given: string;
}

/** The file holds another study. */
export class StudyMismatchError extends RiskScoringError {
  readonly differences: readonly SettingDifference[];

  constructor(parts: { path: string; differences: readonly SettingDifference[] }) {
    const { path, differences } = parts;
    const list = (side: 'stored' | 'given') =>
      differences.map((each) => `${each.setting} ${each[side]}`).join(', ');
    super({
      code: 'STUDY_MISMATCH',
      category: 'input',
      summary: `The study ${path} was made with other settings: ${differences.map(({ setting }) => setting).join(', ')}.`,
      expected: `as in the file: ${list('stored')}`,
      found: list('given'),
      remedy: 'use the settings of the file to go on with it, or another file for a new study',
    });
    this.differences = differences;
  }
}

/** Another process writes the study. */
export class StudyLockedError extends RiskScoringError {
  constructor(parts: { lockFile: string; owner: string }) {
    super({
      code: 'STUDY_LOCKED',
      category: 'environment',
      summary: `The study is in use: its lock file is ${parts.lockFile}.`,
      expected: 'one process at a time',
      found: parts.owner,
      remedy: 'wait for that process or stop it; remove the lock file if you know that it is gone',
    });
  }
}

/** The file is no study, or was changed by something else. */
export class StudyDamagedError extends RiskScoringError {
  constructor(parts: { path: string; line: number; expected: string; found: string }) {
    super({
      code: 'STUDY_DAMAGED',
      category: 'data',
      summary: `${parts.path} is no study file, or line ${parts.line} of it was changed.`,
      expected: parts.expected,
      found: parts.found,
      remedy: 'put the file back as it was, or use another one; nothing was written to it',
    });
  }
}

/** The file or its folder cannot be read or written. */
export class StudyFileError extends RiskScoringError {
  constructor(parts: { path: string; doing: string; cause: unknown }) {
    super({
      code: 'STUDY_FILE_UNUSABLE',
      category: 'environment',
      summary: `The study ${parts.path} cannot be used: ${parts.doing} failed.`,
      expected: 'a file in a folder that this user can read and write, on a disk with room',
      found: (parts.cause as NodeJS.ErrnoException).code ?? String(parts.cause),
      remedy: 'mend that and run it again: every trial that was finished is kept',
      cause: parts.cause,
    });
  }
}

/** What `step` throws to end a trial that is not worth finishing; let it pass. */
export class TrialPruned extends RiskScoringError {
  constructor(parts: { index: number; steps: number }) {
    super({
      code: 'TRIAL_PRUNED',
      category: 'model',
      summary: `Trial ${parts.index} was ended after ${parts.steps} steps because others did better.`,
    });
  }

  /** Whether a thrown value ends a trial early, whichever copy of this package made it. */
  static override isInstance(value: unknown): value is TrialPruned {
    return RiskScoringError.isInstance(value) && value.code === 'TRIAL_PRUNED';
  }
}

/** A trial gave a score that no other can be compared with. */
export class TrialValueError extends RiskScoringError {
  constructor(parts: { index: number; what: string; found: unknown }) {
    super({
      code: 'TRIAL_VALUE',
      category: 'model',
      summary: `${parts.what} of trial ${parts.index} is no score.`,
      expected: 'a finite number',
      found: String(parts.found),
      remedy: 'check that the objective exists for these data: a part with one class only has no AUC',
    });
  }
}

/** No trial of the study came to its end. */
export class NoTrialCompletedError extends RiskScoringError {
  constructor(parts: { path: string; trials: number; pruned: number; first: FirstError | undefined }) {
    const { path, trials, pruned, first } = parts;
    super({
      code: 'NO_TRIAL_COMPLETED',
      category: first?.category ?? 'model',
      summary: `None of the ${trials} trials of ${path} completed; ${trials - pruned} failed, ${pruned} were pruned.`,
      expected: 'at least one complete trial',
      found: first === undefined ? 'no error' : `first error: ${first.message.replace(/\.$/, '')}`,
      remedy: 'mend what the first error says, then start a new study: failed trials are not run again',
    });
  }
}

interface FirstError {
  readonly category: ErrorCategory;
  readonly message: string;
}
