import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInputError, isPath } from '@risk-scoring/contract';
import { Document } from 'yaml';
import type { Config, OpenSettings } from '../config/read-config.ts';
import {
  type ConfiguredTraining,
  type NamedPart,
  type NamedParts,
  splitOf,
  type TrainingFlags,
} from '../config/training-of.ts';
import { assertWritable, writeWhole } from '../export-features/whole-file.ts';
import type { TuneResult } from './tune-options.ts';

/** The sections of a configuration that decide a training, as YAML has them. */
export interface TrainingConfig {
  readonly features: OpenSettings;
  readonly training: OpenSettings;
}

/** The first words of a file that may be written again. */
const MARK = 'Written by risk-scoring tune';

/**
 * The configuration of a training with everything that flags, file and defaults decide. Paths are absolute, so that the file may lie anywhere.
 *
 * @param parts.made what `trainingOf` made of the same configuration and flags
 * @param parts.folder the working folder, which paths in flags are relative to
 * @example
 * trainingConfigOf(config, { made, parts: partsOf(config, where), flags, folder }).training.seed; // 42
 */
export function trainingConfigOf(
  { features, folder, training }: Config,
  {
    made,
    parts,
    flags,
    folder: workingFolder,
  }: {
    readonly made: Omit<ConfiguredTraining, 'trainer'>;
    readonly parts: NamedParts;
    readonly flags: TrainingFlags;
    readonly folder: string;
  },
): TrainingConfig {
  const { labelStrategy, evaluationLabels, trainer } = parts;
  const { split, purgeDays, unseenOnly } = splitOf(training, flags);
  const { positiveShare } = made.clusterLabels;
  return {
    features: {
      groups: features.groups.map((group) => (isPath(group) ? path.resolve(folder, group) : group)),
      ...(features.evidenceKeys.length > 0 ? { evidence_keys: features.evidenceKeys } : {}),
      ...(features.otherNetworks.length > 0 ? { other_networks: features.otherNetworks } : {}),
    },
    training: {
      label_strategy: labelStrategy.name,
      label_settings: absoluteSettings(labelStrategy),
      ...(evaluationLabels
        ? {
            evaluation_labels: evaluationLabels.name,
            evaluation_settings: absoluteSettings(evaluationLabels),
          }
        : {}),
      trainer: trainer.name,
      trainer_settings: trainer.settings.values,
      model_type: made.modelType,
      split,
      group_by: made.groupBy,
      purge_days: purgeDays,
      unseen_only: unseenOnly,
      test_fraction: made.testFraction,
      cv_folds: made.cvFolds,
      calibration: made.calibration,
      threshold: flags.threshold ?? training.threshold,
      ...(positiveShare === undefined ? {} : { cluster_positive_share: positiveShare }),
      allow_leakage: made.allowLeakage,
      permutation_test: made.permutationTest,
      refit_all: made.refitAll,
      seed: made.seed,
      model_version: made.modelVersion,
      output_dir: path.resolve(workingFolder, made.outputDir),
    },
  };
}

/**
 * Where the best parameters go when nobody says: beside the study.
 *
 * @example
 * tunedConfigFile('/models/a.study.jsonl'); // '/models/a.best.yaml'
 */
export function tunedConfigFile(study: string): string {
  return `${study.replace(/(?:\.study)?\.jsonl$/, '')}.best.yaml`;
}

/**
 * Refuses a file that was not written by tuning, before hours of work: it may be somebody's configuration.
 *
 * @throws {InvalidInputError} naming the file, or the folder that is not there
 * @throws {FileNotWrittenError} for a name that the disk cannot have
 * @example
 * await assertTunedConfigFile('best.yaml');
 */
export async function assertTunedConfigFile(file: string): Promise<void> {
  await assertWritable(file, { force: true });
  // A file that cannot be read is none that tuning wrote.
  const text = await readFile(file, 'utf8').catch(({ code }: NodeJS.ErrnoException) =>
    code === 'ENOENT' ? undefined : '',
  );
  if (text === undefined || text.startsWith(`# ${MARK}`)) return;
  throw new InvalidInputError({
    what: 'The file for the best parameters',
    expected: 'a name that is free, or a file that an earlier tuning wrote',
    found: file,
    remedy: 'name another file with --out',
  });
}

/**
 * Writes the best settings of a study as a configuration that `train --config` takes, whole or not at all.
 *
 * @param file its folder must be there
 * @throws {InvalidInputError} where a file stands that tuning did not write
 * @throws {FileNotWrittenError} when the disk does not let it
 * @example
 * await writeTunedConfig('best.yaml', await tuneModel(database, options), options.config);
 */
export async function writeTunedConfig(
  file: string,
  result: TuneResult,
  { features, training }: TrainingConfig,
): Promise<void> {
  await assertTunedConfigFile(file);
  const document = new Document({
    features,
    training: { ...training, trainer_settings: result.settings },
  });
  document.commentBefore = commentOf(result);
  const text = document.toString({ lineWidth: 0 });
  await writeWhole(file, { force: true }, (sink) => sink(new TextEncoder().encode(text)));
}

function commentOf({ study, best, trials, metric, sampler }: TuneResult): string {
  const complete = trials.filter(({ state }) => state === 'complete').length;
  return [
    `${MARK}: the best of ${trials.length} trials (${complete} complete), proposed by ${sampler}.`,
    `Study: ${study}`,
    `Trial ${best.index}: ${metric} ${best.value}, the mean over ${best.values.length + 1} folds of the training part.`,
    'That figure is optimistic, as it chose the parameters. The honest one is what train says of the holdout, which tuning never touched.',
  ]
    .map((line) => ` ${line}`)
    .join('\n');
}

/** Which texts are paths is known of those that begin like one, and of the setting that names a file. */
function absoluteSettings({ settings: { values, folder } }: NamedPart): unknown {
  return absolute(values, { folder, key: '' });
}

function absolute(
  value: unknown,
  { folder, key }: { readonly folder: string; readonly key: string },
): unknown {
  if (typeof value === 'string') return key === 'file' || isPath(value) ? path.resolve(folder, value) : value;
  if (Array.isArray(value)) return value.map((each) => absolute(each, { folder, key: '' }));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, absolute(each, { folder, key: name })]);
  return Object.fromEntries(entries);
}
