import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EnsembleModelError } from '../errors.ts';
import { readEnsemble, type SavedEnsemble, writeEnsemble } from './ensemble-file.ts';

const saved: SavedEnsemble = {
  combine: { method: 'stacking', intercept: -0.1, coefficients: [0.3, 1 / 3] },
  hyperparameters: { method: 'stacking', seed: 42 },
  featureNames: ['volume', 'Größe'],
  members: [
    {
      name: 'first',
      trainer: 'lightgbm',
      artifacts: [{ role: 'native', extension: '.txt', bytes: new TextEncoder().encode('tree\n') }],
    },
    {
      name: 'second',
      trainer: 'other',
      artifacts: [
        { role: 'native', extension: '.bin', bytes: Uint8Array.of(0, 10, 255) },
        { role: 'onnx', extension: '.onnx', bytes: new Uint8Array() },
      ],
    },
  ],
};
const file = writeEnsemble(saved);

describe('the .ensemble file', () => {
  it('gives back what was written, and the same bytes each time', () => {
    expect(readEnsemble(file)).toEqual(saved);
    expect(writeEnsemble(readEnsemble(file))).toEqual(file);
  });

  it('is refused when it is cut anywhere, or longer than it was', () => {
    for (let length = 0; length < file.length; length++)
      expect(() => readEnsemble(file.subarray(0, length)), `${length} bytes`).toThrow(EnsembleModelError);
    expect(() => readEnsemble(Uint8Array.of(...file, 0))).toThrow(/bytes/);
  });

  it('is refused when any bit of it was turned over', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(7), (at, bit) => {
        const edited = file.with(at, file[at] ^ (1 << bit));
        expect(() => readEnsemble(edited)).toThrow(EnsembleModelError);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it.each([
    ['text', 'no JSON'],
    ['no object', '[]'],
    ['no features', JSON.stringify({ ...header(), featureNames: [] })],
    ['no member', JSON.stringify({ ...header(), members: [] })],
    ['a member without a trainer', JSON.stringify({ ...header(), members: [{ name: 'a', artifacts: [] }] })],
    ['an unknown method', JSON.stringify({ ...header(), combine: { method: 'vote' } })],
    ['a weight too few', JSON.stringify({ ...header(), combine: { method: 'average', weights: [1] } })],
  ])('is refused where its header holds %s, whatever its sha256', (_, text) => {
    const digest = createHash('sha256').update(text).digest('hex');
    const start = `risk-scoring ensemble 1 ${text.length} ${digest}\n`;
    expect(() => readEnsemble(new TextEncoder().encode(start + text))).toThrow(EnsembleModelError);
  });
});

function header(): object {
  const [, line = '{}'] = new TextDecoder().decode(file).split('\n');
  return JSON.parse(line) as object;
}
