import { RiskScoringError } from '@risk-scoring/contract';
import { countTrees, type Forest } from './forest.ts';

const FORMAT = 'risk-scoring isolation forest 1';

/** A forest and what else is known of it, as its native file holds it. */
export interface SavedForest {
  readonly forest: Forest;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
}

/** A native file that is no isolation forest, or not a whole one. */
export class IsolationForestModelError extends RiskScoringError {
  constructor(parts: { expected: string; found: string; cause?: unknown }) {
    super({
      code: 'ISOLATION_FOREST_MODEL',
      category: 'model',
      summary: 'The native file is no isolation forest that can be loaded.',
      remedy: 'load the .iforest file of a model as it was saved',
      ...parts,
    });
  }
}

/** The native file: JSON, with one array per field of {@link Forest}. Numbers come back bit by bit. */
export function writeForest({ forest, hyperparameters }: SavedForest): string {
  const { featureNames, sampleSize, ...arrays } = forest;
  const plain = Object.entries(arrays).map(([name, array]) => [name, Array.from(array)]);
  return `${JSON.stringify({ format: FORMAT, hyperparameters, featureNames, sampleSize, ...Object.fromEntries(plain) })}\n`;
}

/**
 * Reads a native file, and checks that it is trees: predicting with it reads nothing beyond them and comes to an end.
 *
 * @throws {IsolationForestModelError} where it is not
 */
export function readForest(text: string): SavedForest {
  const parsed = parse(text);
  const { featureNames, sampleSize, hyperparameters } = parsed;
  if (parsed.format !== FORMAT) refuse(`format '${FORMAT}'`, `'${String(parsed.format).slice(0, 60)}'`);
  if (!Array.isArray(featureNames) || !featureNames.every((name) => typeof name === 'string'))
    refuse('featureNames as a list of texts', typeof featureNames);
  if (typeof sampleSize !== 'number' || !Number.isInteger(sampleSize) || sampleSize < 2)
    refuse('sampleSize as a whole number from 2', String(sampleSize));
  const forest: Forest = {
    featureNames: featureNames as string[],
    sampleSize: sampleSize as number,
    nodeOffsets: Int32Array.from(numbers(parsed, 'nodeOffsets')),
    feature: Int32Array.from(numbers(parsed, 'feature')),
    threshold: Float32Array.from(numbers(parsed, 'threshold')),
    left: Int32Array.from(numbers(parsed, 'left')),
    missingLeft: Uint8Array.from(numbers(parsed, 'missingLeft')),
    size: Int32Array.from(numbers(parsed, 'size')),
  };
  checkTrees(forest);
  return { forest, hyperparameters: isRecord(hyperparameters) ? hyperparameters : {} };
}

function parse(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isRecord(parsed)) return parsed;
  } catch (cause) {
    throw new IsolationForestModelError({ expected: 'JSON', found: 'something else, or only a part', cause });
  }
  return refuse('a JSON object', 'another value');
}

function numbers(parsed: Record<string, unknown>, name: string): number[] {
  const list = parsed[name];
  if (Array.isArray(list) && list.every((item) => typeof item === 'number')) return list;
  return refuse(`${name} as a list of numbers`, typeof list);
}

function checkTrees(forest: Forest): void {
  const { nodeOffsets, feature, threshold, left, missingLeft, size, featureNames } = forest;
  const nodes = feature.length;
  const lengths = [threshold, left, missingLeft, size].map((list) => list.length);
  if (lengths.some((length) => length !== nodes))
    refuse(`${nodes} entries in each list of nodes`, lengths.join());
  if (countTrees(forest) < 1 || nodeOffsets[0] !== 0 || nodeOffsets.at(-1) !== nodes)
    refuse(`nodeOffsets from 0 to ${nodes}`, `${nodeOffsets[0]} to ${nodeOffsets.at(-1)}`);
  for (let tree = 0; tree < countTrees(forest); tree++) {
    const root = nodeOffsets[tree] as number;
    const count = (nodeOffsets[tree + 1] as number) - root;
    if (count < 1) refuse('at least one node in each tree', `${count} in tree ${tree}`);
    for (let node = 0; node < count; node++) {
      if ((missingLeft[root + node] as number) > 1 || (size[root + node] as number) < 1)
        refuse('missingLeft 0 or 1 and a size from 1', `others in node ${node} of tree ${tree}`);
      const column = feature[root + node] as number;
      const child = left[root + node] as number;
      if (column < -1 || column >= featureNames.length)
        refuse(`a feature below ${featureNames.length}`, `${column} in node ${node} of tree ${tree}`);
      // Children stand behind their parent, so there is no way back.
      if (column >= 0 && (child <= node || child + 1 >= count))
        refuse('children behind their node in the same tree', `${child} in node ${node} of tree ${tree}`);
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(expected: string, found: string): never {
  throw new IsolationForestModelError({ expected, found });
}
