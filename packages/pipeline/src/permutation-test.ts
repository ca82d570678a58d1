import { createRandom, type LabelSet, type ModelDescription, UNLABELLED } from '@risk-scoring/contract';
import { bootstrapIntervals, rocAuc } from '@risk-scoring/evaluation';
import { checkedPredictions } from './checked-predictions.ts';
import { fit, type TrainingContext } from './fit.ts';
import { countClasses } from './labelling/judging-labels.ts';
import { maskLabels } from './labelling/mask.ts';
import type { LeakageReport } from './leakage.ts';

/** Coverage of the interval: a test that fails honest trainings would soon be left out. */
const LEVEL = 0.99;

/** How often labels are shuffled anew where a side lacks a class. */
const MOST_SHUFFLES = 20;

/**
 * Trains a model on shuffled labels, as long as the judged one, and judges it on the holdout's. Labels are shuffled among addresses, so that all rows of one keep a label in common:
 * a model can then do better than chance only by recognising rows of addresses that it learned from.
 *
 * @returns the AUC with its 99 % interval by address; null where nothing judges, or too few addresses to shuffle
 */
export async function permutationTest(
  context: TrainingContext,
  judged: ModelDescription,
): Promise<LeakageReport['permutation_test']> {
  const { plan, matrix, trainer, seed } = context;
  if (plan.judging === undefined || trainer.unsupervised === true) return null;
  const { test, train } = plan.holdout;
  for (let shuffle = 0; shuffle < MOST_SHUFFLES; shuffle++) {
    const labels = shuffledAmongGroups(plan.judging.labels, plan.splitGroups, seed + shuffle);
    const of = (rows: Int32Array) => Int8Array.from(rows, (row) => labels[row] ?? UNLABELLED);
    if (![of(test), of(train)].every(hasBothClasses)) continue;
    const teaching = maskLabels(taughtAs(labels), plan.hidden);
    const { model } = await fit(context, { teaching, hidden: plan.hidden, refitOf: judged });
    try {
      const ranks = plan.modelType === 'alert_ranker';
      const scores = await checkedPredictions({ trainer, ranks }, model, {
        data: matrix,
        rows: test,
        output: 'raw',
      });
      const { intervals } = bootstrapIntervals({
        labels: of(test),
        scores: asRanks(scores),
        splitGroups: test.map((row) => plan.rows.splitGroups[row] ?? 0),
        seed,
        level: LEVEL,
      });
      return { auc: rocAuc(of(test), scores), interval: intervals.auc };
    } finally {
      await model.dispose();
    }
  }
  return null;
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

function hasBothClasses(labels: Int8Array): boolean {
  const { positives, negatives } = countClasses(labels);
  return positives > 0 && negatives > 0;
}

/** Scores in the same order within 0..1, as the bootstrap takes them. */
function asRanks(scores: Float64Array): Float64Array {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const score of scores) [low, high] = [Math.min(low, score), Math.max(high, score)];
  return high > low ? scores.map((score) => (score - low) / (high - low)) : scores.map(() => 0.5);
}
