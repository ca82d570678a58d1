import {
  type LabelKind,
  type LabelSet,
  type RefineRequest,
  RiskScoringError,
  UNLABELLED,
} from '@risk-scoring/contract';

/** Beyond this share of the others the estimate is not to be believed: nobody labels so few of so many. */
const IMPLAUSIBLE_SHARE = 0.5;

/** The source of rows that nobody labelled, and are taught as both classes. */
const SOURCE = 'unlabelled';

/**
 * The weights of Elkan and Noto, "Learning classifiers from only positive and unlabeled data" (KDD 2008), "Weighting unlabeled examples": with g(x) the probability
 * that x is *labelled*, and c = P(labelled | positive), estimated as the mean of g over the labelled positives (their e1), an unlabelled x is
 * positive with probability w(x) = (1 − c)/c · g(x)/(1 − g(x)), held within 0..1.
 *
 * @param scores g, out of fold, per row
 * @param positives the rows labelled positive
 * @returns c and w per row
 * @example
 * const { c, weightOf } = elkanNoto(scores, positives);
 */
export function elkanNoto(
  scores: Float64Array,
  positives: Int32Array,
): { readonly c: number; readonly weightOf: (row: number) => number } {
  const c = positives.reduce((sum, row) => sum + (scores[row] ?? Number.NaN), 0) / positives.length;
  const odds = (1 - c) / c;
  return {
    c,
    weightOf(row) {
      const g = scores[row] ?? Number.NaN;
      const weight = (odds * g) / (1 - g);
      return g >= 1 || weight > 1 ? 1 : Math.max(0, weight);
    },
  };
}

/**
 * Learns from positives and rows that nobody labelled: every other row is taught as both classes, with the weights of {@link elkanNoto}.
 *
 * @param useNegatives whether rows labelled 0 stay so; otherwise they count as unlabelled
 */
export async function learnFromPositives(
  { labelSet, rows, models }: RefineRequest,
  { useNegatives }: { readonly useNegatives: boolean },
): Promise<LabelSet> {
  const positives = rows.filter((row) => labelSet.labels[row] === 1);
  if (positives.length === 0) throw new NoPositivesError(rows.length);
  const scores = await models.outOfFoldScores(selectionOf(labelSet, rows));
  const { c, weightOf } = elkanNoto(scores, positives);
  const { names, codes, kinds = names.map((): LabelKind => 'true') } = labelSet.sources;
  const labels = new Int8Array(labelSet.labels.length).fill(UNLABELLED);
  const weights = new Float32Array(labels.length);
  const counterWeights = new Float32Array(labels.length);
  const newCodes = new Int32Array(labels.length).fill(-1);
  let expected = 0;
  for (const row of rows) {
    const label = labelSet.labels[row] ?? UNLABELLED;
    if (label === 1 || (useNegatives && label === 0)) {
      labels[row] = label;
      weights[row] = labelSet.weights[row] ?? 0;
      newCodes[row] = codes[row] ?? -1;
      continue;
    }
    const weight = weightOf(row);
    expected += weight;
    labels[row] = 0;
    weights[row] = 1 - weight;
    counterWeights[row] = weight;
    newCodes[row] = names.length;
  }
  return {
    labels,
    weights,
    counterWeights,
    sources: { names: [...names, SOURCE], kinds: [...kinds, 'pseudo'], codes: newCodes },
    report: {
      ...labelSet.report,
      positive_unlabelled: {
        positives: positives.length,
        others: rows.length - positives.length,
        label_frequency: c,
        expected_positives_among_others: expected,
      },
      remarks: remarksOn({ c, share: expected / Math.max(1, rows.length - positives.length) }),
    },
  };
}

/** What a reader of the figures should know. */
function remarksOn({ c, share }: { readonly c: number; readonly share: number }): string[] {
  const estimate = `PU learning takes ${(100 * c).toFixed(1)} % of the suspicious alerts for labelled, and ${(100 * share).toFixed(1)} % of all others for suspicious`;
  if (share <= IMPLAUSIBLE_SHARE) return [`${estimate}.`];
  return [
    `${estimate}, which is hardly so: models cannot tell the labelled ones apart well enough. Rank alerts by the scores; do not read them as probabilities.`,
  ];
}

/** Who was labelled positive (1) and who was not (0): what g is learned from. */
function selectionOf(labelSet: LabelSet, rows: Int32Array): { labels: Int8Array; weights: Float32Array } {
  const labels = new Int8Array(labelSet.labels.length).fill(UNLABELLED);
  const weights = new Float32Array(labels.length);
  for (const row of rows) {
    labels[row] = labelSet.labels[row] === 1 ? 1 : 0;
    weights[row] = 1;
  }
  return { labels, weights };
}

/** Nothing to learn from: no row is labelled positive. */
class NoPositivesError extends RiskScoringError {
  constructor(rows: number) {
    super({
      code: 'NO_POSITIVE_LABELS',
      category: 'data',
      summary: 'Learning from positives needs some.',
      expected: 'alerts that the base strategy labels 1',
      found: `none among ${rows} alerts`,
      remedy: 'widen the period, add labels or choose another base',
    });
  }
}
