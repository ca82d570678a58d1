import { InvalidInputError } from '@risk-scoring/contract';
import { assertDirection, assertWhole, SEED_RANGE } from '../checks.ts';
import type { SettingDifference } from '../errors.ts';
import { isPlainObject, type JsonObject, show } from '../json.ts';
import { parseSearchSpace } from '../space/parse-search-space.ts';
import type { SearchSpace } from '../space/search-space.ts';
import type { Direction } from '../trial.ts';

/** What a study is. All of it must be the same when it is resumed. */
export interface StudySettings {
  /** What is made large or small: `cv_auc`. */
  readonly objective: string;
  readonly direction: Direction;
  readonly space: SearchSpace;
  /** `sampler.settings` */
  readonly sampler: JsonObject;
  /** `pruner.settings`; left out where nothing is pruned. */
  readonly pruner?: JsonObject;
  /** The seed of everything random in the study. */
  readonly seed: number;
  /**
   * What else trials depend on: the hash of the data, the trainer and its version, the folds. It is kept in the file and shown in
   * errors, so nothing secret belongs in it.
   */
  readonly fingerprint: JsonObject;
}

/**
 * Settings as a file gives them back.
 *
 * @throws {InvalidInputError} for a direction, seed or objective that cannot be meant
 * @throws {InvalidSearchSpaceError} for a space that cannot be searched
 */
export function settleSettings(settings: StudySettings): StudySettings {
  const { objective, direction, seed, sampler, pruner, fingerprint } = settings;
  if (typeof objective !== 'string' || objective === '') {
    throw new InvalidInputError({
      what: 'The objective',
      expected: 'the name of a score',
      found: show(objective),
    });
  }
  assertDirection(direction);
  assertWhole('The seed', seed, SEED_RANGE);
  for (const [what, value] of Object.entries({ sampler, pruner: pruner ?? {}, fingerprint })) {
    if (isPlainObject(value)) continue;
    throw new InvalidInputError({
      what: `The ${what} of a study`,
      expected: 'an object',
      found: show(value),
    });
  }
  const space = parseSearchSpace(settings.space);
  const plain = { objective, direction, space, sampler, ...(pruner && { pruner }), seed, fingerprint };
  return JSON.parse(JSON.stringify(plain)) as StudySettings;
}

/** Every setting that differs, by its path; the order of keys does not matter, that of lists does. */
export function differencesBetween(stored: unknown, given: unknown, path = ''): SettingDifference[] {
  if (isPlainObject(stored) && isPlainObject(given)) {
    const keys = new Set([...Object.keys(stored), ...Object.keys(given)]);
    return [...keys].flatMap((key) =>
      differencesBetween(stored[key], given[key], path === '' ? key : `${path}.${key}`),
    );
  }
  const same = JSON.stringify(ordered(stored)) === JSON.stringify(ordered(given));
  return same ? [] : [{ setting: path, stored: show(stored), given: show(given) }];
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, ordered(value[key])]),
  );
}
