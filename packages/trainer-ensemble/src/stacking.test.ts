import {
  createRandom,
  InvalidInputError,
  type Split,
  type Splitter,
  type TrainRequest,
} from '@risk-scoring/contract';
import {
  createAddressSplitter,
  createRandomSplitter,
  createTemporalSplitter,
  rocAuc,
} from '@risk-scoring/evaluation';
import { createIsolationForestTrainer } from '@risk-scoring/trainer-isolation-forest';
import { describe, expect, it } from 'vitest';
import { createEnsembleTrainer } from './ensemble-trainer.ts';
import { EnsembleStackingError } from './errors.ts';
import { descend } from './testing/descend.ts';
import { makeProblem, smallLightGBM } from './testing/problem.ts';
import { type Watched, watchTrainer } from './testing/watch-trainer.ts';

const { request, data, labels, holdoutRows } = makeProblem();
const { weights } = request;
const splitter = createAddressSplitter();
const folds = 3;

interface Stacked {
  readonly intercept: number;
  readonly coefficients: readonly number[];
}

async function stack(watched: readonly Watched[], options: object = {}, change: Partial<TrainRequest> = {}) {
  const members = watched.map(({ trainer }) => ({ trainer }));
  const trainer = createEnsembleTrainer({ members, method: 'stacking', splitter, folds, ...options });
  const model = await trainer.train({ ...request, ...change });
  const { hyperparameters } = model.describe();
  const scores = await model.predict(data, { rows: holdoutRows });
  await model.dispose();
  return { scores, stacked: hyperparameters as unknown as Stacked };
}

const groupsOf = (rows: Int32Array) => new Set(Array.from(rows, (row) => data.splitGroups[row]));

/** Checks each model of a fold: what it predicts is of no group that it learned from or stopped by. Returns the predicted rows. */
function predictedHonestly({ trainings }: Watched): number[] {
  const ofFolds = trainings.slice(0, folds);
  return ofFolds.flatMap(({ request: { trainRows, validationRows }, predicted }) => {
    const known = groupsOf(Int32Array.from([...trainRows, ...validationRows]));
    const [rows = new Int32Array(), ...more] = predicted;
    expect(more).toEqual([]);
    expect(trainRows.length).toBeGreaterThan(0);
    for (const row of rows) expect(known.has(data.splitGroups[row]), `row ${row}`).toBe(false);
    return Array.from(rows);
  });
}

/** Log-odds that the models of the folds gave to the rows that they predicted. */
function outOfFold({ trainings }: Watched): Map<number, number> {
  const found = new Map<number, number>();
  for (const { predicted, scores } of trainings.slice(0, folds)) {
    for (const [i, row] of (predicted[0] ?? []).entries())
      found.set(row, Math.log(scores[0][i] / (1 - scores[0][i])));
  }
  return found;
}

/** Coefficients by another way, each row being there as it is and as the opposite. */
function fitOtherwise(
  columns: readonly Map<number, number>[],
  counterWeights = new Float32Array(data.rows),
): number[] {
  const rows = [...columns[0].keys()];
  return descend({
    columns: columns.map((column) =>
      Float64Array.from([...rows, ...rows], (row) => column.get(row) ?? Number.NaN),
    ),
    targets: Float64Array.from([...rows.map((row) => labels[row]), ...rows.map((row) => 1 - labels[row])]),
    weights: Float64Array.from([
      ...rows.map((row) => weights[row]),
      ...rows.map((row) => counterWeights[row]),
    ]),
    ridge: 1e-3,
    nonNegative: true,
  });
}

