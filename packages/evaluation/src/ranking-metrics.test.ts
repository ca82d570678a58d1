import { createRandom, SingleClassError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidScoredRowsError } from './errors.ts';
import { averagePrecision, rocAuc } from './ranking-metrics.ts';

/** Few distinct scores, so that ties abound; weights from 0. */
const scoredRows = fc
  .array(
    fc.record({
      label: fc.constantFrom(0, 1),
      score: fc.integer({ min: -3, max: 3 }).map((n) => n / 4),
      weight: fc.integer({ min: 0, max: 4 }),
    }),
    { minLength: 2, maxLength: 40 },
  )
  .filter((rows) => [0, 1].every((label) => rows.some((row) => row.label === label && row.weight > 0)));

type Row = { label: number; score: number; weight: number };

function columns(rows: readonly Row[]) {
  return {
    labels: Int8Array.from(rows, (row) => row.label),
    scores: Float64Array.from(rows, (row) => row.score),
    weights: Float64Array.from(rows, (row) => row.weight),
  };
}

/** The probability that a positive beats a negative, pair by pair. */
function aucByPairs(rows: readonly Row[]): number {
  let wins = 0;
  let pairs = 0;
  for (const positive of rows.filter((row) => row.label === 1)) {
    for (const negative of rows.filter((row) => row.label === 0)) {
      const weight = positive.weight * negative.weight;
      pairs += weight;
      if (positive.score > negative.score) wins += weight;
      if (positive.score === negative.score) wins += weight / 2;
    }
  }
  return wins / pairs;
}

/** Precision and recall counted anew at every distinct score, then summed by steps of recall. */
function averagePrecisionByThresholds(rows: readonly Row[]): number {
  const weightOf = (chosen: readonly Row[]) => chosen.reduce((sum, row) => sum + row.weight, 0);
  const positives = weightOf(rows.filter((row) => row.label === 1));
  const thresholds = [...new Set(rows.map((row) => row.score))].sort((a, b) => b - a);
  let lastRecall = 0;
  let sum = 0;
  for (const threshold of thresholds) {
    const flagged = rows.filter((row) => row.score >= threshold);
    const found = weightOf(flagged.filter((row) => row.label === 1));
    const precision = weightOf(flagged) > 0 ? found / weightOf(flagged) : 0;
    sum += (found / positives - lastRecall) * precision;
    lastRecall = found / positives;
  }
  return sum;
}

describe('rocAuc', () => {
  it('is 0.75 in the example of scikit-learn’s roc_auc_score documentation before 0.22, and of metrics.auc', () => {
    expect(rocAuc(Int8Array.of(0, 0, 1, 1), Float64Array.of(0.1, 0.4, 0.35, 0.8))).toBe(0.75);
  });

  it('agrees with counting all pairs, ties and weights included', () => {
    fc.assert(
      fc.property(scoredRows, (rows) => {
        const { labels, scores, weights } = columns(rows);
        expect(rocAuc(labels, scores, weights)).toBeCloseTo(aucByPairs(rows), 12);
        expect(rocAuc(labels, Float32Array.from(scores), weights)).toBeCloseTo(aucByPairs(rows), 12);
      }),
    );
  });

  it('gives Φ(d / √2) for normal scores whose classes are d apart', () => {
    // Hanley and McNeil 1982: AUC of the binormal model; Φ(1 / √2) = 0.76025 from tables of the normal distribution.
    const random = createRandom(11);
    const labels = Int8Array.from({ length: 200_000 }, (_, row) => row % 2);
    const scores = Float64Array.from(labels, (label) => random.normal() + label);
    expect(rocAuc(labels, scores)).toBeGreaterThan(0.757);
    expect(rocAuc(labels, scores)).toBeLessThan(0.7635);
  });

  it('counts a row of weight 2 like two rows', () => {
    fc.assert(
      fc.property(scoredRows, (rows) => {
        const repeated = columns(rows.flatMap((row) => Array<Row>(row.weight).fill(row)));
        const { labels, scores, weights } = columns(rows);
        expect(rocAuc(labels, scores, weights)).toBeCloseTo(rocAuc(repeated.labels, repeated.scores), 12);
      }),
    );
  });
});

describe('averagePrecision', () => {
  it('is 0.8333… in the example of scikit-learn’s average_precision_score documentation', () => {
    const score = averagePrecision(Int8Array.of(0, 0, 1, 1), Float64Array.of(0.1, 0.4, 0.35, 0.8));
    expect(score).toBeCloseTo(0.8333333333333333, 15);
  });

  it('agrees with precision and recall counted at every distinct score', () => {
    fc.assert(
      fc.property(scoredRows, (rows) => {
        const { labels, scores, weights } = columns(rows);
        const expected = averagePrecisionByThresholds(rows);
        expect(averagePrecision(labels, scores, weights)).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('is the share of positives when all scores are equal', () => {
    expect(averagePrecision(Int8Array.of(1, 0, 0, 0, 0), new Float64Array(5))).toBe(0.2);
  });
});

describe.each([
  ['rocAuc', rocAuc],
  ['averagePrecision', averagePrecision],
])('%s refuses', (_, metric) => {
  it('rows of one class', () => {
    expect(() => metric(Int8Array.of(1, 1), Float64Array.of(0.1, 0.2))).toThrow(SingleClassError);
    expect(() => metric(Int8Array.of(0, 0), Float64Array.of(0.1, 0.2))).toThrow(
      /0 labelled 1 and 2 labelled 0/,
    );
  });

  it('a class without weight', () => {
    const weights = Float64Array.of(0, 1, 1);
    expect(() => metric(Int8Array.of(1, 0, 0), new Float64Array(3), weights)).toThrow(SingleClassError);
  });

  it.each([
    ['a NaN score', Int8Array.of(0, 1), Float64Array.of(0.5, NaN), undefined, /score of row 1/],
    ['an infinite score', Int8Array.of(0, 1), Float64Array.of(Infinity, 0), undefined, /score of row 0/],
    ['an unlabelled row', Int8Array.of(0, 1, -1), new Float64Array(3), undefined, /label of row 2/],
    ['a missing score', Int8Array.of(0, 1), Float64Array.of(0.5), undefined, /2 labels, 1 scores/],
    ['a missing weight', Int8Array.of(0, 1), new Float64Array(2), Float64Array.of(1), /1 weights/],
    ['a negative weight', Int8Array.of(0, 1), new Float64Array(2), Float64Array.of(1, -1), /weight of row 1/],
    ['no rows', new Int8Array(0), new Float64Array(0), undefined, /no rows/],
  ])('%s', (_, labels, scores, weights, message) => {
    expect(() => metric(labels, scores, weights)).toThrow(InvalidScoredRowsError);
    expect(() => metric(labels, scores, weights)).toThrow(message);
  });
});
