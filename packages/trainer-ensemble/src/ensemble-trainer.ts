import {
  assertRows,
  checkTeaching,
  type ModelTrainer,
  type PreparedData,
  type TrainRequest,
  throwIfCancelled,
} from '@risk-scoring/contract';
import { loadEnsemble } from './load-ensemble.ts';
import {
  type EnsembleTrainerOptions,
  hyperparametersOf,
  type SettledOptions,
  settleOptions,
} from './options.ts';
import { assertPrepared, type PreparedMembers, prepareMembers } from './prepared-members.ts';
import { trainEnsemble } from './train-ensemble.ts';

/** What a training takes of a trainer that does not say: twice the matrix, as the contract has it. */
const ASSUMED_BYTES_PER_VALUE = 8;
/** Stacking keeps the log-odds of every member, a target and a weight of each row. */
const BYTES_PER_NUMBER = 8;

/**
 * Several trainers as one: each is trained on the same rows, and their models are averaged or stacked.
 *
 * - `average`: probability = Σ w p / Σ w, raw score = ln(p / (1 − p)), p clipped to [1e-15, 1 − 1e-15]. Of rankers: the mean of raw scores.
 * - `stacking`: raw score = intercept + Σ c · ln(p / (1 − p)), probability = 1 / (1 + e^−raw). Intercept and coefficients are a
 *   ridge-penalised logistic regression on what the members say of rows they have not learned from: `folds` folds of the training rows, by the splitter.
 *
 * Members that learn without labels may take part; an average of nothing but such members is one itself. Counter-weights go to the members that take
 * them, and to the regression.
 *
 * @throws {InvalidInputError} for options that cannot be meant: no member, an unknown method, a weight that is not above 0, two members of one name, members
 *   with no model type in common, stacking without a splitter or of rankers
 * @throws {UnsupportedSpecificationError} for a member that was written for another contract
 * @example
 * const trainer = createEnsembleTrainer({
 *   members: [{ trainer: createLightGBMTrainer() }, { trainer: createIsolationForestTrainer() }],
 *   method: 'stacking', splitter: createAddressSplitter(),
 * });
 * const model = await trainer.train({ data, trainRows, validationRows, labels, weights, seed: 42 });
 */
export function createEnsembleTrainer(options: EnsembleTrainerOptions): ModelTrainer {
  const settled = settleOptions(options);
  const { members, modelTypes, stacking } = settled;
  const trainers = members.map(({ trainer }) => trainer);
  const supervised = trainers.filter((trainer) => trainer.unsupervised !== true);
  const unsupervised = supervised.length === 0 && stacking === undefined;
  const takesCounterWeights =
    !settled.ranks && !unsupervised && supervised.every((trainer) => trainer.takesCounterWeights === true);
  const preparedOf = new WeakMap<PreparedData, PreparedMembers>();

  const prepare: ModelTrainer['prepare'] = async (data, rows) => {
    const prepared = await prepareMembers(members, data, rows);
    preparedOf.set(prepared.handle, prepared);
    return prepared.handle;
  };

  return {
    specificationVersion: 'v1',
    name: 'ensemble',
    modelTypes,
    hyperparameters: hyperparametersOf(
      settled,
      trainers.map(({ hyperparameters }) => hyperparameters),
    ),
    takesCounterWeights,
    unsupervised,
    estimateMemory: (shape) => estimateMemory(settled, shape),
    ...(trainers.some((trainer) => trainer.prepare !== undefined) ? { prepare } : {}),

    async train({ counterWeights, ...plain }) {
      const request: TrainRequest =
        takesCounterWeights && counterWeights !== undefined ? { ...plain, counterWeights } : plain;
      throwIfCancelled(request.signal, 'training');
      assertRows(request.data, request.trainRows);
      assertRows(request.data, request.validationRows);
      if (!unsupervised && !settled.ranks) checkTeaching({ ...request, rows: request.data.rows });
      if (request.prepared === undefined) return trainEnsemble(request, settled, undefined);
      const prepared = preparedOf.get(request.prepared);
      assertPrepared(prepared, request.data);
      return trainEnsemble(request, settled, prepared.parts);
    },

    load: (artifacts) => loadEnsemble(artifacts, members),
  };
}

/** The most that one member takes, for they are trained one after the other, and what stacking keeps. */
function estimateMemory(
  { members, stacking }: SettledOptions,
  shape: { readonly rows: number; readonly columns: number },
): number {
  const assumed = ASSUMED_BYTES_PER_VALUE * shape.rows * shape.columns;
  const largest = Math.max(...members.map(({ trainer }) => trainer.estimateMemory?.(shape) ?? assumed));
  return largest + (stacking === undefined ? 0 : BYTES_PER_NUMBER * shape.rows * (members.length + 2));
}
