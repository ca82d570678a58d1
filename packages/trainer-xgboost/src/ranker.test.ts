// The worker thread runs what was built, so the trainer comes from the package as its users see it.
import { SingleClassError } from '@risk-scoring/contract';
import { openOnnxScorer, proveParity } from '@risk-scoring/onnx';
import { createXGBoostTrainer } from '@risk-scoring/trainer-xgboost';
import { describe, expect, it } from 'vitest';
import { fileOf, furthest, sameBits } from './testing/compare.ts';
import { missingLibrary, nativeScores } from './testing/native-booster.ts';
import { meanNdcg } from './testing/ndcg.ts';
import { rowMajor, sampleQueries } from './testing/sample-data.ts';

describe.skipIf(missingLibrary !== undefined)('a ranker', () => {
  const queries = sampleQueries();
  const graded = { grades: queries.relevance, queryIds: queries.data.queryIds, k: 10 };
  const ranker = createXGBoostTrainer({ modelType: 'alert_ranker', threads: 2 });

  it('orders the rows of queries that it never saw far better than chance', async () => {
    const model = await ranker.train(queries);
    const scores = await model.predict(queries.data, { rows: queries.testRows });
    const chance = Float64Array.from(queries.testRows, (row) => Math.sin(row * 99));
    expect(meanNdcg(queries.testRows, chance, graded)).toBeLessThan(0.3);
    expect(meanNdcg(queries.testRows, scores, graded)).toBeGreaterThan(0.6);
    expect(await model.predict(queries.data, { rows: queries.testRows, output: 'raw' })).toEqual(scores);
  });

  it.each(['rank:pairwise', 'rank:ndcg', 'rank:map'])(
    'watches the ndcg of whole queries: %s',
    async (objective) => {
      const { relevance, ...request } = queries;
      const grades = objective === 'rank:map' ? relevance.map((grade) => +(grade > 0)) : relevance;
      const seen: number[] = [];
      const model = await createXGBoostTrainer({
        modelType: 'alert_ranker',
        threads: 2,
        maxRounds: 30,
        parameters: { objective },
      }).train({
        ...request,
        relevance: grades,
        onProgress: ({ metric }) => seen.push(metric?.value ?? Number.NaN),
      });
      const rows = queries.validationRows;
      const scores = await model.predict(queries.data, { rows });
      const { bestIteration } = model.describe();
      expect(bestIteration).toBe(seen.indexOf(Math.max(...seen)) + 1);
      expect(meanNdcg(rows, scores, { ...graded, grades })).toBeCloseTo(Math.max(...seen), 2);
    },
  );

  it('has an ONNX twin with the same scores', async () => {
    const model = await ranker.train(queries);
    const scorer = await openOnnxScorer(await fileOf(model, 'onnx'));
    const native = { raw: await model.predict(queries.data), probability: await model.predict(queries.data) };
    const rows = Int32Array.from({ length: queries.data.rows }, (_, row) => row);
    await proveParity({ scorer, matrix: queries.data, rows, native });
    await scorer.dispose();
    const bytes = await fileOf(model, 'native');
    const theirs = nativeScores(bytes, { values: rowMajor(queries.data), columns: 5, output: 'raw' });
    expect(furthest(native.raw, theirs)).toBeLessThan(5e-6);
  });

  it('takes the labels where there is no relevance, and grades above the labels where there is', async () => {
    const { relevance: _, ...labelled } = queries;
    const byLabel = await fileOf(await ranker.train(labelled), 'native');
    const binary = { ...queries, relevance: Uint8Array.from(queries.labels) };
    expect(sameBits(await fileOf(await ranker.train(binary), 'native'), byLabel)).toBe(true);
    expect(sameBits(await fileOf(await ranker.train(queries), 'native'), byLabel)).toBe(false);
  });

  it('weighs queries by the weights of their rows', async () => {
    const weights = queries.weights.map((_, row) => ((queries.data.queryIds[row] ?? 0) % 2 === 0 ? 1 : 0.01));
    const one = await fileOf(await ranker.train({ ...queries, weights }), 'native');
    expect(sameBits(one, await fileOf(await ranker.train(queries), 'native'))).toBe(false);
  });

  it('refuses relevance that nothing can be learned from', async () => {
    const of = (relevance: Uint8Array) => ranker.train({ ...queries, relevance });
    await expect(of(new Uint8Array(3))).rejects.toThrow(/2400 numbers/);
    await expect(of(new Uint8Array(queries.data.rows).fill(2))).rejects.toThrow(SingleClassError);
    const constant = Uint8Array.from(queries.data.queryIds, (query) => query % 3);
    await expect(of(constant)).rejects.toThrow(/order within a query|orders within a query/);
    await expect(of(queries.relevance.map((grade) => grade * 20))).rejects.toThrow(/0 to 30/);
    const map = createXGBoostTrainer({ modelType: 'alert_ranker', parameters: { objective: 'rank:map' } });
    await expect(map.train(queries)).rejects.toThrow(/0 to 1 for rank:map/);
  });
});
