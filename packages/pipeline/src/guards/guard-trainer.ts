import {
  CancelledError,
  type FeatureMatrix,
  type ModelArtifact,
  type ModelDescription,
  type ModelTrainer,
  RiskScoringError,
  type TrainedModel,
  type TrainRequest,
} from '@risk-scoring/contract';
import { TrainerBrokeContractError, TrainerFailedError } from './errors.ts';

/**
 * A trainer that can do no harm but to its own models: what it throws becomes typed and names it, it works on copies of labels, weights and rows, and one
 * that writes into the matrix is found out. What its models say of themselves is checked; their predictions are by `checkedPredictions`.
 *
 * @throws {TrainerFailedError} by its methods, when the trainer throws something of its own
 * @throws {TrainerBrokeContractError} by its methods, when it returns or changes what it must not
 */
export function guardTrainer(trainer: ModelTrainer): ModelTrainer {
  const { name, prepare } = trainer;
  return {
    ...trainer,
    ...(prepare
      ? {
          async prepare(data: FeatureMatrix, rows: Int32Array) {
            const prepared = await attempt(name, 'preparing the data', () =>
              reading(name, data, async () => prepare.call(trainer, data, rows.slice())),
            );
            if (typeof prepared?.dispose !== 'function')
              throw broken(name, 'prepared data that can be disposed of', `${typeof prepared}`);
            return prepared;
          },
        }
      : {}),
    async train(request) {
      const { data, signal } = request;
      const model = await attempt(
        name,
        'training',
        () => reading(name, data, async () => trainer.train(ownCopies(request))),
        signal,
      );
      return guardModel(name, model);
    },
    async load(artifacts) {
      return guardModel(name, await attempt(name, 'loading a model', async () => trainer.load(artifacts)));
    },
  };
}

function guardModel(name: string, model: TrainedModel): TrainedModel {
  for (const method of ['predict', 'artifacts', 'describe', 'dispose'] as const) {
    if (typeof model?.[method] !== 'function')
      throw broken(name, `a model that has ${method}()`, model === null ? 'null' : typeof model);
  }
  const { explain } = model;
  return {
    specificationVersion: model.specificationVersion,
    predict: (data, options = {}) =>
      attempt(name, 'predicting', async () => {
        const { rows } = options;
        const scores = await model.predict(data, rows ? { ...options, rows: rows.slice() } : options);
        // The model may use its buffer again.
        return scores instanceof Float64Array ? scores.slice() : scores;
      }),
    ...(explain
      ? {
          explain: (data: FeatureMatrix, options = {}) =>
            attempt(name, 'explaining', async () => explain.call(model, data, options)),
        }
      : {}),
    artifacts: () =>
      attempt(name, 'giving its files', async () => checkedArtifacts(name, await model.artifacts())),
    describe: () => checkedDescription(name, model),
    dispose: () => attempt(name, 'letting go of a model', async () => model.dispose()),
  };
}

async function attempt<T>(
  trainer: string,
  doing: string,
  work: () => Promise<T>,
  signal?: AbortSignal | undefined,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (RiskScoringError.isInstance(cause)) throw cause;
    // What a library throws once its signal has aborted is of no interest.
    if (signal?.aborted) throw new CancelledError({ during: doing });
    throw new TrainerFailedError({ trainer, doing, cause });
  }
}

/** A request of which the trainer may do what it likes with everything but the matrix. */
function ownCopies(request: TrainRequest): TrainRequest {
  const { trainRows, validationRows, labels, weights, counterWeights, relevance } = request;
  return {
    ...request,
    trainRows: trainRows.slice(),
    validationRows: validationRows.slice(),
    labels: labels.slice(),
    weights: weights.slice(),
    ...(counterWeights ? { counterWeights: counterWeights.slice() } : {}),
    ...(relevance ? { relevance: relevance.slice() } : {}),
  };
}

/** Lets work read a matrix, and finds out where it wrote into it. */
async function reading<T>(trainer: string, data: FeatureMatrix, work: () => Promise<T>): Promise<T> {
  const before = fingerprint(data);
  const result = await work();
  if (fingerprint(data) === before) return result;
  throw broken(trainer, 'a matrix that is only read', 'values that were changed in it');
}

/** A sum over the bits of all values, each by its place: quick, and another one for all but contrived changes. */
function fingerprint({ values }: FeatureMatrix): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let sum = 0;
  for (let at = 0; at < bits.length; at++) sum = (Math.imul(sum, 31) + (bits[at] as number)) | 0;
  return sum;
}

function checkedDescription(name: string, model: TrainedModel): ModelDescription {
  let description: ModelDescription;
  try {
    description = model.describe();
  } catch (cause) {
    throw RiskScoringError.isInstance(cause)
      ? cause
      : new TrainerFailedError({ trainer: name, doing: 'describing a model', cause });
  }
  const { featureNames, importances, splits, numTrees, bestIteration } = description ?? {};
  const isNames = Array.isArray(featureNames) && featureNames.every((each) => typeof each === 'string');
  if (!isNames) throw broken(name, 'a description with the names of its features', typeof featureNames);
  for (const [what, list] of Object.entries({ importances, ...(splits ? { splits } : {}) })) {
    const sound =
      Array.isArray(list) &&
      list.length === featureNames.length &&
      list.every((value) => Number.isFinite(value));
    if (!sound)
      throw broken(name, `${what} as ${featureNames.length} finite numbers, one per feature`, 'others');
  }
  for (const [what, value] of Object.entries({ numTrees, bestIteration })) {
    if (!Number.isSafeInteger(value) || (value ?? -1) < 0)
      throw broken(name, `${what} as a whole number from 0`, String(value));
  }
  return description;
}

function checkedArtifacts(name: string, artifacts: readonly ModelArtifact[]): readonly ModelArtifact[] {
  if (!Array.isArray(artifacts)) throw broken(name, 'a list of files', typeof artifacts);
  for (const { role, extension, bytes } of artifacts) {
    const sound =
      (role === 'native' || role === 'onnx') &&
      typeof extension === 'string' &&
      /^\.[a-z0-9_]{1,20}$/i.test(extension) &&
      // The metadata has that name.
      extension.toLowerCase() !== '.json' &&
      bytes instanceof Uint8Array;
    if (!sound)
      throw broken(
        name,
        "files with a role of native or onnx, an extension such as '.txt' (not '.json', which the metadata has) and bytes",
        `${role}, '${extension}'`,
      );
  }
  return artifacts;
}

function broken(trainer: string, expected: string, found: string): TrainerBrokeContractError {
  return new TrainerBrokeContractError({ trainer, expected, found });
}
