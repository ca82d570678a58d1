import { InvalidSearchSpaceError, type SpaceProblem } from '../errors.ts';
import { isPlainObject, show } from '../json.ts';
import { parseParameter } from './parse-parameter.ts';
import type { SearchSpace, SpaceParameter } from './search-space.ts';

/**
 * Checks a search space, as it comes out of a YAML or JSON file. Defaults are left out of the result (`log: false`, the step 1 of
 * whole numbers), so that two ways to write one space are equal; parsing the result again gives it back.
 *
 * A list is short for a choice: `[31, 63, 127]`. Every parameter is in every trial: parameters that exist only where another has a
 * certain value (nested, conditional spaces) are not supported.
 *
 * @param json `{ name: { type: 'float' | 'int', low, high, log?, step? } | { type: 'choice', values } | [...] }`
 * @throws {InvalidSearchSpaceError} with every problem and its key
 * @example
 * parseSearchSpace({
 *   learning_rate: { type: 'float', low: 0.01, high: 0.3, log: true },
 *   num_leaves: [31, 63, 127],
 * });
 */
export function parseSearchSpace(json: unknown): SearchSpace {
  if (!isPlainObject(json) || Object.keys(json).length === 0) {
    throw new InvalidSearchSpaceError([
      {
        key: 'space',
        expected: 'an object with at least one parameter',
        found: isPlainObject(json) ? 'an empty object' : show(json),
        remedy: 'write num_leaves: [31, 63, 127] or num_leaves: { type: int, low: 16, high: 256 }',
      },
    ]);
  }
  const problems: SpaceProblem[] = [];
  const parameters: [string, SpaceParameter][] = [];
  for (const [name, definition] of Object.entries(json)) {
    const parsed = parseParameter(name, definition);
    if (Array.isArray(parsed)) problems.push(...parsed);
    else parameters.push([name, Object.freeze(parsed as SpaceParameter)]);
  }
  if (problems.length > 0) throw new InvalidSearchSpaceError(problems);
  return Object.freeze(Object.fromEntries(parameters));
}
