import { check, checkSameBits } from '../conformance/check.ts';
import type { ConformanceCase } from '../conformance/conformance-case.ts';
import { areaUnderCurve } from './area-under-curve.ts';
import type { TrainerSubject } from './trainer-subject.ts';
import { plainPredictions, predictionsAfter, withModel } from './trainer-subject.ts';
import {
  buffersOf,
  learningRows,
  makeTrainingProblem,
  poisonHoldout,
  requestOf,
} from './training-problem.ts';
import { learnsWithoutLabels } from './unsupervised-cases.ts';

const noPrepare = async (subject: TrainerSubject) =>
  (await subject.makeTrainer()).prepare === undefined ? 'it has no prepare' : undefined;

/** What a training may look at, and what has to come out of it. */
export const learningCases: readonly ConformanceCase<TrainerSubject>[] = [
  {
    name: 'learns labels that can be learned',
    skipReason: learnsWithoutLabels,
    async run(subject) {
      const { labels, holdoutRows } = subject.makeProblem();
      const auc = areaUnderCurve(holdoutRows, labels, await plainPredictions(subject));
      check(
        auc >= subject.minimumAuc,
        `the area under the ROC curve of held-out rows is ${auc.toFixed(3)}, less than ${subject.minimumAuc}`,
      );
    },
  },
  {
    name: 'trains without validation rows',
    async run(subject) {
      const request = requestOf(subject.makeProblem(), { validationRows: new Int32Array() });
      const predictions = await predictionsAfter(subject, request);
      check(
        predictions.every((p) => Number.isFinite(p)),
        'a prediction is not finite',
      );
    },
  },
  {
    name: 'repeats the length of a training for a refit on more rows',
    skipReason: learnsWithoutLabels,
    async run(subject) {
      const problem = subject.makeProblem();
      const { trainRows, validationRows } = problem;
      const more = {
        trainRows: Int32Array.from([...trainRows, ...validationRows]).sort(),
        validationRows: new Int32Array(),
      };
      await withModel(subject, requestOf(problem), async (first, trainer) => {
        const refitOf = first.describe();
        const refit = await trainer.train(requestOf(problem, { ...more, refitOf }));
        try {
          const { bestIteration, numTrees } = refit.describe();
          check(
            bestIteration === refitOf.bestIteration && numTrees === refitOf.numTrees,
            `the refit has ${bestIteration} iterations and ${numTrees} trees, the model ${refitOf.bestIteration} and ${refitOf.numTrees}`,
          );
        } finally {
          await refit.dispose();
        }
      });
    },
  },
  {
    name: 'gives the same model for the same request, each time and from each instance',
    async run(subject) {
      const problem = subject.makeProblem();
      const again = await withModel(subject, requestOf(problem), async (first, trainer) => {
        const second = await trainer.train(requestOf(problem));
        const predictions = await second.predict(problem.data);
        checkSameBits(predictions, await first.predict(problem.data), 'the second training');
        await second.dispose();
        return predictions;
      });
      checkSameBits(again, await plainPredictions(subject), 'another instance');
    },
  },
  {
    name: 'learns from the listed rows alone',
    async run(subject) {
      const problem = subject.makeProblem();
      const poisoned = requestOf(poisonHoldout(problem));
      const found = await predictionsAfter(subject, poisoned, problem.data);
      checkSameBits(found, await plainPredictions(subject), 'with poison in all other rows');
    },
  },
  {
    name: 'prepares from the listed rows alone',
    skipReason: noPrepare,
    async run(subject) {
      const clean = subject.makeProblem();
      const poisoned = poisonHoldout(clean);
      const [found, expected] = [await preparedPredictions(poisoned), await preparedPredictions(clean)];
      checkSameBits(found, expected, 'prepared with poison in all other rows');

      async function preparedPredictions(problem: typeof clean): Promise<Float64Array> {
        const trainer = await subject.makeTrainer();
        const prepared = await trainer.prepare?.(problem.data, learningRows(problem));
        check(prepared !== undefined, 'prepare gave nothing');
        const model = await trainer.train(requestOf(problem, { prepared }));
        const predictions = await model.predict(clean.data);
        await model.dispose();
        await prepared.dispose();
        return predictions;
      }
    },
  },
  {
    name: 'shares prepared data between trainings, which do not change it',
    skipReason: noPrepare,
    async run(subject) {
      const problem = subject.makeProblem();
      const trainer = await subject.makeTrainer();
      const prepared = await trainer.prepare?.(problem.data, learningRows(problem));
      check(prepared !== undefined, 'prepare gave nothing');
      const train = async (overrides = {}) => {
        const model = await trainer.train(requestOf(problem, { prepared, ...overrides }));
        const predictions = await model.predict(problem.data);
        await model.dispose();
        return predictions;
      };
      const first = await train();
      // Another fold and other labels: the trainings have the prepared data in common, nothing else.
      const swapped = { trainRows: problem.validationRows, validationRows: problem.trainRows };
      await train({ ...swapped, labels: problem.labels.map((label) => 1 - label) });
      checkSameBits(await train(), first, 'after another training with the same prepared data');
      await prepared.dispose();
      await prepared.dispose();
    },
  },
  {
    name: 'leaves the buffers of the request as they were',
    async run(subject) {
      const problem = subject.makeProblem();
      const untouched = buffersOf(subject.makeProblem());
      await predictionsAfter(subject, requestOf(problem));
      for (const [what, buffer] of Object.entries(buffersOf(problem))) {
        checkSameBits(buffer, untouched[what] ?? [], `after the training, ${what}`);
      }
    },
  },
  {
    name: 'reads a matrix in shared memory',
    async run(subject) {
      const plain = makeTrainingProblem();
      const shared = makeTrainingProblem({ shared: true });
      const found = await predictionsAfter(subject, requestOf(shared));
      checkSameBits(found, await predictionsAfter(subject, requestOf(plain)), 'with values in shared memory');
    },
  },
];
