import { checkThreshold } from '../confusion.ts';
import { denseGroups } from '../dense-groups.ts';
import { InvalidScoredRowsError } from '../errors.ts';
import { countPositives } from '../evaluate-binary.ts';
import { type CheckedRows, figuresOrNull } from '../figures.ts';
import { assertFiniteFigures } from '../finite-figures.ts';
import { orderByCode } from '../order-by-code.ts';
import { checkProbabilities, checkScoredRows, type Scores, type Weights } from '../scored-rows.ts';
import { pickCodes, pickLabels, pickNumbers, takeCodes, takeRows } from '../take-rows.ts';

/** What to judge, and what divides it. */
export interface SliceRequest {
  /** 0 or 1 per row of the data set. */
  readonly labels: Int8Array;
  /** Probabilities; `scores[i]` is about `rows[i]`. */
  readonly scores: Scores;
  /** The rows that were scored, as indices into all other arrays; all of them when absent. */
  readonly rows?: Int32Array | undefined;
  /** The slice of each row of the data set (its typology, snapshot or label source): an index into `names`. Only those of scored rows are looked at. */
  readonly codes: Int32Array;
  readonly names: readonly string[];
  /** How much each row of the data set counts; all the same when absent. */
  readonly weights?: Weights | undefined;
  /** The address of each row of the data set: they are counted. */
  readonly splitGroups: Int32Array;
  /** Where precision, recall and F1 are taken; 0.5 when absent. */
  readonly threshold?: number | undefined;
  /** `rows`: the slice with most rows first, equal ones as in `names` (the default). `names`: as in `names`. */
  readonly order?: 'rows' | 'names' | undefined;
}

/** The figures of one slice, as plain JSON. Null stands for a figure that its rows do not define. */
export interface SliceMetrics {
  readonly name: string;
  readonly rows: number;
  /** Distinct split groups (addresses). */
  readonly groups: number;
  /** Rows labelled 1. */
  readonly positives: number;
  /** Null unless both classes have weight. */
  readonly auc: number | null;
  /** Average precision; null unless both classes have weight. */
  readonly pr_auc: number | null;
  /** This and the next three are null only where no row has weight. */
  readonly brier: number | null;
  readonly log_loss: number | null;
  readonly ece: number | null;
  readonly mean_score: number | null;
  readonly threshold: number;
  /** Precision, recall and F1 are null where no positive row has weight. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
}

/**
 * The figures of each slice by itself: how a model does per typology, per snapshot or per source of labels. Slices without
 * scored rows are left out. There are no intervals: slices may be small, so read `rows`, `groups` and `positives` first.
 *
 * @returns one entry per slice that has rows
 * @throws {InvalidScoredRowsError} on scores outside 0..1, other labels, arrays that are not aligned, no weight at all or a code
 *   that names no slice
 * @throws {InvalidInputError} on a threshold that cannot be meant
 * @throws {NonFiniteFigureError} when weights are so great that a sum overflows
 * @example
 * const byTypology = evaluateSlices({ labels, scores, rows: test, codes: typologies, names, splitGroups });
 * console.table(byTypology.map(({ name, rows, auc }) => ({ name, rows, auc })));
 */
export function evaluateSlices(request: SliceRequest): SliceMetrics[] {
  const { names, threshold = 0.5, order = 'rows' } = request;
  checkThreshold(threshold);
  const taken = takeRows(request);
  checkProbabilities(taken.labels, taken.scores, taken.weights);
  const codes = takeCodes('slice codes', request.codes, request);
  checkCodes(codes, names);
  const { order: rows, starts } = orderByCode(codes, names.length);
  const slices = names.flatMap((name, code) => {
    const own = rows.subarray(starts[code], starts[code + 1]);
    if (own.length === 0) return [];
    const { labels, scores, weights, splitGroups } = taken;
    const slice = {
      labels: pickLabels(labels, own),
      scores: pickNumbers(scores, own),
      weights: weights && pickNumbers(weights, own),
    };
    const { groups } = denseGroups(pickCodes(splitGroups, own));
    return [sliceMetrics(slice, { name, groups, threshold })];
  });
  if (order === 'rows') slices.sort((a, b) => b.rows - a.rows);
  return assertFiniteFigures(slices, 'slices');
}

function sliceMetrics(
  rows: CheckedRows,
  { name, groups, threshold }: { name: string; groups: number; threshold: number },
): SliceMetrics {
  const { labels, scores, weights } = rows;
  const classes = checkScoredRows(labels, scores, weights);
  const figures = figuresOrNull(rows, threshold, classes);
  return {
    name,
    rows: labels.length,
    groups,
    positives: countPositives(labels),
    auc: figures.auc,
    pr_auc: figures.prAuc,
    brier: figures.brier,
    log_loss: figures.logLoss,
    ece: figures.ece,
    mean_score: meanScore(rows),
    threshold,
    precision: figures.precision,
    recall: figures.recall,
    f1: figures.f1,
  };
}

function meanScore({ scores, weights }: CheckedRows): number | null {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < scores.length; row++) {
    const weight = weights === undefined ? 1 : weights[row];
    sum += weight * scores[row];
    total += weight;
  }
  return total > 0 ? sum / total : null;
}

function checkCodes(codes: Int32Array, names: readonly string[]): void {
  for (let row = 0; row < codes.length; row++) {
    if (codes[row] >= 0 && codes[row] < names.length) continue;
    throw new InvalidScoredRowsError({
      summary: `The slice of scored row ${row} has no name.`,
      expected: `a code from 0 to ${names.length - 1}`,
      found: String(codes[row]),
    });
  }
}
