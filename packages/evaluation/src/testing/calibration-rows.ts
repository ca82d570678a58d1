import { createRandom } from '@risk-scoring/contract';
import fc from 'fast-check';

/** Labelled, weighted rows with many equal scores and both classes; some weigh nothing. */
export const tiedRows = fc
  .array(
    fc.record({
      label: fc.constantFrom(0, 0, 1),
      score: fc.oneof(
        fc.integer({ min: 0, max: 8 }).map((eighths) => eighths / 8),
        fc.double({ min: 0, max: 1, noNaN: true }),
      ),
      weight: fc.constantFrom(0, 0.25, 1, 1, 3),
    }),
    { maxLength: 40 },
  )
  .map((rows) => [{ label: 0, score: 0.25, weight: 1 }, { label: 1, score: 0.75, weight: 1 }, ...rows])
  .map((rows) => ({
    labels: Int8Array.from(rows, ({ label }) => label),
    scores: Float64Array.from(rows, ({ score }) => score),
    weights: Float64Array.from(rows, ({ weight }) => weight),
  }));

/** Labels drawn with the probabilities that `truth` makes of the scores, which cluster near 0 as those of models do. */
export function drawnRows(
  rows: number,
  seed: number,
  truth: (score: number) => number,
): { labels: Int8Array; scores: Float64Array } {
  const random = createRandom(seed, 'drawn rows');
  const scores = Float64Array.from({ length: rows }, () => 1 / (1 + Math.exp(1.5 - 1.5 * random.normal())));
  return { labels: Int8Array.from(scores, (score) => Number(random.next() < truth(score))), scores };
}
