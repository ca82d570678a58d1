import type { TrainedModel, TrainRequest } from '@risk-scoring/contract';
import { describeLibrary } from '@risk-scoring/lightgbm';
import type { Bins } from './lightgbm-bins.ts';
import { createLightGBMModel } from './lightgbm-model.ts';
import { hyperparametersOf, type SettledOptions } from './lightgbm-parameters.ts';
import { gradesOf } from './ranking/check-ranking.ts';
import { queryParts } from './ranking/query-parts.ts';

/**
 * One training on bins that are there already. The model shares their session and outlives them.
 *
 * @throws {CancelledError} when the signal aborts
 * @throws {LightGBMDataError} where rows are not in the bins
 */
export async function trainOnBins(
  bins: Bins,
  request: TrainRequest,
  settled: SettledOptions,
): Promise<TrainedModel> {
  const { trainRows, validationRows, weights, seed, signal, onProgress } = request;
  const lease = bins.lease.share();
  try {
    const stops = stopsEarly(request, settled);
    const result = await lease.session.train({
      dataset: bins.dataset,
      trainRows,
      validationRows,
      weights,
      ...(settled.ranks ? rankingLesson(request) : scoringLesson(request)),
      parameters: { ...bins.parameters, seed },
      maxRounds: request.refitOf?.bestIteration ?? settled.maxRounds,
      earlyStoppingRounds: stops ? settled.earlyStoppingRounds : 0,
      earlyStoppingMetric: settled.earlyStoppingMetric,
      signal,
      onProgress,
    });
    const model = await lease.session.loadModel(result.model);
    return createLightGBMModel({
      lease,
      model,
      text: result.model,
      description: {
        hyperparameters: { ...hyperparametersOf(settled), seed },
        featureNames: model.featureNames,
        numTrees: result.numTrees,
        bestIteration: result.bestIteration,
        importances: Array.from(model.gains),
        splits: Array.from(model.splits),
        libraries: { lightgbm: describeLibrary().version },
      },
    });
  } catch (error) {
    await lease.release();
    throw error;
  }
}

/** Whether the validation rows of a request decide when to stop. */
export function stopsEarly({ validationRows }: TrainRequest, settled: SettledOptions): boolean {
  return validationRows.length > 0 && settled.earlyStoppingRounds > 0;
}

function scoringLesson({ labels, counterWeights }: TrainRequest) {
  return { labels, counterWeights };
}

function rankingLesson(request: TrainRequest) {
  const { data, trainRows, validationRows } = request;
  // The binding takes labels as signed bytes or floats.
  const labels = Float32Array.from(gradesOf(request));
  return { labels, queryIds: queryParts(data, [trainRows, validationRows]) };
}
