/** A worker thread that does one task and ends: XGBoost keeps its last error and its configuration per thread. */
import { serveWorkerTask, type TrainingProgress } from '@risk-scoring/contract';
import { scoreRows } from '../model/score-rows.ts';
import { trainTrees } from '../training/train-trees.ts';
import type { Task } from './run-task.ts';

await serveWorkerTask<Task, Uint8Array | Float64Array, TrainingProgress>((task, watch) =>
  task.name === 'score' ? scoreRows(task.request) : trainTrees(task.input, watch),
);
