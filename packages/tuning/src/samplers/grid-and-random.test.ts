import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSearchSpace } from '../space/parse-search-space.ts';
import { createGridSampler } from './grid-sampler.ts';
import { createRandomSampler } from './random-sampler.ts';

describe('createGridSampler', () => {
  const space = parseSearchSpace({
    rate: { type: 'float', low: 0.01, high: 1, log: true },
    leaves: { type: 'int', low: 2, high: 4 },
    kind: ['a', 'b'],
    share: { type: 'float', low: 0.5, high: 1, step: 0.25 },
  });

  it('proposes every combination once, in a fixed order, and then nothing', () => {
    const grid = createGridSampler(space, { points: 3 });
    const proposals = Array.from({ length: grid.size }, (_, i) => grid.propose([], i));
    const expected = ['a', 'b'].flatMap((kind) =>
      [2, 3, 4].flatMap((leaves) =>
        [0.01, 0.1, 1].flatMap((rate) => [0.5, 0.75, 1].map((share) => ({ kind, leaves, rate, share }))),
      ),
    );
    expect(grid.size).toBe(54);
    expect(proposals).toEqual(expected);
    expect(grid.propose([], grid.size)).toBeUndefined();
  });

  it('has one order, however the parameters are written', () => {
    const reversed = parseSearchSpace(Object.fromEntries(Object.entries(space).reverse()));
    expect(createGridSampler(reversed).propose([], 17)).toEqual(createGridSampler(space).propose([], 17));
  });

  it('refuses more than 100,000 combinations and says where they come from', () => {
    const wide = parseSearchSpace({ x: { type: 'int', low: 1, high: 1e9 }, y: [1, 2] });
    expect(() => createGridSampler(wide)).toThrow(/2000000000: x 1000000000 × y 2/);
    const most = parseSearchSpace({ x: { type: 'int', low: 1, high: 50_000 }, y: [1, 2] });
    expect(createGridSampler(most).size).toBe(100_000);
    expect(() => createGridSampler(space, { points: 1 })).toThrow(/points/);
  });
});

describe('createRandomSampler', () => {
  const space = parseSearchSpace({
    rate: { type: 'float', low: 1e-4, high: 1, log: true },
    leaves: { type: 'int', low: 1, high: 5 },
    kind: ['a', 'b', 'c'],
  });
  const sampler = createRandomSampler(space, { seed: 3 });
  const draws = Array.from({ length: 6000 }, (_, i) => sampler.propose([], i) ?? {});

  it('draws from the whole range: uniformly, in the logarithm where asked', () => {
    const share = (test: (draw: (typeof draws)[number]) => boolean) =>
      draws.filter(test).length / draws.length;
    // 0.02 is more than three standard deviations of a share of 6000 draws.
    for (const end of [1e-3, 1e-2, 1e-1]) {
      expect(Math.abs(share(({ rate }) => Number(rate) < end) - (Math.log10(end) + 4) / 4)).toBeLessThan(
        0.02,
      );
    }
    for (const leaves of [1, 2, 3, 4, 5]) {
      expect(Math.abs(share((draw) => draw.leaves === leaves) - 1 / 5)).toBeLessThan(0.02);
    }
    for (const kind of ['a', 'b', 'c']) {
      expect(Math.abs(share((draw) => draw.kind === kind) - 1 / 3)).toBeLessThan(0.02);
    }
  });

  it('gives a parameter the same numbers whatever stands beside it', () => {
    const { leaves, rate } = space;
    const other = createRandomSampler(parseSearchSpace({ more: [1, 2], leaves, rate }), { seed: 3 });
    for (let i = 0; i < 20; i++)
      expect(other.propose([], i)).toMatchObject({ rate: draws[i]?.rate, leaves: draws[i]?.leaves });
  });

  it('stays within its space, for any space', () => {
    const numeric = fc
      .record({
        type: fc.constantFrom('int', 'float'),
        low: fc.integer({ min: 1, max: 100 }),
        width: fc.integer({ min: 3, max: 1e6 }),
        log: fc.boolean(),
        step: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      })
      .map(({ width, ...rest }) => ({ ...rest, high: rest.low + width }));
    fc.assert(
      fc.property(numeric, fc.nat(), (parameter, seed) => {
        const { low, high, type, step } = parameter;
        const x = Number(createRandomSampler(parseSearchSpace({ x: parameter }), { seed }).propose([], 5)?.x);
        expect(x).toBeGreaterThanOrEqual(low);
        expect(x).toBeLessThanOrEqual(high);
        if (type === 'int' || step !== undefined) expect((x - low) % (step ?? 1)).toBe(0);
      }),
    );
  });

  it('refuses a seed that is none', () => {
    expect(() => createRandomSampler(space, { seed: -1 })).toThrow(/seed/);
    expect(() => createRandomSampler(space, { seed: 0.5 })).toThrow(/seed/);
  });
});
