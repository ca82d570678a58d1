import { InvalidInputError } from '@risk-scoring/contract';

/** What can be chosen of a {@link createNeuralNetTrainer}. */
export interface NeuralNetTrainerOptions {
  /** What its models are for; `alert_scorer` by default. The network orders no queries, so it is no ranker. */
  readonly modelType?: 'alert_scorer' | 'cluster_scorer';
  /** Units of each hidden layer, from the inputs on; [128, 64, 32] by default. */
  readonly hiddenLayers?: readonly number[];
  /** Share of each hidden layer's units that are left out of a training step, 0 ≤ dropout < 1; 0.3 by default. */
  readonly dropout?: number;
  /** Step size of Adam; 0.001 by default. */
  readonly learningRate?: number;
  /** The most rows of a training step; 512 by default. */
  readonly batchSize?: number;
  /** The most passes over the training rows; 100 by default. Without validation rows 20, where it is more. */
  readonly maxEpochs?: number;
  /** Epochs without a better validation loss after which training ends; 10 by default. */
  readonly earlyStoppingRounds?: number;
  /** Share of each weight that a step takes away, times the learning rate (Loshchilov, Hutter 2019); 0 by default. */
  readonly weightDecay?: number;
  /** Whether hidden layers are normalised over a batch (Ioffe, Szegedy 2015); true by default. */
  readonly batchNormalization?: boolean;
  /** `balanced`: both classes weigh the same in sum; by default rows weigh what the request says. */
  readonly classWeight?: 'balanced' | undefined;
}

/** Options with every default filled in. */
export interface SettledOptions {
  readonly hiddenLayers: readonly number[];
  readonly dropout: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly maxEpochs: number;
  readonly earlyStoppingRounds: number;
  readonly weightDecay: number;
  readonly batchNormalization: boolean;
  readonly classWeight: 'balanced' | undefined;
}

/** Epochs when nothing says which is the best one. */
export const EPOCHS_WITHOUT_VALIDATION = 20;

/**
 * Fills in the defaults.
 *
 * @throws {InvalidInputError} for options of another kind or out of range, and for the model type `alert_ranker`
 * @example
 * settleOptions({ hiddenLayers: [32] }).dropout; // 0.3
 */
export function settleOptions(options: NeuralNetTrainerOptions): SettledOptions {
  const settled = {
    hiddenLayers: [...(options.hiddenLayers ?? [128, 64, 32])],
    dropout: options.dropout ?? 0.3,
    learningRate: options.learningRate ?? 1e-3,
    batchSize: options.batchSize ?? 512,
    maxEpochs: options.maxEpochs ?? 100,
    earlyStoppingRounds: options.earlyStoppingRounds ?? 10,
    weightDecay: options.weightDecay ?? 0,
    batchNormalization: options.batchNormalization ?? true,
    classWeight: options.classWeight,
  };
  assertModelType(options.modelType ?? 'alert_scorer');
  if (settled.hiddenLayers.length < 1 || settled.hiddenLayers.length > 16)
    refuse('The number of hidden layers', 'from 1 to 16', settled.hiddenLayers.length);
  for (const units of settled.hiddenLayers) assertWhole('The units of a hidden layer', units, 4096);
  assertNumber('The dropout', settled.dropout, { from: 0, below: 1 });
  assertNumber('The learning rate', settled.learningRate, { above: 0, to: 1 });
  assertNumber('The weight decay', settled.weightDecay, { from: 0, to: 1 });
  assertWhole('The batch size', settled.batchSize, 65_536);
  assertWhole('The most epochs', settled.maxEpochs, 100_000);
  assertWhole('The early stopping rounds', settled.earlyStoppingRounds, 100_000);
  if (typeof settled.batchNormalization !== 'boolean')
    refuse('The batch normalization', 'true or false', settled.batchNormalization);
  if (settled.classWeight !== undefined && settled.classWeight !== 'balanced')
    refuse('The class weight', "'balanced' or nothing", settled.classWeight);
  return settled;
}

/** The options under the names that a model's metadata has. */
export function hyperparametersOf(options: SettledOptions): Record<string, unknown> {
  return {
    hidden_layers: options.hiddenLayers,
    dropout: options.dropout,
    learning_rate: options.learningRate,
    batch_size: options.batchSize,
    max_epochs: options.maxEpochs,
    early_stopping_rounds: options.earlyStoppingRounds,
    weight_decay: options.weightDecay,
    batch_normalization: options.batchNormalization,
    class_weight: options.classWeight ?? 'none',
  };
}

function assertModelType(modelType: string): void {
  if (modelType === 'alert_scorer' || modelType === 'cluster_scorer') return;
  throw new InvalidInputError({
    what: 'The model type of a neural net',
    expected: "'alert_scorer' or 'cluster_scorer': its loss is of single rows, so it cannot be a ranker",
    found: modelType,
  });
}

function assertWhole(what: string, value: number, most: number): void {
  if (!(Number.isInteger(value) && value >= 1 && value <= most))
    refuse(what, `a whole number from 1 to ${most}`, value);
}

function assertNumber(
  what: string,
  value: number,
  limits: { readonly from?: number; readonly above?: number; readonly below?: number; readonly to?: number },
): void {
  const { from = Number.NEGATIVE_INFINITY, above = Number.NEGATIVE_INFINITY } = limits;
  const { below = Number.POSITIVE_INFINITY, to = Number.POSITIVE_INFINITY } = limits;
  if (typeof value === 'number' && value >= from && value > above && value < below && value <= to) return;
  const named = Object.entries(limits).map(([limit, bound]) => `${limit} ${bound}`);
  refuse(what, `a number ${named.join(' and ')}`, value);
}

function refuse(what: string, expected: string, found: unknown): never {
  throw new InvalidInputError({ what, expected, found: String(found) });
}
