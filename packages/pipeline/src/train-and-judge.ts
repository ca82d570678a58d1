import { type ModelDescription, type PreparedData, throwIfCancelled } from '@risk-scoring/contract';
import { type Finish, finishOf, needsEveryRow } from './calibration.ts';
import {
  type CrossValidation,
  type CrossValidationOptions,
  crossValidate,
  showMetric,
} from './cross-validate.ts';
import { type FittedModel, fit, learningRows, type TrainingContext } from './fit.ts';
import { type Judged, judge, type ScoredRows, scoreRows } from './judge.ts';
import type { HiddenRows } from './labelling/mask.ts';
import { teachingFor } from './labelling/teaching.ts';
import { type LeakageReport, refuseLeaks, withPermutationTest } from './leakage.ts';
import { permutationTest } from './permutation-test.ts';
import type { SettledTrainOptions } from './train-options.ts';
import type { TrainingFeatures } from './training-features.ts';
import type { TrainingPlan } from './training-plan.ts';

/** What {@link trainAndJudge} works on. */
export interface TrainingRun {
  readonly settled: SettledTrainOptions;
  readonly plan: TrainingPlan;
  readonly features: TrainingFeatures;
  /** Throws where the data is not what the features were computed on. */
  readonly checkUnchanged: () => Promise<void>;
  /** What was found before anything was learned. */
  readonly leakage: LeakageReport;
}

/** What came of it. Whoever gets it disposes of `saved.model`. */
export interface TrainingOutcome {
  /** The model that was judged, or its refit: what is saved. */
  readonly saved: FittedModel;
  /** What the saved model says of the judged rows. */
  readonly savedScores: ScoredRows;
  /** The rows that the judged model learned from and stopped early by. */
  readonly fitted: Pick<FittedModel, 'trainRows' | 'validationRows'>;
  /** What the judged model was taught. */
  readonly teaching: Awaited<ReturnType<typeof teachingFor>>;
  /** Undefined where nothing judges. */
  readonly cv: CrossValidation | undefined;
  readonly finish: Finish;
  readonly judged: Judged;
  readonly leakage: LeakageReport;
  /** Rows that the saved model learned from, where it was refitted. */
  readonly refitted: Pick<FittedModel, 'trainRows'> | undefined;
}

/** Cross-validates, calibrates, trains the model, judges it on the holdout, and refits it where that is asked for. */
export async function trainAndJudge(run: TrainingRun): Promise<TrainingOutcome> {
  const { settled, plan, features, checkUnchanged } = run;
  const { labelStrategy, trainer, splitter, seed, signal, onProgress } = settled;
  const { matrix, hideLabelsOf } = features;
  const nobody: HiddenRows = new Uint8Array(plan.hidden.length);
  // Bins and the like are learned here, so what is hidden stays out.
  const prepare = (hidden: HiddenRows) =>
    trainer.prepare?.(matrix, learningRows({ plan, labelStrategy, trainer }, hidden));
  let prepared: PreparedData | undefined;
  const prepareAnew = async (hidden: HiddenRows) => {
    await prepared?.dispose();
    prepared = undefined;
    prepared = await prepare(hidden);
  };
  let saved: FittedModel | undefined;
  try {
    if (!hideLabelsOf) await prepareAnew(plan.hidden);
    const context = (): TrainingContext => ({
      plan,
      matrix,
      labelStrategy,
      trainer,
      prepared,
      splitter,
      seed,
      signal,
    });
    const cv = await crossValidatePlan(
      { ...run, context: context() },
      {
        everyRow: needsEveryRow(settled.thresholdRule),
        onProgress: (progress) => onProgress?.({ stage: 'cross-validation', ...progress }),
      },
    );
    if (hideLabelsOf) {
      await hideLabelsOf(plan.holdout.test);
      // Labels that were published between two folds would be known to one of them only.
      await checkUnchanged();
      await prepareAnew(plan.hidden);
    }
    const finish = finishOf(cv, plan, settled);
    const teaching = await teachingFor(context(), plan.hidden);
    saved = await fit(context(), { teaching, hidden: plan.hidden }, (progress) =>
      onProgress?.({
        stage: 'training',
        done: progress.iteration,
        total: progress.maxIterations,
        detail: showMetric(progress).slice(2),
      }),
    );
    const { trainRows, validationRows } = saved;
    throwIfCancelled(signal, 'judging the model');
    const judging = { plan, matrix, trainer, finish, seed };
    const judged = await judge(saved.model, judging);
    onProgress?.({ stage: 'evaluation', done: 1, total: 1, detail: headline(judged) });
    const leakage = await testPermutations(run, context(), saved.model.describe());
    const outcome = { fitted: { trainRows, validationRows }, teaching, cv, finish, judged, leakage };
    if (!settled.refitAll) return { ...outcome, saved, savedScores: judged, refitted: undefined };

    const refitOf = saved.model.describe();
    await saved.model.dispose();
    saved = undefined;
    if (hideLabelsOf) await hideLabelsOf();
    await prepareAnew(nobody);
    const all = await teachingFor(context(), nobody);
    saved = await fit(context(), { teaching: all, hidden: nobody, refitOf }, (progress) =>
      onProgress?.({ stage: 'refitting', done: progress.iteration, total: progress.maxIterations }),
    );
    const savedScores = await scoreRows(saved.model, judging, judged.rows);
    return { ...outcome, saved, savedScores, refitted: { trainRows: saved.trainRows } };
  } catch (error) {
    await saved?.model.dispose();
    throw error;
  } finally {
    await prepared?.dispose();
  }
}

