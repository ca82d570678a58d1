import { RiskScoringError } from '@risk-scoring/contract';

/** A configuration file that is not there, cannot be read or says something that cannot be meant. */
export class ConfigError extends RiskScoringError {
  constructor(parts: {
    readonly file: string;
    readonly expected: string;
    readonly found: string;
    readonly remedy: string;
    readonly cause?: unknown;
  }) {
    super({
      code: 'CONFIG_INVALID',
      category: 'input',
      summary: `The configuration ${parts.file} cannot be used.`,
      expected: parts.expected,
      found: parts.found,
      remedy: parts.remedy,
      cause: parts.cause,
    });
  }
}
