import { describe, expect, it } from 'vitest';
import { Booster } from './booster.ts';
import { Dataset } from './dataset.ts';
import { CHUNK_BYTES } from './prediction.ts';
import { meanLogLoss, pairwiseAuc } from './testing/metrics.ts';
import { createToyProblem, everyRow, type ToyProblem } from './testing/toy-problem.ts';
import { createTreeWalk } from './testing/tree-walk.ts';

const toy = createToyProblem();
const reproducible = {
  objective: 'binary',
  deterministic: true,
  force_row_wise: true,
  seed: 7,
  num_threads: 2,
};

interface Training {
  parameters?: Record<string, string | number | boolean | string[]>;
  iterations?: number;
  weight?: Float32Array;
}

function train(problem: ToyProblem, { parameters = {}, iterations = 20, weight }: Training = {}): Booster {
  const label = Float32Array.from(problem.labels);
  using dataset = Dataset.fromColumns({ ...problem, featureNames: problem.names, label, weight, parameters });
  const booster = Booster.create(dataset, { ...reproducible, ...parameters });
  for (let i = 0; i < iterations; i++) booster.updateOneIteration();
  return booster;
}

function rowOf(problem: ToyProblem, row: number): number[] {
  return Array.from(
    { length: problem.columns },
    (_, column) => problem.values[column * problem.rows + row] as number,
  );
}

