import { isDeepStrictEqual } from 'node:util';
import { RiskScoringError, throwIfCancelled } from '@risk-scoring/contract';
import {
  FeaturesMissingError,
  featureCoverage,
  fingerprintPeriod,
  type TableFingerprint,
} from '@risk-scoring/extraction';
import { readsEarlier, reportColumns } from '@risk-scoring/features';
import { type SavedModel, saveModel } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import { composeMetadata, type TrainingFindings } from './compose-metadata.ts';
import { crossValidate, showMetric } from './cross-validate.ts';
import { type FittedModel, fit, learningRows, type TrainingContext } from './fit.ts';
import { judge, proveOnnx } from './judge.ts';
import type { JudgingLabels } from './labelling/judging-labels.ts';
import { teachingFor } from './labelling/teaching.ts';
import { usedDataSets } from './labelling/used-data-sets.ts';
import { checkLeakage } from './leakage.ts';
import { type SettledTrainOptions, settleTrainOptions, type TrainOptions } from './train-options.ts';
import { addressesOf, buildTrainingFeatures } from './training-features.ts';
import { type PlanCounts, planTraining, type TrainingPlan } from './training-plan.ts';

/**
 * Trains a model on a period, judges it on addresses it never saw, proves its ONNX twin equal and saves it, whole or
 * not at all. The model that is saved is the model that was judged.
 *
 * Steps: extract, label, set the holdout aside, compute features (encodings fitted on the other rows), check for
 * leaks, cross-validate on the training part, train on it, judge on the holdout, save.
 *
 * @throws {RiskScoringError} typed: see the packages of the steps
 * @throws {CancelledError} soon after the signal aborts; nothing is left behind
 * @example
 * const saved = await trainModel(database, {
 *   period: { network: 'ethereum', startDate: '2018-02-01', endDate: '2019-12-01', windowDays: 30 },
 *   modelType: 'alert_scorer', labelStrategy: labelStrategyByName('address'), trainer: trainerByName('lightgbm', 'alert_scorer'),
 *   splitter: splitterByName('address'), outputDir: 'trained_models', modelVersion: '1.0.0', seed: 42,
 * });
 * saved.metadata.metrics.test_auc;
 */
export async function trainModel(database: Database, options: TrainOptions): Promise<SavedModel> {
  const settled = settleTrainOptions(options, database.network);
  const { period, labelStrategy, trainer, splitter, seed, signal, onProgress } = settled;
  const fingerprint = await fingerprintPeriod(database, period);
  const history = await fingerprintHistory(database, settled);
  const plan = await planTraining(database, period, settled);
  const coverage = await checkCoverage(database, settled);
  const { matrix, featurePlan, hideLabelsOf } = await buildTrainingFeatures(database, plan, settled);
  await assertUnchanged(database, settled, { fingerprint, history });
  const leakage = checkLeakage(matrix, plan.judging?.labels, plan);
  onProgress?.({
    stage: 'leakage check',
    done: 1,
    total: 1,
    detail: `${leakage.features}; strongest feature ${leakage.strongest_feature ?? 'unknown'}`,
  });

  // Bins and the like are learned here, so the holdout stays out.
  const prepare = () => trainer.prepare?.(matrix, learningRows({ plan, labelStrategy, trainer }));
  let prepared = hideLabelsOf ? undefined : await prepare();
  const context: TrainingContext = {
    plan,
    matrix,
    labelStrategy,
    trainer,
    prepared,
    splitter,
    seed,
    signal,
  };
  let fitted: FittedModel | undefined;
  try {
    const cvScores = await judgedOnly(plan, (judging) =>
      crossValidate(context, {
        judging,
        rows: plan.holdout.train,
        folds: settled.cvFolds,
        beforeFold: hideLabelsOf
          ? async (split) => {
              await hideLabelsOf(split.test);
              return prepare();
            }
          : undefined,
        onProgress: (progress) => onProgress?.({ stage: 'cross-validation', ...progress }),
      }),
    );
    if (hideLabelsOf) {
      await hideLabelsOf(new Int32Array());
      // Labels that were published between two folds would be known to one of them only.
      await assertUnchanged(database, settled, { fingerprint, history });
      prepared = await prepare();
    }
    const final = { ...context, prepared };
    const teaching = await teachingFor(final, plan.holdoutGroups);
    fitted = await fit(final, { teaching, hidden: plan.holdoutGroups }, (progress) =>
      onProgress?.({
        stage: 'training',
        done: progress.iteration,
        total: progress.maxIterations,
        detail: showMetric(progress).slice(2),
      }),
    );
    throwIfCancelled(signal, 'judging the model');
    const judged = await judge(fitted.model, plan, { matrix, seed });
    onProgress?.({
      stage: 'evaluation',
      done: 1,
      total: 1,
      detail: judged.metrics ? `holdout AUC ${judged.metrics.auc.toFixed(3)}` : 'no labels to judge by',
    });
    const artifacts = await fitted.model.artifacts();
    const parity = await proveOnnx(artifacts, { matrix, judged });
    onProgress?.({
      stage: 'onnx parity',
      done: 1,
      total: 1,
      detail: `largest difference ${parity.maxProbabilityDifference}`,
    });

    const metadata = composeMetadata({
      options: settled,
      plan,
      featurePlan,
      matrix,
      fitted,
      teaching,
      judged,
      dataSets: await usedDataSets(database, [plan.labelSet.report, plan.judging?.report]),
      cvScores,
      leakage,
      parity,
      fingerprint,
      history,
      columnReport: reportColumns(matrix),
      coverage,
    });
    throwIfCancelled(signal, 'saving the model');
    const saved = await saveModel({
      database,
      outputDir: settled.outputDir,
      metadata,
      artifacts,
      holdoutGroups: addressesOf(plan, plan.holdout.test),
    });
    onProgress?.({ stage: 'saving', done: 1, total: 1, detail: saved.metadata.model_id });
    return saved;
  } finally {
    await fitted?.model.dispose();
    await prepared?.dispose();
  }
}

