/** The worker thread of a session: answers one request after the other, each synchronously. */
import { parentPort } from 'node:worker_threads';
import { CancelledError } from '@risk-scoring/contract';
import { setLogHandler } from '../log.ts';
import { packError } from './error-transfer.ts';
import { createThrottle } from './progress-throttle.ts';
import type { Message, Request } from './protocol.ts';
import { createOperations, type OperationContext } from './worker-operations.ts';

if (parentPort === null)
  throw new Error('session-worker is started by openLightGBMSession, as a worker thread.');
const port = parentPort;
const operations = createOperations();

setLogHandler((entry) => post({ kind: 'log', entry }));

port.on('message', (request: Request) => {
  const { id, name, input, cancelled } = request;
  const progress = createThrottle(100, (report: Parameters<OperationContext['onProgress']>[0]) =>
    post({ kind: 'progress', id, report }),
  );
  const isCancelled = () => Atomics.load(cancelled, 0) !== 0;
  try {
    if (isCancelled()) throw new CancelledError({ during: 'waiting for LightGBM' });
    // The handler belongs to the input of the same name; TypeScript cannot follow that through the union.
    const operation = operations[name] as (input: unknown, context: OperationContext) => unknown;
    const output = operation(input, { isCancelled, onProgress: progress.report });
    progress.flush();
    post({ kind: 'done', id, output });
  } catch (error) {
    post({ kind: 'failed', id, error: packError(error) });
  }
  if (name === 'close') port.close();
});

function post(message: Message): void {
  port.postMessage(message, message.kind === 'done' ? transferables(message.output) : []);
}

/** A prediction's numbers move to the other thread instead of being copied. */
function transferables(output: unknown): ArrayBuffer[] {
  return output instanceof Float64Array && output.buffer instanceof ArrayBuffer ? [output.buffer] : [];
}
