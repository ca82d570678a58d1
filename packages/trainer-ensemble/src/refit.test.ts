import { InvalidInputError } from '@risk-scoring/contract';
import { createAddressSplitter } from '@risk-scoring/evaluation';
import { describe, expect, it } from 'vitest';
import { createEnsembleTrainer } from './ensemble-trainer.ts';
import { makeProblem, smallLightGBM } from './testing/problem.ts';
import { watchTrainer } from './testing/watch-trainer.ts';

const { request, data, all } = makeProblem();
const more = { ...request, trainRows: all, validationRows: new Int32Array() };
const splitter = createAddressSplitter();

function makeEnsemble(method: 'average' | 'stacking') {
  const watched = [watchTrainer(smallLightGBM()), watchTrainer(smallLightGBM({ num_leaves: 3 }))];
  const members = watched.map(({ trainer }) => ({ trainer }));
  return { watched, trainer: createEnsembleTrainer({ members, method, splitter, folds: 2 }) };
}

describe('a refit', () => {
  it.each(['average', 'stacking'] as const)(
    'by %s gives each member its own and keeps the combination',
    async (method) => {
      const { watched, trainer } = makeEnsemble(method);
      const first = await trainer.train(request);
      const refitOf = first.describe();
      await first.dispose();
      const before = watched.map(({ trainings }) => trainings.length);
      const again = await trainer.train({ ...more, refitOf });
      const { hyperparameters } = again.describe();
      const { intercept, coefficients } = refitOf.hyperparameters;
      if (method === 'stacking') expect(hyperparameters).toMatchObject({ intercept, coefficients });
      else expect(hyperparameters).not.toHaveProperty('coefficients');
      for (const [i, { trainings }] of watched.entries()) {
        const [own, ...others] = trainings.slice(before[i]);
        expect(others).toEqual([]);
        expect(own.request).toMatchObject({ trainRows: all, refitOf: refitOf.members?.[i] });
        expect(own.request.validationRows).toHaveLength(0);
      }
      expect((await again.predict(data)).every((p) => p > 0 && p < 1)).toBe(true);
      await again.dispose();
    },
  );

  it('refuses a model of another method, of other members or that says nothing of them', async () => {
    const { trainer } = makeEnsemble('stacking');
    const model = await trainer.train(request);
    const description = model.describe();
    await model.dispose();
    const { members: _, ...silent } = description;
    const one = createEnsembleTrainer({
      members: [{ trainer: smallLightGBM() }],
      method: 'stacking',
      splitter,
    });
    for (const [other, refitOf] of [
      [makeEnsemble('average').trainer, description],
      [one, description],
      [trainer, silent],
      [trainer, { ...description, hyperparameters: { ...description.hyperparameters, coefficients: [1] } }],
    ] as const)
      await expect(other.train({ ...more, refitOf })).rejects.toThrow(InvalidInputError);
  });
});
