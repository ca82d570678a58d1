import {
  assertSpecificationVersion,
  InvalidInputError,
  type LabelStrategy,
  MODEL_TYPES,
  type ModelTrainer,
  type ModelType,
  type Splitter,
} from '@risk-scoring/contract';
import {
  createAddressSplitter,
  createRandomSplitter,
  createTemporalSplitter,
} from '@risk-scoring/evaluation';
import { LABEL_STRATEGIES } from '@risk-scoring/labels';
import type { SettingsOrigin } from './config/check-settings.ts';
import { ensembleTrainerOf } from './config/ensemble-settings.ts';
import { isolationForestTrainerOf } from './config/isolation-forest-settings.ts';
import { lightgbmTrainerOf } from './config/lightgbm-settings.ts';
import { neuralNetTrainerOf } from './config/neural-net-settings.ts';
import { xgboostTrainerOf } from './config/xgboost-settings.ts';
import { createBuiltIn, loadLabelStrategy } from './label-strategies/index.ts';

type Settings = Readonly<Record<string, unknown>>;

/** What a trainer is made of, besides its settings. */
export interface TrainerRequest {
  readonly modelType: ModelType;
  readonly settings: Settings;
  /** Where the settings were written, for messages. */
  readonly origin?: SettingsOrigin | undefined;
}

// A further trainer is one more entry here.
const trainers: Readonly<Record<string, (request: TrainerRequest) => ModelTrainer>> = {
  lightgbm: lightgbmTrainerOf,
  xgboost: xgboostTrainerOf,
  'neural-net': neuralNetTrainerOf,
  'isolation-forest': isolationForestTrainerOf,
  ensemble: (request) =>
    ensembleTrainerOf(request, {
      names: Object.keys(trainers).filter((name) => name !== 'ensemble'),
      create: (name, settings) => trainerByName(name, request.modelType, settings),
    }),
};

/** What only a temporal split takes. */
export interface SplitterSettings {
  readonly purgeDays?: number;
  readonly unseenOnly?: boolean;
}

const splitters: Readonly<Record<string, (settings: SplitterSettings) => Splitter>> = {
  address: createAddressSplitter,
  temporal: createTemporalSplitter,
  random: createRandomSplitter,
};

/** The names that `--label-strategy`, `--trainer` and `--split` take. */
export const AVAILABLE = {
  labelStrategies: LABEL_STRATEGIES.map(({ name }) => name),
  trainers: Object.keys(trainers),
  splitters: Object.keys(splitters),
} as const;

/**
 * A built-in label strategy as it is without settings. `loadLabelStrategy` takes settings, and loads those of others.
 *
 * @throws {InvalidInputError} naming those that exist, or for one that is built on others and so has to be loaded
 * @throws {InvalidSettingsError} for one that needs settings
 */
export function labelStrategyByName(name: string): LabelStrategy {
  const definition = LABEL_STRATEGIES.find((each) => each.name === name);
  if (definition === undefined) throw unknownName('label strategy', AVAILABLE.labelStrategies, name);
  const folder = process.cwd();
  const surroundings = {
    folder,
    load: (...[inner, settings]: [string, Settings]) => loadLabelStrategy(inner, settings, { folder }),
  };
  const made = createBuiltIn(definition, {}, { surroundings });
  if (!(made instanceof Promise)) {
    assertSpecificationVersion(made, 'label strategy');
    return made;
  }
  made.catch(() => undefined);
  throw new InvalidInputError({
    what: 'The label strategy',
    expected: 'one that is built on no others',
    found: name,
    remedy: `load it: await loadLabelStrategy('${name}', settings, { folder })`,
  });
}

/**
 * The trainer of a name, for a model type.
 *
 * @param options.settings as YAML has them; the trainer checks them
 * @param options.origin where the settings were written, for messages
 * @throws {InvalidInputError} naming those that exist, or the model types that the trainer can train
 * @throws {InvalidSettingsError | LightGBMParameterError} for settings that it does not take
 */
export function trainerByName(
  name: string,
  modelType: ModelType,
  options: { readonly settings?: Settings; readonly origin?: SettingsOrigin | undefined } = {},
): ModelTrainer {
  const create = pick(trainers, name, 'trainer');
  const trainer = create({ modelType, settings: options.settings ?? {}, origin: options.origin });
  assertSpecificationVersion(trainer, 'trainer');
  if (!trainer.modelTypes.includes(modelType)) {
    throw new InvalidInputError({
      what: `The model type for the trainer '${name}'`,
      expected: trainer.modelTypes.join(', '),
      found: modelType,
    });
  }
  return trainer;
}

/**
 * The splitter of a name.
 *
 * @throws {InvalidInputError} naming those that exist, or for settings that only a temporal split takes
 */
export function splitterByName(name: string, settings: SplitterSettings = {}): Splitter {
  const create = pick(splitters, name, 'split');
  const { purgeDays = 0, unseenOnly = false } = settings;
  if (name !== 'temporal' && (purgeDays > 0 || unseenOnly)) {
    throw new InvalidInputError({
      what: `The split '${name}' with ${purgeDays > 0 ? 'days to purge' : 'unseen addresses only'}`,
      expected: 'the split temporal, which alone divides by date',
      found: name,
      remedy: 'write --split temporal, or leave --purge-days and --unseen-only out',
    });
  }
  const splitter = create(settings);
  assertSpecificationVersion(splitter, 'split');
  return splitter;
}

/**
 * One of a few names, from text.
 *
 * @throws {InvalidInputError} naming those that exist
 */
export function parseChoice<const T extends string>(kind: string, choices: readonly T[], text: string): T {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw unknownName(kind, choices, text);
}

/**
 * A model type from text.
 *
 * @throws {InvalidInputError} naming those that exist
 */
export function parseModelType(text: string): ModelType {
  return parseChoice('model type', MODEL_TYPES, text);
}

function pick<T>(known: Readonly<Record<string, T>>, name: string, kind: string): T {
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found !== undefined) return found;
  throw unknownName(kind, Object.keys(known), name);
}

function unknownName(kind: string, known: readonly string[], found: string): InvalidInputError {
  return new InvalidInputError({ what: `The ${kind}`, expected: `one of ${known.join(', ')}`, found });
}
