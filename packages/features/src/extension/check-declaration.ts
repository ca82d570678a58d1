import { assertSpecificationVersion, type FeatureGroup } from '@risk-scoring/contract';
import { KEY_COLUMN } from '../relations/compose-query.ts';
import { FeatureGroupError } from './errors.ts';
import { whyNotOneSelect } from './plain-sql.ts';

const GROUP_NAME = /^[a-z][a-z0-9_-]*$/;
const IDENTIFIER = /^[a-z_][a-z0-9_]*$/i;
const KINDS = ['numeric', 'boolean', 'categorical'];
const RESERVED = ['processing_date', 'address', ...Object.values(KEY_COLUMN), 'row_key'];

type Unchecked<T> = { readonly [Key in keyof T]?: unknown };

/**
 * Checks what a feature group says of itself, which needs no database. It may come from anywhere, so nothing is taken for granted.
 *
 * @throws {UnsupportedSpecificationError} when it was written for another contract
 * @throws {FeatureGroupError} naming the first thing that is wrong
 */
export function assertDeclaration(value: unknown): asserts value is FeatureGroup {
  assertSpecificationVersion(value, 'FeatureGroup');
  const group = value as Unchecked<FeatureGroup>;
  const refuse = refuserOf(typeof group.name === 'string' ? group.name : 'without a name');

  if (typeof group.name !== 'string' || !GROUP_NAME.test(group.name)) {
    refuse('a name of lower-case letters, digits, - and _ that begins with a letter', show(group.name));
  }
  if (typeof group.per !== 'string' || !Object.hasOwn(KEY_COLUMN, group.per)) {
    refuse(`per: one of ${Object.keys(KEY_COLUMN).join(', ')}`, `per: ${show(group.per)}`);
  }
  for (const flag of ['severalSnapshots', 'readsLabels'] as const) {
    if (group[flag] !== undefined && typeof group[flag] !== 'boolean') {
      refuse(`${flag}: true or false`, `${flag}: ${show(group[flag])}`);
    }
  }
  assertNetworks(group.otherNetworks, refuse);
  assertColumns(group.columns, refuse);
  assertEncodings(group.encodings, refuse);
  const problem = typeof group.sql === 'string' ? whyNotOneSelect(group.sql) : `sql: ${show(group.sql)}`;
  if (problem !== undefined) {
    refuse('one SELECT', problem, "write one SELECT, without ';' and with closed parentheses");
  }
}

type Refuse = (expected: string, found: string, remedy?: string) => never;

function refuserOf(group: string): Refuse {
  return (expected, found, remedy = 'mend the declaration of the group') => {
    throw new FeatureGroupError({ group, expected, found, remedy });
  };
}

function assertNetworks(networks: unknown, refuse: Refuse): void {
  if (networks === undefined) return;
  const names = Array.isArray(networks) && networks.every((network) => typeof network === 'string');
  if (!names || networks.length === 0) {
    refuse("otherNetworks: a list of networks' names", `otherNetworks: ${show(networks)}`);
  }
}

function assertColumns(columns: unknown, refuse: Refuse): void {
  if (!Array.isArray(columns) || columns.length === 0) {
    refuse('columns: a list of at least one column', `columns: ${show(columns)}`);
  }
  const names = new Set<string>();
  for (const value of columns as readonly unknown[]) {
    if (typeof value !== 'object' || value === null) refuse('columns that are objects', show(value));
    const column = value as Unchecked<FeatureGroup['columns'][number]>;
    const { name } = column;
    if (typeof name !== 'string' || !IDENTIFIER.test(name)) {
      refuse('column names of letters, digits and _ that begin with no digit', show(name));
    }
    if (RESERVED.includes(name as string)) {
      refuse('columns with names of their own', `the column ${name}, which is a key and no feature`);
    }
    if (names.has(name as string)) refuse('each column once', `the column ${name} twice`);
    names.add(name as string);
    assertColumn(column, refuse);
  }
}

function assertColumn(column: Unchecked<FeatureGroup['columns'][number]>, refuse: Refuse): void {
  const { name, kind, absent, unit } = column;
  if (typeof kind !== 'string' || !KINDS.includes(kind)) {
    refuse(`the kind of ${name}: one of ${KINDS.join(', ')}`, show(kind));
  }
  for (const part of ['meaning', 'missing'] as const) {
    const text = column[part];
    if (typeof text !== 'string' || text.trim() === '') {
      const what = part === 'meaning' ? 'what it means' : 'what NaN says in it';
      refuse(`the ${part} of ${name}: a sentence that says ${what}`, show(text));
    }
  }
  if (unit !== undefined && typeof unit !== 'string') refuse(`the unit of ${name}: a text`, show(unit));
  if (absent !== undefined && !Number.isFinite(absent)) {
    refuse(`absent of ${name}: a finite number, or left out for NaN`, show(absent));
  }
}

function assertEncodings(encodings: unknown, refuse: Refuse): void {
  if (encodings === undefined) return;
  if (typeof encodings !== 'object' || encodings === null || Array.isArray(encodings)) {
    refuse('encodings: columns by the name of the encoding', show(encodings));
  }
  for (const [name, column] of Object.entries(encodings as object)) {
    if (!IDENTIFIER.test(name)) {
      refuse('names of encodings of letters, digits and _ that begin with no digit', show(name));
    }
    if (typeof column !== 'string') refuse(`the column of the encoding ${name}: a name`, show(column));
  }
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value) && value.length === 0) return 'an empty list';
  return typeof value === 'string' ? `'${value}'` : String(value);
}
