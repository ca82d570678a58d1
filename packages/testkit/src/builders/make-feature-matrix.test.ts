import { InvalidInputError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { areaUnderCurve } from '../trainer/area-under-curve.ts';
import { makeFeatureMatrix } from './make-feature-matrix.ts';
import { makeSplitRequest } from './make-split-request.ts';

const { data, labels, weights } = makeFeatureMatrix(1);
const all = Int32Array.from({ length: data.rows }, (_, row) => row);
const column = (name: string) => {
  const index = data.columns.findIndex((candidate) => candidate.name === name);
  return data.values.subarray(index * data.rows, (index + 1) * data.rows);
};

describe('makeFeatureMatrix', () => {
  it('gives the same for one seed and something else for another', () => {
    expect(makeFeatureMatrix(1)).toEqual({ data, labels, weights });
    expect(makeFeatureMatrix(2).data.values).not.toEqual(data.values);
  });

  it('is a whole matrix: lengths, dense codes, distinct ids', () => {
    expect(data.values).toHaveLength(data.rows * data.columns.length);
    for (const { length } of [labels, weights, data.keys.ids, data.keys.processingDates, data.queryIds]) {
      expect(length).toBe(data.rows);
    }
    const codes = new Set(data.splitGroups);
    expect(codes.size).toBe(data.splitGroupNames.length);
    expect(Math.max(...codes)).toBe(codes.size - 1);
    expect(new Set(data.keys.ids).size).toBe(data.rows);
    expect(new Set(data.queryIds)).toEqual(new Set([0, 1, 2]));
    expect(new Set(data.columns.map(({ name }) => name)).size).toBe(data.columns.length);
  });

  it('labels addresses, not rows, in both classes', () => {
    const labelOf = new Map(Array.from(all, (row) => [data.splitGroups[row], labels[row]]));
    for (const row of all) expect(labels[row]).toBe(labelOf.get(data.splitGroups[row]));
    const positives = labels.reduce<number>((sum, label) => sum + label, 0);
    expect(positives / data.rows).toBeGreaterThan(0.3);
    expect(positives / data.rows).toBeLessThan(0.7);
  });

  it('can be learned from its informative columns and not from noise', () => {
    expect(areaUnderCurve(all, labels, column('volume'))).toBeGreaterThan(0.85);
    expect(areaUnderCurve(all, labels, column('degree'))).toBeGreaterThan(0.85);
    expect(Math.abs(areaUnderCurve(all, labels, column('noise_0')) - 0.5)).toBeLessThan(0.1);
  });

  it('has columns with some, no and only unknown values', () => {
    const unknown = (name: string) => column(name).filter((value) => Number.isNaN(value)).length;
    expect(unknown('volume')).toBe(0);
    expect(unknown('age')).toBeGreaterThan(0);
    expect(unknown('age')).toBeLessThan(data.rows);
    expect(unknown('never_known')).toBe(data.rows);
  });

  it('has the size and place asked for', () => {
    const { data } = makeFeatureMatrix(1, { rows: 10, noiseColumns: 0, snapshots: 5, shared: true });
    expect([data.rows, data.columns.length, new Set(data.queryIds).size]).toEqual([10, 6, 5]);
    expect(data.values.buffer).toBeInstanceOf(SharedArrayBuffer);
    for (const options of [{ rows: 0 }, { rows: 1.5 }, { noiseColumns: -1 }, { snapshots: 0 }]) {
      expect(() => makeFeatureMatrix(1, options)).toThrow(InvalidInputError);
    }
  });
});

describe('makeSplitRequest', () => {
  it('requests the labelled rows, ascending, and leaves some addresses unlabelled', () => {
    const { rows, labels } = makeSplitRequest(1);
    expect(Array.from(rows)).toEqual(Array.from(all).filter((row) => labels[row] !== -1));
    expect(rows.length).toBeLessThan(labels.length);
  });
});

describe('areaUnderCurve', () => {
  it('is the share of pairs in the right order, ties counting half', () => {
    // Pairs (0.8, 0.6), (0.8, 0.4), (0.4, 0.6), (0.4, 0.4): won 1, 1, 0 and 0.5 of 4.
    const labels = Int8Array.of(1, 0, 1, 0, 1);
    expect(areaUnderCurve(Int32Array.of(0, 1, 2, 3), labels, [0.8, 0.6, 0.4, 0.4, 99])).toBe(2.5 / 4);
  });
});
