import type { KeyValues } from './key-values.ts';
import type { LightGBMObjective } from './lightgbm-trees.ts';
import { parseInteger, quote, splitList } from './numbers.ts';
import type { TextLines } from './text-lines.ts';

/** Every key that the header of format v3 and v4 may have. */
export const HEADER_KEYS: ReadonlySet<string> = new Set([
  'version',
  'num_class',
  'num_tree_per_iteration',
  'label_index',
  'max_feature_idx',
  'objective',
  'average_output',
  'feature_names',
  'monotone_constraints',
  'feature_infos',
  'tree_sizes',
]);

const supportedVersions: readonly string[] = ['v3', 'v4'];
const manyTrees = 10_000_000;

/** What stands before the first tree. */
export interface ModelHeader {
  readonly version: string;
  readonly numClass: number;
  readonly treesPerIteration: number;
  readonly objective: LightGBMObjective | undefined;
  readonly averageOutput: boolean;
  readonly featureNames: readonly string[];
  /** Bytes of each tree block, by which a cut or edited text shows. */
  readonly treeSizes: readonly number[];
}

/** Interprets the header's keys. */
export function parseHeader(keys: KeyValues, lines: TextLines): ModelHeader {
  const version = keys.text('version');
  if (!supportedVersions.includes(version)) {
    throw lines.error(`version ${supportedVersions.join(' or ')}`, quote(version));
  }
  const integer = (key: string, min: number, max: number) =>
    parseInteger(keys.text(key), keys.place(key), { min, max });
  const features = integer('max_feature_idx', 0, 1_000_000) + 1;
  const list = (key: string) => splitList(keys.text(key), keys.place(key), features);
  const featureNames = list('feature_names');
  if (new Set(featureNames).size !== features)
    throw lines.error('distinct feature names', 'one of them twice');
  list('feature_infos');
  if (keys.has('monotone_constraints')) list('monotone_constraints');
  integer('label_index', -1, 1_000_000);
  return {
    version,
    numClass: integer('num_class', 1, 100_000),
    treesPerIteration: integer('num_tree_per_iteration', 1, 100_000),
    objective: keys.has('objective') ? parseObjective(keys.text('objective'), lines) : undefined,
    averageOutput: keys.has('average_output'),
    featureNames,
    treeSizes: parseTreeSizes(keys),
  };
}

function parseTreeSizes(keys: KeyValues): readonly number[] {
  const text = keys.text('tree_sizes');
  const place = keys.place('tree_sizes');
  const items = text === '' ? [] : text.split(' ');
  splitList(text, place, Math.max(items.length, 1));
  return items.map((item) => parseInteger(item, place, { min: 1, max: manyTrees }));
}

function parseObjective(text: string, lines: TextLines): LightGBMObjective {
  const [name, ...words] = text.split(' ');
  if (name === undefined || name === '') throw lines.error('the name of an objective', quote(text));
  const parameters: Record<string, string> = {};
  for (const word of words) {
    const colon = word.indexOf(':');
    const key = colon < 0 ? word : word.slice(0, colon);
    if (key === '' || key in parameters) throw lines.error('objective parameters as key:value', quote(text));
    parameters[key] = colon < 0 ? '' : word.slice(colon + 1);
  }
  return { name, parameters };
}
