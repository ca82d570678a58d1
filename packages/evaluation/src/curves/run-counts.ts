import type { Ranking } from '../ranking.ts';

/** What stands above each distinct score, that score included, from the highest to the lowest: the corners of both curves. */
export interface RunCounts {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/** A ranking whose rows belong to groups. */
export interface GroupedRanking {
  readonly ranking: Ranking;
  /** By rank: a dense code. */
  readonly groupCodes: Int32Array;
}

/** Room for the counts of a ranking. */
export function createRunCounts({ runEnds }: Ranking): RunCounts {
  return { positives: new Float64Array(runEnds.length), negatives: new Float64Array(runEnds.length) };
}

/** Counts, in one pass, the rows of a resample in which group g occurs `multiplicities[g]` times; writes over `counts`. */
export function countRuns(
  { ranking: { labels, runEnds }, groupCodes }: GroupedRanking,
  multiplicities: Uint16Array,
  counts: RunCounts,
): void {
  let positives = 0;
  let negatives = 0;
  let rank = 0;
  for (let run = 0; run < runEnds.length; run++) {
    const end = runEnds[run];
    for (; rank < end; rank++) {
      const times = multiplicities[groupCodes[rank]];
      if (labels[rank] === 1) positives += times;
      else negatives += times;
    }
    counts.positives[run] = positives;
    counts.negatives[run] = negatives;
  }
}

/** How many rows of each class there are. */
export function classTotals({ positives, negatives }: RunCounts): {
  readonly positives: number;
  readonly negatives: number;
} {
  const last = positives.length - 1;
  return { positives: positives[last], negatives: negatives[last] };
}
