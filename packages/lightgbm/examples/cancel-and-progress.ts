// A training that Ctrl-C stops within one iteration, showing how far it is.
import { RiskScoringError } from '@risk-scoring/contract';
import { openLightGBMSession, type SessionTrainingRequest } from '@risk-scoring/lightgbm';

/** Trains and returns the model text; undefined when the user stopped it. */
export async function trainUntilInterrupted(
  matrix: { values: Float32Array; rows: number; columns: string[] },
  request: Omit<SessionTrainingRequest, 'dataset'>,
): Promise<string | undefined> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once('SIGINT', stop);
  const session = await openLightGBMSession({
    onLog: ({ level, message }) => process.stderr.write(`${level}: ${message}\n`),
  });
  try {
    const { signal } = controller;
    const dataset = await session.createDataset({ matrix, parameters: request.parameters, signal });
    const { model } = await session.train({
      ...request,
      dataset,
      signal,
      onProgress: ({ iteration, maxIterations, metric }) => {
        process.stderr.write(`\r${iteration}/${maxIterations} ${metric?.name ?? ''} ${metric?.value ?? ''}`);
      },
    });
    return model;
  } catch (error) {
    if (RiskScoringError.isInstance(error) && error.category === 'cancelled') return undefined;
    throw error;
  } finally {
    process.off('SIGINT', stop);
    await session.dispose();
  }
}