/**
 * What {@link trainModel} would learn from and be judged on, without computing features, training or writing anything.
 *
 * @throws {RiskScoringError} what trainModel would throw up to that point
 */
export async function dryRunTraining(database: Database, options: TrainOptions): Promise<PlanCounts> {
  const settled = settleTrainOptions(options, database.network);
  return (await planTraining(database, settled.period, settled)).counts;
}

/** What takes labels to judge by; nothing where there are none. */
async function judgedOnly(
  { judging }: TrainingPlan,
  work: (judging: JudgingLabels) => Promise<number[]>,
): Promise<number[]> {
  return judging === undefined ? [] : work(judging);
}

/** Fingerprints of the snapshots before the period, where a feature looks back at them. */
async function fingerprintHistory(
  database: Database,
  { period, featureGroups }: SettledTrainOptions,
): Promise<Record<string, TableFingerprint> | undefined> {
  if (!featureGroups.some(readsEarlier)) return undefined;
  const dayBefore = new Date(Date.parse(`${period.startDate}T00:00:00Z`) - 86_400_000)
    .toISOString()
    .slice(0, 10);
  return fingerprintPeriod(database, { ...period, startDate: '1970-01-01', endDate: dayBefore });
}

/** Address features that are all unknown would train in silence a model that knows nothing of addresses. */
async function checkCoverage(
  database: Database,
  { period, featureGroups }: SettledTrainOptions,
): Promise<number> {
  const coverage = await featureCoverage(database, period);
  if (coverage === 0 && featureGroups.some((group) => group.name === 'address')) {
    throw new FeaturesMissingError({
      period,
      expected: 'a row for the address of most alerts',
      found: coverage,
    });
  }
  return coverage;
}

/** Checks that the rows are still those whose fingerprints were taken. */
async function assertUnchanged(
  database: Database,
  settled: SettledTrainOptions,
  { fingerprint, history }: Pick<TrainingFindings, 'fingerprint' | 'history'>,
): Promise<void> {
  if (
    !isDeepStrictEqual(await fingerprintPeriod(database, settled.period), fingerprint) ||
    !isDeepStrictEqual(await fingerprintHistory(database, settled), history)
  ) {
    throw new DataChangedError();
  }
}

/** A snapshot was ingested while a training read it: labels and features would be of different data. */
class DataChangedError extends RiskScoringError {
  constructor() {
    super({
      code: 'DATA_CHANGED',
      category: 'data',
      summary: 'The published rows of the period changed while they were read.',
      expected: 'the same rows for labels and for features',
      found: 'others',
      remedy: 'train again, and ingest before or after',
    });
  }
}
