import { check, checkSameBits } from '../conformance/check.ts';
import type { ConformanceCase } from '../conformance/conformance-case.ts';
import { areaUnderCurve } from './area-under-curve.ts';
import type { TrainerSubject } from './trainer-subject.ts';
import { plainPredictions, predictionsAfter } from './trainer-subject.ts';
import { makeTrainingProblem, requestOf, type TrainingProblem } from './training-problem.ts';

/** The least area under the ROC curve of planted outliers against all other rows. */
const leastAuc = 0.95;

const learnsFromLabels = async (subject: TrainerSubject) =>
  (await subject.makeTrainer()).unsupervised === true ? undefined : 'it learns from labels';

/** Why a case that presumes learning from labels does not apply, where it does not. */
export async function learnsWithoutLabels(subject: TrainerSubject): Promise<string | undefined> {
  return (await subject.makeTrainer()).unsupervised === true ? 'it learns without labels' : undefined;
}

/** What is promised of a trainer that says it is unsupervised. */
export const unsupervisedCases: readonly ConformanceCase<TrainerSubject>[] = [
  {
    name: 'gives the same model whatever the labels and weights are',
    skipReason: learnsFromLabels,
    async run(subject) {
      const problem = subject.makeProblem();
      const expected = await plainPredictions(subject);
      const opposite = problem.labels.map((label) => 1 - label);
      const unlabelled = problem.labels.map(() => -1);
      const [none, large] = [problem.weights.map(() => 0), problem.weights.map((weight) => 1000 * weight)];
      for (const [what, teaching] of Object.entries({
        'opposite labels': { labels: opposite },
        'no labels': { labels: unlabelled, weights: none },
        'other weights': { weights: large },
      })) {
        checkSameBits(
          await predictionsAfter(subject, requestOf(problem, teaching)),
          expected,
          `with ${what}`,
        );
      }
    },
  },
  {
    name: 'ranks planted outliers first',
    skipReason: learnsFromLabels,
    async run(subject) {
      const { problem, planted, all } = plantOutliers();
      const scores = await predictionsAfter(subject, requestOf(problem));
      const auc = areaUnderCurve(all, planted, scores);
      check(
        auc >= leastAuc,
        `the area under the ROC curve of planted outliers is ${auc.toFixed(3)}, less than ${leastAuc}`,
      );
    },
  },
];

/** A problem in which one row in a hundred lies far from all others, in every column of noise; those rows are 1 in `planted`. */
function plantOutliers(): { problem: TrainingProblem; planted: Int8Array; all: Int32Array } {
  const problem = makeTrainingProblem({ rows: 1500, noiseColumns: 8 });
  const { values, rows, columns } = problem.data;
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const planted = Int8Array.from(all, (row) => (row % 100 === 50 ? 1 : 0));
  for (const row of all.filter((row) => planted[row] === 1)) {
    for (const [column, { name }] of columns.entries()) {
      const side = (row + column) % 2 === 0 ? 1 : -1;
      if (name.startsWith('noise_')) values[column * rows + row] = side * (12 + (row % 7));
    }
  }
  return { problem, planted, all };
}
