import { InvalidInputError, RiskScoringError } from '@risk-scoring/contract';
import { readConfigFile } from '../config/config-file.ts';
import { parseText } from '../config/parse-text.ts';

/**
 * The search space of a YAML or JSON file: all of it, or what stands under its only key `space`.
 *
 * @param file relative to the folder
 * @returns unchecked: `parseSearchSpace` says what is wrong with it
 * @throws {InvalidInputError} for a file that is not there or is neither YAML nor JSON
 * @example
 * parseSearchSpace(await readSpaceFile('space.yaml', process.cwd()));
 */
export async function readSpaceFile(file: string, folder: string): Promise<unknown> {
  try {
    const read = await readConfigFile(folder, file);
    const value: unknown = read === undefined ? undefined : parseText(read).value;
    return isMap(value) && Object.keys(value).join() === 'space' && isSpace(value.space)
      ? value.space
      : value;
  } catch (error) {
    if (!RiskScoringError.isInstance(error)) throw error;
    throw new InvalidInputError({
      what: `The search space of ${file}`,
      expected: error.expected ?? 'YAML or JSON',
      found: error.found,
      remedy: 'name a file with --space that holds parameters: num_leaves: [31, 63, 127]',
    });
  }
}

/** Not the definition of a parameter that is called `space`. */
function isSpace(value: unknown): boolean {
  return isMap(value) && typeof value.type !== 'string';
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
