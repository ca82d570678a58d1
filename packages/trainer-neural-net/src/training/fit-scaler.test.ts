import { createRandom } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { fillInputs } from '../network/fill-inputs.ts';
import { fitScaler } from './fit-scaler.ts';

const { NaN: unknown, POSITIVE_INFINITY: infinite } = Number;

function matrixOf(...columns: readonly (readonly number[])[]) {
  return {
    values: Float32Array.from(columns.flat()),
    rows: columns[0]?.length ?? 0,
    columns: columns.length,
  };
}

function inputsOf(matrix: ReturnType<typeof matrixOf>, trainRows: Int32Array, seen = matrix): number[][] {
  const scaler = fitScaler(matrix, trainRows);
  const width = scaler.columns.length + scaler.flagged.length;
  const target = new Float64Array(seen.rows * width);
  fillInputs(target, scaler, { ...seen, count: seen.rows, rowAt: (i) => i });
  return Array.from({ length: seen.rows }, (_, i) => Array.from(target.subarray(i * width, (i + 1) * width)));
}

const three = Int32Array.of(0, 1, 2);

describe('fitScaler', () => {
  it('takes mean and standard deviation over the known values of the training rows', () => {
    const scaler = fitScaler(matrixOf([1, 3, unknown, 1000]), three);
    expect(scaler).toMatchObject({ columns: Int32Array.of(0), flagged: Int32Array.of(0) });
    expect([scaler.mean[0], scaler.scale[0], scaler.logarithmic[0]]).toEqual([2, 1, 0]);
    expect(inputsOf(matrixOf([1, 3, unknown, 1000]), three)).toEqual([
      [-1, 0],
      [1, 0],
      [0, 1],
      [10, 0],
    ]);
  });

  it('leaves out columns that say nothing, but not whether they are known', () => {
    const constant = [7, 7, 7];
    const never = [unknown, unknown, unknown];
    const sometimes = [5, unknown, 5];
    const scaler = fitScaler(matrixOf(constant, never, sometimes, [1, 2, 3]), three);
    expect(scaler).toMatchObject({ columns: Int32Array.of(3), flagged: Int32Array.of(2) });
    const seen = matrixOf([9], [9], [9], [2]);
    expect(inputsOf(matrixOf(constant, never, sometimes, [1, 2, 3]), three, seen)).toEqual([[0, 0]]);
  });

  it('puts infinite values at the limit, and learns nothing from them', () => {
    const column = [1, 3, infinite, -infinite];
    const rows = Int32Array.of(0, 1, 2, 3);
    expect(inputsOf(matrixOf(column), rows)).toEqual([[-1], [1], [10], [-10]]);
  });

  it('keeps the largest numbers apart and everything finite', () => {
    const column = [3e38, -3e38, 1e-45, 0];
    for (const [input = unknown] of inputsOf(matrixOf(column), Int32Array.of(0, 1, 2, 3)))
      expect(Math.abs(input)).toBeLessThan(2);
    const small = inputsOf(matrixOf([1e-45, 0, 0, infinite]), Int32Array.of(0, 1, 2));
    expect(small.flat().every(Number.isFinite)).toBe(true);
    expect(small[3]).toEqual([10]);
  });

  it('takes the logarithm of a heavy tail, on either side of 0, and of no other column', () => {
    const random = createRandom(1, 'tails');
    const normal = Array.from({ length: 500 }, () => random.normal());
    const heavy = normal.map((x) => Math.exp(4 * x));
    const negative = heavy.map((x) => -x);
    const rows = Int32Array.from({ length: 500 }, (_, row) => row);
    const matrix = matrixOf(normal, heavy, negative);
    expect(Array.from(fitScaler(matrix, rows).logarithmic)).toEqual([0, 1, 1]);
    for (const [, up = unknown, down = unknown] of inputsOf(matrix, rows)) expect(down).toBeCloseTo(-up, 12);
  });
});
