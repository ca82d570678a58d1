import { InvalidInputError, throwIfCancelled } from '@risk-scoring/contract';
import { assertWhole } from '../checks.ts';
import { NoTrialCompletedError, StudyMismatchError } from '../errors.ts';
import type { Pruner } from '../pruning/median-pruner.ts';
import type { Sampler } from '../samplers/sampler.ts';
import { bestTrial, type CompleteTrial, type TrialRecord } from '../trial.ts';
import type { Study } from './open-study.ts';
import { type Evaluate, runTrial } from './run-trial.ts';
import { differencesBetween } from './settings.ts';

/** What {@link runStudy} runs. */
export interface RunStudyRequest {
  readonly study: Study;
  /** The one whose space and settings the study was opened with. */
  readonly sampler: Sampler;
  /** The one whose settings the study was opened with; none where nothing is pruned. */
  readonly pruner?: Pruner;
  /** How many finished trials the study has in the end, those of earlier runs included. */
  readonly trials: number;
  readonly evaluate: Evaluate;
  readonly signal?: AbortSignal;
  /** Hears of every trial as soon as it is on the disk. */
  readonly onTrial?: (trial: TrialRecord, best: CompleteTrial | undefined) => void;
  /** After it no further trial is begun; the one that runs is finished. At least one trial is run. */
  readonly timeoutSeconds?: number;
}

/** What came of a study. */
export interface StudyResult {
  /** Of equally good trials the earliest. */
  readonly best: CompleteTrial;
  readonly trials: readonly TrialRecord[];
  /** Why it ended: it has its trials, the sampler has nothing left to try, or the time was up. */
  readonly ended: 'trials' | 'exhausted' | 'timeout';
}

/**
 * Runs trials one after the other until the study has as many as asked for. A trial that an earlier run left unfinished is run
 * first, with the same parameters. So a study that was stopped or killed, however often, ends with the trials of an unbroken one,
 * as long as `evaluate` gives equal scores for equal parameters.
 *
 * A trial whose evaluation throws a RiskScoringError of the category input, model or data has failed, and the study goes on. Any
 * other error ends the run and leaves the trial unfinished. The study stays open either way.
 *
 * @throws {CancelledError} when the signal aborts; the study can be resumed
 * @throws {NoTrialCompletedError} when it ends without a complete trial, with the first trial's error
 * @throws {StudyMismatchError} when the sampler or the pruner is another than the study's
 * @throws {StudyFileError} when a trial cannot be written
 * @throws {InvalidInputError} for a number of trials or seconds that cannot be meant
 * @example
 * const { best } = await runStudy({
 *   study, sampler, trials: 50, evaluate: async (parameters, { step }) => scoreOfFolds(parameters, step),
 * });
 */
export async function runStudy(request: RunStudyRequest): Promise<StudyResult> {
  checkRequest(request);
  const { study, sampler, pruner, evaluate, signal, onTrial, timeoutSeconds = Infinity } = request;
  const { direction } = study.settings;
  const begin = performance.now();
  let ended: StudyResult['ended'] = 'trials';
  for (let run = 0; study.trials.length < request.trials; run++) {
    throwIfCancelled(signal, `running trial ${study.trials.length}`);
    if (run > 0 && performance.now() - begin >= timeoutSeconds * 1000) {
      ended = 'timeout';
      break;
    }
    const parameters = study.unfinished?.parameters ?? sampler.propose(study.trials, study.trials.length);
    if (parameters === undefined) {
      ended = 'exhausted';
      break;
    }
    const trial = await runTrial({ study, parameters, evaluate, pruner, signal });
    onTrial?.(trial, bestTrial(study.trials, direction));
  }
  const best = bestTrial(study.trials, direction);
  if (best === undefined) throw noTrialCompleted(study);
  return { best, trials: [...study.trials], ended };
}

function checkRequest({ study, sampler, pruner, trials, timeoutSeconds }: RunStudyRequest): void {
  assertWhole('The number of trials', trials, [1, 1_000_000]);
  if (timeoutSeconds !== undefined && !(timeoutSeconds > 0)) {
    throw new InvalidInputError({
      what: 'The timeout',
      expected: 'seconds above 0',
      found: timeoutSeconds,
    });
  }
  const { settings } = study;
  const directions = [sampler.direction, pruner?.direction].filter((each) => each !== undefined);
  const given = {
    ...settings,
    space: sampler.space,
    sampler: sampler.settings,
    pruner: pruner?.settings,
    direction: directions.find((each) => each !== settings.direction) ?? settings.direction,
  };
  const differences = differencesBetween(settings, given);
  if (differences.length > 0) throw new StudyMismatchError({ path: study.path, differences });
}

function noTrialCompleted(study: Study): NoTrialCompletedError {
  const failed = study.trials.filter((trial) => trial.state === 'failed');
  return new NoTrialCompletedError({
    path: study.path,
    trials: study.trials.length,
    pruned: study.trials.length - failed.length,
    first: failed[0]?.error,
  });
}
