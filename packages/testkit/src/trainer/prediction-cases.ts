import type { FeatureMatrix } from '@risk-scoring/contract';
import { RiskScoringError } from '@risk-scoring/contract';
import { check, checkSameBits, rejectionOf } from '../conformance/check.ts';
import type { ConformanceCase } from '../conformance/conformance-case.ts';
import type { TrainerSubject } from './trainer-subject.ts';
import { withModel } from './trainer-subject.ts';
import { requestOf } from './training-problem.ts';

/** What a trained model's predictions are. */
export const predictionCases: readonly ConformanceCase<TrainerSubject>[] = [
  {
    name: 'predicts a probability in 0..1 for every row, also where features are NaN',
    async run(subject) {
      const problem = subject.makeProblem();
      const unknown = {
        ...problem.data,
        values: new Float32Array(problem.data.values.length).fill(Number.NaN),
      };
      await withModel(subject, requestOf(problem), async (model, { modelTypes }) => {
        // The scores of a ranker are compared with one another and are no probabilities.
        const ranks = modelTypes.every((type) => type === 'alert_ranker');
        for (const data of [problem.data, unknown]) {
          const predictions = await model.predict(data);
          check(predictions instanceof Float64Array, 'the predictions are no Float64Array');
          check(predictions.length === data.rows, `${predictions.length} predictions for ${data.rows} rows`);
          const wrong = predictions.findIndex((p) => !(ranks ? Number.isFinite(p) : p >= 0 && p <= 1));
          check(wrong < 0, `row ${wrong} has the probability ${predictions[wrong]}`);
        }
      });
    },
  },
  {
    name: 'predicts the rows asked for, in the order asked for',
    async run(subject) {
      const problem = subject.makeProblem();
      await withModel(subject, requestOf(problem), async (model) => {
        const all = await model.predict(problem.data);
        const rows = Int32Array.from(
          { length: 50 },
          (_, i) => (problem.data.rows - 1 - 7 * i) % problem.data.rows,
        );
        rows[49] = rows[0];
        const expected = Float64Array.from(rows, (row) => all[row]);
        checkSameBits(await model.predict(problem.data, { rows }), expected, 'predictions of picked rows');
        const none = await model.predict(problem.data, { rows: new Int32Array() });
        check(none.length === 0, `${none.length} predictions for no rows`);
      });
    },
  },
  {
    name: 'predicts the same bits for a row alone as in a batch',
    async run(subject) {
      const problem = subject.makeProblem();
      await withModel(subject, requestOf(problem), async (model) => {
        for (const output of ['probability', 'raw'] as const) {
          const batch = await model.predict(problem.data, { output });
          for (let row = 0; row < problem.data.rows; row += 29) {
            const alone = await model.predict(problem.data, { rows: Int32Array.of(row), output });
            checkSameBits(alone, [batch[row]], `the ${output} of row ${row} alone`);
          }
        }
      });
    },
  },
  {
    name: 'predicts raw scores that order the rows as the probabilities do',
    async run(subject) {
      const problem = subject.makeProblem();
      await withModel(subject, requestOf(problem), async (model) => {
        const raw = await model.predict(problem.data, { output: 'raw' });
        const probability = await model.predict(problem.data);
        check(raw.length === problem.data.rows, `${raw.length} raw scores for ${problem.data.rows} rows`);
        check(
          raw.every((score) => Number.isFinite(score)),
          'a raw score is not finite',
        );
        const order = Int32Array.from({ length: raw.length }, (_, row) => row).sort(
          (a, b) => raw[a] - raw[b],
        );
        for (let i = 1; i < order.length; i++) {
          const [lower, higher] = [order[i - 1], order[i]];
          check(
            probability[lower] <= probability[higher],
            `row ${higher} has the higher raw score than row ${lower} but the lower probability`,
          );
        }
      });
    },
  },
  {
    name: 'leaves the matrix that it predicts as it was',
    async run(subject) {
      const problem = subject.makeProblem();
      await withModel(subject, requestOf(problem), (model) => model.predict(problem.data));
      checkSameBits(problem.data.values, subject.makeProblem().data.values, 'after the prediction, values');
    },
  },
  {
    name: 'refuses a matrix with other columns, by a typed error',
    async run(subject) {
      const problem = subject.makeProblem();
      await withModel(subject, requestOf(problem), async (model) => {
        for (const [what, data] of Object.entries(otherMatrices(problem.data))) {
          const rejection = await rejectionOf(model.predict(data));
          check(rejection !== undefined, `it predicted a matrix with ${what}`);
          check(
            RiskScoringError.isInstance(rejection.reason),
            `for a matrix with ${what} it threw an error without a type: ${rejection.reason}`,
          );
        }
      });
    },
  },
  {
    name: 'explains every raw score as a sum of contributions',
    async skipReason(subject) {
      const explains = await withModel(
        subject,
        requestOf(subject.makeProblem()),
        async (model) => model.explain,
      );
      return explains === undefined ? 'its models have no explain' : undefined;
    },
    async run(subject) {
      const problem = subject.makeProblem();
      await withModel(subject, requestOf(problem), async (model) => {
        const rows = problem.holdoutRows.slice(0, 40);
        const raw = await model.predict(problem.data, { rows, output: 'raw' });
        const explanation = await model.explain?.(problem.data, { rows });
        check(explanation !== undefined, 'explain gave nothing');
        const { values, features } = explanation;
        check(features === problem.data.columns.length, `${features} features in the explanation`);
        check(values.length === rows.length * (features + 1), `${values.length} contributions`);
        for (let i = 0; i < rows.length; i++) {
          const parts = values.subarray(i * (features + 1), (i + 1) * (features + 1));
          const sum = parts.reduce((total, part) => total + part, 0);
          check(
            Math.abs(sum - raw[i]) <= 1e-6 * Math.max(1, Math.abs(raw[i])),
            `the contributions of row ${rows[i]} sum to ${sum} instead of the raw score ${raw[i]}`,
          );
        }
      });
    },
  },
];

function otherMatrices(data: FeatureMatrix): Readonly<Record<string, FeatureMatrix>> {
  const [first, ...others] = data.columns;
  const renamed = first === undefined ? [] : [{ ...first, name: 'another' }, ...others];
  return {
    'a column less': { ...data, columns: others, values: data.values.subarray(data.rows) },
    'another column': { ...data, columns: renamed, schemaHash: 'another' },
    'columns in another order': { ...data, columns: data.columns.toReversed(), schemaHash: 'reversed' },
  };
}
