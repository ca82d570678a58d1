import { check, checkSameBits } from '../conformance/check.ts';
import type { ConformanceCase } from '../conformance/conformance-case.ts';
import { areaUnderCurve } from './area-under-curve.ts';
import type { TrainerSubject } from './trainer-subject.ts';
import { plainPredictions, predictionsAfter } from './trainer-subject.ts';
import { requestOf } from './training-problem.ts';

/** How far a probability may be from one half where there is nothing to learn. */
const undecided = 0.1;

const takesNone = async (subject: TrainerSubject) =>
  (await subject.makeTrainer()).takesCounterWeights === true ? undefined : 'it takes no counter-weights';

/** What `counterWeights` mean to a trainer that takes them. */
export const counterWeightCases: readonly ConformanceCase<TrainerSubject>[] = [
  {
    name: 'learns as without counter-weights where no listed row has one',
    skipReason: takesNone,
    async run(subject) {
      const problem = subject.makeProblem();
      const counterWeights = new Float32Array(problem.data.rows);
      for (const row of problem.holdoutRows) counterWeights[row] = 1e6;
      const found = await predictionsAfter(subject, requestOf(problem, { counterWeights }));
      checkSameBits(found, await plainPredictions(subject), 'with counter-weights of 0');
    },
  },
  {
    name: 'learns the opposite class of rows that have a counter-weight and no weight',
    skipReason: takesNone,
    async run(subject) {
      const problem = subject.makeProblem();
      const request = requestOf(problem, {
        labels: problem.labels.map((label) => 1 - label),
        weights: new Float32Array(problem.data.rows),
        counterWeights: problem.weights,
      });
      const scores = await predictionsAfter(subject, request);
      const auc = areaUnderCurve(problem.holdoutRows, problem.labels, scores);
      check(
        auc >= subject.minimumAuc,
        `the area under the ROC curve by the opposite labels is ${auc.toFixed(3)}, less than ${subject.minimumAuc}`,
      );
    },
  },
  {
    name: 'learns nothing from rows that are as much of one class as of the other',
    skipReason: takesNone,
    async run(subject) {
      const problem = subject.makeProblem();
      const request = requestOf(problem, { counterWeights: problem.weights });
      const scores = await predictionsAfter(subject, request);
      const decided = scores.findIndex((score) => !(Math.abs(score - 0.5) <= undecided));
      check(decided < 0, `row ${decided} has the probability ${scores[decided]} instead of about 0.5`);
    },
  },
];
