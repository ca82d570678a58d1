import path from 'node:path';
import type { ModelType } from '@risk-scoring/contract';
import type { CalibrationChoice } from '../calibration.ts';
import type { Grouping } from '../training-subject.ts';
import type { TuningMetric } from '../tuning/metrics.ts';
import type { SamplerName } from '../tuning/samplers.ts';
import { ConfigError } from './config-error.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { type ParsedText, parseText } from './parse-text.ts';
import { describeProblems, type KeyPath, showPath } from './problems.ts';
import { configSchema, type ParsedConfig } from './schema.ts';
import { DEFAULT_OUTPUT_DIR } from './training-schema.ts';

/** Which features a model is made of. */
export interface FeatureSettings {
  /** Names of groups, packages and files; `...` stands for the default groups. */
  readonly groups: readonly string[];
  /** Keys of evidence_json whose numbers become columns of the group `alert`. */
  readonly evidenceKeys: readonly string[];
  /** Networks that the group `cross-network` looks at. */
  readonly otherNetworks: readonly string[];
}

/** Settings that whoever takes them checks. */
export type OpenSettings = Readonly<Record<string, unknown>>;

/** How a model is trained. */
export interface TrainingSettings {
  /** The name of a label strategy, a package or a file. */
  readonly labelStrategy: string;
  readonly labelSettings: OpenSettings;
  /** The strategy that models are judged by, where it is another. */
  readonly evaluationLabels: string | undefined;
  readonly evaluationSettings: OpenSettings;
  readonly trainer: string;
  readonly trainerSettings: OpenSettings;
  readonly modelType: ModelType;
  readonly split: string;
  readonly groupBy: Grouping;
  /** Days between the training part and the holdout of a temporal split. */
  readonly purgeDays: number;
  /** Whether a temporal split judges addresses only that the training part has none of. */
  readonly unseenOnly: boolean;
  readonly testFraction: number;
  readonly cvFolds: number;
  readonly calibration: CalibrationChoice;
  /** `f1`, `precision:0.9`, `recall:0.8` or `budget:50`. */
  readonly threshold: string;
  /** The share of a cluster's labelled members that have to be suspicious; undefined: one is enough. */
  readonly clusterPositiveShare: number | undefined;
  readonly allowLeakage: boolean;
  readonly permutationTest: boolean;
  readonly refitAll: boolean;
  readonly seed: number;
  readonly modelVersion: string;
  /** Absolute where the file names it, else relative to the working folder. */
  readonly outputDir: string;
}

/** How settings of a trainer are searched for. */
export interface TuningSettings {
  /** As the file has it; undefined: that of the trainer. */
  readonly space: OpenSettings | undefined;
  readonly sampler: SamplerName;
  readonly trials: number;
  /** Undefined: that of the model type. */
  readonly metric: TuningMetric | undefined;
  readonly pruning: boolean;
  /** Absolute; undefined: a name in the folder of the models. */
  readonly study: string | undefined;
  /** Seconds after which no further trial is begun. */
  readonly timeout: number | undefined;
}

/** Where the data is; what is undefined is left to the environment and the defaults. Paths are absolute. */
export interface StorageSettings {
  readonly dataDir: string | undefined;
  readonly url: string | undefined;
  readonly user: string | undefined;
  readonly database: string | undefined;
  readonly cluster: string | undefined;
  /** Seconds. */
  readonly requestTimeout: number | undefined;
  readonly caCert: string | undefined;
  readonly clientCert: string | undefined;
  readonly clientKey: string | undefined;
  /** `2GB` */
  readonly engineMemory: string | undefined;
}

/** A configuration with every default filled in. */
export interface Config {
  /** Absolute; undefined when there is no file, and all is by default. */
  readonly file: string | undefined;
  /** What relative paths in it start from: the folder of the file, or the working folder. Absolute. */
  readonly folder: string;
  readonly features: FeatureSettings;
  readonly training: TrainingSettings;
  readonly tuning: TuningSettings;
  readonly storage: StorageSettings;
  /** The name of a key and where it stands, for messages: `training.label_settings.sources (line 4, column 5)`. */
  whereOf(path: KeyPath): string;
}

