/** A worker thread that does one task and ends. */
import { serveWorkerTask } from '@risk-scoring/contract';
import type { Forest } from '../forest.ts';
import { growForest } from '../grow-forest.ts';
import { scoreRows } from '../score-rows.ts';
import type { Task } from './run-task.ts';

await serveWorkerTask<Task, Forest | Float64Array, number>((task, watch) => {
  if (task.name === 'score') return scoreRows(task.request);
  return growForest(task.request, (trees) => {
    watch.throwIfCancelled();
    if (trees > 0) watch.report(trees);
  });
});
