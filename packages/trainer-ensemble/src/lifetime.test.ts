import { CancelledError, InvalidInputError, type TrainRequest } from '@risk-scoring/contract';
import { createAddressSplitter } from '@risk-scoring/evaluation';
import { describe, expect, it } from 'vitest';
import { createEnsembleTrainer } from './ensemble-trainer.ts';
import { makeProblem, smallLightGBM } from './testing/problem.ts';
import { type Meddling, watchTrainer } from './testing/watch-trainer.ts';

const { request, data, all } = makeProblem();
const methods = ['average', 'stacking'] as const;
const nothing = { models: 0, prepared: 0 };

function makeEnsemble(method: (typeof methods)[number], meddling: Meddling = {}) {
  const watched = [watchTrainer(smallLightGBM()), watchTrainer(smallLightGBM(), meddling)];
  const members = watched.map(({ trainer }) => ({ trainer }));
  const trainer = createEnsembleTrainer({ members, method, splitter: createAddressSplitter(), folds: 2 });
  return { watched, trainer, open: () => watched.map((one) => one.open()) };
}

describe.each(methods)('an ensemble by %s', (method) => {
  const last = method === 'average' ? 0 : 2;

  it('keeps one model per member, until it is disposed of', async () => {
    const { trainer, open } = makeEnsemble(method);
    const model = await trainer.train(request);
    expect(open()).toEqual([1, 2].map(() => ({ models: 1, prepared: 0 })));
    await model.artifacts();
    expect(open()).toEqual([1, 2].map(() => ({ models: 1, prepared: 0 })));
    await model.dispose();
    await model.dispose();
    expect(open()).toEqual([nothing, nothing]);
  });

  it('leaves nothing behind when a member fails, in a fold or at the end', async () => {
    for (let failing = 0; failing <= last; failing++) {
      const failure = new Error('the member fails');
      const { trainer, open } = makeEnsemble(method, {
        beforeTraining: (number) => {
          if (number === failing) throw failure;
        },
      });
      await expect(trainer.train(request)).rejects.toBe(failure);
      expect(open()).toEqual([nothing, nothing]);
    }
  });

  it('leaves nothing behind when it is cancelled, or its listener throws, wherever it is', async () => {
    for (const stop of method === 'average' ? [1, 16] : [1, 16, 46, 61]) {
      const { trainer, open } = makeEnsemble(method);
      const controller = new AbortController();
      const training = trainer.train({
        ...request,
        signal: controller.signal,
        onProgress: ({ iteration }) => iteration >= stop && controller.abort(),
      });
      await expect(training).rejects.toThrow(CancelledError);
      expect(open()).toEqual([nothing, nothing]);
    }
    const { trainer, open } = makeEnsemble(method);
    const failure = new Error('the listener fails');
    const onProgress = () => {
      throw failure;
    };
    await expect(trainer.train({ ...request, onProgress })).rejects.toThrow('the listener fails');
    expect(open()).toEqual([nothing, nothing]);
  });

  it('prepares all members or none', async () => {
    const rows = Int32Array.from([...request.trainRows, ...request.validationRows]).sort();
    const { trainer, open, watched } = makeEnsemble(method);
    const prepared = await trainer.prepare?.(data, rows);
    if (prepared === undefined) throw new Error('it prepares');
    expect(open()).toEqual([1, 2].map(() => ({ models: 0, prepared: 1 })));
    await (await trainer.train({ ...request, prepared })).dispose();
    for (const { trainings } of watched)
      for (const training of trainings) expect(training.request.prepared).toBeDefined();
    await expect(trainer.train({ ...request, data: { ...data }, prepared })).rejects.toThrow(
      InvalidInputError,
    );
    const foreign = { dispose: async () => {} };
    await expect(trainer.train({ ...request, prepared: foreign })).rejects.toThrow(InvalidInputError);
    await prepared.dispose();
    await prepared.dispose();
    expect(open()).toEqual([nothing, nothing]);

    const failure = new Error('it cannot be prepared');
    const failing = makeEnsemble(method, { prepare: () => Promise.reject(failure) });
    await expect(failing.trainer.prepare?.(data, rows)).rejects.toBe(failure);
    expect(failing.open()).toEqual([nothing, nothing]);
  });
});

it('disposes of the other models where one cannot be disposed of', async () => {
  const [first, second] = [smallLightGBM(), watchTrainer(smallLightGBM())];
  const stubborn = {
    ...first,
    async train(own: TrainRequest) {
      const model = await first.train(own);
      const dispose = async () => {
        await model.dispose();
        throw new Error('it stays');
      };
      return { ...model, dispose };
    },
  };
  const members = [{ trainer: stubborn }, { trainer: second.trainer }];
  const model = await createEnsembleTrainer({ members, method: 'average' }).train(request);
  await expect(model.dispose()).rejects.toThrow('it stays');
  expect(second.open()).toEqual(nothing);
});

