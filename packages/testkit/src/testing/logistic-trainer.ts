import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  FeatureMatrix,
  ModelArtifact,
  ModelTrainer,
  PredictOptions,
  PreparedData,
  TrainedModel,
  TrainRequest,
} from '@risk-scoring/contract';
import { FeatureSchemaMismatchError, SPECIFICATION_VERSION } from '@risk-scoring/contract';

// A sound trainer for trying the suite: logistic regression by gradient descent. Its hooks are where
// the tests break it.

/** How many steps a training takes. */
export const iterations = 60;

/** Mean and deviation of each column, after squashing. */
export interface Scaling extends PreparedData {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** All that the model knows. */
export interface Weights {
  readonly names: readonly string[];
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  /** One per column, and the intercept last. */
  readonly weights: readonly number[];
}

/** Steps that a test may replace by broken ones. */
export interface TrainerHooks {
  /** The rows that the scaling is computed from, of those given. */
  readonly scalingRows: (rows: Int32Array, data: FeatureMatrix) => Int32Array;
  readonly learn: (request: TrainRequest, scaling: Scaling, hooks: TrainerHooks) => Promise<Weights>;
  /** What a scaled feature adds to the raw score. */
  readonly term: (weight: number, value: number) => number;
  readonly betweenIterations: (request: TrainRequest, iteration: number) => Promise<void>;
  readonly probability: (raw: number, context: { readonly rows: number; readonly columns: number }) => number;
  readonly checksFeatures: boolean;
}

const soundHooks: TrainerHooks = {
  scalingRows: (rows) => rows,
  learn: descend,
  term: (weight, value) => weight * value,
  async betweenIterations({ signal, onProgress }, iteration) {
    onProgress?.({ iteration, maxIterations: iterations });
    await nextTurn();
    signal?.throwIfAborted();
  },
  probability: (raw) => 1 / (1 + Math.exp(-raw)),
  checksFeatures: true,
};

/** Makes the trainer, sound but for the hooks given. */
export function createLogisticTrainer(broken: Partial<TrainerHooks> = {}): ModelTrainer {
  const hooks = { ...soundHooks, ...broken };
  return {
    specificationVersion: SPECIFICATION_VERSION,
    name: 'logistic',
    modelTypes: ['alert_scorer'],
    takesCounterWeights: true,
    hyperparameters: { iterations },
    prepare: async (data, rows) => computeScaling(data, hooks.scalingRows(rows, data)),
    async train(request) {
      request.signal?.throwIfAborted();
      const { data, trainRows, validationRows } = request;
      const rows = Int32Array.from([...trainRows, ...validationRows]).sort();
      const scaling =
        (request.prepared as Scaling | undefined) ?? computeScaling(data, hooks.scalingRows(rows, data));
      return modelOf(await hooks.learn(request, scaling, hooks), hooks);
    },
    async load(artifacts) {
      const native = artifacts.find(({ role }) => role === 'native');
      return modelOf(JSON.parse(new TextDecoder().decode(native?.bytes)) as Weights, hooks);
    },
  };
}

/** Tames features over many magnitudes. */
function squash(value: number): number {
  return Math.sign(value) * Math.log1p(Math.abs(value));
}

function computeScaling(data: FeatureMatrix, rows: Int32Array): Scaling {
  const means = new Float64Array(data.columns.length);
  const deviations = new Float64Array(data.columns.length);
  for (let column = 0; column < data.columns.length; column++) {
    const known = Array.from(rows, (row) => squash(data.values[column * data.rows + row])).filter(
      Number.isFinite,
    );
    const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(known.length, 1);
    const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(known.length, 1);
    means[column] = mean;
    deviations[column] = Math.sqrt(variance);
  }
  return { means, deviations, dispose: async () => {} };
}

/** A feature as the model sees it: scaled, and 0 where it is unknown or constant. */
function scaled(model: Pick<Weights, 'means' | 'deviations'>, column: number, value: number): number {
  const deviation = model.deviations[column] ?? 0;
  const result = (squash(value) - (model.means[column] ?? 0)) / deviation;
  return deviation > 0 && Number.isFinite(result) ? result : 0;
}

async function descend(request: TrainRequest, scaling: Scaling, hooks: TrainerHooks): Promise<Weights> {
  const { data, trainRows, labels, weights: rowWeights, counterWeights } = request;
  const width = data.columns.length;
  const weights = new Array<number>(width + 1).fill(0);
  const model: Weights = {
    names: data.columns.map(({ name }) => name),
    means: Array.from(scaling.means),
    deviations: Array.from(scaling.deviations),
    weights,
  };
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const gradient = new Float64Array(width + 1);
    for (const row of trainRows) {
      const probability = 1 / (1 + Math.exp(-rawScore(model, data, row, hooks)));
      const error =
        (probability - labels[row]) * rowWeights[row] +
        (probability - (1 - labels[row])) * (counterWeights?.[row] ?? 0);
      for (let c = 0; c < width; c++)
        gradient[c] += error * scaled(model, c, data.values[c * data.rows + row]);
      gradient[width] += error;
    }
    for (let c = 0; c <= width; c++) weights[c] = (weights[c] ?? 0) - (2 * gradient[c]) / trainRows.length;
    await hooks.betweenIterations(request, iteration);
  }
  return model;
}

