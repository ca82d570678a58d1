import { InvalidInputError, type SplitRequest } from '@risk-scoring/contract';
import { TooFewSnapshotsError } from './errors.ts';

/** The processing dates that have labelled rows. */
export interface LabelledSnapshots {
  /** Ascending and distinct, in days since 1970-01-01. */
  readonly dates: Int32Array;
  /** How many of the requested rows are of an earlier date than `dates[i]`; one entry more than dates, the last being all rows. */
  readonly rowsBefore: Float64Array;
}

/**
 * Counts the requested rows by processing date.
 *
 * @throws {InvalidInputError} unless there is one processing date per row of the data set
 */
export function labelledSnapshots({ rows, labels, keys }: SplitRequest): LabelledSnapshots {
  const { processingDates } = keys;
  if (processingDates.length !== labels.length) {
    throw new InvalidInputError({
      what: 'The split request',
      expected: `one processing date for each of the ${labels.length} rows of the data set`,
      found: `${processingDates.length} processing dates`,
    });
  }
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(processingDates[row], (counts.get(processingDates[row]) ?? 0) + 1);
  const dates = Int32Array.from(counts.keys()).sort();
  const rowsBefore = new Float64Array(dates.length + 1);
  for (let i = 0; i < dates.length; i++) rowsBefore[i + 1] = rowsBefore[i] + (counts.get(dates[i]) ?? 0);
  return { dates, rowsBefore };
}

/**
 * Cuts the dates into consecutive blocks of whole dates: each cut where the share of the rows before it comes
 * nearest to the one asked for; of two cuts that are equally near, the later one. No block is empty.
 *
 * @param shares of the rows before each cut, ascending: `[0.8]` for a last block of a fifth
 * @param firstCut the earliest date, by its index, at which the second block may start; 1 when left out
 * @returns the index of the date at which each block but the first starts
 * @throws {TooFewSnapshotsError} when there are fewer dates than blocks
 * @example
 * cutDates({ dates: Int32Array.of(5, 6, 9), rowsBefore: Float64Array.of(0, 10, 14, 20) }, [0.8]); // [2]
 */
export function cutDates(
  { dates, rowsBefore }: LabelledSnapshots,
  shares: readonly number[],
  firstCut = 1,
): number[] {
  const blocks = shares.length + 1;
  if (dates.length < blocks) {
    throw new TooFewSnapshotsError({
      summary: `There are too few snapshots to cut the period into ${blocks} consecutive parts.`,
      expected: `labelled rows of at least ${blocks} processing dates`,
      found: `${dates.length}`,
      remedy: 'widen the period, use fewer folds or split by address',
    });
  }
  const rows = rowsBefore[dates.length];
  const cuts: number[] = [];
  shares.forEach((share, i) => {
    const last = dates.length - (shares.length - i);
    let cut = Math.max((cuts[i - 1] ?? 0) + 1, Math.min(firstCut + i, last));
    const distance = (at: number) => Math.abs(rowsBefore[at] - share * rows);
    while (cut < last && distance(cut + 1) <= distance(cut)) cut++;
    cuts.push(cut);
  });
  return cuts;
}
