import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { WorkerClient } from './worker-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'worker-client-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A client of a worker that answers `open` and does `onOthers` with any other request. */
function clientOf(name: string, onOthers: string): WorkerClient {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(
    path,
    `import { parentPort } from 'node:worker_threads';
     parentPort.on('message', ({ id, name }) => {
       if (name === 'open') parentPort.postMessage({ kind: 'done', id, output: undefined });
       else { ${onOthers} }
     });`,
  );
  return new WorkerClient(pathToFileURL(path), undefined);
}

describe('a worker that ends in the middle of its work', () => {
  it.each([
    { how: 'exits', does: 'process.exit(3);', found: /exited with code 3/ },
    { how: 'throws', does: "throw new Error('out of luck');", found: /out of luck/ },
  ])('rejects what is pending and what follows when it $how', async ({ how, does, found }) => {
    const client = clientOf(how, does);
    await client.request('open', undefined);
    const pending = [client.request('loadModel', 'a'), client.request('loadModel', 'b')];
    const error = { code: 'LIGHTGBM_WORKER', category: 'internal', found: expect.stringMatching(found) };
    for (const { status, ...outcome } of await Promise.allSettled(pending)) {
      expect(status).toBe('rejected');
      expect(outcome).toMatchObject({ reason: error });
    }
    await expect(client.request('loadModel', 'c')).rejects.toMatchObject(error);
    await client.close();
  });

  it('before it ever answered rejects, too', async () => {
    const client = new WorkerClient(pathToFileURL(join(folder, 'nowhere.mjs')), undefined);
    await expect(client.request('open', undefined)).rejects.toMatchObject({ code: 'LIGHTGBM_WORKER' });
    await client.close();
  });
});
