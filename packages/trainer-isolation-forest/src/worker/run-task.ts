import { runWorkerTask } from '@risk-scoring/contract';
import type { Forest } from '../forest.ts';
import type { GrowthRequest } from '../grow-forest.ts';
import type { ScoreRequest } from '../score-rows.ts';

/** What a worker thread can be asked for. */
export type Task =
  | { readonly name: 'grow'; readonly request: GrowthRequest }
  | { readonly name: 'score'; readonly request: ScoreRequest };

const thread = { script: new URL('./forest-worker.js', import.meta.url), name: 'the isolation forest' };

/** Grows a forest in a worker thread; `onTree` is told how many trees there are. */
export function grow(
  request: GrowthRequest,
  options: {
    readonly signal: AbortSignal | undefined;
    readonly onTree: (trees: number) => void;
  },
): Promise<Forest> {
  const { signal, onTree } = options;
  const input: Task = { name: 'grow', request };
  return runWorkerTask<Task, Forest, number>({ ...thread, input, signal, onProgress: onTree });
}

/** Scores rows in a worker thread. */
export function score(request: ScoreRequest): Promise<Float64Array> {
  const input: Task = { name: 'score', request };
  return runWorkerTask<Task, Float64Array>({ ...thread, input, during: 'scoring' });
}
