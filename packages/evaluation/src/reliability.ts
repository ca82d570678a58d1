import { InvalidInputError } from '@risk-scoring/contract';
import { checkProbabilities, type Scores, type Weights } from './scored-rows.ts';

/** Into how many bins of equal width {@link expectedCalibrationError} divides 0..1: as in Guo et al. 2017. */
export const ECE_BINS = 15;

const MOST_BINS = 10_000;

/** The rows whose probability lies in `from` < p ≤ `to`; 0 itself belongs to the first bin. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Their total weight; the number of rows where there are no weights. */
  readonly weight: number;
  /** Their (weighted) mean probability; null where nothing weighs anything. */
  readonly mean_score: number | null;
  /** The (weighted) share of positives among them; null where nothing weighs anything. */
  readonly positive_rate: number | null;
}

/** How much each row counts, and how finely to divide. */
export interface ReliabilityOptions {
  readonly weights?: Weights | undefined;
  /** Bins of equal width; {@link ECE_BINS} when absent. */
  readonly bins?: number | undefined;
}

/**
 * The reliability table of some probabilities: per bin of equal width over 0..1, what was promised (the mean
 * score) and what came (the share of positives). All bins are listed, empty ones too.
 *
 * Bins are those of Guo, Pleiss, Sun and Weinberger, On Calibration of Modern Neural Networks, ICML 2017, section 2:
 * bin m of M holds (m − 1)/M < p ≤ m/M. Theirs is about the confidence in the class that was predicted, this one about the
 * probability of being positive.
 *
 * @param labels 0 or 1 per row
 * @param scores probabilities, 0..1
 * @throws {InvalidScoredRowsError} on a score outside 0..1, another label, arrays of unequal length or no weight at all
 * @throws {InvalidInputError} on a number of bins that cannot be meant
 * @example
 * reliability(Int8Array.of(0, 1, 1), Float64Array.of(0.1, 0.3, 0.9), { bins: 2 });
 * // [{ from: 0, to: 0.5, rows: 2, weight: 2, mean_score: 0.2, positive_rate: 0.5 }, { from: 0.5, to: 1, rows: 1, … }]
 */
export function reliability(
  labels: Int8Array,
  scores: Scores,
  { weights, bins = ECE_BINS }: ReliabilityOptions = {},
): ReliabilityBin[] {
  checkBins(bins);
  checkProbabilities(labels, scores, weights);
  const sums = Array.from({ length: bins }, () => ({ rows: 0, weight: 0, score: 0, positive: 0 }));
  for (let row = 0; row < labels.length; row++) {
    const weight = weights === undefined ? 1 : weights[row];
    const sum = sums[binOf(scores[row], bins)];
    sum.rows++;
    sum.weight += weight;
    sum.score += weight * scores[row];
    sum.positive += weight * labels[row];
  }
  return sums.map(({ rows, weight, score, positive }, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    rows,
    weight,
    mean_score: weight > 0 ? score / weight : null,
    positive_rate: weight > 0 ? positive / weight : null,
  }));
}

/**
 * The expected calibration error: how far promised and observed shares of positives lie apart, on average over
 * {@link ECE_BINS} bins of equal width, each counting by its weight: Σₘ |Bₘ|/n · |mean score(Bₘ) − positive rate(Bₘ)|
 * (Guo et al., ICML 2017, equation 3, after Naeini, Cooper and Hauskrecht, AAAI 2015). 0 is perfect. See {@link reliability}.
 *
 * With few rows it is biased upwards, because the noise in each bin counts as error (Kumar, Liang and Ma, NeurIPS 2019): a
 * perfectly calibrated scorer does not get 0. Compare it between scorers on the same rows.
 *
 * @param labels 0 or 1 per row
 * @param scores probabilities, 0..1
 * @param weights how much each row counts; all the same when absent
 * @throws {InvalidScoredRowsError} on a score outside 0..1, another label, arrays of unequal length or no weight at all
 * @example
 * expectedCalibrationError(Int8Array.of(0, 1, 1, 1), Float64Array.of(0.2, 0.2, 0.9, 0.9)); // (2·0.3 + 2·0.1) / 4 = 0.2
 */
export function expectedCalibrationError(labels: Int8Array, scores: Scores, weights?: Weights): number {
  checkProbabilities(labels, scores, weights);
  return calibrationErrorOf(labels, scores, weights);
}

/** As {@link expectedCalibrationError}, of rows that have been checked. */
export function calibrationErrorOf(labels: Int8Array, scores: Scores, weights?: Weights): number {
  const surpluses = new Float64Array(ECE_BINS);
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const weight = weights === undefined ? 1 : weights[row];
    surpluses[binOf(scores[row], ECE_BINS)] += weight * (scores[row] - labels[row]);
    total += weight;
  }
  return calibrationErrorOfBins(surpluses, total);
}

/**
 * The error from what each bin promised too much: Σ weight · (score − label). |Bₘ|/n times the gap between two means of one
 * bin is the gap between their sums over n.
 */
export function calibrationErrorOfBins(surpluses: Float64Array, totalWeight: number): number {
  let sum = 0;
  for (let bin = 0; bin < surpluses.length; bin++) sum += Math.abs(surpluses[bin]);
  return sum / totalWeight;
}

/** The bin m − 1 with (m − 1)/bins < probability ≤ m/bins. The product may be rounded across an edge; the comparisons put that right. */
export function binOf(probability: number, bins: number): number {
  const bin = Math.max(Math.ceil(probability * bins) - 1, 0);
  if (probability > (bin + 1) / bins) return bin + 1;
  return bin > 0 && probability <= bin / bins ? bin - 1 : bin;
}

function checkBins(bins: number): void {
  if (Number.isInteger(bins) && bins >= 1 && bins <= MOST_BINS) return;
  throw new InvalidInputError({
    what: 'The number of bins',
    expected: `a whole number from 1 to ${MOST_BINS}`,
    found: bins,
  });
}
