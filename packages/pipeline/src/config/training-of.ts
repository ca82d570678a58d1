import path from 'node:path';
import {
  isPath,
  type LabelStrategy,
  type ModelTrainer,
  type ModelType,
  type Splitter,
} from '@risk-scoring/contract';
import { parseThresholdRule, type ThresholdRule } from '@risk-scoring/evaluation';
import type { ClusterLabelOptions } from '@risk-scoring/labels';
import { CALIBRATIONS, type CalibrationChoice } from '../calibration.ts';
import { loadLabelStrategy } from '../label-strategies/index.ts';
import { parseChoice, parseModelType, splitterByName, trainerByName } from '../registry.ts';
import { GROUPINGS, type Grouping } from '../training-subject.ts';
import { type MergedSettings, mergeSettings } from './merge-settings.ts';
import type { Config, TrainingSettings } from './read-config.ts';

/** What a command line says of a training; whatever is left out is as in the configuration. */
export type TrainingFlags = {
  readonly [Key in Exclude<
    keyof TrainingSettings,
    'labelSettings' | 'evaluationSettings' | 'trainerSettings' | 'modelType' | 'groupBy' | 'calibration'
  >]?: TrainingSettings[Key] | undefined;
} & {
  readonly modelType?: string | undefined;
  readonly groupBy?: string | undefined;
  readonly calibration?: string | undefined;
  /** `conflict_policy=drop` */
  readonly labelSetting?: readonly string[] | undefined;
  /** `num_leaves=63` */
  readonly trainerSetting?: readonly string[] | undefined;
};

/** The parts of `TrainOptions` that a configuration decides. */
export interface ConfiguredTraining {
  readonly modelType: ModelType;
  readonly labelStrategy: LabelStrategy;
  /** The strategy that models are judged by, where it is another. */
  readonly evaluationLabels?: LabelStrategy;
  readonly trainer: ModelTrainer;
  readonly splitter: Splitter;
  readonly groupBy: Grouping;
  readonly clusterLabels: ClusterLabelOptions;
  readonly calibration: CalibrationChoice;
  readonly thresholdRule: ThresholdRule;
  readonly allowLeakage: boolean;
  readonly permutationTest: boolean;
  readonly refitAll: boolean;
  readonly testFraction: number;
  readonly cvFolds: number;
  readonly seed: number;
  readonly modelVersion: string;
  readonly outputDir: string;
}

/**
 * What to train with: flags before the configuration, and that before the defaults. Settings in the file are those of the strategy and
 * trainer that it names: where a flag names another one, they do not count.
 *
 * @param where.folder the working folder, which paths in flags are relative to
 * @throws {RiskScoringError} for a strategy, trainer or split that is not there or cannot be made of its settings
 * @example
 * const training = await trainingOf(await readConfig({ folder }), { flags: { seed: 7 }, folder });
 * await trainModel(database, { ...training, period, featureGroups });
 */
export async function trainingOf(
  config: Config,
  where: { readonly flags?: TrainingFlags; readonly folder: string },
): Promise<ConfiguredTraining> {
  const { training } = config;
  const { flags = {} } = where;
  const modelType = parseModelType(flags.modelType ?? training.modelType);
  const splitter = splitterOf(training, flags);
  const positiveShare = flags.clusterPositiveShare ?? training.clusterPositiveShare;
  const parts = partsOf(config, where);
  const labelStrategy = await loadStrategy(parts.labelStrategy);
  const evaluationLabels = parts.evaluationLabels && (await loadStrategy(parts.evaluationLabels));
  return {
    modelType,
    labelStrategy,
    ...(evaluationLabels === undefined ? {} : { evaluationLabels }),
    trainer: trainerOf(parts.trainer, modelType),
    splitter,
    groupBy: parseChoice('grouping', GROUPINGS, flags.groupBy ?? training.groupBy),
    clusterLabels: positiveShare === undefined ? {} : { positiveShare },
    calibration: parseChoice('calibration', CALIBRATIONS, flags.calibration ?? training.calibration),
    thresholdRule: parseThresholdRule(flags.threshold ?? training.threshold),
    allowLeakage: flags.allowLeakage ?? training.allowLeakage,
    permutationTest: flags.permutationTest ?? training.permutationTest,
    refitAll: flags.refitAll ?? training.refitAll,
    testFraction: flags.testFraction ?? training.testFraction,
    cvFolds: flags.cvFolds ?? training.cvFolds,
    seed: flags.seed ?? training.seed,
    modelVersion: flags.modelVersion ?? training.modelVersion,
    outputDir: flags.outputDir ?? training.outputDir,
  };
}

