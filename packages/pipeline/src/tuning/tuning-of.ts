import path from 'node:path';
import { parseSearchSpace } from '@risk-scoring/tuning';
import type { SettingsOrigin } from '../config/check-settings.ts';
import { showPath } from '../config/problems.ts';
import type { Config } from '../config/read-config.ts';
import { type ConfiguredTraining, partsOf, type TrainingFlags, trainingOf } from '../config/training-of.ts';
import { parseChoice, trainerByName } from '../registry.ts';
import { TUNING_METRICS } from './metrics.ts';
import { readSpaceFile } from './read-space-file.ts';
import { SAMPLERS } from './samplers.ts';
import type { TuneOptions } from './tune-options.ts';
import { type TrainingConfig, trainingConfigOf } from './tuned-config.ts';

/** What a command line says of a tuning; whatever is left out is as in the configuration. */
export type TuningFlags = TrainingFlags & {
  /** A YAML or JSON file, relative to the working folder. */
  readonly space?: string | undefined;
  readonly sampler?: string | undefined;
  readonly trials?: number | undefined;
  readonly metric?: string | undefined;
  /** False where it is switched off. */
  readonly pruning?: boolean | undefined;
  readonly study?: string | undefined;
  readonly timeout?: number | undefined;
};

/** The parts of `TuneOptions` that a configuration decides. */
export type ConfiguredTuning = Omit<ConfiguredTraining, 'trainer'> &
  Pick<
    TuneOptions,
    'trainer' | 'space' | 'sampler' | 'trials' | 'metric' | 'pruning' | 'study' | 'timeoutSeconds'
  > & {
    /** The training itself as a configuration, for `writeTunedConfig`. */
    readonly config: TrainingConfig;
  };

/**
 * What to tune: flags before the configuration, and that before the defaults.
 *
 * @param where.folder the working folder, which paths in flags are relative to
 * @throws {RiskScoringError} what `trainingOf` throws
 * @throws {InvalidSearchSpaceError} for a space that cannot be searched
 * @throws {InvalidInputError} for a sampler or metric that is not there, or a file that cannot be read
 * @example
 * const tuning = await tuningOf(await readConfig({ folder }), { flags: { trials: 20 }, folder });
 * await tuneModel(database, { ...tuning, period, featureGroups });
 */
export async function tuningOf(
  config: Config,
  where: { readonly flags?: TuningFlags; readonly folder: string },
): Promise<ConfiguredTuning> {
  const { flags = {}, folder } = where;
  const { tuning } = config;
  const { trainer: base, ...made } = await trainingOf(config, where);
  const parts = partsOf(config, where);
  const { name, settings } = parts.trainer;
  const ofFile = flags.space === undefined ? tuning.space : await readSpaceFile(flags.space, folder);
  const space = ofFile === undefined ? undefined : parseSearchSpace(ofFile);
  const origin = withSpace(settings.origin, Object.keys(space ?? {}));
  const metric = flags.metric ?? tuning.metric;
  const study = flags.study === undefined ? tuning.study : path.resolve(folder, flags.study);
  return {
    ...made,
    trainer: {
      name,
      settings: settings.values,
      // The trainer of the base settings was made already, by the same function.
      create: (each) =>
        each === settings.values ? base : trainerByName(name, made.modelType, { settings: each, origin }),
    },
    space,
    sampler: parseChoice('sampler', SAMPLERS, flags.sampler ?? tuning.sampler),
    trials: flags.trials ?? tuning.trials,
    metric: metric === undefined ? undefined : parseChoice('metric', TUNING_METRICS, metric),
    pruning: flags.pruning !== false && tuning.pruning,
    study,
    timeoutSeconds: flags.timeout ?? tuning.timeout,
    config: trainingConfigOf(config, { made, parts, flags, folder }),
  };
}

/** A setting that the space brings stands there. */
function withSpace(origin: SettingsOrigin, names: readonly string[]): SettingsOrigin {
  const isOfSpace = (name: string) => names.some((each) => each === name || each.startsWith(`${name}.`));
  return {
    ...origin,
    whereOf: (keys) =>
      isOfSpace(keys.join('.')) ? `${showPath(keys)} of the search space` : origin.whereOf(keys),
  };
}
