import { limitSpinning, runWorkerTask, type TrainingProgress } from '@risk-scoring/contract';
import type { ScoreRequest } from '../model/score-rows.ts';
import type { TrainingInput } from '../training/train-trees.ts';

/** What a worker thread can be asked for. */
export type Task =
  | { readonly name: 'train'; readonly input: TrainingInput }
  | { readonly name: 'score'; readonly request: ScoreRequest };

const thread = { script: new URL('./xgboost-worker.js', import.meta.url), name: 'XGBoost' };

/** Trains in a worker thread; gives the model in XGBoost's JSON format. */
export function train(
  input: TrainingInput,
  options: {
    readonly signal: AbortSignal | undefined;
    readonly onProgress: ((progress: TrainingProgress) => void) | undefined;
  },
): Promise<Uint8Array> {
  limitSpinning();
  const task: Task = { name: 'train', input };
  return runWorkerTask<Task, Uint8Array, TrainingProgress>({ ...thread, input: task, ...options });
}

/** Scores rows in a worker thread, without the native library. */
export function score(request: ScoreRequest): Promise<Float64Array> {
  const task: Task = { name: 'score', request };
  return runWorkerTask<Task, Float64Array>({ ...thread, input: task, during: 'scoring' });
}
