import { nearestNames } from '@risk-scoring/contract';
import type { SpaceProblem } from '../errors.ts';
import { isPlainObject, show } from '../json.ts';
import { type NumericParameter, PARAMETER_TYPES, type SpaceParameter } from './search-space.ts';

type ParameterType = (typeof PARAMETER_TYPES)[number];

const KEYS: Readonly<Record<ParameterType, readonly string[]>> = {
  float: ['type', 'low', 'high', 'log', 'step'],
  int: ['type', 'low', 'high', 'log', 'step'],
  choice: ['type', 'values'],
};

/** One parameter of a search space in its shortest form, or what is wrong with it. */
export function parseParameter(name: string, definition: unknown): SpaceParameter | SpaceProblem[] {
  if (Array.isArray(definition)) return parseChoice(name, definition);
  if (!isPlainObject(definition)) {
    const scalar = ['string', 'number', 'boolean'].includes(typeof definition);
    return [
      {
        key: name,
        expected: 'a list of values, or an object with a type',
        found: show(definition),
        ...(scalar ? { remedy: `write [${show(definition)}] for a parameter that stays as it is` } : {}),
      },
    ];
  }
  const { type } = definition;
  if (!isParameterType(type)) {
    return [{ key: `${name}.type`, expected: oneOf(PARAMETER_TYPES), found: show(type), ...meant(type) }];
  }
  const unknown = Object.keys(definition)
    .filter((key) => !KEYS[type].includes(key))
    .map((key) => ({
      key: `${name}.${key}`,
      expected: `the keys of ${type}: ${KEYS[type].join(', ')}`,
      found: `'${key}'`,
      ...meant(key, KEYS[type]),
    }));
  if (unknown.length > 0) return unknown;
  return type === 'choice'
    ? parseChoice(`${name}.values`, definition.values)
    : parseNumeric(name, type, definition);
}

function parseChoice(key: string, values: unknown): SpaceParameter | SpaceProblem[] {
  if (!Array.isArray(values) || values.length === 0) {
    return [
      { key, expected: 'a list of at least one value', found: Array.isArray(values) ? '[]' : show(values) },
    ];
  }
  const problems: SpaceProblem[] = [];
  for (const [i, value] of values.entries()) {
    const scalar =
      typeof value === 'number' ? Number.isFinite(value) : ['string', 'boolean'].includes(typeof value);
    if (!scalar) {
      problems.push({
        key: `${key}[${i}]`,
        expected: 'a text, a finite number, true or false',
        found: show(value),
      });
    } else if (values.indexOf(value) !== i) {
      problems.push({ key: `${key}[${i}]`, expected: 'every value once', found: `${show(value)} twice` });
    }
  }
  if (problems.length > 0) return problems;
  return { type: 'choice', values: Object.freeze(values.map(withoutNegativeZero)) };
}

function parseNumeric(
  name: string,
  type: NumericParameter['type'],
  definition: Record<string, unknown>,
): SpaceParameter | SpaceProblem[] {
  const { low, high, log = false, step } = definition;
  const problems: SpaceProblem[] = [];
  const refuse = (key: string, expected: string, found: unknown, remedy?: string) =>
    problems.push({
      key: `${name}.${key}`,
      expected,
      found: show(found),
      ...(remedy === undefined ? {} : { remedy }),
    });
  const number = type === 'int' ? 'a whole number' : 'a finite number';
  const isNumber = (value: unknown): value is number =>
    type === 'int' ? Number.isSafeInteger(value) : Number.isFinite(value);

  if (!isNumber(low)) refuse('low', number, low);
  if (!isNumber(high)) refuse('high', number, high);
  if (typeof log !== 'boolean') refuse('log', 'true or false', log);
  if (step !== undefined && !(isNumber(step) && step > 0)) refuse('step', `${number} above 0`, step);
  if (problems.length > 0 || !isNumber(low) || !isNumber(high)) return problems;

  if (low >= high) refuse('low', `below high, which is ${high}`, low, `write [${low}] for one value`);
  else if (!Number.isFinite(high - low)) refuse('high', 'a range that a number can hold', high);
  else if (isNumber(step) && step > high - low) {
    refuse('step', `at most high - low, which is ${high - low}`, step);
  }
  if (log && low <= 0) refuse('low', 'above 0, because of log: true', low);
  if (problems.length > 0) return problems;
  const spaced = isNumber(step) && !(type === 'int' && step === 1);
  return {
    type,
    low: withoutNegativeZero(low),
    high: withoutNegativeZero(high),
    ...(log ? { log: true } : {}),
    ...(spaced ? { step } : {}),
  };
}

/** A study file gives -0 back as 0. */
function withoutNegativeZero<T>(value: T): T {
  return value === 0 ? (0 as T) : value;
}

function isParameterType(value: unknown): value is ParameterType {
  return PARAMETER_TYPES.some((type) => type === value);
}

function meant(name: unknown, names: readonly string[] = PARAMETER_TYPES): { remedy?: string } {
  const [nearest] = typeof name === 'string' ? nearestNames(name, names, 1) : [];
  return nearest === undefined ? {} : { remedy: `did you mean '${nearest}'?` };
}

function oneOf(names: readonly string[]): string {
  return `one of ${names.join(', ')}`;
}
