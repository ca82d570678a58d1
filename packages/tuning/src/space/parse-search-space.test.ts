import { RiskScoringError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidSearchSpaceError } from '../errors.ts';
import { parseSearchSpace } from './parse-search-space.ts';

/** The problems of a space that must be refused. */
function problemsOf(json: unknown) {
  try {
    parseSearchSpace(json);
  } catch (error) {
    if (error instanceof InvalidSearchSpaceError) return error.problems;
    throw error;
  }
  throw new Error('was accepted');
}

describe('parseSearchSpace', () => {
  it('takes all types, and a list for a choice', () => {
    expect(
      parseSearchSpace({
        rate: { type: 'float', low: 0.01, high: 0.3, log: true },
        share: { type: 'float', low: 0.5, high: 1, step: 0.1, log: false },
        depth: { type: 'int', low: -1, high: 12, step: 1 },
        leaves: [31, 63, 127],
        kind: { type: 'choice', values: ['gbdt', true, 1] },
      }),
    ).toEqual({
      rate: { type: 'float', low: 0.01, high: 0.3, log: true },
      share: { type: 'float', low: 0.5, high: 1, step: 0.1 },
      depth: { type: 'int', low: -1, high: 12 },
      leaves: { type: 'choice', values: [31, 63, 127] },
      kind: { type: 'choice', values: ['gbdt', true, 1] },
    });
  });

  it.each([
    ['an unknown type', { x: { type: 'flaot', low: 0, high: 1 } }, 'x.type', "did you mean 'float'?"],
    ['no type', { x: { low: 0, high: 1 } }, 'x.type', undefined],
    ['an unknown key', { x: { type: 'float', low: 0, hihg: 1 } }, 'x.hihg', "did you mean 'high'?"],
    ['low above high', { x: { type: 'float', low: 2, high: 1 } }, 'x.low', 'write [2] for one value'],
    ['low equal to high', { x: { type: 'int', low: 2, high: 2 } }, 'x.low', 'write [2] for one value'],
    ['no high', { x: { type: 'int', low: 2 } }, 'x.high', undefined],
    ['a text for a number', { x: { type: 'float', low: '1e-3', high: 1 } }, 'x.low', undefined],
    ['a fraction for an int', { x: { type: 'int', low: 0.5, high: 1 } }, 'x.low', undefined],
    ['log of 0', { x: { type: 'float', low: 0, high: 1, log: true } }, 'x.low', undefined],
    ['log that is no boolean', { x: { type: 'float', low: 1, high: 2, log: 'yes' } }, 'x.log', undefined],
    ['a step of 0', { x: { type: 'float', low: 0, high: 1, step: 0 } }, 'x.step', undefined],
    ['a step below 0', { x: { type: 'int', low: 0, high: 9, step: -1 } }, 'x.step', undefined],
    ['a step that is too long', { x: { type: 'int', low: 0, high: 9, step: 10 } }, 'x.step', undefined],
    [
      'an infinite end',
      { x: { type: 'float', low: 0, high: Number.POSITIVE_INFINITY } },
      'x.high',
      undefined,
    ],
    ['too wide a range', { x: { type: 'float', low: -1.7e308, high: 1.7e308 } }, 'x.high', undefined],
    ['an empty list', { x: [] }, 'x', undefined],
    ['an empty choice', { x: { type: 'choice', values: [] } }, 'x.values', undefined],
    ['a value twice', { x: [1, 2, 1] }, 'x[2]', undefined],
    ['a value that is no scalar', { x: ['a', null] }, 'x[1]', undefined],
    ['NaN among values', { x: [Number.NaN] }, 'x[0]', undefined],
    ['one value without a list', { x: 0.1 }, 'x', 'write [0.1] for a parameter that stays as it is'],
    ['no parameter', {}, 'space', expect.any(String)],
    ['a list of parameters', [1], 'space', expect.any(String)],
  ])('refuses %s and names the key', (_, json, key, remedy) => {
    const problems = problemsOf(json);
    expect(problems.map((problem) => problem.key)).toEqual([key]);
    expect(problems[0]?.remedy).toEqual(remedy);
  });

  it('tells all problems at once', () => {
    const json = { a: { type: 'float', low: -1, high: -2, log: true }, b: [], c: { type: 'real' } };
    expect(problemsOf(json).map(({ key }) => key)).toEqual(['a.low', 'a.low', 'b', 'c.type']);
  });

  it('keeps a parameter that is called __proto__ apart', () => {
    const space = parseSearchSpace(JSON.parse('{"__proto__": [1, 2]}'));
    expect(Object.keys(space)).toEqual(['__proto__']);
  });

  it('refuses anything else with a typed error, and gives what it accepted back', () => {
    const definition = fc.oneof(
      fc.record(
        {
          type: fc.constantFrom('float', 'int', 'choice', 'x'),
          low: fc.oneof(fc.double(), fc.integer({ min: -5, max: 5 })),
          high: fc.oneof(fc.double(), fc.integer({ min: -5, max: 20 })),
          step: fc.oneof(fc.double(), fc.integer({ min: -1, max: 3 })),
          log: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
      fc.array(fc.jsonValue()),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), definition), (json) => {
        try {
          const space = parseSearchSpace(json);
          expect(parseSearchSpace(JSON.parse(JSON.stringify(space)))).toEqual(space);
        } catch (error) {
          if (!RiskScoringError.isInstance(error)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});
