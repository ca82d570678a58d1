import { describe, expect, it } from 'vitest';
import { addressKey } from './address-key.ts';
import { InvalidInputError, UnsupportedSpecificationError } from './errors.ts';
import { RiskScoringError } from './risk-scoring-error.ts';
import { assertSpecificationVersion } from './version.ts';

describe('RiskScoringError', () => {
  it('says what was expected, found and what to do, in its message and as JSON', () => {
    const error = new InvalidInputError({
      what: 'The start date',
      expected: 'YYYY-MM-DD',
      found: '1/2/2020',
      remedy: 'write 2020-02-01',
    });
    expect(error.message).toBe(
      "The start date cannot be used. Expected: YYYY-MM-DD. Found: '1/2/2020'. To do: write 2020-02-01.",
    );
    expect(error.toJSON()).toEqual({
      code: 'INVALID_INPUT',
      category: 'input',
      summary: 'The start date cannot be used.',
      expected: 'YYYY-MM-DD',
      found: "'1/2/2020'",
      remedy: 'write 2020-02-01',
    });
  });

  it('is recognised when another copy of the package made it, and nothing else is', () => {
    const fromAnotherCopy = { [Symbol.for('risk-scoring.error')]: true, code: 'X' };
    expect(RiskScoringError.isInstance(fromAnotherCopy)).toBe(true);
    expect(RiskScoringError.isInstance(new Error('x'))).toBe(false);
    expect(RiskScoringError.isInstance(null)).toBe(false);
  });
});

describe('assertSpecificationVersion', () => {
  it('lets v1 through and refuses everything else with a typed error', () => {
    expect(() => assertSpecificationVersion({ specificationVersion: 'v1' }, 'LabelStrategy')).not.toThrow();
    for (const wrong of [{ specificationVersion: 'v2' }, {}, undefined, 'v1']) {
      expect(() => assertSpecificationVersion(wrong, 'LabelStrategy')).toThrow(UnsupportedSpecificationError);
    }
  });
});

describe('addressKey', () => {
  it('ignores the checksum case of hex addresses and keeps the case of others', () => {
    expect(addressKey('0xABcd')).toBe('0xabcd');
    expect(addressKey('1BoatSLRHtKNngkdXEeobR76b53LETtpyT')).toBe('1BoatSLRHtKNngkdXEeobR76b53LETtpyT');
  });
});
