import { InvalidInputError, SingleClassError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { bootstrapIntervals } from './bootstrap.ts';
import { confusionAt } from './confusion.ts';
import { InvalidScoredRowsError } from './errors.ts';
import { evaluateBinary } from './evaluate-binary.ts';
import { brierScore, logLoss } from './probability-metrics.ts';
import { averagePrecision, rocAuc } from './ranking-metrics.ts';
import { expectedCalibrationError } from './reliability.ts';
import { syntheticRows } from './testing/synthetic-rows.ts';

const rows = syntheticRows({
  groups: 200,
  rowsPerGroup: 3,
  positiveRate: 0.25,
  distance: 1.5,
  withinGroupCorrelation: 0.5,
  seed: 4,
});

describe('evaluateBinary', () => {
  it('gathers what the single metrics say', () => {
    const { labels, scores } = rows;
    const metrics = evaluateBinary({ ...rows, seed: 1, resamples: 100 });
    const { precision, recall, f1 } = confusionAt(labels, scores, { threshold: 0.5 });
    const positives = labels.filter((label) => label === 1).length;
    expect(metrics).toMatchObject({
      rows: 600,
      groups: 200,
      positives,
      auc: rocAuc(labels, scores),
      prAuc: averagePrecision(labels, scores),
      precision,
      recall,
      f1,
      brier: brierScore(labels, scores),
      logLoss: logLoss(labels, scores),
      ece: expectedCalibrationError(labels, scores),
      threshold: 0.5,
      intervals: bootstrapIntervals({ ...rows, seed: 1, resamples: 100 }).intervals,
      bootstrap: { seed: 1, level: 0.95, resamples: 100 },
    });
    expect(metrics.baseline.prAuc).toBeCloseTo(positives / 600, 12);
  });

  it('reports on one more threshold when asked to, and then only', () => {
    const { labels, scores } = rows;
    const request = { ...rows, seed: 1, resamples: 0 };
    const { precision, recall, f1 } = confusionAt(labels, scores, { threshold: 0.8 });
    const flagged = scores.filter((score) => score >= 0.8).length;
    const { atThreshold, ...others } = evaluateBinary({ ...request, chosenThreshold: 0.8 });
    expect(atThreshold).toEqual({ threshold: 0.8, precision, recall, f1, flagged });
    expect(evaluateBinary(request)).toStrictEqual(others);
    expect(() => evaluateBinary({ ...request, chosenThreshold: Number.NaN })).toThrow(InvalidInputError);
  });

  it('is plain JSON', () => {
    const metrics = evaluateBinary({ ...rows, seed: 1, resamples: 20, chosenThreshold: 0.6 });
    expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics);
  });

  it('judges chosen rows, whose scores come in the order of the rows', () => {
    const chosen = Int32Array.from(rows.labels.keys()).filter((row) => row % 3 === 1);
    const weights = Float32Array.from(rows.labels, (_, row) => 1 + (row % 5));
    const scores = Float64Array.from(chosen, (row) => rows.scores[row]);
    const direct = {
      labels: Int8Array.from(chosen, (row) => rows.labels[row]),
      scores,
      weights: Float64Array.from(chosen, (row) => weights[row]),
      splitGroups: chosen.map((row) => rows.splitGroups[row]),
    };
    const options = { seed: 2, resamples: 50, threshold: 0.7 };
    expect(evaluateBinary({ ...rows, scores, weights, rows: chosen, ...options })).toEqual(
      evaluateBinary({ ...direct, ...options }),
    );
  });

  it('leaves out the intervals when asked for no resamples', () => {
    expect(evaluateBinary({ ...rows, seed: 1, resamples: 0 })).toMatchObject({
      intervals: null,
      bootstrap: null,
    });
  });

  it('puts each figure into its interval', () => {
    const metrics = evaluateBinary({ ...rows, seed: 1 });
    for (const name of ['auc', 'prAuc', 'precision', 'recall', 'f1', 'brier', 'logLoss', 'ece'] as const) {
      const [low, high] = metrics.intervals?.[name] ?? [Number.NaN, Number.NaN];
      expect(metrics[name]).toBeGreaterThan(low);
      expect(metrics[name]).toBeLessThan(high);
    }
  });

  it('refuses what cannot be judged', () => {
    const scores = rows.scores.subarray(1);
    expect(() => evaluateBinary({ ...rows, scores, seed: 1 })).toThrow(InvalidScoredRowsError);
    expect(() => evaluateBinary({ ...rows, rows: Int32Array.of(0, 1), seed: 1 })).toThrow(/too many scores/);
    const outside = { rows: Int32Array.of(0, 600), scores: Float64Array.of(0, 1) };
    expect(() => evaluateBinary({ ...rows, ...outside, seed: 1 })).toThrow(/not in the data set/);
    const labels = new Int8Array(600).fill(1);
    expect(() => evaluateBinary({ ...rows, labels, seed: 1 })).toThrow(SingleClassError);
    expect(() => evaluateBinary({ ...rows, resamples: -1, seed: 1 })).toThrow(InvalidInputError);
    const weights = new Float32Array(599).fill(1);
    expect(() => evaluateBinary({ ...rows, weights, seed: 1 })).toThrow(/too few weights/);
  });
});
