import { decisionOf, outcomeOf } from './confusion.ts';
import { binByGroup, type GroupBins, resampledCalibrationError } from './group-bins.ts';
import { logLosses, squaredErrors } from './probability-metrics.ts';
import type { Scores, Weights } from './scored-rows.ts';

/** The metrics that are made of sums over rows, and so over groups. */
export interface AdditiveMetrics {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly brier: number;
  readonly logLoss: number;
  readonly ece: number;
}

/** Per group, the weighted sums that the additive metrics are made of. */
export interface GroupTotals {
  readonly groups: number;
  /** `sums[group * SUMS + slot]`, slots in the order of `slots`. */
  readonly sums: Float64Array;
  readonly bins: GroupBins;
}

const slots = {
  truePositives: 0,
  falsePositives: 1,
  trueNegatives: 2,
  falseNegatives: 3,
  squaredError: 4,
  logLoss: 5,
};
const SUMS = Object.keys(slots).length;

/** Rows with the group of each: dense codes 0 … groups - 1. */
export interface GroupedRows {
  readonly labels: Int8Array;
  /** Probabilities. */
  readonly scores: Scores;
  readonly weights?: Weights | undefined;
  readonly groupCodes: Int32Array;
  readonly groups: number;
}

/** Adds up each group's rows once, so that a resample costs one step per group. */
export function totalByGroup(rows: GroupedRows, threshold: number): GroupTotals {
  const { labels, scores, weights, groupCodes, groups } = rows;
  const sums = new Float64Array(groups * SUMS);
  const squared = squaredErrors(labels, scores);
  const losses = logLosses(labels, scores);
  for (let row = 0; row < labels.length; row++) {
    const weight = weights === undefined ? 1 : weights[row];
    const base = groupCodes[row] * SUMS;
    sums[base + slots[outcomeOf(labels[row], scores[row] >= threshold)]] += weight;
    sums[base + slots.squaredError] += weight * squared[row];
    sums[base + slots.logLoss] += weight * losses[row];
  }
  return { groups, sums, bins: binByGroup(rows) };
}

/**
 * The metrics of a resample in which group g occurs `multiplicities[g]` times.
 *
 * @returns undefined when the resample lacks a class
 */
export function additiveMetrics(
  totals: GroupTotals,
  multiplicities: Uint16Array,
): AdditiveMetrics | undefined {
  const total = new Float64Array(SUMS);
  for (let group = 0; group < totals.groups; group++) {
    const times = multiplicities[group];
    if (times === 0) continue;
    for (let slot = 0; slot < SUMS; slot++) total[slot] += times * totals.sums[group * SUMS + slot];
  }
  const [truePositives, falsePositives, trueNegatives, falseNegatives, squaredError, logLoss] = total;
  const positive = truePositives + falseNegatives;
  const negative = trueNegatives + falsePositives;
  if (positive === 0 || negative === 0) return undefined;
  return {
    ...decisionOf({ truePositives, falsePositives, trueNegatives, falseNegatives }),
    brier: squaredError / (positive + negative),
    logLoss: logLoss / (positive + negative),
    ece: resampledCalibrationError(totals.bins, multiplicities, positive + negative),
  };
}
