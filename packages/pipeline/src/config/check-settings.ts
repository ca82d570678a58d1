import { RiskScoringError } from '@risk-scoring/contract';
import type { z } from 'zod';
import { describeProblems, type KeyPath, showPath } from './problems.ts';
import { keysAt } from './schema-keys.ts';

/** Where settings were written, so that what is wrong with them can be told with its place. */
export interface SettingsOrigin {
  /** The name of a setting and where it stands: `training.label_settings.sources (line 4, column 5)`, `--label-setting sources`. */
  whereOf(path: KeyPath): string;
  /** The configuration that holds them; undefined where there is none. */
  readonly file: string | undefined;
}

/** Of settings that a program gives. */
export const NO_ORIGIN: SettingsOrigin = {
  whereOf: (path) => (path.length === 0 ? 'the settings' : showPath(path)),
  file: undefined,
};

/** Settings that a strategy or trainer does not take. */
export class InvalidSettingsError extends RiskScoringError {
  constructor(parts: {
    readonly of: string;
    readonly expected: string;
    readonly problems: readonly string[];
    readonly origin: SettingsOrigin;
  }) {
    super({
      code: 'INVALID_INPUT',
      category: 'input',
      summary: `The settings of ${parts.of} cannot be used.`,
      expected: parts.expected,
      found: parts.problems.join('; '),
      remedy:
        parts.origin.file === undefined
          ? 'mend what is named; a setting that is left away has its default'
          : `mend what is named in ${parts.origin.file} or on the command line; a setting that is left away has its default`,
    });
  }
}

/**
 * Checks settings by the schema of whoever takes them, and fills in its defaults.
 *
 * @param about.of whose settings they are: `the label strategy 'address'`
 * @throws {InvalidSettingsError} naming all that is wrong, each with its place, and for an unknown setting the nearest known one
 * @example
 * checkSettings(definition.settings, { conflict_policy: 'drop' }, { of: "the label strategy 'address'" });
 */
export function checkSettings<T extends z.ZodType>(
  schema: T,
  settings: unknown,
  { of, origin = NO_ORIGIN }: { readonly of: string; readonly origin?: SettingsOrigin },
): z.output<T> {
  const { data, error } = schema.safeParse(settings);
  if (error === undefined) return data;
  const known = keysAt(schema, []);
  throw new InvalidSettingsError({
    of,
    expected: known.length === 0 ? 'no settings' : `settings among ${known.join(', ')}`,
    problems: describeProblems(error.issues, { schema, whereOf: origin.whereOf }),
    origin,
  });
}
