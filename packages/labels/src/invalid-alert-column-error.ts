import { RiskScoringError } from '@risk-scoring/contract';

/** Values in a column that a strategy cannot take for what they should be. */
export class InvalidAlertColumnError extends RiskScoringError {
  constructor(parts: {
    readonly table?: string;
    readonly column: string;
    readonly expected: string;
    readonly found: readonly string[];
  }) {
    super({
      code: 'INVALID_ALERT_COLUMN',
      category: 'data',
      summary: `Values of ${parts.table ?? 'raw_alerts'}.${parts.column} in the period cannot be read as labels.`,
      expected: parts.expected,
      found: parts.found.join(', '),
      remedy: 'mend these rows, or choose another label strategy',
    });
  }
}
