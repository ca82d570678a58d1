import { InvalidInputError } from '@risk-scoring/contract';
import { parseSearchSpace, type SearchSpace } from '@risk-scoring/tuning';

/** Numbers of a range, in the logarithm where they stand for scales. */
const int = (low: number, high: number) => ({ type: 'int', low, high, log: true });
const float = (low: number, high: number) => ({ type: 'float', low, high });
const scale = (low: number, high: number) => ({ type: 'float', low, high, log: true });

const spaces: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  lightgbm: {
    num_leaves: int(7, 255),
    learning_rate: scale(0.01, 0.2),
    min_data_in_leaf: int(5, 200),
    feature_fraction: float(0.4, 1),
    bagging_fraction: float(0.5, 1),
    lambda_l2: scale(1e-3, 10),
  },
  xgboost: {
    max_depth: { type: 'int', low: 3, high: 10 },
    learning_rate: scale(0.01, 0.2),
    min_child_weight: scale(0.5, 50),
    colsample_bytree: float(0.4, 1),
    subsample: float(0.5, 1),
    reg_lambda: scale(1e-3, 10),
  },
  'neural-net': {
    'hidden_layers.0': int(16, 256),
    'hidden_layers.1': int(8, 128),
    learning_rate: scale(1e-4, 1e-2),
    dropout: float(0, 0.5),
    weight_decay: scale(1e-6, 1e-2),
    batch_size: int(64, 2048),
  },
  'isolation-forest': { trees: int(50, 500), sample_size: int(64, 4096) },
};

/**
 * What is searched where nobody says: the parameters of a trainer that matter most, without those that its settings already
 * decide, as whoever sets one means it.
 *
 * @param settings the trainer's
 * @throws {InvalidInputError} for a trainer that has no such space, or settings that leave nothing of it
 * @example
 * Object.keys(defaultSpaceOf('isolation-forest', { trees: 100 })); // ['sample_size']
 */
export function defaultSpaceOf(trainer: string, settings: Readonly<Record<string, unknown>>): SearchSpace {
  const space = Object.hasOwn(spaces, trainer) ? spaces[trainer] : undefined;
  const left = Object.entries(space ?? {}).filter(
    ([name]) => !Object.hasOwn(settings, name.split('.')[0] ?? ''),
  );
  if (left.length > 0) return parseSearchSpace(Object.fromEntries(left));
  throw new InvalidInputError({
    what: `The search space of the trainer '${trainer}'`,
    expected: 'one that is declared',
    found:
      space === undefined
        ? 'none, and there is none by default for this trainer'
        : `settings that decide all of ${Object.keys(space).join(', ')}`,
    remedy: 'write tuning.space in the configuration, or name a file with --space',
  });
}
