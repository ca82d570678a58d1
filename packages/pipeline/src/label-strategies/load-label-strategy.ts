import {
  type LabelStrategy,
  type LoadedModule,
  loadModule,
  type ModuleKind,
  RiskScoringError,
} from '@risk-scoring/contract';
import { LABEL_STRATEGIES, type StrategyDefinition, type StrategySurroundings } from '@risk-scoring/labels';
import {
  checkSettings,
  InvalidSettingsError,
  NO_ORIGIN,
  type SettingsOrigin,
} from '../config/check-settings.ts';
import { assertLabelStrategy } from './assert-label-strategy.ts';
import { LabelStrategyError, LabelStrategySourceError } from './errors.ts';

/** Strategies that are built on one another deeper than this are built on themselves. */
const DEEPEST = 10;

/** Options of {@link loadLabelStrategy}. */
export interface LoadLabelStrategyOptions {
  /** What a path is relative to, and where packages are looked for. */
  readonly folder: string;
  /** What relative paths in the settings start from; default: `folder`. */
  readonly settingsFolder?: string;
  /** Where the settings were written, for messages. */
  readonly origin?: SettingsOrigin;
}

type Settings = Readonly<Record<string, unknown>>;

/** What a module may export: a strategy, or what makes one of settings. */
type Exported = LabelStrategy | StrategyFactory;

/** Makes a label strategy of its settings; what a module or package exports for a strategy that has some. */
export type StrategyFactory = (
  settings: Settings,
  surroundings: StrategySurroundings,
) => LabelStrategy | Promise<LabelStrategy>;

/**
 * The label strategy that a user names. It is
 *
 * - the name of one of `AVAILABLE.labelStrategies`;
 * - a path that begins with `./` or `../`, or an absolute one: a `.js` or `.mjs` module;
 * - otherwise a package installed in the folder.
 *
 * A module or package exports `labelStrategy`, or has it as default: a `LabelStrategy`, or a function that takes the settings and
 * `{folder, load}` and gives one. It runs as part of this process: load only what you would run.
 *
 * @param settings as YAML has them; a built-in strategy checks them by its schema, a function for itself
 * @throws {LabelStrategySourceError} for what cannot be found or imported, or exports no strategy
 * @throws {InvalidSettingsError} for settings that the strategy does not take
 * @throws {LabelStrategyError} when the function throws, or what it gives breaks the contract
 * @throws {UnsupportedSpecificationError} when it was written for another contract
 * @example
 * const strategy = await loadLabelStrategy('./my-labels.js', { threshold: 0.8 }, { folder: process.cwd() });
 */
export function loadLabelStrategy(
  specifier: string,
  settings: Settings,
  options: LoadLabelStrategyOptions,
): Promise<LabelStrategy> {
  return load(specifier, settings, { ...options, depth: 0 });
}

type Context = LoadLabelStrategyOptions & { readonly depth: number };

async function load(specifier: string, settings: Settings, context: Context): Promise<LabelStrategy> {
  const { folder, settingsFolder = folder, depth, origin = NO_ORIGIN } = context;
  if (depth > DEEPEST) {
    throw new LabelStrategyError({
      origin: specifier,
      expected: `label strategies that are built on at most ${DEEPEST} others, one upon the other`,
      found: 'more',
      remedy: 'mend the strategy that is built on itself',
    });
  }
  const surroundings: StrategySurroundings = {
    folder: settingsFolder,
    // Where settings within settings stand, nobody knows here.
    load: (name, inner) => load(name, inner, { folder: settingsFolder, depth: depth + 1 }),
  };
  const builtIn = LABEL_STRATEGIES.find(({ name }) => name === specifier);
  if (builtIn !== undefined) return createBuiltIn(builtIn, settings, { surroundings, origin });
  const module = await loadModule(specifier, { folder, kind: strategyModules });
  const made = await createExported(exportedBy(module, specifier), settings, {
    from: module.origin,
    surroundings,
    origin,
  });
  assertLabelStrategy(made, module.origin);
  return made;
}

/**
 * A built-in strategy of its settings.
 *
 * @throws {InvalidSettingsError} for settings that it does not take
 */
export function createBuiltIn(
  definition: StrategyDefinition,
  settings: Settings,
  { surroundings, origin }: { readonly surroundings: StrategySurroundings; readonly origin?: SettingsOrigin },
): LabelStrategy | Promise<LabelStrategy> {
  const of = `the label strategy '${definition.name}'`;
  const checked = checkSettings(
    definition.settings,
    settings,
    origin === undefined ? { of } : { of, origin },
  );
  return definition.create(checked as never, surroundings);
}

const strategyModules: ModuleKind = {
  named: 'a label strategy',
  known: LABEL_STRATEGIES.map(({ name }) => name),
  brings: 'a label strategy',
  error: (problem) => new LabelStrategySourceError(problem),
};

/** What stands where a strategy is looked for; of a CommonJS module, `module.exports` is the default export. */
function exportedBy({ exports, file }: LoadedModule, specifier: string): Exported {
  const fallback = exports.default as { labelStrategy?: unknown } | null | undefined;
  const found = exports.labelStrategy ?? fallback?.labelStrategy ?? fallback;
  if (typeof found === 'function' || (typeof found === 'object' && found !== null)) return found as Exported;
  throw new LabelStrategySourceError({
    specifier,
    expected: 'an export labelStrategy, or a default export: a LabelStrategy or a function that gives one',
    found: found === undefined || found === null ? `neither in ${file}` : `a ${typeof found} in ${file}`,
    remedy: 'export const labelStrategy = (settings) => ({…}); from the module',
  });
}

async function createExported(
  exported: Exported,
  settings: Settings,
  {
    from,
    surroundings,
    origin,
  }: {
    readonly from: string;
    readonly surroundings: StrategySurroundings;
    readonly origin: SettingsOrigin;
  },
): Promise<unknown> {
  if (typeof exported !== 'function') {
    const names = Object.keys(settings);
    if (names.length === 0) return exported;
    throw new InvalidSettingsError({
      of: `the label strategy of ${from}`,
      expected: 'no settings: it exports a strategy, and no function that takes some',
      problems: names.map((name) => `${origin.whereOf([name])} is of no use`),
      origin,
    });
  }
  try {
    return await exported(settings, surroundings);
  } catch (cause) {
    // What is typed says for itself what to do.
    if (RiskScoringError.isInstance(cause)) throw cause;
    throw new LabelStrategyError({
      origin: from,
      expected: 'a label strategy from the function that it exports',
      found: cause instanceof Error ? `${cause.name}: ${cause.message}` : `it threw ${String(cause)}`,
      remedy: 'mend the function, or the settings that it was given',
      cause,
    });
  }
}
