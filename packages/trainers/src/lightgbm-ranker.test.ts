import {
  createRandom,
  InvalidInputError,
  type TrainedModel,
  type TrainingProgress,
  type TrainRequest,
} from '@risk-scoring/contract';
import { openOnnxScorer, parseLightGBMModel, proveParity } from '@risk-scoring/onnx';
import { describeModelTrainer } from '@risk-scoring/testkit';
import { describe, expect, it } from 'vitest';
import { createLightGBMTrainer } from './lightgbm-trainer.ts';
import { queryOrder } from './ranking/query-order.ts';
import { meanNdcg, rankingData, reorderMatrix } from './testing/ranking-data.ts';

const sample = rankingData();
const { data, testRows } = sample;
const options = { modelType: 'alert_ranker', maxRounds: 100, earlyStoppingRounds: 10, threads: 1 } as const;
const trainer = createLightGBMTrainer(options);

async function withModel<T>(request: TrainRequest, use: (model: TrainedModel) => Promise<T>, by = trainer) {
  const model = await by.train(request);
  try {
    return await use(model);
  } finally {
    await model.dispose();
  }
}

async function text(model: TrainedModel): Promise<string> {
  const native = (await model.artifacts()).find((artifact) => artifact.role === 'native');
  return Buffer.from(native?.bytes ?? []).toString();
}

const trees = (whole: string) => whole.slice(whole.indexOf('Tree=0'), whole.indexOf('end of trees'));
const pick = (list: ArrayLike<number>, rows: Int32Array) =>
  Array.from(rows, (row) => list[row] ?? Number.NaN);

function ndcgOf(scores: ArrayLike<number>, rows: Int32Array): number {
  return meanNdcg(scores, pick(sample.relevance, rows), { queries: pick(data.queryIds, rows), at: 10 });
}

