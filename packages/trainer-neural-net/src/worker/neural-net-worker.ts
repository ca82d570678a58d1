/** A worker thread that does one task and ends. */
import { serveWorkerTask } from '@risk-scoring/contract';
import { scoreRows } from '../network/score-rows.ts';
import type { Epoch } from '../training/train-network.ts';
import type { Task, Trained } from './run-task.ts';

await serveWorkerTask<Task, Trained | Float64Array, Epoch>(async (task, watch) => {
  if (task.name === 'score') return scoreRows(task.request);
  // Scoring has no use for tfjs.
  const { startTensorflow } = await import('../training/tensorflow.ts');
  const { trainNetwork } = await import('../training/train-network.ts');
  const libraries = await startTensorflow();
  const result = trainNetwork(task.request, {
    between: () => watch.throwIfCancelled(),
    report: (epoch) => watch.report(epoch),
  });
  return { ...result, libraries };
});
