import { orderByCode } from './order-by-code.ts';
import { binOf, calibrationErrorOfBins, ECE_BINS } from './reliability.ts';
import type { Scores, Weights } from './scored-rows.ts';

/**
 * What each group adds to each bin of the reliability table, one entry per group and bin that meet. The calibration error is no
 * sum over rows, but a sum over bins of absolute sums: these are the sums.
 */
export interface GroupBins {
  /** Of each entry, ascending. */
  readonly groups: Int32Array;
  readonly bins: Uint8Array;
  /** Σ weight · (score − label). */
  readonly surpluses: Float64Array;
}

/** Adds up each group's rows by bin once, so that a resample costs one step per entry. */
export function binByGroup(rows: {
  readonly labels: Int8Array;
  readonly scores: Scores;
  readonly weights?: Weights | undefined;
  /** Dense codes 0 … groups - 1. */
  readonly groupCodes: Int32Array;
  readonly groups: number;
}): GroupBins {
  const { labels, scores, weights, groupCodes, groups } = rows;
  const { order, starts } = orderByCode(groupCodes, groups);
  const entries = {
    groups: new Int32Array(order.length),
    bins: new Uint8Array(order.length),
    surpluses: new Float64Array(order.length),
  };
  // Where the entry of each bin is, counted from 1; what earlier groups left behind lies below `first`.
  const entryOfBin = new Int32Array(ECE_BINS);
  let count = 0;
  for (let group = 0; group < groups; group++) {
    const first = count;
    for (let i = starts[group]; i < starts[group + 1]; i++) {
      const row = order[i];
      const bin = binOf(scores[row], ECE_BINS);
      if (entryOfBin[bin] <= first) {
        entries.groups[count] = group;
        entries.bins[count] = bin;
        entryOfBin[bin] = ++count;
      }
      const weight = weights === undefined ? 1 : weights[row];
      entries.surpluses[entryOfBin[bin] - 1] += weight * (scores[row] - labels[row]);
    }
  }
  return {
    groups: entries.groups.slice(0, count),
    bins: entries.bins.slice(0, count),
    surpluses: entries.surpluses.slice(0, count),
  };
}

/** The calibration error of a resample in which group g occurs `multiplicities[g]` times. */
export function resampledCalibrationError(
  { groups, bins, surpluses }: GroupBins,
  multiplicities: Uint16Array,
  totalWeight: number,
): number {
  const sums = new Float64Array(ECE_BINS);
  for (let entry = 0; entry < groups.length; entry++) {
    sums[bins[entry]] += multiplicities[groups[entry]] * surpluses[entry];
  }
  return calibrationErrorOfBins(sums, totalWeight);
}