describe('Booster', () => {
  it('learns, and its metrics are those of its predictions', () => {
    using booster = train(toy, { parameters: { metric: ['auc', 'binary_logloss'] } });
    const scores = booster.predict(toy);
    const [auc, loss] = booster.evaluate(0);
    expect(booster.metricNames).toEqual(['auc', 'binary_logloss']);
    expect(auc).toBeCloseTo(pairwiseAuc(scores, toy.labels), 10);
    expect(loss).toBeCloseTo(meanLogLoss(scores, toy.labels), 6);
    expect(auc).toBeGreaterThan(0.9);
  });

  it('generalises to rows it never saw, and its validation metric is that of their predictions', () => {
    const unseen = createToyProblem({ seed: 2 });
    const label = Float32Array.from(toy.labels);
    using dataset = Dataset.fromColumns({ ...toy, label });
    const trainRows = everyRow(toy.rows, { step: 2 });
    const testRows = everyRow(toy.rows, { start: 1, step: 2 });
    using trainData = dataset.subset(trainRows);
    using testData = dataset.subset(testRows);
    using booster = Booster.create(trainData, { ...reproducible, metric: 'auc' });
    const validation = booster.addValidation(testData);
    for (let i = 0; i < 20; i++) booster.updateOneIteration();
    const scores = booster.predict({ ...toy, selected: testRows });
    const testLabels = Array.from(testRows, (row) => toy.labels[row] as number);
    expect(booster.evaluate(validation)[0]).toBeCloseTo(pairwiseAuc(scores, testLabels), 10);
    expect(pairwiseAuc(booster.predict(unseen), unseen.labels)).toBeGreaterThan(0.8);
  });

  it('predicts what walking its trees by hand gives, unknown values included', () => {
    using booster = train(toy);
    const walk = createTreeWalk(booster.saveToString());
    const raw = booster.predict({ ...toy, output: 'raw' });
    const byHand = Float64Array.from({ length: toy.rows }, (_, row) => walk(rowOf(toy, row)));
    expect(toy.values.some(Number.isNaN)).toBe(true);
    expect(raw).toEqual(byHand);
  });

  it('puts the raw score through the logistic function', () => {
    using booster = train(toy);
    const raw = booster.predict({ ...toy, output: 'raw' });
    const probability = booster.predict(toy);
    for (const [row, score] of raw.entries())
      expect(probability[row]).toBeCloseTo(1 / (1 + Math.exp(-score)), 14);
  });

  it('explains: contributions and base value sum up to the raw score', () => {
    using booster = train(toy);
    const raw = booster.predict({ ...toy, output: 'raw' });
    const contributions = booster.predict({ ...toy, output: 'contrib' });
    const width = toy.columns + 1;
    expect(contributions).toHaveLength(toy.rows * width);
    for (const [row, score] of raw.entries()) {
      const sum = contributions
        .subarray(row * width, (row + 1) * width)
        .reduce((total, part) => total + part, 0);
      expect(sum).toBeCloseTo(score, 9);
    }
  });

  it('gives a row the same bits alone, in a selection, in chunks and with any number of threads', () => {
    const wide = createToyProblem({ rows: 600, columns: 5000 });
    using booster = train(wide, { iterations: 3, parameters: { feature_fraction: 0.01 } });
    const all = booster.predict(wide);
    const selected = Int32Array.of(599, 7, 7, 0, 150);
    const some = booster.predict({ ...wide, selected, threads: 1 });
    expect(wide.values.byteLength).toBeGreaterThan(2 * CHUNK_BYTES);
    expect(Array.from(some)).toEqual(Array.from(selected, (row) => all[row]));
    for (const row of selected)
      expect(booster.predict({ ...wide, selected: Int32Array.of(row) })[0]).toBe(all[row]);
  });

  it('comes back from its text with the same bits, trees and importances', () => {
    using booster = train(toy);
    using again = Booster.fromString(booster.saveToString());
    expect(again.predict(toy)).toEqual(booster.predict(toy));
    expect(again.featureNames).toEqual(toy.names);
    expect(again.currentIteration).toBe(20);
    const gains = again.featureImportance('gain');
    // The text keeps six digits of a gain.
    for (const [column, gain] of booster.featureImportance('gain').entries()) {
      expect(Math.abs((gains[column] as number) / gain - 1)).toBeLessThan(1e-5);
    }
    expect(again.featureImportance('split')).toEqual(booster.featureImportance('split'));
  });

  it('counts splits as the text does', () => {
    using booster = train(toy);
    const features = Array.from(
      booster.saveToString().matchAll(/^split_feature=(.*)$/gm),
      ([, list]) => list ?? '',
    );
    const counts = new Float64Array(toy.columns);
    for (const feature of features.join(' ').split(' '))
      counts[Number(feature)] = (counts[Number(feature)] ?? 0) + 1;
    expect(booster.featureImportance('split')).toEqual(counts);
  });

  it('cuts a model to its first iterations', () => {
    using booster = train(toy);
    using short = Booster.fromString(booster.saveToString({ numIteration: 5 }));
    using trainedShort = train(toy, { iterations: 5 });
    expect(short.currentIteration).toBe(5);
    expect(short.predict(toy)).toEqual(trainedShort.predict(toy));
    expect(booster.predict({ ...toy, numIteration: 5 })).toEqual(trainedShort.predict(toy));
  });

  it('takes back an iteration', () => {
    using booster = train(toy, { iterations: 6 });
    using shorter = train(toy, { iterations: 5 });
    booster.rollbackOneIteration();
    expect(booster.currentIteration).toBe(5);
    expect(booster.predict(toy)).toEqual(shorter.predict(toy));
  });

  it('learns no more once its learning rate is reset to next to nothing', () => {
    using booster = train(toy, { iterations: 5 });
    const before = booster.predict({ ...toy, output: 'raw' });
    booster.resetParameters({ learning_rate: 1e-12 });
    booster.updateOneIteration();
    const after = booster.predict({ ...toy, output: 'raw' });
    for (const [row, score] of after.entries()) expect(score).toBeCloseTo(before[row] as number, 9);
    expect(booster.currentIteration).toBe(6);
  });

  it('takes a weight of 2 for the row twice', () => {
    const rows = 400;
    const values = Float32Array.from({ length: rows }, (_, row) => row % 10);
    const label = Float32Array.from(values, (value, row) => ((value * 7 + row * 3) % 11 < 5 ? 1 : 0));
    const weight = Float32Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 2 : 1));
    const twice = Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? [row, row] : [row])).flat();
    const parameters = {
      ...reproducible,
      min_data_in_leaf: 1,
      min_data_in_bin: 1,
      min_sum_hessian_in_leaf: 1e-9,
    };
    const fit = (source: { values: Float32Array; label: Float32Array; weight?: Float32Array }) => {
      using dataset = Dataset.fromColumns({ ...source, rows: source.values.length, columns: 1, parameters });
      using booster = Booster.create(dataset, parameters);
      for (let i = 0; i < 10; i++) booster.updateOneIteration();
      return booster.predict({ values, rows, columns: 1 });
    };
    const weighted = fit({ values, label, weight });
    const repeated = fit({
      values: Float32Array.from(twice, (row) => values[row] as number),
      label: Float32Array.from(twice, (row) => label[row] as number),
    });
    const plain = fit({ values, label });
    for (const [row, score] of weighted.entries()) expect(score).toBeCloseTo(repeated[row] as number, 6);
    expect(weighted).not.toEqual(plain);
  });

  it('trains the same bytes twice, and another seed trains others', () => {
    const parameters = { bagging_fraction: 0.7, bagging_freq: 1, feature_fraction: 0.7 };
    using first = train(toy, { parameters, weight: toy.weights });
    using second = train(toy, { parameters, weight: toy.weights });
    using other = train(toy, { parameters: { ...parameters, seed: 8 }, weight: toy.weights });
    expect(second.saveToString()).toBe(first.saveToString());
    expect(other.predict(toy)).not.toEqual(first.predict(toy));
  });

  it('says when no split is left to gain from', () => {
    const constant = { ...toy, values: new Float32Array(toy.values.length) };
    using booster = train(constant, { iterations: 0 });
    expect(booster.updateOneIteration()).toBe(true);
    const positives = toy.labels.filter((label) => label === 1).length / toy.rows;
    for (const score of booster.predict(constant)) expect(score).toBeCloseTo(positives, 9);
  });

  it('has one value per class for several classes', () => {
    const label = Float32Array.from(toy.labels, (value, row) => value + (row % 2));
    using dataset = Dataset.fromColumns({ ...toy, label });
    using booster = Booster.create(dataset, { objective: 'multiclass', num_class: 3 });
    booster.updateOneIteration();
    const scores = booster.predict(toy);
    expect(booster.numClasses).toBe(3);
    expect(booster.treesPerIteration).toBe(3);
    expect(scores).toHaveLength(3 * toy.rows);
    for (let row = 0; row < toy.rows; row++) {
      expect(scores.subarray(3 * row, 3 * row + 3).reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 9);
    }
  });

  it('ranks within groups', () => {
    const label = Float32Array.from(toy.labels);
    const group = new Int32Array(20).fill(100);
    using dataset = Dataset.fromColumns({ ...toy, label, group });
    using booster = Booster.create(dataset, { objective: 'lambdarank', metric: 'ndcg', eval_at: [5] });
    booster.updateOneIteration();
    const [before] = booster.evaluate(0);
    for (let i = 0; i < 20; i++) booster.updateOneIteration();
    expect(booster.metricNames).toEqual(['ndcg@5']);
    expect(booster.evaluate(0)[0]).toBeGreaterThan(before as number);
  });

  it('refuses parameters that contradict the bins', () => {
    using dataset = Dataset.fromColumns({ ...toy, parameters: { max_bin: 15 } });
    expect(() => Booster.create(dataset, { max_bin: 63 })).toThrow(
      expect.objectContaining({ code: 'LIGHTGBM_CALL_FAILED', found: expect.stringContaining('max_bin') }),
    );
  });

  it('refuses another number of columns than the model has', () => {
    using booster = train(toy, { iterations: 1 });
    const narrow = { values: new Float32Array(10), rows: 5, columns: 2 };
    expect(() => booster.predict(narrow)).toThrow(
      expect.objectContaining({ code: 'LIGHTGBM_DATA', found: '2 columns' }),
    );
  });

  it.each([0, -1, 1.5])('refuses %d as a number of iterations', (numIteration) => {
    using booster = train(toy, { iterations: 1 });
    const refused = expect.objectContaining({ code: 'LIGHTGBM_DATA' });
    expect(() => booster.predict({ ...toy, numIteration })).toThrow(refused);
    expect(() => booster.saveToString({ numIteration })).toThrow(refused);
  });

  it('cannot be used after it was disposed of', () => {
    const booster = train(toy, { iterations: 1 });
    booster.dispose();
    booster.dispose();
    const disposed = expect.objectContaining({ code: 'LIGHTGBM_DISPOSED' });
    expect(() => booster.updateOneIteration()).toThrow(disposed);
    expect(() => booster.predict(toy)).toThrow(disposed);
    expect(() => booster.saveToString()).toThrow(disposed);
  });
});
