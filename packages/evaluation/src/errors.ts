import { RiskScoringError } from '@risk-scoring/contract';

/** Labels, scores or weights that no metric can be computed from: a NaN score, arrays of unequal length, a label that is none. */
export class InvalidScoredRowsError extends RiskScoringError {
  constructor(parts: { summary: string; expected: string; found: string }) {
    super({
      code: 'INVALID_SCORED_ROWS',
      category: 'data',
      remedy: 'pass labelled rows only, with one finite score for each',
      ...parts,
    });
  }
}

/** Too few split groups (addresses) to divide, or to resample, without one of them straddling. */
export class TooFewGroupsError extends RiskScoringError {
  constructor(parts: { summary: string; expected: string; found: string; remedy: string }) {
    super({ code: 'TOO_FEW_GROUPS', category: 'data', ...parts });
  }
}