/**
 * Reads the configuration: of a file, or of `risk-scoring.config.yaml` (`.yml`, `.json`) in a folder. Without one, all is by default.
 *
 * @param where.folder the working folder
 * @param where.file relative to it; must be there
 * @throws {ConfigError} naming all that is wrong, each with its path, line and column
 * @example
 * const config = await readConfig({ folder: process.cwd() });
 * config.features.groups; // ['...']
 */
export async function readConfig(where: {
  readonly folder: string;
  readonly file?: string | undefined;
}): Promise<Config> {
  const folder = path.resolve(where.folder);
  const file = await readConfigFile(folder, where.file);
  if (file === undefined) {
    return toConfig(configSchema.parse({}), { file: undefined, folder, whereOf: showPath });
  }
  const parsed = parseText(file);
  const whereOf = (keys: KeyPath) => `${showPath(keys)} (${parsed.placeOf(keys)})`;
  return toConfig(check(file, parsed, whereOf), {
    file: file.path,
    folder: path.dirname(file.path),
    whereOf,
  });
}

function check(file: ConfigFile, parsed: ParsedText, whereOf: Config['whereOf']): ParsedConfig {
  const { data, error } = configSchema.safeParse(parsed.value);
  if (error === undefined) return data;
  throw new ConfigError({
    file: file.path,
    expected: 'keys and values as the README of the command line lists them',
    found: describeProblems(error.issues, { schema: configSchema, whereOf, adviceOn }).join('; '),
    remedy: 'mend what is named; a key that is left away has its default',
  });
}

/** A configuration is shown, copied and committed. */
function adviceOn(path: KeyPath): string | undefined {
  if (!/pass(?:word|wd|phrase)?$|secret|token/i.test(String(path.at(-1)))) return undefined;
  return 'is a secret, which no configuration holds; set the environment variable CLICKHOUSE_PASSWORD';
}

function toConfig(
  { features, training, tuning, storage }: ParsedConfig,
  where: Pick<Config, 'file' | 'folder' | 'whereOf'>,
): Config {
  const beside = (name: string | undefined) =>
    name === undefined ? undefined : path.resolve(where.folder, name);
  return {
    ...where,
    features: {
      groups: features.groups,
      evidenceKeys: features.evidence_keys,
      otherNetworks: features.other_networks,
    },
    training: {
      labelStrategy: training.label_strategy,
      labelSettings: training.label_settings,
      evaluationLabels: training.evaluation_labels,
      evaluationSettings: training.evaluation_settings,
      trainer: training.trainer,
      trainerSettings: training.trainer_settings,
      modelType: training.model_type,
      split: training.split,
      groupBy: training.group_by,
      purgeDays: training.purge_days,
      unseenOnly: training.unseen_only,
      testFraction: training.test_fraction,
      cvFolds: training.cv_folds,
      calibration: training.calibration,
      threshold: training.threshold,
      clusterPositiveShare: training.cluster_positive_share,
      allowLeakage: training.allow_leakage,
      permutationTest: training.permutation_test,
      refitAll: training.refit_all,
      seed: training.seed,
      modelVersion: training.model_version,
      outputDir: beside(training.output_dir) ?? DEFAULT_OUTPUT_DIR,
    },
    tuning: {
      space: tuning.space,
      sampler: tuning.sampler,
      trials: tuning.trials,
      metric: tuning.metric,
      pruning: tuning.pruning,
      study: beside(tuning.study),
      timeout: tuning.timeout,
    },
    storage: {
      dataDir: beside(storage.data_dir),
      url: storage.url,
      user: storage.user,
      database: storage.database,
      cluster: storage.cluster,
      requestTimeout: storage.request_timeout,
      caCert: beside(storage.ca_cert),
      clientCert: beside(storage.client_cert),
      clientKey: beside(storage.client_key),
      engineMemory: storage.engine_memory,
    },
  };
}
