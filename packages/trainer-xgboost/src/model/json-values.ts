import { XGBoostModelError } from '../errors.ts';

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws {XGBoostModelError} saying what was expected */
export function refuse(expected: string, found: string): never {
  throw new XGBoostModelError({ expected, found });
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under a key. */
export function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  return isObject(value) ? value : refuse(`an object '${key}'`, kindOf(value));
}

/** The list under a key. */
export function listAt(parent: JsonObject, key: string): readonly unknown[] {
  const value = parent[key];
  return Array.isArray(value) ? value : refuse(`a list '${key}'`, kindOf(value));
}

/** The numbers under a key, as many as there have to be; truth values, which some versions write, count as 1 and 0. */
export function numbersAt(parent: JsonObject, key: string, length: number): readonly number[] {
  const list = listAt(parent, key).map((item) => (typeof item === 'boolean' ? Number(item) : item));
  if (list.length !== length) refuse(`${length} numbers in '${key}'`, `${list.length}`);
  const wrong = list.find((item) => typeof item !== 'number' || !Number.isFinite(item));
  if (wrong !== undefined) refuse(`finite numbers in '${key}'`, kindOf(wrong));
  return list as number[];
}

/** The number that XGBoost wrote as a text. */
export function numberTextAt(parent: JsonObject, key: string): number {
  const value = parent[key];
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : refuse(`a number as text in '${key}'`, kindOf(value));
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `'${String(value).slice(0, 60)}'`;
}
