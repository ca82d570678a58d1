import { describe, expect, it } from 'vitest';
import { parseSearchSpace } from '../space/parse-search-space.ts';
import type { Parameters, SearchSpace } from '../space/search-space.ts';
import { bestTrial, type TrialRecord } from '../trial.ts';
import { splitTrials } from './good-and-bad.ts';
import { createRandomSampler } from './random-sampler.ts';
import type { Sampler } from './sampler.ts';
import { createTpeSampler } from './tpe-sampler.ts';

const SEEDS = Array.from({ length: 24 }, (_, seed) => seed);
const BUDGET = 50;

/** Branin (1972), on its usual domain; three minima of 0.397887. */
const branin = {
  space: parseSearchSpace({
    x: { type: 'float', low: -5, high: 10 },
    y: { type: 'float', low: 0, high: 15 },
  }),
  loss({ x, y }: Parameters): number {
    const [a, b] = [Number(x), Number(y)];
    const square = b - (5.1 / (4 * Math.PI ** 2)) * a ** 2 + (5 / Math.PI) * a - 6;
    return square ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10;
  },
};

/** Like the parameters of a trainer: a log scale, a whole number, a choice; the minimum is 0. */
const mixed = {
  space: parseSearchSpace({
    rate: { type: 'float', low: 1e-5, high: 1, log: true },
    leaves: { type: 'int', low: 4, high: 256, log: true },
    depth: { type: 'int', low: 2, high: 20 },
    kind: ['a', 'b', 'c', 'd'],
  }),
  loss({ rate, leaves, depth, kind }: Parameters): number {
    const far = Math.log10(Number(rate)) + 3;
    return (
      far ** 2 + Math.log2(Number(leaves) / 32) ** 2 + ((Number(depth) - 7) / 5) ** 2 + (kind === 'c' ? 0 : 1)
    );
  },
};

function search(sampler: Sampler, loss: (parameters: Parameters) => number, budget = BUDGET): TrialRecord[] {
  const trials: TrialRecord[] = [];
  for (let index = 0; index < budget; index++) {
    const parameters = sampler.propose(trials, index) ?? {};
    trials.push({ index, parameters, state: 'complete', value: loss(parameters), values: [], seconds: 0 });
  }
  return trials;
}

function meanBest(make: (space: SearchSpace, seed: number) => Sampler, problem: typeof branin): number {
  const bests = SEEDS.map(
    (seed) => bestTrial(search(make(problem.space, seed), problem.loss), 'minimize')?.value ?? Number.NaN,
  );
  return bests.reduce((sum, best) => sum + best, 0) / bests.length;
}

describe('createTpeSampler', () => {
  it.each([
    ['Branin', branin, 0.397887],
    ['a mixed space', mixed, 0],
  ])(
    'comes closer to the minimum than random search on %s, on average over 24 seeds',
    (_, problem, minimum) => {
      const tpe =
        meanBest((space, seed) => createTpeSampler(space, { seed, direction: 'minimize' }), problem) -
        minimum;
      const random = meanBest((space, seed) => createRandomSampler(space, { seed }), problem) - minimum;
      expect(tpe).toBeLessThan(0.75 * random);
    },
  );

  it('maximizes a score as it minimizes its opposite', () => {
    const up = createTpeSampler(mixed.space, { seed: 4, direction: 'maximize' });
    const down = createTpeSampler(mixed.space, { seed: 4, direction: 'minimize' });
    const parametersOf = (trials: readonly TrialRecord[]) => trials.map(({ parameters }) => parameters);
    expect(parametersOf(search(up, (p) => -mixed.loss(p), 30))).toEqual(
      parametersOf(search(down, mixed.loss, 30)),
    );
  });

  it('is random search of its seed until it has learned enough, failed trials not counted', () => {
    const tpe = createTpeSampler(mixed.space, { seed: 4, direction: 'minimize' });
    const random = createRandomSampler(mixed.space, { seed: 4 });
    const trials = search(tpe, mixed.loss, 10);
    expect(tpe.propose(trials.slice(0, 9), 9)).toEqual(random.propose([], 9));
    expect(tpe.propose(trials, 10)).not.toEqual(random.propose([], 10));
    const oneFailed = trials.map((trial, i): TrialRecord => {
      const { index, parameters, values, seconds } = trial;
      const error = { code: 'X', category: 'model', message: 'x' } as const;
      return i === 3 ? { index, parameters, values, seconds, state: 'failed', error } : trial;
    });
    expect(tpe.propose(oneFailed, 10)).toEqual(random.propose([], 10));
  });

  it('takes the choice that good trials have, once it is clear', () => {
    const space = parseSearchSpace({ kind: ['a', 'b', 'c'] });
    const trials = search(createRandomSampler(space, { seed: 1 }), ({ kind }) => (kind === 'b' ? 0 : 1), 40);
    const tpe = createTpeSampler(space, { seed: 1, direction: 'minimize' });
    for (let index = 40; index < 60; index++) expect(tpe.propose(trials, index)).toEqual({ kind: 'b' });
  });

  it('refuses options out of range', () => {
    const make = (options: object) => () =>
      createTpeSampler(branin.space, { seed: 1, direction: 'minimize', ...options });
    for (const options of [
      { seed: -1 },
      { gamma: 0 },
      { gamma: 1 },
      { gamma: Number.NaN },
      { startupTrials: 0 },
      { candidates: 1.5 },
      { direction: 'up' },
    ]) {
      expect(make(options)).toThrow(/cannot be used/);
    }
  });
});

describe('splitTrials', () => {
  const base = { parameters: {}, seconds: 0 };
  const trials: TrialRecord[] = [
    { ...base, index: 0, state: 'pruned', values: [0.9] },
    { ...base, index: 1, state: 'complete', value: 0.5, values: [] },
    { ...base, index: 2, state: 'failed', values: [], error: { code: 'X', category: 'data', message: 'x' } },
    { ...base, index: 3, state: 'complete', value: 0.7, values: [] },
    { ...base, index: 4, state: 'pruned', values: [0.1, 0.2] },
    { ...base, index: 5, state: 'complete', value: 0.7, values: [] },
    { ...base, index: 6, state: 'pruned', values: [0.2, 0.3] },
  ];
  const order = (gamma: number, direction: 'maximize' | 'minimize') => {
    const { good, bad } = splitTrials(trials, { gamma, direction });
    return [good.map(({ index }) => index), bad.map(({ index }) => index)];
  };

  it('puts complete trials before pruned ones, those before others that came further, and leaves failed ones out', () => {
    expect(order(0.1, 'maximize')).toEqual([[3], [5, 1, 6, 4, 0]]);
    expect(order(0.5, 'maximize')).toEqual([
      [3, 5, 1],
      [6, 4, 0],
    ]);
    expect(order(0.1, 'minimize')).toEqual([[1], [3, 5, 4, 6, 0]]);
  });

  it('has at most 25 good trials', () => {
    const many = Array.from(
      { length: 400 },
      (_, index): TrialRecord => ({ ...base, index, state: 'complete', value: index, values: [] }),
    );
    expect(splitTrials(many, { gamma: 0.1, direction: 'minimize' }).good).toHaveLength(25);
    expect(splitTrials(many.slice(0, 201), { gamma: 0.1, direction: 'minimize' }).good).toHaveLength(21);
  });
});
