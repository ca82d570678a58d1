import { createRandom } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeNetwork } from '../network-file.ts';
import { plainNetwork, plainScore } from '../testing/plain-network.ts';
import type { Network } from './network.ts';
import { scoreRows, toScoring } from './score-rows.ts';
import { sensitivities } from './sensitivities.ts';

/** A network of any shape with weights drawn by chance; every third column is flagged, every fourth constant. */
function drawNetwork(features: number, hidden: readonly number[], seed = 1): Network {
  const random = createRandom(seed, 'network');
  const all = Int32Array.from({ length: features }, (_, i) => i);
  const columns = all.filter((column) => column % 4 !== 3);
  const flagged = all.filter((column) => column % 3 === 0);
  const draw = (count: number) => new Float32Array(count).map(() => random.normal());
  let inputs = columns.length + flagged.length;
  const layers = [...hidden, 1].map((outputs) => {
    const layer = { inputs, outputs, weights: draw(inputs * outputs), bias: draw(outputs) };
    inputs = outputs;
    return layer;
  });
  return {
    featureNames: Array.from(all, (i) => `feature_${i}`),
    scaler: {
      columns,
      logarithmic: Uint8Array.from(columns, (column) => column % 2),
      mean: Float64Array.from(columns, () => random.normal()),
      scale: Float64Array.from(columns, () => 0.5 + random.next()),
      flagged,
    },
    layers,
  };
}

const matrix = (rows: number, features: number, seed = 2) => {
  const random = createRandom(seed, 'matrix');
  const values = new Float32Array(rows * features).map(() => {
    const kind = random.next();
    if (kind < 0.1) return Number.NaN;
    if (kind < 0.12) return random.next() < 0.5 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    return kind < 0.2 ? 1e30 * random.normal() : random.normal();
  });
  return { values, rows, columns: features };
};

const rowIn = ({ values, rows, columns }: ReturnType<typeof matrix>, row: number) =>
  Array.from({ length: columns }, (_, column) => values[column * rows + row] as number);

describe('scoreRows', () => {
  it('scores as a plain implementation that reads the native file does, whatever the shape', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 3 }),
        fc.integer({ min: 1, max: 140 }),
        (features, hidden, rows) => {
          const network = drawNetwork(features, hidden, rows);
          const data = matrix(rows, features);
          const request = { ...data, network: toScoring(network), selected: undefined, start: 0, end: rows };
          const raw = scoreRows({ ...request, output: 'raw' });
          const probability = scoreRows({ ...request, output: 'probability' });
          const saved = { hyperparameters: {}, bestEpoch: 1, libraries: {}, importances: [] };
          const plain = plainNetwork(writeNetwork({ network, ...saved }));
          for (let row = 0; row < rows; row++) {
            const expected = plainScore(plain, rowIn(data, row));
            const found = raw[row] as number;
            expect(Math.abs(found - expected)).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)));
            expect(probability[row]).toBeCloseTo(1 / (1 + Math.exp(-expected)), 12);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives a row the same bits alone and anywhere in a batch', () => {
    const network = toScoring(drawNetwork(8, [7, 5]));
    const data = matrix(200, 8);
    const request = { ...data, network, output: 'raw' as const };
    const batch = scoreRows({ ...request, selected: undefined, start: 0, end: 200 });
    const order = Int32Array.from({ length: 200 }, (_, i) => (i * 37) % 200);
    const shuffled = scoreRows({ ...request, selected: order, start: 0, end: 200 });
    expect(shuffled).toEqual(Float64Array.from(order, (row) => batch[row] as number));
    for (let row = 0; row < 200; row++)
      expect(scoreRows({ ...request, selected: undefined, start: row, end: row + 1 })[0]).toBe(batch[row]);
  });
});

describe('sensitivities', () => {
  it('are the mean slopes of the raw score, as differences of scores give them', () => {
    const network = drawNetwork(3, [6, 4], 7);
    const plainScaler = { ...network.scaler, logarithmic: new Uint8Array(3), flagged: new Int32Array() };
    const layers = network.layers.map((layer, index) =>
      index > 0 ? layer : { ...layer, inputs: 3, weights: layer.weights.subarray(0, 3 * layer.outputs) },
    );
    const simple: Network = { ...network, scaler: plainScaler, layers };
    const random = createRandom(5, 'rows');
    const values = new Float32Array(3 * 50).map(() => random.normal());
    const data = { values, rows: 50, columns: 3 };
    const selected = Int32Array.from({ length: 50 }, (_, i) => i);
    const score = (changed: Float32Array) =>
      scoreRows({
        ...data,
        values: changed,
        network: toScoring(simple),
        selected,
        start: 0,
        end: 50,
        output: 'raw',
      });
    const found = sensitivities(simple, { ...data, selected });
    for (const [column, importance] of found.entries()) {
      const moved = values.map((x, i) => (Math.floor(i / 50) === column ? x + 2 ** -12 : x));
      const steps = moved.map((x, i) => x - (values[i] as number)).subarray(column * 50, column * 50 + 50);
      const [before, after] = [score(values), score(moved)];
      const scale = plainScaler.scale[column] as number;
      const slopes = before.map(
        (raw, i) => Math.abs((after[i] as number) - raw) / ((steps[i] as number) * scale),
      );
      expect(importance).toBeCloseTo(slopes.reduce((sum, slope) => sum + slope, 0) / 50, 1);
      expect(importance).toBeGreaterThan(0.1);
    }
  });

  it('count the flag of a feature, by how often it is up', () => {
    const network = drawNetwork(1, [], 3);
    const values = Float32Array.of(Number.NaN, 0.5, 0.6, 0.7);
    const [importance = 0] = sensitivities(network, {
      values,
      rows: 4,
      columns: 1,
      selected: Int32Array.of(0, 1, 2, 3),
    });
    const [value = 0, flag = 0] = Array.from(network.layers[0]?.weights ?? []).map(Math.abs);
    expect(importance).toBeCloseTo(value + flag * Math.sqrt(0.25 * 0.75), 12);
  });
});
