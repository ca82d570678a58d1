import { describe, expect, it } from 'vitest';
import { InvalidScoredRowsError } from './errors.ts';
import { evaluateBinary } from './evaluate-binary.ts';
import { evaluateBinaryOrNull } from './evaluate-binary-or-null.ts';
import { brierScore, logLoss } from './probability-metrics.ts';
import { expectedCalibrationError } from './reliability.ts';
import { syntheticRows } from './testing/synthetic-rows.ts';

const rows = syntheticRows({
  groups: 40,
  rowsPerGroup: 2,
  positiveRate: 0.4,
  distance: 1,
  withinGroupCorrelation: 0.5,
  seed: 8,
});

describe('evaluateBinaryOrNull', () => {
  it('is evaluateBinary where both classes are there', () => {
    const request = { ...rows, seed: 1, resamples: 20, chosenThreshold: 0.7 };
    expect(evaluateBinaryOrNull(request)).toEqual(evaluateBinary(request));
  });

  it.each([0, 1])('keeps what rows labelled %s alone define', (label) => {
    const labels = new Int8Array(80).fill(label);
    const metrics = evaluateBinaryOrNull({ ...rows, labels, seed: 1, chosenThreshold: 0.9 });
    expect(metrics).toMatchObject({
      rows: 80,
      groups: 40,
      positives: label * 80,
      auc: null,
      prAuc: null,
      brier: brierScore(labels, rows.scores),
      logLoss: logLoss(labels, rows.scores),
      ece: expectedCalibrationError(labels, rows.scores),
      baseline: null,
      intervals: null,
      bootstrap: null,
    });
    const flagged = rows.scores.filter((score) => score >= 0.5).length;
    expect(metrics.recall).toBe(label === 1 ? flagged / 80 : null);
    expect(metrics.precision).toBe(label === 1 ? 1 : null);
    expect(metrics.atThreshold === null).toBe(label === 0);
    expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics);
  });

  it('leaves out the intervals of one split group', () => {
    const metrics = evaluateBinaryOrNull({ ...rows, splitGroups: new Int32Array(80), seed: 1 });
    expect(metrics.intervals).toBeNull();
    expect(metrics.auc).toBeGreaterThan(0.5);
  });

  it('refuses scores that are no probabilities', () => {
    const scores = rows.scores.map((score) => score + 1);
    expect(() => evaluateBinaryOrNull({ ...rows, scores, seed: 1 })).toThrow(InvalidScoredRowsError);
  });
});