async function testPermutations(
  { settled, leakage }: TrainingRun,
  context: TrainingContext,
  judged: ModelDescription,
): Promise<LeakageReport> {
  if (!settled.permutationTest) return leakage;
  const outcome = await permutationTest(context, judged);
  const report = withPermutationTest(leakage, outcome, context.splitter);
  settled.onProgress?.({
    stage: 'permutation test',
    done: 1,
    total: 1,
    detail:
      'skipped' in outcome
        ? `skipped: ${outcome.skipped}`
        : `AUC ${outcome.auc.toFixed(3)} on shuffled labels`,
  });
  if (!settled.allowLeakage) refuseLeaks(report);
  return report;
}

/** What {@link crossValidatePlan} works on. */
export interface CrossValidationRun {
  readonly settled: SettledTrainOptions;
  readonly plan: TrainingPlan;
  readonly features: TrainingFeatures;
  /** With the trainer that is tried; what it has prepared is used where all folds may know the same. */
  readonly context: TrainingContext;
}

/**
 * Cross-validates a trainer on the training part of a plan; nothing where nothing judges. Columns from labels are computed anew for each fold, in the matrix
 * itself: whoever goes on with it has to hide the holdout's labels alone again.
 */
export async function crossValidatePlan(
  { settled, plan, features: { hideLabelsOf }, context }: CrossValidationRun,
  options: Pick<CrossValidationOptions, 'measure' | 'onFold' | 'onProgress' | 'everyRow'>,
): Promise<CrossValidation | undefined> {
  if (plan.judging === undefined) return undefined;
  const { trainer, matrix } = context;
  return crossValidate(context, {
    judging: plan.judging,
    rows: plan.holdout.train,
    folds: settled.cvFolds,
    beforeFold: hideLabelsOf
      ? async (split) => {
          await hideLabelsOf(plan.holdout.test, split.test);
          return trainer.prepare?.(matrix, learningRows(context));
        }
      : undefined,
    ...options,
  });
}

function headline({ metrics, ranking }: Judged): string {
  if (metrics) return `holdout AUC ${metrics.auc.toFixed(3)}`;
  const ndcg = ranking?.ndcg['10'];
  return typeof ndcg === 'number' ? `holdout NDCG@10 ${ndcg.toFixed(3)}` : 'no labels to judge by';
}
