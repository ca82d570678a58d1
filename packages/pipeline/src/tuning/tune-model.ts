import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { RiskScoringError, throwIfCancelled } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import { createMedianPruner, openStudy, runStudy, type Study, type StudyResult } from '@risk-scoring/tuning';
import { prepareTraining } from '../prepare-training.ts';
import { settleTrainOptions } from '../train-options.ts';
import { defaultSpaceOf } from './default-spaces.ts';
import { NothingToTuneByError, TuningStoppedError } from './errors.ts';
import { evaluateTrial, type TrialSubject } from './evaluate-trial.ts';
import { tuningMetricOf } from './metrics.ts';
import { samplerByName } from './samplers.ts';
import { defaultStudyFile, fingerprintOfStudy } from './study-settings.ts';
import { trySpace } from './try-space.ts';
import type { TuneOptions, TuneResult } from './tune-options.ts';
import { trialProgress } from './tuning-progress.ts';
import { withParameters } from './with-parameters.ts';

/**
 * Searches the settings of a trainer whose models do best in the cross-validation of a training. The holdout is set aside as `trainModel`
 * sets it aside with the same options, and no trial sees it: `trainModel` with the settings found is judged on rows that did not choose
 * them. The best value itself is optimistic, being the best of many.
 *
 * Steps: try the ends of the space, extract, label, set the holdout aside, compute features once, check for leaks, then one
 * cross-validation per trial. Trials are kept in a study file; the same call goes on where it was stopped.
 *
 * @throws {RiskScoringError} typed: see the packages of the steps
 * @throws {StudyMismatchError} when the study file is of other data, labels, settings or another space
 * @throws {TuningStoppedError} soon after the signal aborts, once the study is open; `CancelledError` before
 * @example
 * const trainer = { name: 'lightgbm', settings: {}, create: (settings) => trainerByName('lightgbm', 'alert_scorer', { settings }) };
 * const { settings, best } = await tuneModel(database, { ...trainOptions, trainer, trials: 30 });
 * await trainModel(database, { ...trainOptions, trainer: trainer.create(settings) });
 */
export async function tuneModel(database: Database, options: TuneOptions): Promise<TuneResult> {
  const { trainer, sampler: samplerName = 'tpe', trials: requestedTrials = 50 } = options;
  const settled = settleTrainOptions(
    { ...options, trainer: trainer.create(trainer.settings) },
    database.network,
  );
  const { seed, signal } = settled;
  const metric = tuningMetricOf(options.metric, settled.modelType);
  const space = options.space ?? defaultSpaceOf(trainer.name, trainer.settings);
  const sampler = samplerByName(samplerName, space, { seed, direction: metric.direction });
  trySpace(trainer, space);
  const pruner = options.pruning === false ? undefined : createMedianPruner({ direction: metric.direction });

  const { plan, features, fingerprint, history, checkUnchanged } = await prepareTraining(
    database,
    settled,
    ({ judging }) => {
      if (judging === undefined) throw new NothingToTuneByError(settled.labelStrategy.name);
    },
  );
  throwIfCancelled(signal, 'preparing trials');
  const subject: TrialSubject = { settled, plan, features, metric };
  const file = path.resolve(options.study ?? defaultStudyFile(settled, trainer.name));
  await mkdir(path.dirname(file), { recursive: true });
  const study = await openStudy(file, {
    objective: `cv_${metric.name}`,
    direction: metric.direction,
    space,
    sampler: sampler.settings,
    ...(pruner ? { pruner: pruner.settings } : {}),
    seed,
    fingerprint: fingerprintOfStudy({
      settled,
      plan,
      trainer,
      metric: metric.name,
      matrix: features.matrix,
      fingerprint,
      history,
    }),
  });
  const resumedTrials = study.trials.length;
  const progress = trialProgress(settled.onProgress, { study, metric, total: requestedTrials });
  try {
    progress.begin();
    const result = await untilStopped(study, { signal, total: requestedTrials }, () =>
      runStudy({
        study,
        sampler,
        ...(pruner ? { pruner } : {}),
        trials: requestedTrials,
        ...(signal ? { signal } : {}),
        ...(options.timeoutSeconds === undefined ? {} : { timeoutSeconds: options.timeoutSeconds }),
        onTrial: progress.finished,
        async evaluate(parameters, context) {
          // Labels that were published between two trials would be known to one of them only.
          if (features.hideLabelsOf) await endingStudy(checkUnchanged);
          progress.started(context.index);
          const made = trainer.create(withParameters(trainer.settings, parameters));
          return evaluateTrial(subject, made, context);
        },
      }),
    );
    return {
      study: file,
      resumedTrials,
      requestedTrials,
      metric: metric.name,
      direction: metric.direction,
      sampler: samplerName,
      space: study.settings.space,
      settings: withParameters(trainer.settings, result.best.parameters),
      counts: plan.counts,
      ...result,
    };
  } finally {
    study.close();
  }
}

/** Says how a study goes on where it is stopped, and lets the error of {@link endingStudy} out. */
async function untilStopped(
  study: Study,
  { signal, total }: { readonly signal: AbortSignal | undefined; readonly total: number },
  run: () => Promise<StudyResult>,
): Promise<StudyResult> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof EndsStudy) throw error.cause;
    if (!signal?.aborted || !RiskScoringError.isInstance(error)) throw error;
    throw new TuningStoppedError({ study: study.path, done: study.trials.length, total });
  }
}

/** Trouble that is of no single trial. A study outlives typed errors, so it must not see this as one. */
class EndsStudy extends Error {}

async function endingStudy(check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (cause) {
    throw new EndsStudy('the study cannot go on', { cause });
  }
}