describe('stacking', () => {
  it('predicts every training row once, by models that know nothing of its group', async () => {
    const members = [
      watchTrainer(smallLightGBM()),
      watchTrainer(createIsolationForestTrainer({ trees: 10 })),
    ];
    await stack(members);
    for (const watched of members) {
      expect(watched.trainings).toHaveLength(folds + 1);
      const predicted = Int32Array.from(predictedHonestly(watched)).sort();
      expect(predicted).toEqual(request.trainRows);
      expect(watched.trainings[folds].request).toMatchObject({
        trainRows: request.trainRows,
        validationRows: request.validationRows,
      });
      expect(new Set(watched.trainings.map((training) => training.request.seed)).size).toBe(folds + 1);
    }
  });

  it.each([
    ['that puts one address on both sides', createRandomSplitter()],
    ['that hides the future', createTemporalSplitter()],
  ])('is as honest with a splitter %s', async (_, other) => {
    const watched = watchTrainer(smallLightGBM({ min_data_in_leaf: 5 }));
    await stack([watched], { splitter: other, folds: other.name === 'temporal' ? 2 : folds });
    const seen: { date: number; row: number }[] = [];
    for (const training of watched.trainings.slice(0, -1)) {
      const { trainRows, validationRows } = training.request;
      const known = Int32Array.from([...trainRows, ...validationRows]);
      const [tested = new Int32Array()] = training.predicted;
      const groups = groupsOf(known);
      for (const row of tested) expect(groups.has(data.splitGroups[row])).toBe(false);
      const dates = (rows: Int32Array) => Array.from(rows, (row) => data.keys.processingDates[row]);
      if (other.name === 'temporal')
        expect(Math.max(...dates(known))).toBeLessThan(Math.min(...dates(tested)));
      seen.push(...Array.from(tested, (row) => ({ date: 0, row })));
    }
    expect(new Set(seen.map(({ row }) => row)).size).toBe(seen.length);
  });

  it.each([
    ['without', undefined],
    ['with', new Float32Array(data.rows).map((_, row) => (row % 4) / 8)],
  ])('finds the coefficients of an independent fit, %s counter-weights', async (_, counterWeights) => {
    const members = [
      watchTrainer(smallLightGBM()),
      watchTrainer(smallLightGBM({ num_leaves: 2 }, 8)),
      watchTrainer(createIsolationForestTrainer({ trees: 10 })),
    ];
    const change = counterWeights === undefined ? {} : { counterWeights };
    const { stacked } = await stack(members, {}, change);
    const [intercept, ...coefficients] = fitOtherwise(members.map(outOfFold), counterWeights);
    expect(stacked.intercept).toBeCloseTo(intercept, 5);
    for (const [i, coefficient] of stacked.coefficients.entries())
      expect(coefficient).toBeCloseTo(coefficients[i], 5);
    expect(Math.max(...stacked.coefficients)).toBeGreaterThan(0.1);
  });

  it('is no worse than its best member by more than chance, and gives noise little say', async () => {
    const shuffled = createRandom(9, 'noise').shuffle(Int32Array.from(data.keys.ids, (_, row) => row));
    const noise = watchTrainer(smallLightGBM(), { name: 'noise' });
    const scrambled = {
      ...noise.trainer,
      train: (own: TrainRequest) =>
        noise.trainer.train({ ...own, labels: labels.map((_, row) => labels[shuffled[row]]) }),
    };
    const good = watchTrainer(smallLightGBM());
    const { scores, stacked } = await stack([good, { ...noise, trainer: scrambled }]);
    const truth = Int8Array.from(holdoutRows, (row) => labels[row]);
    const aucs = await Promise.all(
      [good, noise].map(async ({ trainer, trainings }) => {
        const { prepared: _, ...last } = trainings[folds].request;
        const model = await trainer.train(last);
        return rocAuc(truth, await model.predict(data, { rows: holdoutRows }).finally(() => model.dispose()));
      }),
    );
    expect(rocAuc(truth, scores)).toBeGreaterThan(Math.max(...aucs) - 0.01);
    expect(rocAuc(truth, scores)).toBeGreaterThan(Math.min(...aucs) + 0.2);
    expect(stacked.coefficients[1]).toBeLessThan(stacked.coefficients[0] / 4);
  });

  it('turns a member round only where it may', async () => {
    const backwards = () => {
      const { trainer } = watchTrainer(smallLightGBM(), { takesCounterWeights: true });
      return watchTrainer({
        ...trainer,
        train: (own: TrainRequest) => trainer.train({ ...own, labels: own.labels.map((label) => 1 - label) }),
      });
    };
    expect((await stack([backwards()])).stacked.coefficients).toEqual([0]);
    const { stacked } = await stack([backwards()], { nonNegative: false });
    expect(stacked.coefficients[0]).toBeLessThan(-0.3);
  });

  it('is the same whether the members were prepared before or not', async () => {
    const rows = Int32Array.from([...request.trainRows, ...request.validationRows]).sort();
    const trainer = createEnsembleTrainer({
      members: [{ trainer: smallLightGBM() }],
      method: 'stacking',
      splitter,
      folds,
    });
    const prepared = await trainer.prepare?.(data, rows);
    if (prepared === undefined) throw new Error('it prepares');
    const [one, other] = [await trainer.train({ ...request, prepared }), await trainer.train(request)];
    await prepared.dispose();
    expect(await one.predict(data)).toEqual(await other.predict(data));
    await one.dispose();
    await other.dispose();
  });

  const broken = (change: (splits: readonly Split[]) => readonly Split[]): Splitter => ({
    ...splitter,
    folds: (asked, k) => change(splitter.folds(asked, k)),
  });
  it.each([
    ['tests a row twice', (splits: readonly Split[]) => splits.map(() => splits[0]), /tested twice/],
    [
      'tests a row that is no training row',
      (splits: readonly Split[]) => splits.map((split) => ({ ...split, test: request.validationRows })),
      /no training row/,
    ],
    [
      'learns from a row that is no training row',
      (splits: readonly Split[]) => splits.map((split) => ({ ...split, train: holdoutRows })),
      /no training row/,
    ],
  ])('refuses a splitter that %s', async (_, change, message) => {
    const training = stack([watchTrainer(smallLightGBM())], { splitter: broken(change) });
    await expect(training).rejects.toThrow(InvalidInputError);
    await expect(training).rejects.toThrow(message);
  });

  it('refuses folds in which everything is hidden, and a member whose scores are no probabilities', async () => {
    const hidden = new Uint8Array(data.rows).fill(1);
    const hiding = broken((splits) => splits.map((split) => ({ ...split, hidden })));
    const training = stack([watchTrainer(smallLightGBM())], { splitter: hiding });
    await expect(training).rejects.toThrow(/no row to learn from in fold 1 of 3/);
    const honest = smallLightGBM();
    const wild = watchTrainer({
      ...honest,
      async train(own) {
        const model = await honest.train(own);
        return {
          ...model,
          predict: (matrix, options) => model.predict(matrix, { ...options, output: 'raw' }),
        };
      },
    });
    await expect(stack([wild])).rejects.toThrow(EnsembleStackingError);
    expect(wild.open()).toEqual({ models: 0, prepared: 0 });
  });
});
