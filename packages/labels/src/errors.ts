import { RiskScoringError } from '@risk-scoring/contract';

/** Label rows that cannot be read as labels. Guessing what they mean would teach the model something nobody said. */
export class InvalidAddressLabelsError extends RiskScoringError {
  constructor(parts: { expected: string; found: string }) {
    super({
      code: 'INVALID_ADDRESS_LABELS',
      category: 'data',
      summary: 'Rows of raw_address_labels in the period cannot be read as labels.',
      expected: parts.expected,
      found: parts.found,
      remedy: 'mend or remove these rows, or choose another label strategy',
    });
  }
}