describe('createLightGBMTrainer for rankers', () => {
  it('orders the rows of a query that it never saw', async () => {
    const scores = await withModel(sample, (model) => model.predict(data, { rows: testRows }));
    const random = createRandom(1, 'chance');
    const chance = ndcgOf(
      scores.map(() => random.next()),
      testRows,
    );
    expect(ndcgOf(scores, testRows)).toBeGreaterThan(0.8);
    expect(chance).toBeLessThan(0.7);
  });

  it('has the defaults of a ranker, which LightGBM writes into its model', async () => {
    const { parameters, objective } = parseLightGBMModel(await withModel(sample, text));
    expect(objective?.name).toBe('lambdarank');
    const expected = { learning_rate: 0.1, num_leaves: 31, feature_fraction: 0.9, bagging_fraction: 0.8 };
    for (const [name, value] of Object.entries(expected))
      expect(Number(parameters.get(name)), name).toBe(value);
    expect(trainer.hyperparameters).toMatchObject({
      objective: 'lambdarank',
      metric: 'ndcg',
      eval_at: [10],
      early_stopping_metric: 'ndcg@10',
    });
    expect(trainer.modelTypes).toEqual(['alert_ranker']);
    expect(trainer.takesCounterWeights).toBe(false);
    expect(createLightGBMTrainer().modelTypes).toEqual(['alert_scorer', 'cluster_scorer']);
    expect(createLightGBMTrainer({ modelType: 'cluster_scorer' }).hyperparameters).toMatchObject({
      objective: 'binary',
    });
  });

  it('stops by the ndcg@10 of the validation rows, as it is defined', async () => {
    const reports: TrainingProgress[] = [];
    const onProgress = (report: TrainingProgress) => reports.push(report);
    const one = createLightGBMTrainer({ ...options, maxRounds: 1 });
    const scores = await withModel(
      { ...sample, weights: new Float32Array(data.rows).fill(1), onProgress },
      (model) => model.predict(data, { rows: sample.validationRows }),
      one,
    );
    expect(reports[0]?.metric?.name).toBe('ndcg@10');
    // Equal scores stand in the order of LightGBM's rows: by query, then in the order of the matrix.
    expect(reports[0]?.metric?.value).toBeCloseTo(ndcgOf(scores, sample.validationRows), 6);
    const { bestIteration, numTrees } = await withModel(sample, async (model) => model.describe());
    expect(bestIteration).toBeLessThan(100);
    expect(numTrees).toBe(bestIteration);
  });

  it('is the same bytes for the same request, prepared or not, and for any instance; another for another seed', async () => {
    const first = await withModel(sample, text);
    expect(await withModel(sample, text, createLightGBMTrainer(options))).toBe(first);
    const rows = Int32Array.from([...sample.trainRows, ...sample.validationRows]);
    const prepared = await trainer.prepare?.(data, rows);
    if (prepared === undefined) throw new Error('the trainer prepares');
    expect(await withModel({ ...sample, prepared }, text)).toBe(first);
    expect(await withModel({ ...sample, prepared }, text)).toBe(first);
    await prepared.dispose();
    expect(await withModel({ ...sample, seed: 43 }, text)).not.toBe(first);
    const threads = createLightGBMTrainer({ ...options, threads: 2 });
    expect(trees(await withModel(sample, text, threads))).toBe(trees(first));
  });

  it('is the model of a matrix in which the rows of a query lie next to each other', async () => {
    const order = queryOrder(data, Int32Array.from(sample.labels.keys()));
    const places = (rows: Int32Array) => {
      const wanted = new Set(rows);
      return Int32Array.from(order.keys()).filter((i) => wanted.has(order[i] ?? -1));
    };
    const sorted: TrainRequest = {
      ...sample,
      data: reorderMatrix(data, order),
      trainRows: places(sample.trainRows),
      validationRows: places(sample.validationRows),
      weights: Float32Array.from(order, (row) => sample.weights[row] ?? 0),
      relevance: Uint8Array.from(order, (row) => sample.relevance[row] ?? 0),
    };
    expect(await withModel(sorted, text)).toBe(await withModel(sample, text));
  });

  it('takes the labels where there is no relevance', async () => {
    const { relevance: _, ...unranked } = sample;
    const grades = { ...sample, relevance: Uint8Array.from(sample.labels) };
    expect(await withModel(unranked, text)).toBe(await withModel(grades, text));
    expect(await withModel(unranked, text)).not.toBe(await withModel(sample, text));
  });

  it('predicts raw scores for both outputs, in its ONNX twin, too, and after it was loaded', async () => {
    await withModel(sample, async (model) => {
      const raw = await model.predict(data, { rows: testRows, output: 'raw' });
      const probability = await model.predict(data, { rows: testRows, output: 'probability' });
      expect(probability).toEqual(raw);
      expect(raw.some((score) => score < 0)).toBe(true);
      const artifacts = await model.artifacts();
      const scorer = await openOnnxScorer(
        artifacts.find(({ role }) => role === 'onnx')?.bytes ?? new Uint8Array(),
      );
      expect(scorer.link).toBe('identity');
      await proveParity({ scorer, matrix: data, rows: testRows, native: { raw, probability } });
      await scorer.dispose();
      const loaded = await trainer.load(artifacts);
      expect(await loaded.predict(data, { rows: testRows })).toEqual(raw);
      expect(loaded.describe().splits).toEqual(model.describe().splits);
      await loaded.dispose();
    });
  });

  it('splits a query of more rows than LightGBM takes', async () => {
    const large = rankingData({ rows: 30_000, queries: 1 });
    const quick = createLightGBMTrainer({ ...options, maxRounds: 5 });
    const model = await quick.train(large);
    expect(model.describe().numTrees).toBeGreaterThan(0);
    expect(await text(model)).toBe(await withModel(large, text, quick));
    await model.dispose();
  });

  describe('refuses', () => {
    const none = new Uint8Array(data.rows);
    const constantQueries = { ...data, queryIds: Int32Array.from({ length: data.rows }, (_, row) => row) };
    it.each<{ what: string; change: Partial<TrainRequest>; found: RegExp }>([
      {
        what: 'grades that are all the same',
        change: { relevance: none },
        found: /60 queries, each with rows/,
      },
      {
        what: 'queries of one row',
        change: { data: constantQueries },
        found: /1800 queries, each with rows/,
      },
      {
        what: 'validation rows without an order to stop by',
        change: { relevance: sample.relevance.map((grade, row) => (row >= 1800 && row < 2400 ? 2 : grade)) },
        found: /grades of the validation rows.*60 queries/,
      },
      { what: 'a grade without a gain', change: { relevance: none.with(3, 31) }, found: /31 in row 3/ },
      { what: 'too few grades', change: { relevance: none.slice(5) }, found: /2995 numbers/ },
      {
        what: 'a negative weight',
        change: { weights: sample.weights.with(7, -0.5) },
        found: /-0.5 in row 7/,
      },
      { what: 'weights of 0', change: { weights: new Float32Array(data.rows) }, found: /0 in all 1800 rows/ },
    ])('$what', async ({ change, found }) => {
      const training = trainer.train({ ...sample, ...change });
      await expect(training).rejects.toThrow(InvalidInputError);
      await expect(training).rejects.toThrow(found);
    });

    it('unlabelled rows, where the labels are the grades', async () => {
      const { relevance: _, ...unranked } = sample;
      const training = trainer.train({ ...unranked, labels: sample.labels.with(4, -1) });
      await expect(training).rejects.toThrow(/rows labelled 1 or 0.*-1 in row 4/s);
    });

    it('an objective of another kind of model', () => {
      expect(() => createLightGBMTrainer({ ...options, parameters: { objective: 'binary' } })).toThrow(
        /lambdarank or rank_xendcg/,
      );
      expect(() => createLightGBMTrainer({ parameters: { objective: 'lambdarank' } })).toThrow(
        /'alert_ranker'/,
      );
      const xendcg = createLightGBMTrainer({ ...options, parameters: { objective: 'rank_xendcg' } });
      expect(xendcg.hyperparameters).toMatchObject({ objective: 'rank_xendcg' });
    });
  });
});

describeModelTrainer('LightGBM as a ranker', () => createLightGBMTrainer(options));
