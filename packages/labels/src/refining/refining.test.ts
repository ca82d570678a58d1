import { createRandom, type LabelSet, type RefineRequest } from '@risk-scoring/contract';
import { makeTrainingData } from '@risk-scoring/testkit';
import { describe, expect, it } from 'vitest';
import { validateLabelSet } from '../validate-label-set.ts';
import { elkanNoto, learnFromPositives } from './elkan-noto.ts';
import { selfTrain } from './self-training.ts';

/** A request over alerts of these addresses, whose models answer with these scores, one list a round. */
function requestOf({
  addresses,
  labels,
  scores,
  rows = Int32Array.from(labels, (_, row) => row),
}: {
  addresses: readonly string[];
  labels: readonly number[];
  scores: readonly (readonly number[])[];
  rows?: Int32Array;
}): RefineRequest & { readonly asked: Int8Array[] } {
  const asked: Int8Array[] = [];
  const labelSet: LabelSet = {
    labels: Int8Array.from(labels),
    weights: Float32Array.from(labels, (label) => (label < 0 ? 0 : 0.75)),
    sources: { names: ['sot'], codes: Int32Array.from(labels, (label) => (label < 0 ? -1 : 0)) },
  };
  return {
    labelSet,
    alerts: makeTrainingData({ alerts: addresses.map((address) => ({ address })) }).alerts,
    rows,
    models: {
      outOfFoldScores: async (teaching) => {
        asked.push(Int8Array.from(teaching.labels));
        return Float64Array.from(scores[Math.min(asked.length, scores.length) - 1] ?? []);
      },
    },
    seed: 1,
    asked,
  };
}

describe('elkanNoto', () => {
  it('gives P(positive | x, not labelled) by Bayes where g is exact: (1 − c) p / (1 − c p)', () => {
    const random = createRandom(3, 'pu');
    for (let trial = 0; trial < 200; trial++) {
      const c = 0.02 + 0.9 * random.next();
      const p = random.next();
      // Positives of p = 1 are labelled with probability c: their scores, and so c itself, are exact.
      const { c: estimated, weightOf } = elkanNoto(Float64Array.of(c, c, c * p), Int32Array.of(0, 1));
      expect(estimated).toBeCloseTo(c, 12);
      expect(weightOf(2)).toBeCloseTo(((1 - c) * p) / (1 - c * p), 10);
    }
  });

  it('holds weights within 0..1 where scores are above what c allows', () => {
    const { weightOf } = elkanNoto(Float64Array.of(0.2, 0.9, 1, 0), Int32Array.of(0));
    expect([1, 2, 3].map(weightOf)).toEqual([1, 1, 0]);
  });
});

describe('learnFromPositives', () => {
  const addresses = ['a', 'b', 'c', 'd', 'e'];
  const labels = [1, 0, -1, -1, 1];
  const scores = [[0.5, 0.2, 0.4, 0.1, 0.3]];

  it('asks for who is labelled positive, and teaches the others as both classes', async () => {
    const request = requestOf({ addresses, labels, scores });
    const refined = await learnFromPositives(request, { useNegatives: false });
    validateLabelSet('pu', refined);
    expect(request.asked).toEqual([Int8Array.of(1, 0, 0, 0, 1)]);
    const c = 0.4;
    const w = [0.2, 0.4, 0.1].map((g) => Math.min(1, (((1 - c) / c) * g) / (1 - g)));
    expect(Array.from(refined.labels)).toEqual([1, 0, 0, 0, 1]);
    expect(refined.weights[0]).toBe(0.75);
    [1, 2, 3].forEach((row, index) => {
      expect(refined.counterWeights?.[row]).toBeCloseTo(w[index] ?? 0, 6);
      expect(refined.weights[row]).toBeCloseTo(1 - (w[index] ?? 0), 6);
    });
    expect(refined.sources.kinds?.[refined.sources.codes[2] ?? -1]).toBe('pseudo');
    expect(refined.report).toMatchObject({
      positive_unlabelled: { positives: 2, others: 3, label_frequency: c },
    });
  });

  it('keeps known negatives where asked, and touches no hidden row', async () => {
    const request = requestOf({
      addresses,
      labels: [1, 0, -1, -1, -1],
      scores,
      rows: Int32Array.of(0, 1, 2, 3),
    });
    const refined = await learnFromPositives(request, { useNegatives: true });
    expect(Array.from(refined.labels)).toEqual([1, 0, 0, 0, -1]);
    expect([refined.weights[1], refined.counterWeights?.[1]]).toEqual([0.75, 0]);
  });

  it('says so where nothing is positive', async () => {
    const request = requestOf({ addresses, labels: [0, 0, -1, -1, -1], scores });
    await expect(learnFromPositives(request, { useNegatives: false })).rejects.toThrow(
      /NO_POSITIVE|needs some/,
    );
  });
});

describe('selfTrain', () => {
  const options = { rounds: 3, positiveThreshold: 0.9, negativeThreshold: 0.1, weight: 0.5, maxShare: 10 };
  const addresses = ['p', 'n', 'x', 'x', 'y', 'z', 'hidden'];
  const labels = [1, 0, -1, -1, -1, -1, -1];
  const rows = Int32Array.of(0, 1, 2, 3, 4, 5);

  it('labels addresses by their mean score, with weights by how sure it is', async () => {
    const request = requestOf({ addresses, labels, rows, scores: [[0.9, 0.1, 0.88, 0.98, 0.05, 0.5, 1]] });
    const refined = await selfTrain(request, options);
    validateLabelSet('self', refined);
    expect(Array.from(refined.labels)).toEqual([1, 0, 1, 1, 0, -1, -1]);
    // The mean of x is 0.93: 0.5 × |2 · 0.93 − 1|.
    expect(refined.weights[2]).toBeCloseTo(0.43, 6);
    expect(refined.weights[4]).toBeCloseTo(0.45, 6);
    expect(refined.sources.kinds).toEqual(['true', 'pseudo']);
    // The second round was taught them, and changed nothing: it is the last.
    expect(request.asked).toEqual([Int8Array.from(labels), refined.labels]);
    expect(refined.report).toMatchObject({
      self_training: {
        rounds: [
          { positives: 2, negatives: 1 },
          { positives: 2, negatives: 1 },
        ],
      },
    });
  });

  it('drops what a later round is no longer sure of, and ends after its rounds', async () => {
    const sure = [1, 0, 0.95, 0.95, 0.5, 0.5, 1];
    const unsure = [1, 0, 0.5, 0.5, 0.5, 0.95, 1];
    const request = requestOf({ addresses, labels, rows, scores: [sure, unsure, sure] });
    const refined = await selfTrain(request, { ...options, rounds: 2 });
    expect(Array.from(refined.labels)).toEqual([1, 0, -1, -1, -1, 1, -1]);
    expect(request.asked).toHaveLength(2);
  });

  it('adds no more of a class than the share allows, the surest first', async () => {
    const request = requestOf({ addresses, labels, rows, scores: [[1, 0, 0.95, 0.95, 0.99, 0.97, 1]] });
    const refined = await selfTrain(request, { ...options, maxShare: 1 });
    expect(Array.from(refined.labels)).toEqual([1, 0, -1, -1, 1, -1, -1]);
  });

  it('asks nobody where every alert has a label', async () => {
    const request = requestOf({ addresses: ['p', 'n'], labels: [1, 0], scores: [] });
    expect(Array.from((await selfTrain(request, options)).labels)).toEqual([1, 0]);
    expect(request.asked).toEqual([]);
  });
});
