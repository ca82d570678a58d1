import type { ModelTrainer, TrainedModel, TrainRequest } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { runCase } from '../conformance/conformance-case.ts';
import { createDistanceTrainer } from '../testing/distance-trainer.ts';
import { createLogisticTrainer, type Scaling, scoreLogisticTwin } from '../testing/logistic-trainer.ts';
import { describeSuiteTrial } from '../testing/mutants.ts';
import { modelTrainerCases, supervisedCases, trainerSubject } from './describe-model-trainer.ts';
import { unsupervisedCases } from './unsupervised-cases.ts';

const options = { scoreOnnx: scoreLogisticTwin, longRows: 3000 };
const subjectOf = (makeTrainer: () => ModelTrainer) => trainerSubject(makeTrainer, options);
const sound = subjectOf(() => createLogisticTrainer());

function mutant(what: string, makeTrainer: () => ModelTrainer, noticedBy: string[]) {
  return { what, subject: subjectOf(makeTrainer), noticedBy };
}

/** The sound trainer with something replaced. */
function trainerWith(overrides: (sound: ModelTrainer) => Partial<ModelTrainer>): () => ModelTrainer {
  return () => {
    const trainer = createLogisticTrainer();
    return { ...trainer, ...overrides(trainer) };
  };
}

/** The sound trainer whose requests are changed on their way. */
function requestWith(change: (request: TrainRequest) => Partial<TrainRequest>): () => ModelTrainer {
  return trainerWith((trainer) => ({
    train: (request) => trainer.train({ ...request, ...change(request) }),
  }));
}

/** The sound trainer whose models, trained and loaded, have something replaced. */
function modelWith(overrides: (model: TrainedModel) => Partial<TrainedModel>): () => ModelTrainer {
  const change = (model: TrainedModel) => ({ ...model, ...overrides(model) });
  return trainerWith((trainer) => ({
    train: async (request) => change(await trainer.train(request)),
    load: async (artifacts) => change(await trainer.load(artifacts)),
  }));
}

const busyFor = (milliseconds: number) => {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
};
const allRows = (length: number) => Int32Array.from({ length }, (_, row) => row);
let trainings = 0;

