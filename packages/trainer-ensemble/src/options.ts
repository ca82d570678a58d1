import { InvalidInputError, type ModelTrainer, type ModelType, type Splitter } from '@risk-scoring/contract';
import { commonModelTypes, type SettledMember, settleMembers } from './settle-members.ts';

/** One trainer of an ensemble. */
export interface EnsembleMember {
  readonly trainer: ModelTrainer;
  /** Its share in an average, against the others'; 1 by default. Stacking finds shares itself and takes none. */
  readonly weight?: number;
  /** What it is called in metadata, messages and the file; the trainer's name by default, numbered where it is taken. */
  readonly name?: string;
}

/** What can be chosen of a {@link createEnsembleTrainer}. */
export interface EnsembleTrainerOptions {
  readonly members: readonly EnsembleMember[];
  /** `average`: the weighted mean of probabilities (of raw scores, of rankers). `stacking`: a logistic regression on their log-odds. */
  readonly method: 'average' | 'stacking';
  /** Divides the training rows into the folds of stacking; needed for it, and for nothing else. */
  readonly splitter?: Splitter;
  /** Folds of stacking; 5 by default. */
  readonly folds?: number;
  /** Whether stacking keeps coefficients at 0 or above; true by default. */
  readonly nonNegative?: boolean;
  /** λ of stacking's penalty λ/2 · Σ coefficient², beside the mean loss; 0.001 by default. */
  readonly ridge?: number;
  /** What its models are for; by default what the members have in common. */
  readonly modelType?: ModelType;
}

/** How stacking is done. */
export interface StackingOptions {
  readonly splitter: Splitter;
  readonly folds: number;
  readonly nonNegative: boolean;
  readonly ridge: number;
}

/** Options with every default filled in. */
export interface SettledOptions {
  readonly members: readonly SettledMember[];
  readonly modelTypes: readonly ModelType[];
  /** Whether its models order rows within queries. */
  readonly ranks: boolean;
  /** Undefined for an average. */
  readonly stacking: StackingOptions | undefined;
}

/**
 * Fills in the defaults.
 *
 * @throws {InvalidInputError} for options that cannot be meant
 * @throws {UnsupportedSpecificationError} for a member that was written for another contract
 */
export function settleOptions(options: EnsembleTrainerOptions): SettledOptions {
  const members = settleMembers(options.members);
  const modelTypes = commonModelTypes(members, options.modelType);
  const ranks = modelTypes.includes('alert_ranker');
  switch (options.method) {
    case 'average':
      return { members, modelTypes, ranks, stacking: undefined };
    case 'stacking':
      if (ranks) {
        throw new InvalidInputError({
          what: 'The method of an ensemble of rankers',
          expected: "'average': scores of a ranker are no probabilities that a regression could take",
          found: options.method,
        });
      }
      return { members, modelTypes, ranks, stacking: settleStacking(options) };
    default:
      throw new InvalidInputError({
        what: 'The method of an ensemble',
        expected: "'average' or 'stacking'",
        found: options.method,
      });
  }
}

/** The options under the names that a model's metadata has; `members` are described by the trainers, or by the models made of them. */
export function hyperparametersOf(
  { members, stacking }: SettledOptions,
  ofMembers: readonly Readonly<Record<string, unknown>>[],
): Record<string, unknown> {
  return {
    method: stacking === undefined ? 'average' : 'stacking',
    members: members.map(({ name, trainer, weight }, i) => ({
      name,
      trainer: trainer.name,
      ...(stacking === undefined ? { weight } : {}),
      hyperparameters: ofMembers[i],
    })),
    ...(stacking === undefined
      ? {}
      : {
          splitter: stacking.splitter.name,
          folds: stacking.folds,
          non_negative: stacking.nonNegative,
          ridge: stacking.ridge,
        }),
  };
}

function settleStacking(options: EnsembleTrainerOptions): StackingOptions {
  const { members, splitter, folds = 5, nonNegative = true, ridge = 1e-3 } = options;
  if (splitter === undefined) {
    throw new InvalidInputError({
      what: 'Stacking without a splitter',
      expected: 'a splitter that keeps split groups together, such as createAddressSplitter()',
      found: splitter,
    });
  }
  if (members.some(({ weight }) => weight !== undefined)) {
    throw new InvalidInputError({
      what: 'The weight of a member',
      expected: 'none, for stacking finds the coefficients itself',
      found: members.map(({ weight }) => weight ?? 'none').join(', '),
    });
  }
  if (!(Number.isSafeInteger(folds) && folds >= 2)) {
    throw new InvalidInputError({
      what: 'The number of folds',
      expected: 'a whole number of at least 2',
      found: folds,
    });
  }
  if (!(Number.isFinite(ridge) && ridge > 0)) {
    throw new InvalidInputError({ what: 'The ridge', expected: 'a finite number above 0', found: ridge });
  }
  return { splitter, folds, nonNegative, ridge };
}
