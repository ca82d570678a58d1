import { describe, expect, it } from 'vitest';
import { estimateMemory } from './enough-memory.ts';
import { relevanceOf } from './relevance.ts';

describe('relevanceOf', () => {
  it('is the grade that labels bring, 2 for suspicious rows without one, and 0 for unlabelled ones', () => {
    const labels = Int8Array.of(0, 0, 1, 1, 1, -1);
    const grades = Uint8Array.of(0, 1, 2, 3, 0, 3);
    expect([...relevanceOf(labels, grades)]).toEqual([0, 1, 2, 3, 2, 0]);
  });

  it('is the label where labels bring no grades', () => {
    expect([...relevanceOf(Int8Array.of(0, 1, -1), undefined)]).toEqual([0, 1, 0]);
  });
});

describe('estimateMemory', () => {
  it('is the matrix and what the trainer says, or twice the matrix', () => {
    const shape = { rows: 1000, columns: 50 };
    expect(estimateMemory(shape, {})).toBe(3 * 200_000);
    expect(estimateMemory(shape, { estimateMemory: () => 5 })).toBe(200_005);
  });
});
