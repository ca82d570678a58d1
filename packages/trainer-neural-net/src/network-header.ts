import { NeuralNetModelError } from './errors.ts';
import type { InputScaler } from './network/network.ts';

/** The header of a native file: everything but the weights. */
export interface NetworkHeader {
  readonly featureNames: readonly string[];
  readonly scaler: InputScaler;
  /** Inputs and outputs of each layer. */
  readonly shapes: readonly (readonly [number, number])[];
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly bestEpoch: number;
  readonly importances: readonly number[];
  readonly libraries: Readonly<Record<string, string>>;
}

/**
 * Reads a header, and checks that its layers fit one another and its columns the features.
 *
 * @throws {NeuralNetModelError} where they do not
 */
export function readHeader(text: string): NetworkHeader {
  const parsed = parse(text);
  const { featureNames, hyperparameters, libraries, bestEpoch } = parsed;
  if (!isList(featureNames, (name) => typeof name === 'string'))
    refuse('featureNames as a list of texts', typeof featureNames);
  if (!isRecord(hyperparameters) || !isRecord(libraries))
    refuse('hyperparameters and libraries as objects', 'others');
  if (!isCount(bestEpoch)) refuse('bestEpoch as a whole number from 1', String(bestEpoch));
  const importances = numbers(parsed, 'importances');
  if (importances.length !== (featureNames as string[]).length || importances.some((x) => x < 0))
    refuse('one importance ≥ 0 per feature', `${importances.length}`);
  return {
    featureNames: featureNames as string[],
    scaler: readScaler(parsed.scaler, (featureNames as string[]).length),
    shapes: readShapes(parsed.layers),
    hyperparameters: hyperparameters as Record<string, unknown>,
    bestEpoch: bestEpoch as number,
    importances,
    libraries: libraries as Record<string, string>,
  };
}

function readScaler(value: unknown, features: number): InputScaler {
  const scaler = isRecord(value) ? value : refuse('a scaler', typeof value);
  const [columns, logarithmic, mean, scale, flagged] = (
    ['columns', 'logarithmic', 'mean', 'scale', 'flagged'] as const
  ).map((name) => numbers(scaler, name)) as [number[], number[], number[], number[], number[]];
  if ([logarithmic, mean, scale].some((list) => list.length !== columns.length))
    refuse(`${columns.length} entries in each list of the scaler`, 'others');
  if (
    ![...columns, ...flagged].every((column) => Number.isInteger(column) && column >= 0 && column < features)
  )
    refuse(`columns below ${features}`, 'others');
  if (!logarithmic.every((flag) => flag === 0 || flag === 1)) refuse('logarithmic as 0 or 1', 'others');
  return {
    columns: Int32Array.from(columns),
    logarithmic: Uint8Array.from(logarithmic),
    mean: Float64Array.from(mean),
    scale: Float64Array.from(scale),
    flagged: Int32Array.from(flagged),
  };
}

function readShapes(value: unknown): (readonly [number, number])[] {
  const isShape = (shape: unknown) => isList(shape, isCount) && shape.length === 2;
  if (!isList(value, isShape) || value.length === 0)
    return refuse('layers as pairs of whole numbers', 'others');
  const shapes = value as [number, number][];
  for (const [index, [, outputs]] of shapes.entries()) {
    const needed = shapes[index + 1]?.[0] ?? 1;
    if (outputs !== needed) refuse(`${needed} outputs of layer ${index}`, String(outputs));
  }
  return shapes;
}

function parse(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isRecord(parsed)) return parsed;
  } catch (cause) {
    throw new NeuralNetModelError({ expected: 'a header of JSON', found: 'something else', cause });
  }
  return refuse('a header that is a JSON object', 'another value');
}

function numbers(record: Record<string, unknown>, name: string): number[] {
  const list = record[name];
  if (isList(list, (item) => typeof item === 'number')) return list as number[];
  return refuse(`${name} as a list of numbers`, typeof list);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 2 ** 24;
}

function isList(value: unknown, isItem: (item: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.every(isItem);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(expected: string, found: string): never {
  throw new NeuralNetModelError({ expected, found });
}
