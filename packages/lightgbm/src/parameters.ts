import { availableParallelism } from 'node:os';
import { call } from './capi/library.ts';
import { readText } from './capi/out-values.ts';
import { LightGBMParameterError } from './errors.ts';
import { nearestName } from './nearest-name.ts';

/** A value of a parameter; a list is written with commas, as LightGBM reads it. */
export type LightGBMParameterValue = string | number | boolean | readonly (string | number)[];

/**
 * LightGBM's parameters by name or alias, as in its own documentation.
 *
 * @example
 * const parameters: LightGBMParameters = { objective: 'binary', num_leaves: 31, metric: ['auc', 'binary_logloss'] };
 */
export type LightGBMParameters = Readonly<Record<string, LightGBMParameterValue>>;

/** Checked parameters: canonical names, values as LightGBM reads them, sorted by name. */
export type CheckedParameters = ReadonlyMap<string, string>;

let canonicalNames: ReadonlyMap<string, string> | undefined;

/**
 * Checks names against LightGBM's own list, replaces aliases, and writes values as LightGBM reads them. Adds
 * `verbosity=0` and `num_threads` (all cores of this machine) where they are not given.
 *
 * @throws {LightGBMParameterError} for an unknown name (naming the nearest known one), a parameter given twice
 *   under two names, or a value that LightGBM would read as something else
 */
export function checkParameters(parameters: LightGBMParameters): CheckedParameters {
  const given = Array.from(byCanonicalName(parameters), ([name, value]): [string, string] => [
    name,
    formatValue(name, value),
  ]);
  const checked = new Map([...defaults(), ...given]);
  return new Map([...checked].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Parameters of which only one may be on. */
const EXCLUSIVE: readonly (readonly string[])[] = [['force_col_wise', 'force_row_wise']];

/**
 * Defaults, each replaced by what is chosen under any of its names; a default that excludes a choice is left out.
 *
 * @returns parameters by their canonical names
 * @throws {LightGBMParameterError} for an unknown name, or a parameter chosen twice under two names
 * @example
 * mergeParameters({ learning_rate: 0.05 }, { eta: 0.1 }); // { learning_rate: 0.1 }
 */
export function mergeParameters(
  defaults: LightGBMParameters,
  chosen: LightGBMParameters,
): LightGBMParameters {
  const merged = byCanonicalName(defaults);
  const choices = byCanonicalName(chosen);
  for (const [name, value] of choices) {
    const rivals = EXCLUSIVE.find((names) => names.includes(name)) ?? [];
    for (const rival of rivals) if (value !== false && !choices.has(rival)) merged.delete(rival);
    merged.set(name, value);
  }
  return Object.fromEntries(merged);
}

function byCanonicalName(parameters: LightGBMParameters): Map<string, LightGBMParameterValue> {
  const named = new Map<string, LightGBMParameterValue>();
  for (const [name, value] of Object.entries(parameters)) {
    const canonical = canonicalName(name);
    if (named.has(canonical)) throw givenTwice(name, canonical);
    named.set(canonical, value);
  }
  return named;
}

/** The text that the C API takes. */
export function parameterText(parameters: CheckedParameters): string {
  return Array.from(parameters, ([name, value]) => `${name}=${value}`).join(' ');
}

/** Refuses parameters that another argument decides, which LightGBM's C API would silently ignore. */
export function refuseParameters(
  parameters: CheckedParameters,
  decidedBy: Readonly<Record<string, string>>,
): void {
  for (const [parameter, argument] of Object.entries(decidedBy)) {
    const value = parameters.get(parameter);
    if (value === undefined) continue;
    throw new LightGBMParameterError({
      parameter,
      expected: `\`${argument}\`, which decides this`,
      found: `${parameter}=${value}`,
      remedy: `give \`${argument}\` and leave the parameter out`,
    });
  }
}

function defaults(): [string, string][] {
  return [
    ['num_threads', String(availableParallelism())],
    ['verbosity', '0'],
  ];
}

/** The canonical name of a parameter or alias. */
function canonicalName(name: string): string {
  canonicalNames ??= readCanonicalNames();
  const canonical = canonicalNames.get(name);
  if (canonical !== undefined) return canonical;
  const nearest = nearestName(name, canonicalNames.keys());
  throw new LightGBMParameterError({
    parameter: name,
    expected: `a parameter of LightGBM; the nearest one is '${nearest}'`,
    found: `'${name}', which it does not know`,
    remedy: 'see the list of parameters in the documentation of LightGBM',
  });
}

function readCanonicalNames(): ReadonlyMap<string, string> {
  const json = readText((buffer, length) => call('LGBM_DumpParamAliases', buffer.length, length, buffer));
  const aliases = JSON.parse(json) as Record<string, string[]>;
  return new Map(
    Object.entries(aliases).flatMap(([canonical, others]) =>
      [canonical, ...others].map((name) => [name, canonical] as const),
    ),
  );
}

function formatValue(name: string, value: LightGBMParameterValue): string {
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'number':
      return formatNumber(name, value);
    case 'string':
      return formatText(name, value);
    default:
      return formatList(name, value);
  }
}

function formatNumber(name: string, value: number): string {
  if (Number.isFinite(value)) return String(value);
  throw new LightGBMParameterError({ parameter: name, expected: 'a finite number', found: String(value) });
}

/** Spaces and `=` would start another parameter; LightGBM drops quotation marks. */
function formatText(name: string, value: string): string {
  if (value !== '' && !/[\s="'\0]/.test(value)) return value;
  throw new LightGBMParameterError({
    parameter: name,
    expected: 'a text that is not empty and has no white space, `=` or quotation marks',
    found: JSON.stringify(value),
  });
}

function formatList(name: string, value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) {
    throw new LightGBMParameterError({
      parameter: name,
      expected: 'a text, a number, true, false or a list of texts or numbers that is not empty',
      found: Array.isArray(value) ? 'an empty list' : String(value),
    });
  }
  return value
    .map((item: unknown) => {
      if (typeof item === 'number') return formatNumber(name, item);
      if (typeof item === 'string') return formatText(name, item);
      throw new LightGBMParameterError({
        parameter: name,
        expected: 'texts or numbers',
        found: String(item),
      });
    })
    .join(',');
}

function givenTwice(name: string, canonical: string): LightGBMParameterError {
  return new LightGBMParameterError({
    parameter: name,
    expected: `'${canonical}' once, under one of its names`,
    found: `it and another name of '${canonical}'`,
  });
}
