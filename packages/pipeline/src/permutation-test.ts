import { createRandom, type LabelSet, type ModelDescription, UNLABELLED } from '@risk-scoring/contract';
import { bootstrapIntervals, type Interval, rocAuc } from '@risk-scoring/evaluation';
import { fit, type TrainingContext } from './fit.ts';
import { checkedPredictions } from './guards/checked-predictions.ts';
import { groupsOfClasses } from './labelling/groups-of-classes.ts';
import { maskLabels } from './labelling/mask.ts';

/** Coverage of the interval: a test that fails honest trainings would soon be left out. */
const LEVEL = 0.99;

/** With fewer groups of a class on either side, chance alone makes any figure: nothing is tested. */
const FEWEST_GROUPS = 20;

/** What a permutation test came to. */
export type PermutationOutcome =
  | { readonly auc: number; readonly interval: Interval; readonly level: number }
  | { readonly skipped: string };

/**
 * Trains a model on shuffled labels, as long as the judged one, and judges it on the holdout's. Labels are shuffled among addresses (or groups of clusters,
 * where these are kept together), so that all rows of one keep a label in common: a model can then do better than chance only by recognising rows of
 * addresses that it learned from.
 *
 * @returns the AUC with its 99 % interval, or why there is none
 */
export async function permutationTest(
  context: TrainingContext,
  judged: ModelDescription,
): Promise<PermutationOutcome> {
  const { plan, matrix, trainer, seed } = context;
  if (trainer.unsupervised === true) return { skipped: 'the trainer learns without labels' };
  if (plan.judging === undefined) return { skipped: 'nothing judges' };
  const { test, train } = plan.holdout;
  const labels = shuffledAmongGroups(plan.judging.labels, plan.splitGroups, seed);
  const fewest = Math.min(
    ...[test, train].flatMap((rows) => groupsOfClasses(labels, plan.splitGroups, rows)),
  );
  if (fewest < FEWEST_GROUPS)
    return { skipped: `${fewest} groups of a class on one side, fewer than ${FEWEST_GROUPS}` };
  const teaching = maskLabels(taughtAs(labels), plan.hidden);
  const { model } = await fit(context, { teaching, hidden: plan.hidden, refitOf: judged });
  try {
    const ranks = plan.modelType === 'alert_ranker';
    const scores = await checkedPredictions({ trainer, ranks }, model, {
      data: matrix,
      rows: test,
      output: 'raw',
    });
    const ofTest = Int8Array.from(test, (row) => labels[row] ?? UNLABELLED);
    const { intervals } = bootstrapIntervals({
      labels: ofTest,
      scores: asRanks(scores),
      splitGroups: test.map((row) => plan.splitGroups[row] ?? 0),
      seed,
      level: LEVEL,
    });
    return { auc: rocAuc(ofTest, scores), interval: intervals.auc, level: LEVEL };
  } finally {
    await model.dispose();
  }
}

/** Labels of which each group has one that was another group's. A group that has several passes on its first. */
function shuffledAmongGroups(labels: Int8Array, splitGroups: Int32Array, seed: number): Int8Array {
  const first = new Map<number, number>();
  labels.forEach((label, row) => {
    const group = splitGroups[row] ?? -1;
    if (label !== UNLABELLED && !first.has(group)) first.set(group, label);
  });
  const groups = [...first.keys()];
  const order = createRandom(seed, 'permutation').shuffle(Int32Array.from(groups.keys()));
  const values = [...first.values()];
  const labelOf = new Map(groups.map((group, at) => [group, values[order[at] ?? 0] ?? UNLABELLED]));
  return labels.map((label, row) =>
    label === UNLABELLED ? UNLABELLED : (labelOf.get(splitGroups[row] ?? -1) ?? UNLABELLED),
  );
}

function taughtAs(labels: Int8Array): LabelSet {
  return {
    labels,
    weights: Float32Array.from(labels, (label) => (label === UNLABELLED ? 0 : 1)),
    sources: {
      names: ['shuffled'],
      kinds: ['true'],
      codes: Int32Array.from(labels, (label) => (label === UNLABELLED ? -1 : 0)),
    },
  };
}

/** Scores in the same order within 0..1, as the bootstrap takes them. */
function asRanks(scores: Float64Array): Float64Array {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const score of scores) [low, high] = [Math.min(low, score), Math.max(high, score)];
  return high > low ? scores.map((score) => (score - low) / (high - low)) : scores.map(() => 0.5);
}
