import { assertSpecificationVersion, type LabelStrategy, TRAINING_TABLES } from '@risk-scoring/contract';
import { LabelStrategyError } from './errors.ts';
import { whyNotPlain } from './plain-json.ts';

const TABLES: readonly string[] = TRAINING_TABLES;

type Unchecked = { readonly [Key in keyof LabelStrategy]?: unknown };
type Refuse = (expected: string, found: string) => never;

/**
 * Checks the shape of a label strategy. It may come from anywhere, so nothing is taken for granted; what its methods do shows when they run.
 *
 * @param origin where it came from, for messages
 * @throws {UnsupportedSpecificationError} when it was written for another contract
 * @throws {LabelStrategyError} naming the first thing that is wrong
 */
export function assertLabelStrategy(value: unknown, origin: string): asserts value is LabelStrategy {
  assertSpecificationVersion(value, 'LabelStrategy');
  const strategy = value as Unchecked;
  const refuse: Refuse = (expected, found) => {
    throw new LabelStrategyError({ origin, expected, found });
  };
  if (typeof strategy.name !== 'string' || strategy.name.trim() === '') {
    refuse('name: a text that is not empty', `name: ${show(strategy.name)}`);
  }
  if (!isMap(strategy.settings)) refuse('settings: an object', `settings: ${show(strategy.settings)}`);
  const problem = whyNotPlain(strategy.settings, 'settings');
  if (problem !== undefined) refuse('settings of plain JSON, which a model keeps in its metadata', problem);
  assertTables(strategy.requires, refuse);
  for (const key of ['columns', 'definedBy'] as const) assertColumns(key, strategy[key], refuse);
  if (strategy.unsupervised !== undefined && typeof strategy.unsupervised !== 'boolean') {
    refuse('unsupervised: true or false', `unsupervised: ${show(strategy.unsupervised)}`);
  }
  for (const key of ['deriveLabels', 'validateLabels', 'getLabelWeights'] as const) {
    if (typeof strategy[key] !== 'function') refuse(`${key}: a function`, `${key}: ${show(strategy[key])}`);
  }
  if (strategy.refineLabels !== undefined && typeof strategy.refineLabels !== 'function') {
    refuse('refineLabels: a function, or nothing', `refineLabels: ${show(strategy.refineLabels)}`);
  }
}

function assertTables(requires: unknown, refuse: Refuse): void {
  if (!Array.isArray(requires)) refuse('requires: a list of tables', `requires: ${show(requires)}`);
  const unknown = (requires as readonly unknown[]).find((table) => !TABLES.includes(table as string));
  if (unknown !== undefined) refuse(`requires: some of ${TABLES.join(', ')}`, `requires: ${show(unknown)}`);
}

function assertColumns(key: string, columns: unknown, refuse: Refuse): void {
  if (columns === undefined) return;
  if (!isMap(columns)) refuse(`${key}: lists of columns by table`, `${key}: ${show(columns)}`);
  for (const [table, names] of Object.entries(columns as object)) {
    if (!TABLES.includes(table)) refuse(`${key} of ${TABLES.join(', ')}`, `${key} of ${show(table)}`);
    const isList = Array.isArray(names) && names.every((name) => typeof name === 'string');
    if (!isList) refuse(`${key}.${table}: a list of columns' names`, `${key}.${table}: ${show(names)}`);
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