describeSuiteTrial('modelTrainerCases', {
  cases: supervisedCases,
  sound,
  mutants: [
    mutant(
      'another specification version',
      trainerWith(() => ({ specificationVersion: 'v0' as 'v1' })),
      ['carries the specification version, and so do its models'],
    ),
    mutant(
      'models of another specification version',
      modelWith(() => ({ specificationVersion: 'v0' as 'v1' })),
      ['carries the specification version, and so do its models'],
    ),
    mutant(
      'an unknown model type',
      trainerWith(() => ({ modelTypes: ['oracle' as 'alert_scorer'] })),
      ['has a name, model types and hyperparameters as plain JSON'],
    ),
    mutant(
      'hyperparameters that JSON loses',
      trainerWith(() => ({ hyperparameters: { rate: Number.NaN } })),
      ['has a name, model types and hyperparameters as plain JSON'],
    ),
    mutant(
      'features described in another order',
      modelWith((model) => ({
        describe: () => ({ ...model.describe(), featureNames: model.describe().featureNames.toReversed() }),
      })),
      ['describes its model, features in the order of the matrix'],
    ),
    mutant(
      'importances in another order',
      modelWith((model) => ({
        describe: () => ({
          ...model.describe(),
          importances: model.describe().importances.toReversed().fill(0, 0, 3),
        }),
      })),
      ['finds what is informative more important than what is never known'],
    ),
    mutant(
      'no ONNX twin',
      modelWith((model) => ({
        artifacts: async () => (await model.artifacts()).filter(({ role }) => role !== 'onnx'),
      })),
      ['gives its native form and an ONNX twin', 'has an ONNX twin that scores the same within 1e-6'],
    ),
    mutant(
      'a loaded model with rounded weights',
      trainerWith((trainer) => ({
        load: (artifacts) =>
          trainer.load(
            artifacts.map((artifact) => ({
              ...artifact,
              bytes: new TextEncoder().encode(
                new TextDecoder().decode(artifact.bytes).replaceAll(/(\d\.\d{8})\d+/g, '$1'),
              ),
            })),
          ),
      })),
      ['loads a saved model that predicts the same bits and describes itself the same way'],
    ),
    mutant(
      'a twin of another model',
      () => createLogisticTrainer({ probability: (raw) => 1 / (1 + Math.exp(-raw * 1.0001)) }),
      ['has an ONNX twin that scores the same within 1e-6'],
    ),
    mutant(
      'a model that can be disposed of once',
      modelWith(() => {
        let isDisposed = false;
        return {
          dispose: async () => {
            if (isDisposed) throw new Error('gone');
            isDisposed = true;
          },
        };
      }),
      ['can be disposed of twice'],
    ),
    mutant(
      'a refit that goes on for longer',
      trainerWith((trainer) => ({
        async train(request) {
          const model = await trainer.train(request);
          const { bestIteration } = model.describe();
          if (request.refitOf === undefined) return model;
          return { ...model, describe: () => ({ ...model.describe(), bestIteration: bestIteration + 1 }) };
        },
      })),
      ['repeats the length of a training for a refit on more rows'],
    ),
    mutant(
      'labels that are not used',
      requestWith(({ labels }) => ({ labels: labels.map((_, row) => (row * 7919) % 2) as Int8Array })),
      ['learns labels that can be learned'],
    ),
    mutant(
      'counter-weights that are not used',
      requestWith(() => ({ counterWeights: new Float32Array(10_000) })),
      [
        'learns the opposite class of rows that have a counter-weight and no weight',
        'learns nothing from rows that are as much of one class as of the other',
      ],
    ),
    mutant(
      'a counter-weight for every row',
      requestWith(({ counterWeights }) =>
        counterWeights === undefined ? {} : { counterWeights: counterWeights.map((weight) => weight + 0.1) },
      ),
      ['learns as without counter-weights where no listed row has one'],
    ),
    mutant(
      'a need of validation rows',
      trainerWith((trainer) => ({
        train: async (request) => {
          if (request.validationRows.length === 0) throw new RangeError('no validation rows');
          return trainer.train(request);
        },
      })),
      ['trains without validation rows'],
    ),
    mutant(
      'models that change',
      requestWith(({ weights }) => {
        const shift = trainings++;
        return { weights: weights.map((weight, i) => weight + ((i + shift) % 3)) };
      }),
      ['gives the same model for the same request, each time and from each instance'],
    ),
    mutant(
      'scaling by all rows',
      () => createLogisticTrainer({ scalingRows: (_, data) => allRows(data.rows) }),
      ['learns from the listed rows alone', 'prepares from the listed rows alone'],
    ),
    mutant(
      'training on all rows',
      requestWith(({ data }) => ({ trainRows: allRows(data.rows) })),
      ['learns from the listed rows alone'],
    ),
    mutant(
      'prepared data that a training changes',
      trainerWith((trainer) => ({
        train: async (request) => {
          const model = await trainer.train(request);
          (request.prepared as Scaling | undefined)?.means.fill(0.5);
          return model;
        },
      })),
      ['shares prepared data between trainings, which do not change it'],
    ),
    mutant(
      'a write into the labels',
      trainerWith((trainer) => ({
        train: async (request) => {
          request.labels[0] = 1 - request.labels[0];
          return trainer.train(request);
        },
      })),
      ['leaves the buffers of the request as they were'],
    ),
    mutant(
      'no reading of shared memory',
      trainerWith((trainer) => ({
        train: async (request) => {
          if (request.data.values.buffer instanceof SharedArrayBuffer) throw new TypeError('shared');
          return trainer.train(request);
        },
      })),
      ['reads a matrix in shared memory'],
    ),
    mutant('scores that are no probabilities', () => createLogisticTrainer({ probability: (raw) => raw }), [
      'predicts a probability in 0..1 for every row, also where features are NaN',
    ]),
    mutant(
      'NaN for unknown features',
      modelWith((model) => ({
        predict: async (data, options) =>
          (await model.predict(data, options)).map((p) => (Number.isNaN(data.values[0]) ? Number.NaN : p)),
      })),
      ['predicts a probability in 0..1 for every row, also where features are NaN'],
    ),
    mutant(
      'rows in ascending order whatever was asked',
      modelWith((model) => ({
        predict: (data, { rows, ...others } = {}) =>
          model.predict(data, rows === undefined ? others : { ...others, rows: rows.slice().sort() }),
      })),
      ['predicts the rows asked for, in the order asked for'],
    ),
    mutant(
      'scores that depend on the batch',
      () =>
        createLogisticTrainer({ probability: (raw, { rows }) => 1 / (1 + Math.exp(-raw + rows * 1e-15)) }),
      ['predicts the same bits for a row alone as in a batch'],
    ),
    mutant(
      'probabilities against the raw scores',
      () => createLogisticTrainer({ probability: (raw) => 1 / (1 + Math.exp(raw)) }),
      [
        'predicts raw scores that order the rows as the probabilities do',
        'learns labels that can be learned',
      ],
    ),
    mutant(
      'a write into the matrix that it predicts',
      modelWith((model) => ({
        predict: (data, options) => {
          data.values.fill(0, 0, 1);
          return model.predict(data, options);
        },
      })),
      ['leaves the matrix that it predicts as it was'],
    ),
    mutant('any columns taken', () => createLogisticTrainer({ checksFeatures: false }), [
      'refuses a matrix with other columns, by a typed error',
    ]),
    mutant(
      'an untyped error for other columns',
      modelWith((model) => ({
        predict: async (data, options) => {
          if (data.columns[0]?.name !== 'volume') throw new RangeError('columns');
          return model.predict(data, options);
        },
      })),
      ['refuses a matrix with other columns, by a typed error'],
    ),
    mutant(
      'an explanation without its base value',
      modelWith((model) => ({
        explain: async (data, options) => {
          const explanation = await model.explain?.(data, options);
          if (explanation === undefined) throw new Error('no explanation');
          const { values, features } = explanation;
          return {
            features,
            values: values.map((value, i) => (i % (features + 1) === features ? 0 : value)),
          };
        },
      })),
      ['explains every raw score as a sum of contributions'],
    ),
    mutant(
      'no progress',
      requestWith(() => ({ onProgress: () => {} })),
      [
        'reports its iterations in order, up to the most there can be',
        'stops before its end when its signal aborts, and can train again',
      ],
    ),
    mutant(
      'iterations counted from 0',
      requestWith(({ onProgress }) => ({
        onProgress: (progress) => onProgress?.({ ...progress, iteration: progress.iteration - 1 }),
      })),
      ['reports its iterations in order, up to the most there can be'],
    ),
    mutant(
      'a training that blocks the event loop',
      () => createLogisticTrainer({ betweenIterations: async () => busyFor(8) }),
      ['leaves the event loop free while it trains'],
    ),
    mutant(
      'a start in spite of the signal',
      trainerWith((trainer) => ({
        train: (request) => {
          request.onProgress?.({ iteration: 1, maxIterations: 60 });
          return trainer.train(request);
        },
      })),
      ['does not start when its signal has aborted'],
    ),
    mutant(
      'a signal that is not heeded',
      requestWith(() => ({ signal: new AbortController().signal })),
      [
        'does not start when its signal has aborted',
        'stops before its end when its signal aborts, and can train again',
      ],
    ),
    mutant(
      'a signal that is heeded at the end only',
      trainerWith((trainer) => ({
        train: async ({ signal, ...request }) => {
          signal?.throwIfAborted();
          const model = await trainer.train(request);
          signal?.throwIfAborted();
          return model;
        },
      })),
      ['stops before its end when its signal aborts, and can train again'],
    ),
  ],
});

