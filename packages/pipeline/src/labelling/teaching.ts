import { InvalidInputError, type LabelSet, type Teaching } from '@risk-scoring/contract';
import { type FittedModel, fit, type TrainingContext } from '../fit.ts';
import { checked, guarded, readingOnly } from './derive-labels.ts';
import { type HiddenGroups, labelledRows, maskLabels, visibleRows } from './mask.ts';

/** Folds of the models that a strategy asks while it refines its labels. */
const REFINING_FOLDS = 5;

/**
 * What a model may learn from while some addresses are set aside: the strategy's labels without theirs, refined where the strategy refines. Models
 * that it asks for see nothing of those addresses either.
 *
 * @throws {InvalidLabelSetError} when what the strategy makes of its labels breaks the contract
 * @throws {InvalidInputError} for counter-weights with a trainer that takes none
 */
export async function teachingFor(context: TrainingContext, hidden: HiddenGroups): Promise<LabelSet> {
  const { plan, labelStrategy, seed, signal } = context;
  const { splitGroups } = plan.rows;
  const labelSet = maskLabels(plan.labelSet, splitGroups, hidden);
  const refine = labelStrategy.refineLabels;
  if (refine === undefined) return labelSet;
  const rows = visibleRows(splitGroups, hidden);
  const { alerts } = plan;
  const { labelSet: sound, weights } = await readingOnly(labelStrategy, { alerts }, () =>
    guarded(labelStrategy, { doing: 'refining its labels', signal }, async () => {
      const refined = await refine.call(labelStrategy, {
        labelSet,
        alerts,
        rows: rows.slice(),
        models: { outOfFoldScores: (teaching) => outOfFoldScores(context, { teaching, hidden, rows }) },
        seed,
        ...(signal ? { signal } : {}),
      });
      return checked(labelStrategy, refined, alerts.numRows);
    }),
  );
  if (sound.counterWeights !== undefined && context.trainer.takesCounterWeights !== true) {
    throw new InvalidInputError({
      what: `The trainer '${context.trainer.name}' for labels of the strategy '${labelStrategy.name}'`,
      expected: 'a trainer that takes counter-weights, as lightgbm does',
      found: `'${context.trainer.name}'`,
      remedy: 'choose another trainer or another label strategy',
    });
  }
  return maskLabels({ ...sound, weights }, splitGroups, hidden);
}

/**
 * Scores of the visible alerts, each by models that learned from no row of its address: an address with labels is in one fold, and that
 * fold's model scores it; of others all models' scores are averaged.
 *
 * @returns P(suspicious) per alert; NaN where it is hidden
 */
export async function outOfFoldScores(
  context: TrainingContext,
  {
    teaching,
    hidden,
    rows,
  }: { readonly teaching: Teaching; readonly hidden: HiddenGroups; readonly rows: Int32Array },
): Promise<Float64Array> {
  const { plan, splitter, matrix, seed } = context;
  const { splitGroups, splitGroupNames, keys } = plan.rows;
  const shown = maskLabels(asLabelSet(teaching), splitGroups, hidden);
  const splits = splitter.folds(
    { rows: labelledRows(shown.labels), keys, labels: shown.labels, splitGroups, seed: seed + 2 },
    REFINING_FOLDS,
  );
  const foldOf = new Int32Array(splitGroupNames.length).fill(-1);
  splits.forEach(({ test }, fold) => {
    for (const row of test) foldOf[splitGroups[row] ?? 0] = fold;
  });
  const scores = new Float64Array(splitGroups.length).fill(Number.NaN);
  for (const [fold, split] of splits.entries()) {
    const aside = hidden.slice();
    for (const row of split.test) aside[splitGroups[row] ?? 0] = 1;
    const { model }: FittedModel = await fit(context, {
      teaching: maskLabels(shown, splitGroups, aside),
      hidden: aside,
    });
    try {
      const scored = rows.filter((row) => [fold, -1].includes(foldOf[splitGroups[row] ?? 0] ?? -1));
      const predicted = await model.predict(matrix, { rows: scored });
      scored.forEach((row, index) => {
        const share = foldOf[splitGroups[row] ?? 0] === -1 ? 1 / splits.length : 1;
        const before = Number.isNaN(scores[row]) ? 0 : (scores[row] ?? 0);
        scores[row] = before + share * (predicted[index] ?? Number.NaN);
      });
    } finally {
      await model.dispose();
    }
  }
  return scores;
}

/** What is taught, as a label set: where it came from does not matter to a model. */
function asLabelSet(teaching: Teaching): LabelSet {
  return {
    ...teaching,
    sources: {
      names: ['taught'],
      kinds: ['pseudo'],
      codes: Int32Array.from(teaching.labels, (label) => (label < 0 ? -1 : 0)),
    },
  };
}
