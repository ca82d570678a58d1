import { createHash } from 'node:crypto';
import path from 'node:path';
import type { FeatureMatrix, LabelStrategy } from '@risk-scoring/contract';
import type { TableFingerprint } from '@risk-scoring/extraction';
import type { JsonObject } from '@risk-scoring/tuning';
import type { SettledTrainOptions } from '../train-options.ts';
import type { TrainingPlan } from '../training-plan.ts';
import type { TuningMetric } from './metrics.ts';
import type { TunedTrainer } from './tune-options.ts';

type Fingerprints = Readonly<Record<string, TableFingerprint>>;

/** What trials depend on. */
export interface StudySubject {
  readonly settled: SettledTrainOptions;
  readonly trainer: TunedTrainer;
  readonly metric: TuningMetric;
  readonly plan: TrainingPlan;
  readonly matrix: Pick<FeatureMatrix, 'schemaHash'>;
  readonly fingerprint: Fingerprints;
  readonly history: Fingerprints | undefined;
}

/**
 * Everything that decides the figure of a trial besides its parameters. Equal fingerprints: trials can be compared.
 *
 * @example
 * fingerprintOfStudy({ settled, trainer, metric: 'auc', plan, matrix, fingerprint, history }).features; // the schema hash
 */
export function fingerprintOfStudy(subject: StudySubject): JsonObject {
  const { settled, trainer, metric, plan, matrix, fingerprint, history } = subject;
  const { period, splitter, labelStrategy, evaluationLabels } = settled;
  return plain({
    ...period,
    data: fingerprint,
    history: history ?? null,
    model_type: settled.modelType,
    label_strategy: describe(labelStrategy),
    evaluation_labels: evaluationLabels ? describe(evaluationLabels) : null,
    cluster_labels: settled.clusterLabels,
    labels: hashOfLabels(plan),
    trainer: trainer.name,
    trainer_settings: trainer.settings,
    hyperparameters: settled.trainer.hyperparameters,
    split: splitter.name,
    split_guarantee: splitter.guarantee,
    group_by: settled.groupBy,
    test_fraction: settled.testFraction,
    cv_folds: settled.cvFolds,
    seed: settled.seed,
    features: matrix.schemaHash,
    metric,
  });
}

/**
 * Where the study of a training is when nobody says: `{output_dir}/{network}/tuning/{model_type}_{trainer}_{start}_{end}_w{window}d.study.jsonl`.
 *
 * @example
 * defaultStudyFile(settled, 'lightgbm'); // '/work/trained_models/simnet/tuning/alert_scorer_lightgbm_…_w30d.study.jsonl'
 */
export function defaultStudyFile(
  { period, modelType, outputDir }: Pick<SettledTrainOptions, 'period' | 'modelType' | 'outputDir'>,
  trainer: string,
): string {
  const { network, startDate, endDate, windowDays } = period;
  const name = [modelType, trainer, startDate, endDate, `w${windowDays}d`].join('_');
  return path.resolve(outputDir, network, 'tuning', `${name}.study.jsonl`);
}

function describe({ name, settings }: LabelStrategy) {
  return { name, settings };
}

/** Labels may change without any table of the period: a file of labels, an imported data set, a strategy's own code. */
function hashOfLabels({ labelSet, judging, holdout }: TrainingPlan): string {
  const hash = createHash('sha256');
  const parts = [labelSet.labels, labelSet.weights, judging?.labels ?? new Int8Array(), holdout.test];
  for (const part of parts) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  return hash.digest('hex');
}

function plain(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
