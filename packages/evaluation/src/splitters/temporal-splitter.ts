import {
  dayText,
  InvalidInputError,
  SPECIFICATION_VERSION,
  type Split,
  type SplitRequest,
  type Splitter,
} from '@risk-scoring/contract';
import { checkClasses, checkFolds, checkFraction, checkRows } from './check-request.ts';
import { TooFewSnapshotsError } from './errors.ts';
import { cutDates, type LabelledSnapshots, labelledSnapshots } from './labelled-snapshots.ts';

/** What the splitter leaves out between the past and the future. */
export interface TemporalSplitterOptions {
  /**
   * Days between the last training snapshot and the first test snapshot that are on neither side. Windows reach back: with a window of w days,
   * w - 1 days of purge leave no day that both sides have seen. Default 0.
   */
  readonly purgeDays?: number;
  /** Whether test rows of addresses that have training rows are left out, so that unseen addresses alone are judged. Default false. */
  readonly unseenOnly?: boolean;
}

/** The days of one test part. */
interface TestDays {
  /** For messages: `'the holdout'`. */
  readonly name: string;
  readonly from: number;
  /** The first day after it; Infinity where it has no end. */
  readonly until: number;
}

const remedy = 'widen the period, add labels, hold out another fraction, use fewer folds or split by address';

/**
 * Past against future, by whole snapshots: what is learned from was processed before what is judged on.
 *
 * - `holdout` tests the latest processing dates whose labelled rows come nearest to the fraction asked for.
 * - `folds` is forward chaining: the dates are cut into k + 1 consecutive blocks of about equal labelled rows; fold i tests block i + 1 and
 *   learns from all blocks before it. The first block is never tested, and is long enough for the purge to
 *   leave something of it where the dates allow.
 * - Training rows are those whose date + `purgeDays` is before the first test date.
 * - `hidden` marks every other row of the data set, labelled or not, later test blocks included: the future is not known yet.
 *
 * The seed is not used. Fractions are of the rows before any are purged or left out as seen.
 *
 * `createTemporalSplitter` throws `InvalidInputError` unless `purgeDays` is a whole number of at least 0. `holdout` and `folds` throw
 * `InvalidInputError` on a fraction outside 0..1, fewer than two folds or rows that are no ascending labelled rows; `TooFewSnapshotsError` when
 * there are fewer dates than parts, or the purge leaves nothing to learn from; `SingleClassError` when a side lacks a class.
 *
 * @example
 * const splitter = createTemporalSplitter({ purgeDays: 6, unseenOnly: true });
 * const { train, test, hidden } = splitter.holdout({ rows, keys, labels, splitGroups, seed: 42 }, 0.2);
 */
export function createTemporalSplitter(options: TemporalSplitterOptions = {}): Splitter {
  const { purgeDays = 0, unseenOnly = false } = options;
  checkPurgeDays(purgeDays);
  const settled = { purgeDays, unseenOnly };
  return {
    specificationVersion: SPECIFICATION_VERSION,
    name: 'temporal',
    guarantee: guaranteeOf(settled),
    disjoint: unseenOnly,

    holdout(request, testFraction) {
      checkFraction(testFraction);
      const snapshots = snapshotsOf(request);
      const [cut] = cutDates(snapshots, [1 - testFraction]);
      const days = { name: 'the holdout', from: snapshots.dates[cut], until: Infinity };
      return splitAt(request, days, settled);
    },

    folds(request, k) {
      checkFolds(k);
      const snapshots = snapshotsOf(request);
      const cuts = cutDates(
        snapshots,
        Array.from({ length: k }, (_, fold) => (fold + 1) / (k + 1)),
        snapshots.dates.findIndex((date) => date > snapshots.dates[0] + purgeDays),
      );
      return cuts.map((cut, fold) => {
        const until = fold + 1 < k ? snapshots.dates[cuts[fold + 1]] : Infinity;
        const days = { name: `fold ${fold + 1} of ${k}`, from: snapshots.dates[cut], until };
        return splitAt(request, days, settled);
      });
    },
  };
}

function guaranteeOf({ purgeDays, unseenOnly }: Required<TemporalSplitterOptions>): string {
  const purge = purgeDays > 0 ? ` by more than ${purgeDays} day${purgeDays > 1 ? 's' : ''}` : '';
  const addresses = unseenOnly
    ? 'addresses with training rows are not tested'
    : 'an address may be on both sides';
  return `every test snapshot is later than every training snapshot${purge}; ${addresses}`;
}

function snapshotsOf(request: SplitRequest): LabelledSnapshots {
  checkRows(request);
  const snapshots = labelledSnapshots(request);
  checkClasses(request.labels, request.rows, { where: 'the rows to split' });
  return snapshots;
}

function splitAt(
  request: SplitRequest,
  days: TestDays,
  { purgeDays, unseenOnly }: Required<TemporalSplitterOptions>,
): Split {
  const { rows, labels, splitGroups } = request;
  const { processingDates } = request.keys;
  const isPast = (date: number) => date + purgeDays < days.from;
  const train = rows.filter((row) => isPast(processingDates[row]));
  if (train.length === 0) throw nothingLeft(request, days, purgeDays);
  const inBlock = rows.filter(
    (row) => processingDates[row] >= days.from && processingDates[row] < days.until,
  );
  const test = unseenOnly ? unseenRows(inBlock, train, splitGroups) : inBlock;
  checkClasses(labels, train, { where: `the rows to learn from in ${placeOf(days)}`, remedy });
  const tested = unseenOnly ? 'test rows of addresses without training rows' : 'test rows';
  checkClasses(labels, test, { where: `the ${tested} in ${placeOf(days)}`, remedy });
  const hidden = new Uint8Array(labels.length);
  for (let row = 0; row < hidden.length; row++) hidden[row] = isPast(processingDates[row]) ? 0 : 1;
  return { train, test, hidden };
}

/** The rows whose group has no training row. */
function unseenRows(rows: Int32Array, train: Int32Array, splitGroups: Int32Array): Int32Array {
  const seen = new Uint8Array(splitGroups.length);
  for (const row of train) seen[splitGroups[row]] = 1;
  return rows.filter((row) => seen[splitGroups[row]] === 0);
}

function placeOf({ name, from }: TestDays): string {
  return `${name}, tested from ${dayText(from)} on`;
}

function nothingLeft({ rows, keys }: SplitRequest, days: TestDays, purgeDays: number): TooFewSnapshotsError {
  const labelled = new Set(Array.from(rows, (row) => keys.processingDates[row]));
  const past = [...labelled].filter((date) => date < days.from);
  return new TooFewSnapshotsError({
    summary: `A purge of ${purgeDays} days leaves no snapshot to learn from in ${placeOf(days)}.`,
    expected: `labelled rows processed before ${dayText(days.from - purgeDays)}`,
    found: `labelled rows of ${past.length} earlier processing dates, from ${dayText(Math.min(...past))} on`,
    remedy: 'purge fewer days, widen the period, hold out less or use fewer folds',
  });
}

function checkPurgeDays(purgeDays: number): void {
  if (Number.isInteger(purgeDays) && purgeDays >= 0) return;
  throw new InvalidInputError({
    what: 'The number of days to purge',
    expected: 'a whole number of at least 0',
    found: purgeDays,
  });
}
