import { RiskScoringError, throwIfCancelled } from '@risk-scoring/contract';
import { TrialPruned, TrialValueError } from '../errors.ts';
import type { Pruner } from '../pruning/median-pruner.ts';
import type { Parameters } from '../space/search-space.ts';
import type { FailedTrial, TrialRecord } from '../trial.ts';
import type { Study } from './open-study.ts';

/** What the evaluation of a trial may use besides its parameters. */
export interface TrialContext {
  readonly index: number;
  /**
   * Reports the score of a step, such as a fold. Not needed for the last one: nothing is left to save after it.
   *
   * @throws {TrialPruned} when the trial is not worth finishing: let it pass
   * @throws {TrialValueError} for a score that is no finite number
   */
  step(value: number): void;
  /** Aborts when the study is to stop; hand it to what takes long. */
  readonly signal: AbortSignal | undefined;
}

/** Scores one set of parameters. */
export type Evaluate = (parameters: Parameters, context: TrialContext) => number | Promise<number>;

/** What trouble a study outlives: parameters that a trainer refuses, or that give a model or a split which cannot be judged. */
const OUTLIVED = ['input', 'model', 'data'];

/**
 * Runs one trial and notes how it ended.
 *
 * @throws {CancelledError} when the signal aborted: the trial stays unfinished
 * @throws whatever `evaluate` throws that is no trouble of the parameters: the trial stays unfinished
 */
export async function runTrial(parts: {
  readonly study: Study;
  readonly parameters: Parameters;
  readonly evaluate: Evaluate;
  readonly pruner: Pruner | undefined;
  readonly signal: AbortSignal | undefined;
}): Promise<TrialRecord> {
  const { study, parameters, evaluate, pruner, signal } = parts;
  const { index } = study.start(parameters);
  const values: number[] = [];
  const begin = performance.now();
  const common = () => ({ index, values, seconds: Math.round(performance.now() - begin) / 1000 });

  function step(value: number): void {
    values.push(scoreOf(value, { index, what: `Step ${values.length + 1}` }));
    study.step(value);
    if (pruner?.shouldPrune(study.trials, { values })) throw new TrialPruned({ index, steps: values.length });
  }

  try {
    const returned = await evaluate(parameters, { index, step, signal });
    const value = scoreOf(returned, { index, what: 'The value' });
    return study.finish({ ...common(), state: 'complete', value });
  } catch (error) {
    if (TrialPruned.isInstance(error)) return study.finish({ ...common(), state: 'pruned' });
    throwIfCancelled(signal, `running trial ${index}`);
    if (!RiskScoringError.isInstance(error) || !OUTLIVED.includes(error.category)) throw error;
    return study.finish({ ...common(), state: 'failed', error: describe(error) });
  }
}

function describe({ code, category, message }: RiskScoringError): FailedTrial['error'] {
  return { code, category, message };
}

/** The score, with 0 for -0, which is what the file gives back. */
function scoreOf(value: unknown, { index, what }: { index: number; what: string }): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value + 0;
  throw new TrialValueError({ index, what, found: value });
}
