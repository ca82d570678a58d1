import { nearestNames, RiskScoringError } from '@risk-scoring/contract';

/** How many names a message lists. */
const MOST_NAMED = 5;

/** A version of a data set is there already, with other rows. */
export class LabelSetExistsError extends RiskScoringError {
  constructor(parts: { dataSet: string; version: string; found: string; byHand: boolean }) {
    super({
      code: 'LABEL_SET_EXISTS',
      category: 'input',
      summary: `The label set ${parts.dataSet}@${parts.version} is there already, with other rows.`,
      expected: 'a version that is new, or the same rows as before',
      found: parts.found,
      remedy: parts.byHand
        ? 'import it under another version, or remove the one that is there first: rows that were inserted by hand are not replaced'
        : 'import it under another version, or replace the one that is there with force',
    });
  }
}

/** There is no such data set, or no such version of it. */
export class LabelSetNotFoundError extends RiskScoringError {
  constructor(parts: { wanted: string; known: readonly string[] }) {
    const near = nearestNames(parts.wanted, parts.known, MOST_NAMED);
    const named = (near.length > 0 ? near : parts.known.slice(0, MOST_NAMED)).join(', ');
    const others = parts.known.length - Math.min(near.length || MOST_NAMED, parts.known.length);
    super({
      code: 'LABEL_SET_NOT_FOUND',
      category: 'input',
      summary: `There is no label set ${parts.wanted}.`,
      expected: 'a data set, and a version of it, that were imported',
      found: named === '' ? 'no label set at all' : `${named}${others > 0 ? ` and ${others} more` : ''}`,
      remedy: named === '' ? 'import a label set first' : 'name one of those that are there',
    });
  }
}

/** Rows that cannot be a label set. Nothing of it was stored. */
export class InvalidLabelRowsError extends RiskScoringError {
  constructor(parts: { dataSet: string; version: string; expected: string; found: string }) {
    super({
      code: 'LABEL_SET_INVALID',
      category: 'data',
      summary: `The rows of the label set ${parts.dataSet}@${parts.version} cannot be stored.`,
      expected: parts.expected,
      found: parts.found,
      remedy: 'mend or leave out these rows',
    });
  }
}
