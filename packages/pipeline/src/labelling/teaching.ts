import { InvalidInputError, type LabelSet, type Teaching } from '@risk-scoring/contract';
import { createAddressSplitter } from '@risk-scoring/evaluation';
import { fit, type TrainingContext } from '../fit.ts';
import { checkedPredictions } from '../guards/checked-predictions.ts';
import { checked, guarded, readingOnly } from './derive-labels.ts';
import { bothHidden, type HiddenRows, labelledRows, maskLabels, rowsOfGroups, visibleRows } from './mask.ts';

/** Folds of the models that a strategy asks while it refines its labels. */
const REFINING_FOLDS = 5;

/**
 * What a model may learn from while some rows are set aside: the strategy's labels without theirs, refined where the strategy refines. Models
 * that it asks for see nothing of those rows either.
 *
 * @throws {InvalidLabelSetError} when what the strategy makes of its labels breaks the contract
 * @throws {InvalidInputError} for counter-weights with a trainer that takes none
 */
export async function teachingFor(context: TrainingContext, hidden: HiddenRows): Promise<LabelSet> {
  const { plan, labelStrategy, seed, signal } = context;
  const labelSet = maskLabels(plan.labelSet, hidden);
  const refine = labelStrategy.refineLabels;
  if (refine === undefined) return labelSet;
  const rows = visibleRows(hidden);
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
  return maskLabels({ ...sound, weights }, hidden);
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
  }: { readonly teaching: Teaching; readonly hidden: HiddenRows; readonly rows: Int32Array },
): Promise<Float64Array> {
  const { plan, matrix, seed } = context;
  const { splitGroups } = plan;
  const shown = maskLabels(asLabelSet(teaching), hidden);
  // However the holdout was set aside: a score must not come from a model that knows the address.
  const splits = createAddressSplitter().folds(
    {
      rows: labelledRows(shown.labels),
      keys: plan.rows.keys,
      labels: shown.labels,
      splitGroups,
      seed: seed + 2,
    },
    REFINING_FOLDS,
  );
  /** By row: the fold of its address, 0 for an address without a label, which every fold's model scores. */
  const foldOf = new Uint8Array(splitGroups.length);
  const asides = splits.map(({ test }, fold) => {
    const aside = rowsOfGroups(splitGroups, test);
    aside.forEach((flag, row) => {
      if (flag === 1) foldOf[row] = fold + 1;
    });
    return aside;
  });
  const scores = new Float64Array(splitGroups.length).fill(Number.NaN);
  for (const [fold, ofFold] of asides.entries()) {
    const aside = bothHidden(hidden, ofFold);
    const { model } = await fit(context, { teaching: maskLabels(shown, aside), hidden: aside });
    try {
      const scored = rows.filter((row) => foldOf[row] === 0 || foldOf[row] === fold + 1);
      const predicted = await checkedPredictions(context, model, { data: matrix, rows: scored });
      scored.forEach((row, index) => {
        const share = foldOf[row] === 0 ? 1 / splits.length : 1;
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
