import path from 'node:path';
import {
  isPath,
  type LabelStrategy,
  type ModelTrainer,
  type ModelType,
  type Splitter,
} from '@risk-scoring/contract';
import { loadLabelStrategy } from '../label-strategies/index.ts';
import { parseModelType, splitterByName, trainerByName } from '../registry.ts';
import { mergeSettings } from './merge-settings.ts';
import type { Config, TrainingSettings } from './read-config.ts';

/** What a command line says of a training; whatever is left out is as in the configuration. */
export type TrainingFlags = {
  readonly [Key in Exclude<
    keyof TrainingSettings,
    'labelSettings' | 'evaluationSettings' | 'trainerSettings' | 'modelType'
  >]?: TrainingSettings[Key] | undefined;
} & {
  readonly modelType?: string | undefined;
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
  const splitter = splitterByName(flags.split ?? training.split);
  const labelStrategy = await strategyOf(config, {
    ...where,
    named: flags.labelStrategy,
    ofFile: { name: training.labelStrategy, settings: training.labelSettings },
    section: 'label_settings',
    texts: flags.labelSetting,
  });
  const evaluationName = flags.evaluationLabels ?? training.evaluationLabels;
  const evaluationLabels =
    evaluationName === undefined
      ? undefined
      : await strategyOf(config, {
          ...where,
          named: flags.evaluationLabels,
          ofFile: { name: training.evaluationLabels, settings: training.evaluationSettings },
          section: 'evaluation_settings',
        });
  return {
    modelType,
    labelStrategy,
    ...(evaluationLabels === undefined ? {} : { evaluationLabels }),
    trainer: trainerOf(config, modelType, where),
    splitter,
    testFraction: flags.testFraction ?? training.testFraction,
    cvFolds: flags.cvFolds ?? training.cvFolds,
    seed: flags.seed ?? training.seed,
    modelVersion: flags.modelVersion ?? training.modelVersion,
    outputDir: flags.outputDir ?? training.outputDir,
  };
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

function strategyOf(config: Config, request: StrategyRequest): Promise<LabelStrategy> {
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
  return loadLabelStrategy(name, settings.values, {
    folder: named === undefined ? config.folder : workingFolder,
    settingsFolder: settings.folder,
    origin: settings.origin,
  });
}

/** A path made absolute; a name as it is. */
function locate(name: string | undefined, folder: string): string | undefined {
  return name !== undefined && isPath(name) ? path.resolve(folder, name) : name;
}

function trainerOf(
  config: Config,
  modelType: ModelType,
  { flags = {}, folder: workingFolder }: { readonly flags?: TrainingFlags; readonly folder: string },
): ModelTrainer {
  const { training } = config;
  const name = flags.trainer ?? training.trainer;
  const { values: settings, origin } = mergeSettings({
    config,
    ofFile: name === training.trainer ? training.trainerSettings : undefined,
    section: ['training', 'trainer_settings'],
    flag: '--trainer-setting',
    texts: flags.trainerSetting ?? [],
    workingFolder,
  });
  return trainerByName(name, modelType, { settings, origin });
}
