import { createRandom } from '@risk-scoring/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { type PlainBatch, plainGradient, plainLoss } from '../testing/plain-training.ts';
import { createAdam } from './adam.ts';
import { drawMask } from './batches.ts';
import { decaying, initialParameters, planParameters } from './parameters.ts';
import { passBatch } from './perceptron.ts';
import { lossSlopes, weightedLogLoss } from './teaching.ts';
import { startTensorflow, tf } from './tensorflow.ts';

beforeAll(async () => {
  await startTensorflow();
});

/** A tiny net in both forms, and a batch for it. */
function tinyNet({ batchNormalization = true, dropout = 0.4, rows = 12 } = {}) {
  const random = createRandom(3, 'tiny');
  const hiddenLayers = [5, 3];
  const plan = planParameters({ inputs: 4, hiddenLayers, batchNormalization });
  const parameters = initialParameters(plan, { random, bias: 0.2 }).map((x) => x + 0.1 * random.normal());
  const inputs = new Float32Array(rows * 4).map(() => random.normal());
  const targets = {
    positive: Float64Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 0 : random.next())),
    negative: Float64Array.from({ length: rows }, (_, i) => (i % 3 === 1 ? 0 : random.next())),
  };
  const masks =
    dropout === 0 ? undefined : hiddenLayers.map((units) => drawMask(rows * units, dropout, random));
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  const pass = () =>
    passBatch({ plan, parameters, inputs, rows, masks, slopesOf: (raw) => lossSlopes(raw, all, targets) });
  const plain: PlainBatch = {
    rows: Array.from(all, (i) => Array.from(inputs.subarray(4 * i, 4 * i + 4))),
    positive: Array.from(targets.positive),
    negative: Array.from(targets.negative),
    hidden: hiddenLayers,
    normalizes: batchNormalization,
    masks,
  };
  return { plan, parameters, inputs, targets, pass, plain };
}

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (x, i) => Math.abs(x - (b[i] ?? Number.NaN))));

describe('passBatch', () => {
  it.each([
    { batchNormalization: true, dropout: 0.4 },
    { batchNormalization: true, dropout: 0 },
    { batchNormalization: false, dropout: 0.4 },
  ])('finds the gradient that finite differences of a plain loss give: %o', (options) => {
    const { pass, plain, parameters } = tinyNet(options);
    const { gradient } = pass();
    const expected = plainGradient(Array.from(parameters), plain);
    expect(furthest(gradient, expected)).toBeLessThan(1e-5);
    expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(0.01);
  });

  it('takes a row of weight 2 for two rows', () => {
    const once = tinyNet({ batchNormalization: false, dropout: 0 });
    const twice = tinyNet({ batchNormalization: false, dropout: 0 });
    const { positive, negative } = once.targets;
    once.targets.positive[4] = 2 * (positive[4] as number);
    once.targets.negative[4] = 2 * (negative[4] as number);
    const rows = [...twice.plain.rows.keys(), 4];
    const doubled = passBatch({
      plan: twice.plan,
      parameters: twice.parameters,
      inputs: Float32Array.from(rows.flatMap((row) => twice.plain.rows[row] ?? [])),
      rows: rows.length,
      masks: undefined,
      slopesOf: (raw) => lossSlopes(raw, Int32Array.from(rows), twice.targets),
    });
    const scale = rows.length / once.plain.rows.length;
    expect(
      furthest(
        doubled.gradient.map((x) => x * scale),
        once.pass().gradient,
      ),
    ).toBeLessThan(1e-6);
    const raw = rows.map((row) => row / 3 - 1);
    const repeated = (list: Float64Array) => Float64Array.from(rows, (row) => list[row] as number);
    const { targets } = twice;
    expect(weightedLogLoss(raw.slice(0, 12), once.targets)).toBeCloseTo(
      weightedLogLoss(raw, { positive: repeated(targets.positive), negative: repeated(targets.negative) }),
      14,
    );
  });

  it('leaves no tensor behind', () => {
    const { pass } = tinyNet();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 20; i++) pass();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('createAdam', () => {
  it('makes the step of the paper: a whole one of a tiny net, computed by hand', () => {
    const { pass, plain, parameters, plan } = tinyNet();
    const before = Array.from(parameters);
    const slopes = plainGradient(before, plain);
    createAdam({ learningRate: 0.01, weightDecay: 0, decays: decaying(plan) })(parameters, pass().gradient);
    for (const [i, slope] of slopes.entries()) {
      // Where the slope is a rounding error (batch normalisation takes constants away), its sign is, too.
      if (Math.abs(slope) < 1e-3) continue;
      const m = (0.1 * slope) / (1 - 0.9);
      const v = (0.001 * slope * slope) / (1 - 0.999);
      const expected = (before[i] ?? Number.NaN) - (0.01 * m) / (Math.sqrt(v) + 1e-8);
      expect(Math.abs((parameters[i] ?? Number.NaN) - expected)).toBeLessThan(1e-5);
    }
    expect(plainLoss(Array.from(parameters), plain)).toBeLessThan(plainLoss(before, plain));
  });

  it('goes the way that the Adam of tfjs goes', () => {
    const random = createRandom(4, 'adam');
    const parameters = new Float32Array(20).map(() => random.normal());
    const variable = tf.variable(tf.tensor1d(parameters.slice()));
    const theirs = tf.train.adam(0.01, 0.9, 0.999, 1e-8);
    const ours = createAdam({ learningRate: 0.01, weightDecay: 0, decays: new Uint8Array(20) });
    for (let i = 0; i < 50; i++) {
      const gradient = new Float32Array(20).map(() => random.normal());
      ours(parameters, gradient);
      tf.tidy(() => theirs.applyGradients([{ name: variable.name, tensor: tf.tensor1d(gradient) }]));
    }
    expect(furthest(parameters, variable.dataSync())).toBeLessThan(1e-5);
    variable.dispose();
    theirs.dispose();
  });

  it('lets weights decay by their size, and nothing else', () => {
    const parameters = Float32Array.of(2, 2);
    const decays = Uint8Array.of(1, 0);
    createAdam({ learningRate: 0.1, weightDecay: 0.5, decays })(parameters, new Float32Array(2));
    expect(Array.from(parameters)).toEqual([Math.fround(1.9), 2]);
  });
});
