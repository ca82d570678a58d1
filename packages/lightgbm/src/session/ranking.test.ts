// The worker thread runs what was built, so the session comes from the package as its users see it.
import { Booster, Dataset, type LightGBMSession, openLightGBMSession } from '@risk-scoring/lightgbm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createToyProblem, everyRow } from '../testing/toy-problem.ts';

const toy = createToyProblem();
const parameters = {
  objective: 'lambdarank',
  metric: 'ndcg',
  eval_at: [10],
  deterministic: true,
  force_col_wise: true,
  is_enable_sparse: false,
  seed: 7,
  num_threads: 2,
};
// No two neighbours are of one query.
const queryIds = Int32Array.from({ length: toy.rows }, (_, row) => row % 40);
const byQuery = everyRow(toy.rows).sort((a, b) => (queryIds[a] as number) - (queryIds[b] as number) || a - b);
const maxRounds = 20;

let session: LightGBMSession;
beforeAll(async () => {
  session = await openLightGBMSession();
});
afterAll(() => session.dispose());

/** The same rows in another order, as a matrix of its own. */
function reordered(rows: Int32Array) {
  const values = new Float32Array(rows.length * toy.columns);
  for (let column = 0; column < toy.columns; column++) {
    for (const [i, row] of rows.entries())
      values[column * rows.length + i] = toy.values[column * toy.rows + row] as number;
  }
  return { values, rows: rows.length, columns: toy.columns, featureNames: toy.names };
}

/** Trains on this thread: rows of the dataset next to each other by query. */
function trainHere(dataset: Dataset, rows: Int32Array): string {
  dataset.setLabel(Float32Array.from(rows, (row) => toy.labels[row] as number));
  dataset.setWeight(Float32Array.from(rows, (row) => toy.weights[row] as number));
  const sizes = Array.from(
    { length: 40 },
    (_, query) => rows.filter((row) => queryIds[row] === query).length,
  );
  dataset.setGroup(Int32Array.from(sizes));
  using booster = Booster.create(dataset, parameters);
  for (let i = 0; i < maxRounds; i++) booster.updateOneIteration();
  return booster.saveToString();
}

describe('a ranker whose queries are scattered over the matrix', () => {
  const request = { labels: toy.labels, weights: toy.weights, queryIds, parameters, maxRounds };
  const matrix = { values: toy.values, rows: toy.rows, columns: toy.names };

  it('is the one of a matrix in which they lie next to each other, without any subset', async () => {
    const dataset = await session.createDataset({ matrix, selected: byQuery, parameters });
    const { model } = await session.train({ ...request, dataset, trainRows: everyRow(toy.rows) });
    await dataset.dispose();
    using direct = Dataset.fromColumns({ ...reordered(byQuery), parameters });
    expect(model).toBe(trainHere(direct, byQuery));
  });

  it('is the one of such a matrix on a part of its rows, too', async () => {
    const dataset = await session.createDataset({ matrix, selected: byQuery, parameters });
    const trainRows = everyRow(toy.rows).filter((row) => row % 3 > 0);
    const { model } = await session.train({ ...request, dataset, trainRows });
    await dataset.dispose();
    using all = Dataset.fromColumns({ ...reordered(byQuery), parameters });
    const positions = everyRow(toy.rows).filter((i) => (byQuery[i] as number) % 3 > 0);
    using part = all.subset(positions);
    const here = trainHere(
      part,
      positions.map((i) => byQuery[i] as number),
    );
    expect(model).toBe(here);
  });

  it('stops early by the validation rows, whose queries are scattered as well', async () => {
    const dataset = await session.createDataset({ matrix, selected: byQuery, parameters });
    const stopped = await session.train({
      ...request,
      dataset,
      trainRows: everyRow(toy.rows).filter((row) => row % 3 > 0),
      validationRows: everyRow(toy.rows, { step: 3 }),
      maxRounds: 200,
      earlyStoppingRounds: 5,
      earlyStoppingMetric: 'ndcg@10',
    });
    await dataset.dispose();
    const ndcg = Array.from(stopped.evalHistory['ndcg@10'] ?? []);
    expect(ndcg).toHaveLength(stopped.bestIteration + 5);
    expect(ndcg.indexOf(Math.max(...ndcg)) + 1).toBe(stopped.bestIteration);
  });

  it('is refused where the dataset has its rows in the order of the matrix', async () => {
    const dataset = await session.createDataset({ matrix, parameters });
    const training = session.train({ ...request, dataset, trainRows: everyRow(toy.rows) });
    await expect(training).rejects.toMatchObject({ code: 'LIGHTGBM_DATA', found: 'query 0 in two places' });
    await dataset.dispose();
  });
});
