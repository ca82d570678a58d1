import { denseGroups } from '../dense-groups.ts';
import { descendingOrder } from '../descending-order.ts';
import { orderByCode } from '../order-by-code.ts';
import type { Scores } from '../scored-rows.ts';
import { pickCodes, pickLabels, pickNumbers } from '../take-rows.ts';

/** Rows in queries, one entry per scored row. */
export interface QueryRows {
  readonly labels: Int8Array;
  /** Whole numbers from 0 up. */
  readonly relevance: ArrayLike<number>;
  /** What orders the rows; any finite numbers. */
  readonly scores: Scores;
  readonly queryIds: Int32Array;
  /** What a resample draws as a whole: dense codes from 0. */
  readonly groupCodes: Int32Array;
}

/** The rows of each query from the highest score to the lowest; equal scores keep the order of their rows. */
export interface RankedQueries {
  /** The code of each query, ascending. */
  readonly codes: Int32Array;
  /** Query q covers the entries `starts[q]` … `starts[q + 1] - 1` of the three arrays below. */
  readonly starts: Int32Array;
  readonly labels: Int8Array;
  /** 2^relevance − 1. */
  readonly gains: Float64Array;
  readonly groups: Int32Array;
  /** The rows that have a gain, from the greatest to the least: the best order there is. */
  readonly ideal: {
    readonly starts: Int32Array;
    readonly gains: Float64Array;
    readonly groups: Int32Array;
  };
}

/** Sorts once; the queries may then be measured many times with other multiplicities. */
export function rankQueries({ labels, relevance, scores, queryIds, groupCodes }: QueryRows): RankedQueries {
  const { groupCodes: queries, groups: count, codes } = denseGroups(queryIds);
  const { order, starts } = orderByCode(queries, count, descendingOrder(withoutNegativeZero(scores)));
  const gains = gainsOf(relevance);
  const ideal = orderByCode(queries, count, byDescendingGain(gains));
  return {
    codes,
    starts,
    labels: pickLabels(labels, order),
    gains: pickNumbers(gains, order),
    groups: pickCodes(groupCodes, order),
    ideal: {
      starts: ideal.starts,
      gains: pickNumbers(gains, ideal.order),
      groups: pickCodes(groupCodes, ideal.order),
    },
  };
}

function gainsOf(relevance: ArrayLike<number>): Float64Array {
  const gains = new Float64Array(relevance.length);
  for (let row = 0; row < gains.length; row++) {
    if (relevance[row] > 0) gains[row] = 2 ** relevance[row] - 1;
  }
  return gains;
}

/** The rows that have a gain. */
function byDescendingGain(gains: Float64Array): Int32Array {
  const rows = new Int32Array(gains.length);
  let count = 0;
  for (let row = 0; row < gains.length; row++) if (gains[row] > 0) rows[count++] = row;
  const withGain = rows.subarray(0, count);
  const order = descendingOrder(pickNumbers(gains, withGain));
  return pickCodes(withGain, order);
}

/** -0 equals 0, but sorts after it: adding 0 makes the two one. */
function withoutNegativeZero(scores: Scores): Scores {
  const plain = scores.slice();
  for (let row = 0; row < plain.length; row++) plain[row] += 0;
  return plain;
}
