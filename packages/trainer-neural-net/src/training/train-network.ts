import { createRandom, InvalidInputError } from '@risk-scoring/contract';
import { NeuralNetDivergedError } from '../errors.ts';
import { fillInputs, type Values } from '../network/fill-inputs.ts';
import { countInputs, type DenseLayer, type Network } from '../network/network.ts';
import { sensitivities } from '../network/sensitivities.ts';
import { EPOCHS_WITHOUT_VALIDATION, type SettledOptions } from '../options.ts';
import { createAdam } from './adam.ts';
import { divideIntoBatches, drawMask } from './batches.ts';
import { fitScaler } from './fit-scaler.ts';
import { decaying, initialParameters, planParameters } from './parameters.ts';
import { passBatch, scoreBatch } from './perceptron.ts';
import { createRunningStatistics } from './running-statistics.ts';
import { logOdds, lossSlopes, type Teaching, weightedLogLoss } from './teaching.ts';

/** Rows that are scored at once after an epoch. */
const SCORED_ROWS = 4096;

/** A training, its rows chosen and weighted. */
export interface TrainingTask extends Values {
  readonly featureNames: readonly string[];
  /** Its rows lie in `values`. */
  readonly teaching: Teaching;
  readonly settings: SettledOptions;
  /** Exactly so many epochs; undefined for as many as the settings and early stopping say. */
  readonly exactEpochs: number | undefined;
  readonly seed: number;
}

/** An epoch that is over. */
export interface Epoch {
  readonly epoch: number;
  readonly epochs: number;
  /** Weighted log loss of the validation rows; undefined without any. */
  readonly loss: number | undefined;
}

/** What comes out. */
export interface TrainingResult {
  readonly network: Network;
  /** The epoch that the network is of, from 1. */
  readonly bestEpoch: number;
  /** As {@link sensitivities} measures them. */
  readonly importances: readonly number[];
}

/** How a training is watched; what either function throws ends it. */
export interface TrainingWatch {
  /** Called between steps. */
  readonly between: () => void;
  readonly report: (epoch: Epoch) => void;
}

/** The most epochs of a training, with or without validation rows. */
export function mostEpochs({ maxEpochs }: SettledOptions, validates: boolean): number {
  return validates ? maxEpochs : Math.min(maxEpochs, EPOCHS_WITHOUT_VALIDATION);
}

/**
 * Trains a network: epochs of shuffled batches by Adam, until the validation loss has not fallen for `earlyStoppingRounds` epochs. The network is
 * that of the best epoch; without validation rows, of the last. tfjs has to be started.
 *
 * @throws {InvalidInputError} where the training rows are alike in every column
 * @throws {NeuralNetDivergedError} where weights grew beyond all bounds
 *
 * Memory: one scaled float32 copy of the training and validation rows.
 */
export function trainNetwork(task: TrainingTask, { between, report }: TrainingWatch): TrainingResult {
  const { featureNames, teaching, settings, seed } = task;
  const { rows, trainCount } = teaching;
  const trainRows = rows.subarray(0, trainCount);
  const scaler = fitScaler(task, trainRows, between);
  const inputs = countInputs(scaler);
  assertInputs(inputs, trainCount);
  const scaled = new Float32Array(rows.length * inputs);
  fillInputs(scaled, scaler, { ...task, count: rows.length, rowAt: (i) => rows[i] as number });

  const plan = planParameters({ inputs, ...settings });
  const bias = logOdds(teaching);
  const parameters = initialParameters(plan, { random: createRandom(seed, 'weights'), bias });
  const running = createRunningStatistics(plan);
  const adam = createAdam({ ...settings, decays: decaying(plan) });
  const order = Int32Array.from({ length: trainCount }, (_, i) => i);
  const [shuffling, dropping] = [createRandom(seed, 'batches'), createRandom(seed, 'dropout')];

  const step = (batch: Int32Array) => {
    const { gradient, statistics } = passBatch({
      plan,
      parameters,
      inputs: gather(scaled, inputs, batch),
      rows: batch.length,
      masks:
        settings.dropout === 0
          ? undefined
          : settings.hiddenLayers.map((units) => drawMask(batch.length * units, settings.dropout, dropping)),
      slopesOf: (raw) => lossSlopes(raw, batch, teaching),
    });
    running.add(statistics, batch.length);
    adam(parameters, gradient);
  };

  const validates = rows.length > trainCount;
  const epochs = task.exactEpochs ?? mostEpochs(settings, validates);
  const held = {
    inputs: scaled.subarray(trainCount * inputs),
    positive: teaching.positive.subarray(trainCount),
    negative: teaching.negative.subarray(trainCount),
  };
  let best: { layers: DenseLayer[]; epoch: number; loss: number } | undefined;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (const batch of divideIntoBatches(order, { most: settings.batchSize, random: shuffling })) {
      between();
      step(batch);
    }
    const layers = running.fold(parameters);
    const loss = validates ? weightedLogLoss(scoreAll(layers, held.inputs, between), held) : undefined;
    assertFinite(layers, { epoch, loss });
    if (best === undefined || loss === undefined || loss < best.loss)
      best = { layers, epoch, loss: loss ?? 0 };
    between();
    report({ epoch, epochs, loss });
    if (epoch - best.epoch >= settings.earlyStoppingRounds) break;
  }
  if (best === undefined) throw new RangeError('A training has at least one epoch.');
  const network = { featureNames, scaler, layers: best.layers };
  return {
    network,
    bestEpoch: best.epoch,
    importances: sensitivities(network, { ...task, selected: trainRows }),
  };
}

function assertInputs(inputs: number, rows: number): void {
  if (inputs > 0) return;
  throw new InvalidInputError({
    what: 'The training rows',
    expected: 'some column with different values',
    found: `${rows} rows that are alike in every column`,
  });
}

function assertFinite(
  layers: readonly DenseLayer[],
  { epoch, loss = 0 }: { readonly epoch: number; readonly loss: number | undefined },
): void {
  const areWeights = layers.every(
    ({ weights, bias }) => weights.every(Number.isFinite) && bias.every(Number.isFinite),
  );
  if (areWeights && Number.isFinite(loss)) return;
  throw new NeuralNetDivergedError({
    expected: 'finite weights and scores',
    found: `others after epoch ${epoch}`,
  });
}

function gather(scaled: Float32Array, inputs: number, batch: Int32Array): Float32Array {
  const gathered = new Float32Array(batch.length * inputs);
  for (const [i, row] of batch.entries())
    gathered.set(scaled.subarray(row * inputs, (row + 1) * inputs), i * inputs);
  return gathered;
}

function scoreAll(layers: readonly DenseLayer[], inputs: Float32Array, between: () => void): Float32Array {
  const width = layers[0]?.inputs ?? 1;
  const count = inputs.length / width;
  const raw = new Float32Array(count);
  for (let at = 0; at < count; at += SCORED_ROWS) {
    between();
    const rows = Math.min(SCORED_ROWS, count - at);
    raw.set(scoreBatch(layers, inputs.subarray(at * width, (at + rows) * width), rows), at);
  }
  return raw;
}
