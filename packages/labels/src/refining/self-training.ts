import {
  type LabelKind,
  type LabelSet,
  type RefineRequest,
  throwIfCancelled,
  UNLABELLED,
} from '@risk-scoring/contract';
import { type AddressMeans, meansByAddress } from './address-means.ts';

/** How self-training takes predictions for labels. */
export interface SelfTrainingOptions {
  readonly rounds: number;
  readonly positiveThreshold: number;
  readonly negativeThreshold: number;
  readonly weight: number;
  readonly maxShare: number;
}

/** The source of its labels. */
const SOURCE = 'self-training';

/**
 * Self-training (Scudder 1965, Yarowsky 1995): models score the alerts of addresses without a label, out of fold; where the mean score of an
 * address is beyond a threshold, its alerts get that label, weighted by how sure the models are, and the next round learns from them, too.
 * Every round chooses anew, so that what one round took for sure the next one can drop. Of each class at most `maxShare` of the given labels
 * of that class are added, the surest first. It ends after `rounds`, or when a round chooses what the one before chose.
 */
export async function selfTrain(request: RefineRequest, options: SelfTrainingOptions): Promise<LabelSet> {
  const { labelSet, rows, models, signal } = request;
  const free = rows.filter((row) => labelSet.labels[row] === UNLABELLED);
  const rounds: { readonly positives: number; readonly negatives: number }[] = [];
  let current = labelSet;
  for (let round = 0; round < options.rounds && free.length > 0; round++) {
    throwIfCancelled(signal, `self-training, round ${round + 1}`);
    const scores = await models.outOfFoldScores(current);
    const next = addPseudoLabels(request, {
      free,
      means: meansByAddress(request.alerts, free, scores),
      options,
    });
    rounds.push({
      positives: countOf(next, 1) - countOf(labelSet, 1),
      negatives: countOf(next, 0) - countOf(labelSet, 0),
    });
    const same = next.labels.every((label, row) => label === current.labels[row]);
    current = next;
    if (same) break;
  }
  const last = rounds.at(-1);
  const added = (last?.positives ?? 0) + (last?.negatives ?? 0);
  const remark =
    added === 0
      ? `Self-training added nothing: no address without a label scored ${options.positiveThreshold} or more, or ${options.negativeThreshold} or less. The model is the one of its base.`
      : `Self-training added ${last?.positives ?? 0} suspicious and ${last?.negatives ?? 0} normal alerts.`;
  return { ...current, report: { ...labelSet.report, self_training: { rounds }, remarks: [remark] } };
}

function addPseudoLabels(
  { labelSet }: RefineRequest,
  {
    free,
    means,
    options,
  }: { readonly free: Int32Array; readonly means: AddressMeans; readonly options: SelfTrainingOptions },
): LabelSet {
  const { names, codes, kinds = names.map((): LabelKind => 'true') } = labelSet.sources;
  const chosen = new Int8Array(means.means.length).fill(UNLABELLED);
  choose(chosen, 1, { means, options, limit: options.maxShare * countOf(labelSet, 1) });
  choose(chosen, 0, { means, options, limit: options.maxShare * countOf(labelSet, 0) });
  const labels = labelSet.labels.slice();
  const weights = labelSet.weights.slice();
  const newCodes = codes.slice();
  for (const row of free) {
    const place = means.places[row] ?? 0;
    const label = chosen[place] ?? UNLABELLED;
    if (label === UNLABELLED) continue;
    labels[row] = label;
    weights[row] = options.weight * Math.abs(2 * (means.means[place] ?? 0.5) - 1);
    newCodes[row] = names.length;
  }
  return {
    ...labelSet,
    labels,
    weights,
    sources: { names: [...names, SOURCE], kinds: [...kinds, 'pseudo'], codes: newCodes },
  };
}

/** Marks the surest addresses of a class until their alerts reach the limit. */
function choose(
  chosen: Int8Array,
  label: 0 | 1,
  {
    means: { means, counts },
    options,
    limit,
  }: { readonly means: AddressMeans; readonly options: SelfTrainingOptions; readonly limit: number },
): void {
  const isSure = (mean: number) =>
    label === 1 ? mean >= options.positiveThreshold : mean <= options.negativeThreshold;
  const candidates = Array.from(means.keys()).filter((place) => isSure(means[place] ?? Number.NaN));
  const direction = label === 1 ? -1 : 1;
  candidates.sort((a, b) => direction * ((means[a] ?? 0) - (means[b] ?? 0)) || a - b);
  let alerts = 0;
  for (const place of candidates) {
    alerts += counts[place] ?? 0;
    if (alerts > limit) return;
    chosen[place] = label;
  }
}

function countOf({ labels }: Pick<LabelSet, 'labels'>, label: number): number {
  return labels.reduce((sum, each) => sum + (each === label ? 1 : 0), 0);
}
