import { describe, expect, it } from 'vitest';
import { Booster } from './booster.ts';
import { Dataset } from './dataset.ts';
import { readTinyTree, shapleyValues } from './testing/shapley-values.ts';
import { createToyProblem } from './testing/toy-problem.ts';

const toy = createToyProblem({ rows: 400, columns: 3 });
const values = toy.values.map((value) => (Number.isNaN(value) ? 0.5 : value));
const matrix = { values, rows: toy.rows, columns: toy.columns };
const parameters = { objective: 'binary', num_leaves: 8, min_data_in_leaf: 5, num_threads: 1 };

function train(rounds: number): Booster {
  using dataset = Dataset.fromColumns({ ...matrix, label: Float32Array.from(toy.labels), parameters });
  const booster = Booster.create(dataset, parameters);
  for (let i = 0; i < rounds; i++) booster.updateOneIteration();
  return booster;
}

describe('contributions', () => {
  it('are the Shapley values of the tree, by their definition over all subsets of features', () => {
    using booster = train(1);
    const tree = readTinyTree(booster.saveToString());
    const found = booster.predict({ ...matrix, output: 'contrib' });
    for (let row = 0; row < toy.rows; row++) {
      const numbers = [0, 1, 2].map((column) => values[column * toy.rows + row] as number);
      const expected = shapleyValues(tree, numbers, 3);
      for (const [i, value] of expected.entries()) expect(found[row * 4 + i]).toBeCloseTo(value, 12);
    }
    // A tree that used one feature alone would prove little.
    expect(booster.featureImportance('split').filter((splits) => splits > 0).length).toBeGreaterThan(1);
  });

  it('and the base value add up to the raw score of many trees', () => {
    using booster = train(50);
    const found = booster.predict({ ...matrix, output: 'contrib' });
    const raw = booster.predict({ ...matrix, output: 'raw' });
    for (const [row, score] of raw.entries()) {
      const sum = found.slice(row * 4, row * 4 + 4).reduce((total, value) => total + value, 0);
      expect(sum).toBeCloseTo(score, 10);
    }
  });
});
