import { InvalidInputError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { checkPlainJson, checkSameBits } from './check.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { runCase } from './conformance-case.ts';
import { describeCases } from './describe-cases.ts';

const failure = new Error('broken');
const passing: ConformanceCase<string> = { name: 'passes', run: async () => {} };
const failing: ConformanceCase<string> = {
  name: 'fails',
  run: async (subject) => {
    if (subject === 'broken') throw failure;
  },
};
const skipped: ConformanceCase<string> = {
  ...failing,
  name: 'skips',
  skipReason: async (subject) => (subject === 'broken' ? 'not for this one' : undefined),
};

describe('runCase', () => {
  it('tells apart how a case can end', async () => {
    expect(await runCase(passing, 'broken')).toEqual({ name: 'passes', status: 'passed' });
    expect(await runCase(failing, 'broken')).toEqual({ name: 'fails', status: 'failed', error: failure });
    expect(await runCase(failing, 'sound')).toEqual({ name: 'fails', status: 'passed' });
    expect(await runCase(skipped, 'broken')).toEqual({
      name: 'skips',
      status: 'skipped',
      reason: 'not for this one',
    });
    expect(await runCase(skipped, 'sound')).toEqual({ name: 'skips', status: 'passed' });
  });

  it('expects a known failure to fail', async () => {
    expect(await runCase(failing, 'broken', 'too slow')).toEqual({
      name: 'fails',
      status: 'known-failure',
      reason: 'too slow',
      error: failure,
    });
    expect(await runCase(passing, 'broken', 'too slow')).toEqual({
      name: 'passes',
      status: 'unexpectedly-passed',
      reason: 'too slow',
    });
  });
});

describe('describeCases', () => {
  it('refuses a known failure that names no case', () => {
    const suite = { cases: [passing], subject: 'sound' };
    expect(() => describeCases('suite', suite, { knownFailures: { pases: 'misspelt' } })).toThrow(
      InvalidInputError,
    );
  });

  describeCases(
    'as a suite, with a known failure',
    { cases: [passing, failing, skipped], subject: 'broken' },
    { knownFailures: { fails: 'it is broken' } },
  );
});

describe('checkPlainJson', () => {
  it.each([[null], ['text'], [1.5], [true], [[]], [{ a: [{ b: null }] }]])('lets %o pass', (value) => {
    expect(() => checkPlainJson(value, 'it')).not.toThrow();
  });
  it.each([
    [undefined],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [1n],
    [new Set()],
    [new Date(0)],
    [new Float64Array(1)],
    [{ a: undefined }],
    [() => 0],
  ])('refuses %o', (value) => {
    expect(() => checkPlainJson(value, 'it')).toThrow();
  });
});

describe('checkSameBits', () => {
  it('takes NaN for NaN, and tells 0 from -0 and one length from another', () => {
    expect(() => checkSameBits([Number.NaN, 1], [Number.NaN, 1], 'x')).not.toThrow();
    expect(() => checkSameBits([0], [-0], 'x')).toThrow('entry 0');
    expect(() => checkSameBits([1], [1, 2], 'x')).toThrow('1 numbers instead of 2');
    expect(() => checkSameBits([1, 2], [1, 2.0000000000000004], 'x')).toThrow('entry 1');
  });
});