describe('an .ensemble file', () => {
  const members = (first = 'a', second = 'b') => [
    { trainer: smallLightGBM(), name: first },
    { trainer: smallLightGBM({ num_leaves: 3 }), name: second },
  ];
  const trainer = createEnsembleTrainer({ members: members(), method: 'average' });

  it('gives the same model: bits, description and files', async () => {
    const model = await trainer.train(request);
    const artifacts = await model.artifacts();
    const loaded = await trainer.load(artifacts.filter(({ role }) => role === 'native'));
    for (const output of ['raw', 'probability'] as const)
      expect(await loaded.predict(data, { output })).toEqual(await model.predict(data, { output }));
    expect(await loaded.predict(data, { rows: all.slice(7, 8) })).toEqual(
      (await model.predict(data)).slice(7, 8),
    );
    expect(loaded.describe().hyperparameters).toEqual(model.describe().hyperparameters);
    expect(loaded.describe().importances).toEqual(model.describe().importances);
    expect(await loaded.artifacts()).toEqual(artifacts);
    await model.dispose();
    await loaded.dispose();
  });

  it('is loaded by the same members alone, and leaves no model behind otherwise', async () => {
    const model = await trainer.train(request);
    const artifacts = await model.artifacts();
    await model.dispose();
    const [first, second] = members().map(({ trainer }) => watchTrainer(trainer));
    const make = (list: readonly [string, typeof first][]) =>
      createEnsembleTrainer({
        members: list.map(([name, { trainer }]) => ({ name, trainer })),
        method: 'average',
      });
    const other = watchTrainer(smallLightGBM(), { name: 'another' });
    for (const list of [
      [['a', first]],
      [
        ['a', first],
        ['c', second],
      ],
      [
        ['a', first],
        ['b', other],
      ],
      [
        ['a', first],
        ['b', second],
        ['c', other],
      ],
    ] as const)
      await expect(make(list as never).load(artifacts)).rejects.toMatchObject({ code: 'ENSEMBLE_MODEL' });
    const failing = {
      ...second,
      trainer: { ...second.trainer, load: () => Promise.reject(new Error('broken')) },
    };
    await expect(
      make([
        ['a', first],
        ['b', failing],
      ]).load(artifacts),
    ).rejects.toThrow('broken');
    expect(first.open()).toEqual(nothing);
    await expect(trainer.load([])).rejects.toMatchObject({ code: 'MODEL_ARTIFACT_MISSING' });
    const swapped = await make([
      ['b', second],
      ['a', first],
    ]).load(artifacts);
    const loaded = await trainer.load(artifacts);
    expect(await swapped.predict(data)).toEqual(await loaded.predict(data));
    await swapped.dispose();
    await loaded.dispose();
  });

  it('holds the ONNX twin of a member that cannot be loaded without it', async () => {
    const honest = smallLightGBM();
    const needing = {
      ...honest,
      load: (artifacts: Parameters<typeof honest.load>[0]) => {
        if (!artifacts.some(({ role }) => role === 'onnx')) return Promise.reject(new Error('no twin'));
        return honest.load(artifacts);
      },
    };
    const plain = createEnsembleTrainer({ members: [{ trainer: honest }], method: 'average' });
    const careful = createEnsembleTrainer({ members: [{ trainer: needing }], method: 'average' });
    const sizes: number[] = [];
    for (const trainer of [plain, careful]) {
      const model = await trainer.train(request);
      const artifacts = await model.artifacts();
      const loaded = await trainer.load(artifacts);
      expect(await loaded.predict(data)).toEqual(await model.predict(data));
      sizes.push(artifacts[0].bytes.length);
      await model.dispose();
      await loaded.dispose();
    }
    expect(sizes[1]).toBeGreaterThan(sizes[0] + 1000);
  });

  it('is not written for a member without an ONNX twin', async () => {
    const honest = smallLightGBM();
    const bare = createEnsembleTrainer({
      members: [
        {
          trainer: {
            ...honest,
            async train(own) {
              const model = await honest.train(own);
              const artifacts = async () => (await model.artifacts()).filter(({ role }) => role === 'native');
              return { ...model, artifacts };
            },
          },
        },
      ],
      method: 'average',
    });
    const model = await bare.train(request);
    await expect(model.artifacts()).rejects.toMatchObject({ code: 'ENSEMBLE_MODEL' });
    await model.dispose();
  });
});
