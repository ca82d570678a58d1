import { RiskScoringError } from '@risk-scoring/contract';

/** None of the calibration methods that were asked for can be fitted on these rows. */
export class CalibrationRefusedError extends RiskScoringError {
  constructor(parts: { reasons: string }) {
    super({
      code: 'CALIBRATION_REFUSED',
      category: 'data',
      summary: 'None of the calibration methods asked for can be fitted.',
      expected: 'at least one method that fits',
      found: parts.reasons,
      remedy: "allow the method 'none', or calibrate on more labelled rows",
    });
  }
}
