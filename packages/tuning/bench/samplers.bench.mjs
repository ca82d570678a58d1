// Usage: node bench/samplers.bench.mjs [seeds] [trials]
// How close samplers come to known minima with a fixed budget, over many seeds, and what a proposal costs.
import { bestTrial, createRandomSampler, createTpeSampler, parseSearchSpace } from '../dist/index.js';

const seeds = Number(process.argv[2] ?? 100);
const budget = Number(process.argv[3] ?? 50);

const problems = {
  // Branin (1972).
  branin: {
    minimum: 0.397887,
    space: { x: { type: 'float', low: -5, high: 10 }, y: { type: 'float', low: 0, high: 15 } },
    loss: ({ x, y }) =>
      (y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6) ** 2 +
      10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) +
      10,
  },
  mixed: {
    minimum: 0,
    space: {
      rate: { type: 'float', low: 1e-5, high: 1, log: true },
      leaves: { type: 'int', low: 4, high: 256, log: true },
      depth: { type: 'int', low: 2, high: 20 },
      kind: ['a', 'b', 'c', 'd'],
    },
    loss: ({ rate, leaves, depth, kind }) =>
      (Math.log10(rate) + 3) ** 2 +
      Math.log2(leaves / 32) ** 2 +
      ((depth - 7) / 5) ** 2 +
      (kind === 'c' ? 0 : 1),
  },
};
const samplers = {
  random: (space, seed) => createRandomSampler(space, { seed }),
  'TPE, gamma 0.05': (space, seed) => createTpeSampler(space, { seed, direction: 'minimize', gamma: 0.05 }),
  'TPE, gamma 0.1': (space, seed) => createTpeSampler(space, { seed, direction: 'minimize', gamma: 0.1 }),
  'TPE, gamma 0.15 (default)': (space, seed) => createTpeSampler(space, { seed, direction: 'minimize' }),
  'TPE, gamma 0.25': (space, seed) => createTpeSampler(space, { seed, direction: 'minimize', gamma: 0.25 }),
};

for (const [problem, { minimum, space, loss }] of Object.entries(problems)) {
  for (const [name, create] of Object.entries(samplers)) {
    const begin = performance.now();
    let distance = 0;
    for (let seed = 0; seed < seeds; seed++) {
      const trials = search(create(parseSearchSpace(space), seed), loss, budget);
      distance += (bestTrial(trials, 'minimize').value - minimum) / seeds;
    }
    const milliseconds = (performance.now() - begin) / seeds / budget;
    console.log(
      `${problem}, ${name}: ${distance.toFixed(3)} above the minimum, ${milliseconds.toFixed(3)} ms a proposal`,
    );
  }
}

const { space, loss } = problems.mixed;
const sampler = createTpeSampler(parseSearchSpace(space), { seed: 1, direction: 'minimize' });
const trials = search(createRandomSampler(parseSearchSpace(space), { seed: 1 }), loss, 1000);
const begin = performance.now();
for (let index = 1000; index < 1020; index++) sampler.propose(trials, index);
console.log(
  `a proposal of TPE after 1000 trials of 4 parameters: ${((performance.now() - begin) / 20).toFixed(1)} ms`,
);

function search(sampler, loss, budget) {
  const trials = [];
  for (let index = 0; index < budget; index++) {
    const parameters = sampler.propose(trials, index);
    trials.push({ index, parameters, state: 'complete', value: loss(parameters), values: [], seconds: 0 });
  }
  return trials;
}
