import {
  type LabelKind,
  type LabelSet,
  type LabelStrategy,
  SingleClassError,
  type TrainingData,
  UNLABELLED,
} from '@risk-scoring/contract';
import type { AlertRows } from '@risk-scoring/features';
import { countKinds, weakestKind } from '@risk-scoring/labels';
import { deriveLabels } from './derive-labels.ts';
import { groupsOfClasses } from './groups-of-classes.ts';

/** The labels that models are judged by: one array for all rows, whatever the models learn from. */
export interface JudgingLabels {
  /** Of the whole period; -1 where there is none. */
  readonly labels: Int8Array;
  /** The strategy that they come from. */
  readonly strategy: Pick<LabelStrategy, 'name' | 'settings' | 'definedBy'>;
  /** Whether they are of the strategy that the model learns from. */
  readonly own: boolean;
  /** `true` where somebody said so; otherwise the weakest kind among them. */
  readonly kind: LabelKind;
  /** What the strategy reported of them. */
  readonly report: LabelSet['report'];
  /** How much each row matters to a ranker, where the labels say so. */
  readonly relevance?: LabelSet['relevance'];
  /** What each row's label is from. */
  readonly sources: LabelSet['sources'];
}

/** What {@link chooseJudgingLabels} may choose from. */
export interface JudgingOptions {
  /** The strategy that the model learns from, and what it said. */
  readonly labelStrategy: LabelStrategy;
  readonly labelSet: LabelSet;
  /** Labels of the rows, from those of the alerts. */
  readonly label: (ofAlerts: LabelSet) => LabelSet;
  /** Judges whatever the strategy says; undefined to choose. */
  readonly evaluationLabels?: LabelStrategy | undefined;
  /** Judges where the strategy has no true labels. */
  readonly reference: LabelStrategy;
  readonly rows: AlertRows;
  /** Addresses of each class that it takes at least to judge anything by the reference. */
  readonly fewestAddresses: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Chooses what models are judged by: the labels that the user named; else the strategy's own true labels; else the reference; else what the strategy
 * itself made up, which is then said; else nothing. Own true labels among others, and the reference, judge only with enough addresses of both
 * classes; own true labels of fewer addresses judge where there is nothing better.
 *
 * @throws {SingleClassError} when the labels to judge by are of one class
 */
export async function chooseJudgingLabels(
  data: TrainingData,
  options: JudgingOptions,
): Promise<JudgingLabels | undefined> {
  const { labelStrategy, labelSet, evaluationLabels, reference, rows } = options;
  if (evaluationLabels !== undefined) {
    const judged = options.label((await deriveLabels(evaluationLabels, data, options)).labelSet);
    assertBothClasses(judged.labels, `'${evaluationLabels.name}', which the model is judged by`);
    return {
      labels: judged.labels,
      strategy: evaluationLabels,
      own: false,
      kind: weakestKind(judged),
      ...detailsOf(judged),
    };
  }
  const own = ofKind(labelSet, 'true');
  const counts = countClasses(own);
  const helped = labelStrategy.refineLabels !== undefined;
  const ofOwn: JudgingLabels = {
    labels: own,
    strategy: labelStrategy,
    own: true,
    kind: 'true',
    ...detailsOf(labelSet),
  };
  const both = counts.positives > 0 && counts.negatives > 0;
  if (both && (isOnly(labelSet, 'true') || hasEnough(own, options, rows))) return ofOwn;
  if (counts.positives + counts.negatives > 0 && !helped && isOnly(labelSet, 'true')) {
    assertBothClasses(own, 'all labelled alerts of the period');
  }
  const judged = options.label((await deriveLabels(reference, data, options)).labelSet);
  if (hasEnough(judged.labels, options, rows))
    return { labels: judged.labels, strategy: reference, own: false, kind: 'true', ...detailsOf(judged) };
  if (both) return ofOwn;
  const all = countClasses(labelSet.labels);
  const oneClass = all.positives === 0 || all.negatives === 0;
  // Models may yet find the other class; then there is something to learn from, and nothing to judge by.
  if (all.positives + all.negatives === 0 || (oneClass && helped)) return undefined;
  assertBothClasses(labelSet.labels, 'the labelled alerts of the period');
  return { ...ofOwn, labels: labelSet.labels, kind: weakestKind(labelSet) };
}

function detailsOf({
  report,
  relevance,
  sources,
}: LabelSet): Pick<JudgingLabels, 'report' | 'relevance' | 'sources'> {
  return { report, ...(relevance ? { relevance } : {}), sources };
}

/** The labels of one kind; -1 elsewhere. */
export function ofKind({ labels, sources }: LabelSet, kind: LabelKind): Int8Array {
  if (sources.kinds === undefined)
    return kind === 'true' ? labels : new Int8Array(labels.length).fill(UNLABELLED);
  const wanted = sources.kinds.map((each) => each === kind);
  return labels.map((label, row) => (wanted[sources.codes[row] ?? -1] === true ? label : UNLABELLED));
}

/** Rows labelled 1 and 0. */
export function countClasses(labels: Int8Array): { readonly positives: number; readonly negatives: number } {
  let [positives, negatives] = [0, 0];
  for (const label of labels) {
    if (label === 1) positives += 1;
    else if (label === 0) negatives += 1;
  }
  return { positives, negatives };
}

function assertBothClasses(labels: Int8Array, where: string): void {
  const { positives, negatives } = countClasses(labels);
  if (positives > 0 && negatives > 0) return;
  throw new SingleClassError({ where, positives, negatives });
}

function hasEnough(
  labels: Int8Array,
  { fewestAddresses }: JudgingOptions,
  { splitGroups }: AlertRows,
): boolean {
  return Math.min(...groupsOfClasses(labels, splitGroups)) >= fewestAddresses;
}

function isOnly(labelSet: LabelSet, kind: LabelKind): boolean {
  return Object.keys(countKinds(labelSet)).every((each) => each === kind);
}
