import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { NeuralNetModelError } from './errors.ts';
import { readNetwork, type SavedNetwork, writeNetwork } from './network-file.ts';

const saved: SavedNetwork = {
  network: {
    featureNames: ['a', 'b', 'c'],
    scaler: {
      columns: Int32Array.of(0, 2),
      logarithmic: Uint8Array.of(0, 1),
      mean: Float64Array.of(1 / 3, -2e-9),
      scale: Float64Array.of(Math.PI, 1e40),
      flagged: Int32Array.of(1),
    },
    layers: [
      {
        inputs: 3,
        outputs: 2,
        weights: Float32Array.of(0.1, -0.2, 1e-40, 4, 5, -0),
        bias: Float32Array.of(7, 8),
      },
      { inputs: 2, outputs: 1, weights: Float32Array.of(1, 2), bias: Float32Array.of(3) },
    ],
  },
  hyperparameters: { dropout: 0.3 },
  bestEpoch: 4,
  importances: [1, 0, 0.25],
  libraries: { '@tensorflow/tfjs-core': '4.22.0' },
};
const whole = writeNetwork(saved);

/** The file with another header, and a checksum that is right. */
function withHeader(change: (header: Record<string, unknown>) => Record<string, unknown>): Uint8Array {
  const bytes = Buffer.from(whole);
  const start = 12 + bytes.readUInt32LE(8);
  const header = JSON.parse(bytes.toString('utf8', 12, start)) as Record<string, unknown>;
  const text = Buffer.from(JSON.stringify(change(header)));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return sealed(Buffer.concat([bytes.subarray(0, 8), length, text, bytes.subarray(start, -32)]));
}

function sealed(content: Uint8Array): Uint8Array {
  return Buffer.concat([content, createHash('sha256').update(content).digest()]);
}

const scalerWith = (change: object) =>
  withHeader((header) => ({ ...header, scaler: { ...(header.scaler as object), ...change } }));

describe('the native file', () => {
  it('comes back bit by bit, also from the middle of a buffer', () => {
    expect(readNetwork(whole)).toEqual(saved);
    const shifted = Buffer.concat([Buffer.of(1, 2, 3), whole]).subarray(3);
    expect(writeNetwork(readNetwork(shifted))).toEqual(whole);
  });

  it('refuses every file that was cut', () => {
    for (let length = 0; length < whole.length; length += 7)
      expect(() => readNetwork(whole.subarray(0, length))).toThrow(NeuralNetModelError);
  });

  it.each([
    { what: 'another format', file: Buffer.from('tree\nversion=v4\n'.repeat(10)) },
    { what: 'a changed byte', file: whole.with(whole.length - 40, 99) },
    { what: 'a header beyond the file', file: sealed(whole.slice(0, -32).with(11, 1)) },
    { what: 'a header of no JSON', file: sealed(whole.slice(0, -32).with(12, 65)) },
    { what: 'another shape', file: withHeader((h) => ({ ...h, layers: [[3, 1]] })) },
    {
      what: 'layers that do not fit',
      file: withHeader((h) => ({
        ...h,
        layers: [
          [2, 2],
          [3, 1],
        ],
      })),
    },
    { what: 'two outputs', file: withHeader((h) => ({ ...h, layers: [[3, 2]] })) },
    { what: 'no layers', file: withHeader((h) => ({ ...h, layers: [] })) },
    { what: 'fewer inputs', file: scalerWith({ flagged: [] }) },
    { what: 'a column that is not there', file: scalerWith({ flagged: [3] }) },
    { what: 'too few means', file: scalerWith({ mean: [1] }) },
    { what: 'means of text', file: scalerWith({ mean: ['1', '2'] }) },
    { what: 'another flag', file: scalerWith({ logarithmic: [2, 0] }) },
    { what: 'names that are no texts', file: withHeader((h) => ({ ...h, featureNames: [1, 2, 3] })) },
    { what: 'too few importances', file: withHeader((h) => ({ ...h, importances: [1] })) },
    { what: 'no epoch', file: withHeader((h) => ({ ...h, bestEpoch: 0 })) },
    { what: 'no libraries', file: withHeader((h) => ({ ...h, libraries: undefined })) },
    {
      what: 'a weight of NaN',
      file: sealed(whole.slice(0, -32).fill(255, whole.length - 36, whole.length - 32)),
    },
  ])('refuses $what', ({ file }) => {
    expect(() => readNetwork(file)).toThrow(NeuralNetModelError);
  });
});
