import { RiskScoringError, type Split, type SplitRequest, type Splitter } from '@risk-scoring/contract';
import { rowsOfGroups } from '../labelling/mask.ts';
import { describeThrown, SplitterBrokeContractError } from './errors.ts';

/**
 * A splitter whose splits are checked before anything is learned from them: a wrong one would let a model see what it is judged on. Where split groups are
 * promised to be on one side, every other row of a tested group is hidden, whatever the splitter hides besides.
 *
 * @throws {SplitterBrokeContractError} by `holdout` and `folds`, naming what is wrong
 */
export function guardSplitter(splitter: Splitter): Splitter {
  const attempt = <T>(doing: string, work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      if (RiskScoringError.isInstance(cause)) throw cause;
      throw new SplitterBrokeContractError({
        splitter: splitter.name,
        expected: `a split, or a RiskScoringError that says what to do, while ${doing}`,
        found: describeThrown(cause),
        cause,
      });
    }
  };
  return {
    ...splitter,
    holdout(request, testFraction) {
      const split = attempt('setting the holdout aside', () => splitter.holdout(request, testFraction));
      return checkedSplit(split, { splitter, request, what: 'the holdout' });
    },
    folds(request, k) {
      const splits: unknown = attempt('dividing into folds', () => splitter.folds(request, k));
      if (!Array.isArray(splits) || splits.length !== k)
        throw broken(
          splitter,
          `${k} folds`,
          Array.isArray(splits) ? `${splits.length} folds` : typeof splits,
        );
      const tested = new Uint8Array(request.splitGroups.length);
      return splits.map((split: Split, fold) => {
        const what = `fold ${fold + 1} of ${k}`;
        const sound = checkedSplit(split, { splitter, request, what });
        for (const row of sound.test) {
          if (tested[row] === 1)
            throw broken(splitter, 'folds that test no row twice', `row ${row} in ${what}`);
          tested[row] = 1;
        }
        return sound;
      });
    },
  };
}

function checkedSplit(
  split: Split,
  {
    splitter,
    request,
    what,
  }: { readonly splitter: Splitter; readonly request: SplitRequest; readonly what: string },
): Split {
  if (typeof split !== 'object' || split === null)
    throw broken(splitter, `a split for ${what}`, typeof split);
  const requested = new Uint8Array(request.splitGroups.length);
  for (const row of request.rows) requested[row] = 1;
  const parts = { train: split.train, test: split.test };
  for (const [side, rows] of Object.entries(parts)) {
    const name = `the ${side} rows of ${what}`;
    if (!(rows instanceof Int32Array)) throw broken(splitter, `${name} in an Int32Array`, typeof rows);
    if (rows.length === 0) throw broken(splitter, `at least one row among ${name}`, 'none');
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at] ?? -1;
      if (requested[row] !== 1) throw broken(splitter, `requested rows alone as ${name}`, `row ${row}`);
      // Once taken, a row cannot be taken again, by this side or the other.
      requested[row] = 2;
      if (at > 0 && row <= (rows[at - 1] ?? -1))
        throw broken(splitter, `${name} in ascending order`, `row ${row} after ${rows[at - 1]}`);
    }
  }
  return { ...parts, hidden: hiddenOf(split, { splitter, request, what }) };
}

/** What nothing may learn from: what the splitter says, and every row of a tested group where it promises that. */
function hiddenOf(
  { train, test, hidden }: Split,
  {
    splitter,
    request: { splitGroups },
    what,
  }: { readonly splitter: Splitter; readonly request: SplitRequest; readonly what: string },
): Uint8Array {
  const all = hidden === undefined ? new Uint8Array(splitGroups.length) : hidden;
  if (!(all instanceof Uint8Array) || all.length !== splitGroups.length) {
    const found = all instanceof Uint8Array ? `${all.length} of them` : typeof hidden;
    throw broken(splitter, `hidden, of ${what}, as ${splitGroups.length} bytes, one per row`, found);
  }
  const covered = all.map((flag) => (flag === 0 ? 0 : 1));
  if (hidden === undefined || splitter.disjoint !== false) {
    const ofTested = rowsOfGroups(splitGroups, test);
    // A training row of a tested group is a promise that is broken, which the leakage check has to see.
    for (const row of train) ofTested[row] = 0;
    ofTested.forEach((flag, row) => {
      if (flag === 1) covered[row] = 1;
    });
  }
  const shown = test.find((row) => covered[row] !== 1);
  if (shown !== undefined)
    throw broken(splitter, `every test row of ${what} hidden`, `row ${shown} that may be learned from`);
  const learned = train.find((row) => hidden !== undefined && hidden[row] === 1);
  if (learned !== undefined)
    throw broken(splitter, `no training row of ${what} hidden`, `row ${learned} on both accounts`);
  return covered;
}

function broken(splitter: Splitter, expected: string, found: string): SplitterBrokeContractError {
  return new SplitterBrokeContractError({ splitter: splitter.name, expected, found });
}