/** A strategy or a trainer by its name, with its settings from wherever they came. */
export interface NamedPart {
  /** A path is absolute. */
  readonly name: string;
  readonly settings: MergedSettings;
  /** Where a package of that name is looked for. */
  readonly folder: string;
}

/** What a training is named to be made of. */
export interface NamedParts {
  readonly labelStrategy: NamedPart;
  readonly evaluationLabels: NamedPart | undefined;
  readonly trainer: NamedPart;
}

/**
 * What {@link trainingOf} makes strategies and trainer of: their names and settings, before anything is loaded.
 *
 * @throws {InvalidInputError} for settings on the command line that cannot be meant
 * @example
 * partsOf(config, { flags: { trainerSetting: ['num_leaves=63'] }, folder }).trainer.settings.values; // { num_leaves: 63 }
 */
export function partsOf(
  config: Config,
  where: { readonly flags?: TrainingFlags; readonly folder: string },
): NamedParts {
  const { training } = config;
  const { flags = {} } = where;
  const isJudgedByOthers = (flags.evaluationLabels ?? training.evaluationLabels) !== undefined;
  return {
    labelStrategy: strategyPart(config, {
      ...where,
      named: flags.labelStrategy,
      ofFile: { name: training.labelStrategy, settings: training.labelSettings },
      section: 'label_settings',
      texts: flags.labelSetting,
    }),
    evaluationLabels: isJudgedByOthers
      ? strategyPart(config, {
          ...where,
          named: flags.evaluationLabels,
          ofFile: { name: training.evaluationLabels, settings: training.evaluationSettings },
          section: 'evaluation_settings',
        })
      : undefined,
    trainer: trainerPart(config, where),
  };
}

/**
 * The split and its settings. Days to purge and the like are of one split: those of the configuration do not count where a flag names another.
 *
 * @example
 * splitOf(config.training, { split: 'temporal', purgeDays: 6 }); // { split: 'temporal', purgeDays: 6, unseenOnly: false }
 */
export function splitOf(
  training: TrainingSettings,
  flags: TrainingFlags,
): Pick<TrainingSettings, 'split' | 'purgeDays' | 'unseenOnly'> {
  const ofFile = flags.split === undefined || flags.split === training.split ? training : undefined;
  return {
    split: flags.split ?? training.split,
    purgeDays: flags.purgeDays ?? ofFile?.purgeDays ?? 0,
    unseenOnly: flags.unseenOnly ?? ofFile?.unseenOnly ?? false,
  };
}

function splitterOf(training: TrainingSettings, flags: TrainingFlags): Splitter {
  const { split, ...settings } = splitOf(training, flags);
  return splitterByName(split, settings);
}

/** A strategy, and where its parts come from. */
interface StrategyRequest {
  readonly folder: string;
  /** By a flag. */
  readonly named: string | undefined;
  readonly ofFile: {
    readonly name: string | undefined;
    readonly settings: Config['training']['labelSettings'];
  };
  readonly section: string;
  readonly texts?: readonly string[] | undefined;
}

function strategyPart(config: Config, request: StrategyRequest): NamedPart {
  const { named, ofFile, section, texts = [], folder: workingFolder } = request;
  const nameOfFile = locate(ofFile.name, config.folder);
  const name = locate(named, workingFolder) ?? nameOfFile ?? '';
  const settings = mergeSettings({
    config,
    ofFile: name === nameOfFile ? ofFile.settings : undefined,
    section: ['training', section],
    flag: '--label-setting',
    texts,
    workingFolder,
  });
  return { name, settings, folder: named === undefined ? config.folder : workingFolder };
}

function loadStrategy({ name, settings, folder }: NamedPart): Promise<LabelStrategy> {
  return loadLabelStrategy(name, settings.values, {
    folder,
    settingsFolder: settings.folder,
    origin: settings.origin,
  });
}

/** A path made absolute; a name as it is. */
function locate(name: string | undefined, folder: string): string | undefined {
  return name !== undefined && isPath(name) ? path.resolve(folder, name) : name;
}

function trainerPart(
  config: Config,
  { flags = {}, folder: workingFolder }: { readonly flags?: TrainingFlags; readonly folder: string },
): NamedPart {
  const { training } = config;
  const name = flags.trainer ?? training.trainer;
  const settings = mergeSettings({
    config,
    ofFile: name === training.trainer ? training.trainerSettings : undefined,
    section: ['training', 'trainer_settings'],
    flag: '--trainer-setting',
    texts: flags.trainerSetting ?? [],
    workingFolder,
  });
  return { name, settings, folder: settings.folder };
}

function trainerOf({ name, settings: { values, origin } }: NamedPart, modelType: ModelType): ModelTrainer {
  return trainerByName(name, modelType, { settings: values, origin });
}
