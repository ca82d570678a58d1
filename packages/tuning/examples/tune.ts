// Tunes three parameters of a function that stands for the cross-validation of a trainer. Run it twice: the second run finds the
// study and has nothing left to do. Stop it in the middle and start it again: it goes on where it was.
import { existsSync } from 'node:fs';
import {
  createMedianPruner,
  createTpeSampler,
  openStudy,
  type Parameters,
  parseSearchSpace,
  runStudy,
} from '@risk-scoring/tuning';

const file = process.argv[2] ?? 'study.jsonl';
const seed = 42;
const direction = 'maximize';
const space = parseSearchSpace({
  learning_rate: { type: 'float', low: 0.005, high: 0.5, log: true },
  num_leaves: { type: 'int', low: 7, high: 255, log: true },
  boosting: ['gbdt', 'dart'],
});
const sampler = createTpeSampler(space, { seed, direction });
const pruner = createMedianPruner({ direction });

/** Stands for training on all folds but one and scoring that one. */
function scoreOfFold({ learning_rate, num_leaves, boosting }: Parameters, fold: number): number {
  const rate = Math.log10(Number(learning_rate) / 0.05);
  const leaves = Math.log2(Number(num_leaves) / 31);
  return 0.9 - 0.05 * rate ** 2 - 0.01 * leaves ** 2 - (boosting === 'dart' ? 0.01 : 0) + 0.002 * fold;
}

console.error(existsSync(file) ? `Going on with ${file}.` : `Starting ${file}.`);
const study = await openStudy(file, {
  objective: 'cv_auc',
  direction,
  space,
  sampler: sampler.settings,
  pruner: pruner.settings,
  seed,
  fingerprint: { data: 'sha256 of the training rows', trainer: 'lightgbm 4.1.0', folds: 5 },
});
try {
  const { best, trials } = await runStudy({
    study,
    sampler,
    pruner,
    trials: 60,
    evaluate(parameters, { step }) {
      const scores: number[] = [];
      for (let fold = 0; fold < 5; fold++) {
        scores.push(scoreOfFold(parameters, fold));
        if (fold < 4) step(scores[fold] ?? Number.NaN);
      }
      return scores.reduce((sum, score) => sum + score, 0) / scores.length;
    },
    onTrial: (trial, bestSoFar) =>
      console.error(`trial ${trial.index}: ${trial.state}, best ${bestSoFar?.value.toFixed(4)}`),
  });
  const pruned = trials.filter(({ state }) => state === 'pruned').length;
  console.log(
    `${trials.length} trials, ${pruned} pruned; the best is ${best.value.toFixed(4)} with`,
    best.parameters,
  );
} finally {
  study.close();
}
