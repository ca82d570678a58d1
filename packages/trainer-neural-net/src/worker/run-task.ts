import { runWorkerTask } from '@risk-scoring/contract';
import type { ScoreRequest } from '../network/score-rows.ts';
import type { Epoch, TrainingResult, TrainingTask } from '../training/train-network.ts';

/** What a worker thread can be asked for. */
export type Task =
  | { readonly name: 'train'; readonly request: TrainingTask }
  | { readonly name: 'score'; readonly request: ScoreRequest };

/** A trained network, and the versions of what trained it. */
export interface Trained extends TrainingResult {
  readonly libraries: Readonly<Record<string, string>>;
}

const thread = { script: new URL('./neural-net-worker.js', import.meta.url), name: 'the neural net' };

/** Trains a network in a worker thread. */
export function train(
  request: TrainingTask,
  options: { readonly signal: AbortSignal | undefined; readonly onEpoch: (epoch: Epoch) => void },
): Promise<Trained> {
  const { signal, onEpoch } = options;
  const input: Task = { name: 'train', request };
  return runWorkerTask<Task, Trained, Epoch>({ ...thread, input, signal, onProgress: onEpoch });
}

/** Scores rows in a worker thread. */
export function score(request: ScoreRequest): Promise<Float64Array> {
  const input: Task = { name: 'score', request };
  return runWorkerTask<Task, Float64Array>({ ...thread, input, during: 'scoring' });
}
