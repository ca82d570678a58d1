import { RiskScoringError } from '@risk-scoring/contract';

/** Too few snapshots (processing dates) to divide in time, or none left to learn from once some are purged. */
export class TooFewSnapshotsError extends RiskScoringError {
  constructor(parts: { summary: string; expected: string; found: string; remedy: string }) {
    super({ code: 'TOO_FEW_SNAPSHOTS', category: 'data', ...parts });
  }
}

/** A class has fewer rows than there are parts to put one into. */
export class TooFewRowsError extends RiskScoringError {
  constructor(parts: { summary: string; expected: string; found: string; remedy: string }) {
    super({ code: 'TOO_FEW_ROWS', category: 'data', ...parts });
  }
}