describeSuiteTrial('unsupervisedCases', {
  cases: unsupervisedCases,
  sound: subjectOf(() => createDistanceTrainer()),
  mutants: [
    mutant('a look at the labels', () => {
      const trainer = createDistanceTrainer();
      const seed = (request: TrainRequest) => request.labels[request.trainRows[0] as number] as number;
      return {
        ...trainer,
        train: (request) =>
          trainer.train({ ...request, trainRows: request.trainRows.subarray(seed(request) + 1) }),
      };
    }, ['gives the same model whatever the labels and weights are']),
    mutant('outliers last', () => createDistanceTrainer({ term: (weight, z) => -weight * Math.abs(z) }), [
      'ranks planted outliers first',
    ]),
  ],
});

describe('a trainer that learns without labels', () => {
  it('skips the cases that presume labels, and passes the others', async () => {
    const subject = trainerSubject(() => createDistanceTrainer(), { longRows: 300 });
    const skipped: Record<string, string> = {};
    for (const conformanceCase of modelTrainerCases) {
      const outcome = await runCase(conformanceCase, subject);
      if (outcome.status === 'skipped') skipped[outcome.name] = outcome.reason;
      else expect(outcome).toEqual({ name: conformanceCase.name, status: 'passed' });
    }
    expect(skipped).toEqual({
      'has an ONNX twin that scores the same within 1e-6': 'scoreOnnx was not given',
      'learns labels that can be learned': 'it learns without labels',
      'repeats the length of a training for a refit on more rows': 'it learns without labels',
      'learns as without counter-weights where no listed row has one': 'it takes no counter-weights',
      'learns the opposite class of rows that have a counter-weight and no weight':
        'it takes no counter-weights',
      'learns nothing from rows that are as much of one class as of the other': 'it takes no counter-weights',
    });
  });
});

describe('a trainer that leaves out what is optional', () => {
  it('skips the cases about it', async () => {
    const { prepare: _, takesCounterWeights: __, ...bare } = createLogisticTrainer();
    const train: ModelTrainer['train'] = async (request) => {
      const { explain: _, ...model } = await bare.train(request);
      return model;
    };
    const subject = trainerSubject(() => ({ ...bare, train }), { longRows: 300 });
    const skipped: string[] = [];
    for (const conformanceCase of modelTrainerCases) {
      const outcome = await runCase(conformanceCase, subject);
      if (outcome.status === 'skipped') skipped.push(outcome.name);
      else expect(outcome).toEqual({ name: conformanceCase.name, status: 'passed' });
    }
    expect(skipped).toEqual([
      'has an ONNX twin that scores the same within 1e-6',
      'prepares from the listed rows alone',
      'shares prepared data between trainings, which do not change it',
      'learns as without counter-weights where no listed row has one',
      'learns the opposite class of rows that have a counter-weight and no weight',
      'learns nothing from rows that are as much of one class as of the other',
      'explains every raw score as a sum of contributions',
      'gives the same model whatever the labels and weights are',
      'ranks planted outliers first',
    ]);
  });
});
