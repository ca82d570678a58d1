import { beforeAll, describe, expect, it } from 'vitest';
import { NeuralNetDivergedError } from '../errors.ts';
import { type NeuralNetTrainerOptions, settleOptions } from '../options.ts';
import { makeSample } from '../testing/sample.ts';
import { weighRows } from './teaching.ts';
import { startTensorflow, tf } from './tensorflow.ts';
import { type Epoch, type TrainingTask, trainNetwork } from './train-network.ts';

const { data, request } = makeSample({ rows: 1000 });

function taskOf(options: NeuralNetTrainerOptions): TrainingTask {
  return {
    values: data.values,
    rows: data.rows,
    columns: data.columns.length,
    featureNames: data.columns.map(({ name }) => name),
    teaching: weighRows(request, undefined),
    settings: settleOptions(options),
    exactEpochs: undefined,
    seed: 1,
  };
}

beforeAll(async () => {
  await startTensorflow();
});

describe('trainNetwork', () => {
  it('leaves no tensor behind, and can be stopped between any two steps', () => {
    const task = taskOf({ hiddenLayers: [8], batchSize: 100, maxEpochs: 3 });
    const tensors: number[] = [];
    const epochs: Epoch[] = [];
    let steps = 0;
    const between = () => {
      tensors.push(tf.memory().numTensors);
      steps += 1;
    };
    trainNetwork(task, { between, report: (epoch) => epochs.push(epoch) });
    expect(new Set(tensors)).toEqual(new Set([tensors[0]]));
    expect(tf.memory().numTensors).toBe(tensors[0]);
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    // 6 columns; then, per epoch, 6 batches of 100 rows, the validation rows and the report.
    expect(steps).toBe(6 + 3 * (6 + 1 + 1));
    const stop = new Error('stop');
    for (const last of [1, 8, 13]) {
      let left = last;
      const stopping = () => {
        left -= 1;
        if (left === 0) throw stop;
      };
      expect(() => trainNetwork(task, { between: stopping, report: () => {} })).toThrow(stop);
    }
    expect(tf.memory().numTensors).toBe(tensors[0]);
  });

  it('says so where weights grow beyond all bounds', () => {
    const task = taskOf({ hiddenLayers: [8, 8], batchNormalization: false, dropout: 0 });
    const settings = { ...task.settings, learningRate: 1e30 };
    const watch = { between: () => {}, report: () => {} };
    expect(() => trainNetwork({ ...task, settings }, watch)).toThrow(NeuralNetDivergedError);
  });
});
