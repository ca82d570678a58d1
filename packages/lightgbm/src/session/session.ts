import { CancelledError, limitSpinning, throwIfCancelled } from '@risk-scoring/contract';
import { assertDistinctRows } from '../column-matrix.ts';
import { LightGBMDataError, LightGBMDisposedError, LightGBMWorkerError } from '../errors.ts';
import type { LightGBMLogHandler } from '../log.ts';
import type { EarlyStoppingRule } from '../training-loop.ts';
import type { LoadedModel } from './protocol.ts';
import type {
  LightGBMSession,
  SessionDataset,
  SessionDatasetRequest,
  SessionModel,
  SessionTrainingRequest,
} from './session-types.ts';
import { shareRows } from './shared-matrix.ts';
import { WorkerClient } from './worker-client.ts';

/** How a session is opened. */
export interface LightGBMSessionOptions {
  /** Cancels whatever the session is doing when it aborts, and ends the session. */
  readonly signal?: AbortSignal | undefined;
  /** Gets LightGBM's own log lines; they go nowhere otherwise. */
  readonly onLog?: LightGBMLogHandler | undefined;
}

/**
 * Starts LightGBM in a worker thread.
 *
 * @throws {LightGBMLibraryNotFoundError} where the native library is not built
 * @throws {LightGBMLibraryInvalidError} where it cannot be loaded
 * @throws {CancelledError} where the signal aborts first
 * @example
 * const session = await openLightGBMSession();
 * const dataset = await session.createDataset({ matrix });
 * const { model } = await session.train({ dataset, trainRows, labels, maxRounds: 100, parameters: { objective: 'binary' } });
 * await session.dispose();
 */
export async function openLightGBMSession({
  signal,
  onLog,
}: LightGBMSessionOptions = {}): Promise<LightGBMSession> {
  limitSpinning();
  const client = new WorkerClient(new URL('./session-worker.js', import.meta.url), onLog);
  try {
    await client.request('open', undefined, { signal });
    throwIfCancelled(signal, 'starting LightGBM');
  } catch (error) {
    await client.close();
    throw error;
  }
  return createSession(client, signal);
}

function createSession(client: WorkerClient, signal: AbortSignal | undefined): LightGBMSession {
  const datasets = new WeakMap<SessionDataset, number>();
  const dispose = async () => {
    signal?.removeEventListener('abort', dispose);
    await client.close();
  };
  signal?.addEventListener('abort', dispose, { once: true });
  return {
    dispose,

    async createDataset(request) {
      const number = await client.request('createDataset', datasetInput(request), { signal: request.signal });
      const dataset: SessionDataset = {
        async dispose() {
          if (!datasets.delete(dataset)) return;
          await freeUnlessEnded(client.request('disposeDataset', number));
        },
      };
      datasets.set(dataset, number);
      if (request.signal?.aborted) {
        await dataset.dispose();
        throw new CancelledError({ during: 'sorting rows into bins' });
      }
      return dataset;
    },

    async train(request) {
      const dataset = datasets.get(request.dataset);
      if (dataset === undefined) throw new LightGBMDisposedError({ what: 'dataset' });
      const input = {
        dataset,
        trainRows: request.trainRows,
        validationRows: request.validationRows ?? new Int32Array(0),
        labels: request.labels,
        weights: request.weights,
        counterWeights: request.counterWeights,
        queryIds: request.queryIds,
        parameters: request.parameters ?? {},
        maxRounds: request.maxRounds,
        earlyStopping: earlyStoppingRule(request),
      };
      const { signal, onProgress } = request;
      const result = await client.request('train', input, { signal, onProgress });
      throwIfCancelled(signal, 'training');
      return result;
    },

    async loadModel(text) {
      const { model, ...loaded } = await client.request('loadModel', text);
      return createModel(client, model, loaded);
    },
  };
}

function createModel(client: WorkerClient, model: number, loaded: LoadedModel): SessionModel {
  let disposed = false;
  return {
    ...loaded,
    async predict({ matrix, selected, signal, output = 'probability', numIteration, threads }) {
      if (disposed) throw new LightGBMDisposedError({ what: 'model' });
      assertSameColumns(loaded.featureNames, matrix.columns);
      if (selected?.length === 0) return new Float64Array(0);
      const { matrix: shared, selected: rows } = shareRows(matrix, selected);
      const input = { ...shared, model, selected: rows, output, numIteration, threads };
      const scores = await client.request('predict', input, { signal });
      throwIfCancelled(signal, 'predicting');
      return scores;
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await freeUnlessEnded(client.request('disposeModel', model));
    },
  };
}

function datasetInput({ matrix, selected, parameters = {} }: SessionDatasetRequest) {
  if (selected) assertDistinctRows('The selection of rows', selected, matrix.rows);
  const { matrix: shared, selected: rows } = shareRows(matrix, selected);
  const origin = { rows: matrix.rows, selection: selected };
  return { ...shared, featureNames: matrix.columns, selected: rows, parameters, origin };
}

function earlyStoppingRule({
  earlyStoppingRounds = 0,
  earlyStoppingMetric: metric,
}: SessionTrainingRequest): EarlyStoppingRule | undefined {
  return earlyStoppingRounds === 0 ? undefined : { rounds: earlyStoppingRounds, metric };
}

function assertSameColumns(expected: readonly string[], found: readonly string[]): void {
  const position = expected.findIndex((name, i) => name !== found[i]);
  if (position < 0 && expected.length === found.length) return;
  throw new LightGBMDataError({
    what: 'The matrix',
    expected: `the ${expected.length} columns of the model, in its order`,
    found:
      position < 0
        ? `${found.length} columns`
        : `'${found[position]}' where the model has '${expected[position]}' (column ${position})`,
  });
}

/** With the thread of the session, everything in it is gone already. */
async function freeUnlessEnded(freed: Promise<undefined>): Promise<void> {
  try {
    await freed;
  } catch (error) {
    if (!(error instanceof LightGBMDisposedError || error instanceof LightGBMWorkerError)) throw error;
  }
}