/** The terms of a row's raw score: one per column, and the intercept last. */
function terms(model: Weights, data: FeatureMatrix, row: number, { term }: Pick<TrainerHooks, 'term'>) {
  const width = data.columns.length;
  return Float64Array.from(model.weights, (weight, c) =>
    c === width ? weight : term(weight, scaled(model, c, data.values[c * data.rows + row])),
  );
}

function rawScore(
  model: Weights,
  data: FeatureMatrix,
  row: number,
  hooks: Pick<TrainerHooks, 'term'>,
): number {
  return terms(model, data, row, hooks).reduce((sum, term) => sum + term, 0);
}

function modelOf(weights: Weights, hooks: TrainerHooks): TrainedModel {
  const rowsOf = (data: FeatureMatrix, { rows }: PredictOptions) =>
    rows ?? Int32Array.from({ length: data.rows }, (_, row) => row);
  const bytes = new TextEncoder().encode(JSON.stringify(weights));
  const artifacts: readonly ModelArtifact[] = [
    { role: 'native', extension: '.json', bytes },
    { role: 'onnx', extension: '.onnx', bytes },
  ];
  return {
    specificationVersion: SPECIFICATION_VERSION,
    async predict(data, options = {}) {
      if (hooks.checksFeatures) assertSameFeatures(data, weights.names);
      const rows = rowsOf(data, options);
      const context = { rows: rows.length, columns: data.columns.length };
      return Float64Array.from(rows, (row) => {
        const raw = rawScore(weights, data, row, hooks);
        return options.output === 'raw' ? raw : hooks.probability(raw, context);
      });
    },
    async explain(data, options = {}) {
      const rows = rowsOf(data, options);
      const features = data.columns.length;
      const values = new Float64Array(rows.length * (features + 1));
      for (const [i, row] of rows.entries()) values.set(terms(weights, data, row, hooks), i * (features + 1));
      return { values, features };
    },
    artifacts: async () => artifacts,
    describe: () => ({
      hyperparameters: { iterations },
      featureNames: weights.names,
      numTrees: 0,
      bestIteration: iterations,
      importances: weights.weights.slice(0, -1).map(Math.abs),
      libraries: {},
    }),
    dispose: async () => {},
  };
}

function assertSameFeatures(data: FeatureMatrix, names: readonly string[]): void {
  const found = data.columns.map(({ name }) => name).join();
  if (found === names.join()) return;
  throw new FeatureSchemaMismatchError({ modelId: 'logistic', expected: names.join(), found });
}

/** Scores the twin, which has the same weights, in float32. */
export async function scoreLogisticTwin(bytes: Uint8Array, data: FeatureMatrix): Promise<Float32Array> {
  const weights = JSON.parse(new TextDecoder().decode(bytes)) as Weights;
  return Float32Array.from(
    { length: data.rows },
    (_, row) => 1 / (1 + Math.exp(-rawScore(weights, data, row, soundHooks))),
  );
}
