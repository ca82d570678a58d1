import { parentPort, workerData } from 'node:worker_threads';
import { createSession } from './session.ts';
import type { WorkerReply, WorkerRequest, WorkerSetup } from './worker-messages.ts';

// The body of one worker thread: a session, and chunks to score one after the other. onnxruntime-node
// computes in the thread that calls it, so that a scorer needs threads of its own.

if (parentPort === null) throw new Error('score-worker runs as a worker thread only');
const port = parentPort;
const { bytes, columns } = workerData as WorkerSetup;
const opening = createSession(bytes, columns);
// A failure is told with the first chunk; unhandled, it would end the thread before.
opening.catch(() => {});

port.on('message', async (request: WorkerRequest) => {
  if (request.kind === 'close') {
    await opening.then((session) => session.release()).catch(() => {});
    port.close();
    return;
  }
  const { id, values, rows } = request;
  try {
    const { raw, probability } = await (await opening).run(values, rows);
    reply({ id, values, raw, probability });
  } catch (error) {
    reply({ id, values, error });
  }
});

/** The scores live in memory of onnxruntime, which cannot change hands: they are copied; the chunk goes back. */
function reply(message: WorkerReply): void {
  port.postMessage(message, [message.values.buffer as ArrayBuffer]);
}
