/** A worker thread that does one task and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { CancelledError } from '@risk-scoring/contract';
import { growForest } from '../grow-forest.ts';
import { scoreRows } from '../score-rows.ts';
import type { Message, Task, TaskName, Tasks } from './tasks.ts';

if (parentPort === null) throw new Error('forest-worker is started by runTask, as a worker thread.');
const port = parentPort;
const post = (message: Message) => port.postMessage(message);

try {
  post({ kind: 'done', output: run(workerData as Task) });
} catch (error) {
  if (!(error instanceof CancelledError)) throw error;
  post({ kind: 'cancelled' });
}

function run({ name, input, cancelled }: Task): Tasks[TaskName]['output'] {
  switch (name) {
    case 'grow':
      return growForest(input, (trees) => {
        if (Atomics.load(cancelled, 0) !== 0) throw new CancelledError({ during: 'training' });
        if (trees > 0) post({ kind: 'grown', trees });
      });
    case 'score':
      return scoreRows(input);
  }
}
