import { createRandom } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { divideIntoBatches, drawMask } from './batches.ts';

describe('divideIntoBatches', () => {
  it('takes every row once, in another order each time, in batches alike in size', () => {
    const order = Int32Array.from({ length: 1025 }, (_, i) => i);
    const random = createRandom(1, 'batches');
    const once = () => Array.from(divideIntoBatches(order, { most: 512, random }), (b) => Array.from(b));
    const [first, second] = [once(), once()];
    expect(first.map((batch) => batch.length)).toEqual([341, 342, 342]);
    expect(first.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 1025 }, (_, i) => i));
    expect(second).not.toEqual(first);
  });
});

describe('drawMask', () => {
  it('leaves out the share it should, and keeps the mean', () => {
    const mask = drawMask(20_000, 0.3, createRandom(1, 'mask'));
    expect(mask.filter((x) => x === 0).length / 20_000).toBeCloseTo(0.3, 1);
    expect(mask.reduce((sum, x) => sum + x, 0) / 20_000).toBeCloseTo(1, 1);
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.7)]));
  });
});
