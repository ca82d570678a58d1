import { describe, expect, it } from 'vitest';
import { lessonOf } from './lesson.ts';

const rows = Int32Array.of(0, 2, 3, 5);
const labels = Int8Array.of(0, -1, 1, 0, -1, 1);
const weights = Float32Array.of(0.5, 9, 1, 0, 9, 0.25);

describe('lessonOf', () => {
  it('takes the labels and weights of the rows', () => {
    const lesson = lessonOf(rows, { labels, weights, ranking: undefined });
    expect(lesson).toEqual({
      rows,
      labels: Float32Array.of(0, 1, 0, 1),
      weights: Float32Array.of(0.5, 1, 0, 0.25),
      groups: undefined,
    });
  });

  it('teaches a row with a counter-weight twice, and one without weight as the opposite class alone', () => {
    const counterWeights = Float32Array.of(0.5, 9, 0, 1, 9, 0.75);
    const lesson = lessonOf(rows, { labels, weights, counterWeights, ranking: undefined });
    expect(lesson).toEqual({
      rows: Int32Array.of(0, 0, 2, 3, 5, 5),
      labels: Float32Array.of(0, 1, 1, 1, 1, 0),
      weights: Float32Array.of(0.5, 0.5, 1, 1, 0.25, 0.75),
      groups: undefined,
    });
  });

  it('puts the rows of a query next to each other, in their order, and weighs queries by their rows', () => {
    const ranking = { queryIds: Int32Array.of(4, 0, 1, 4, 0, 1), grades: Uint8Array.of(1, 9, 0, 3, 9, 2) };
    expect(lessonOf(rows, { labels, weights, ranking })).toEqual({
      rows: Int32Array.of(2, 5, 0, 3),
      labels: Float32Array.of(0, 2, 1, 3),
      weights: Float32Array.of(0.625, 0.25),
      groups: Uint32Array.of(2, 2),
    });
  });
});
