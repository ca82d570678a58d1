import { CancelledError, InvalidInputError, RiskScoringError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { NoTrialCompletedError, StudyMismatchError, TrialPruned } from '../errors.ts';
import { createMedianPruner } from '../pruning/median-pruner.ts';
import { createGridSampler } from '../samplers/grid-sampler.ts';
import { createRandomSampler } from '../samplers/random-sampler.ts';
import { parseSearchSpace } from '../space/parse-search-space.ts';
import { evaluate, pruner, sampler, settings, studyPath, withoutSeconds } from '../testing/studies.ts';
import type { TrialRecord } from '../trial.ts';
import { openStudy, readStudy } from './open-study.ts';
import { runStudy } from './run-study.ts';
import type { Evaluate } from './run-trial.ts';

const grid = createGridSampler(parseSearchSpace({ x: [3, 1, 2, 1.5] }));
const { pruner: _, ...unpruned } = settings;
const gridSettings = { ...unpruned, space: grid.space, sampler: grid.settings };

async function runGrid(
  run: Evaluate,
  options: { trials?: number; signal?: AbortSignal; path?: string } = {},
) {
  const { trials = 100, path = await studyPath(), signal } = options;
  const study = await openStudy(path, gridSettings);
  try {
    const request = { study, sampler: grid, trials, evaluate: run, ...(signal && { signal }) };
    return await runStudy(request);
  } finally {
    study.close();
  }
}

describe('runStudy', () => {
  it('finds the best trial, in either direction, and ends when the sampler has nothing left', async () => {
    const { best, trials, ended } = await runGrid(({ x }) => Number(x));
    expect(best.parameters).toEqual({ x: 1 });
    expect(trials.map((trial) => trial.index)).toEqual([0, 1, 2, 3]);
    expect(ended).toBe('exhausted');
    const path = await studyPath();
    const study = await openStudy(path, { ...gridSettings, direction: 'maximize' });
    const upwards = await runStudy({ study, sampler: grid, trials: 4, evaluate: ({ x }) => Number(x) });
    study.close();
    expect(upwards.best.parameters).toEqual({ x: 3 });
    expect(upwards.ended).toBe('trials');
  });

  it('takes the earliest of equally good trials', async () => {
    const { best } = await runGrid(({ x }) => (x === 3 ? 1 : 0));
    expect(best.index).toBe(1);
  });

  it('tells of each trial and of the best so far, and hands parameters, index and signal to the evaluation', async () => {
    const heard: [TrialRecord, number | undefined][] = [];
    const { signal } = new AbortController();
    const study = await openStudy(await studyPath(), gridSettings);
    await runStudy({
      study,
      sampler: grid,
      trials: 4,
      signal,
      onTrial: (trial, best) => heard.push([trial, best?.value]),
      evaluate: async ({ x }, context) => {
        expect(context.signal).toBe(signal);
        return Number(x) + context.index;
      },
    });
    study.close();
    expect(heard.map(([trial, best]) => [trial.index, best])).toEqual([
      [0, 3],
      [1, 2],
      [2, 2],
      [3, 2],
    ]);
  });

  it('outlives a failed trial and keeps why it failed', async () => {
    const { best, trials } = await runGrid(({ x }) => {
      if (x === 1) throw new InvalidInputError({ what: 'The x', expected: 'another', found: x });
      return Number(x);
    });
    expect(best.parameters).toEqual({ x: 1.5 });
    expect(trials[1]).toMatchObject({ state: 'failed', error: { code: 'INVALID_INPUT', category: 'input' } });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, undefined])(
    'counts a value of %s as a failure',
    async (value) => {
      const { trials } = await runGrid(({ x }) => (x === 1 ? (value as number) : Number(x)));
      expect(trials[1]).toMatchObject({ state: 'failed', error: { code: 'TRIAL_VALUE' } });
      const steps = await runGrid(({ x }, { step }) => {
        step(x === 1 ? (value as number) : Number(x));
        return Number(x);
      });
      expect(steps.trials[1]).toMatchObject({ state: 'failed', error: { code: 'TRIAL_VALUE' }, values: [] });
    },
  );

  it('throws the first error when no trial completes, also when the study is run again', async () => {
    const path = await studyPath();
    const fail: Evaluate = ({ x }) => {
      throw new RiskScoringError({ code: `X${x}`, category: 'data', summary: `No rows for ${x}.` });
    };
    for (let run = 0; run < 2; run++) {
      const error = await runGrid(fail, { path }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(NoTrialCompletedError);
      expect(error).toMatchObject({ category: 'data', found: 'first error: No rows for 3' });
    }
  });

  it.each([
    ['a plain error', new TypeError('a bug')],
    [
      'trouble of the machine',
      new RiskScoringError({ code: 'X', category: 'environment', summary: 'Full.' }),
    ],
  ])('ends on %s, and runs the trial again when resumed', async (_name, trouble) => {
    const path = await studyPath();
    const run = runGrid(
      ({ x }) => {
        if (x === 2) throw trouble;
        return Number(x);
      },
      { path },
    );
    await expect(run).rejects.toBe(trouble);
    expect(await readStudy(path)).toMatchObject({ unfinished: { index: 2, parameters: { x: 2 } } });
    const { trials } = await runGrid(({ x }) => Number(x), { path });
    expect(trials.map(({ state }) => state)).toEqual(Array(4).fill('complete'));
  });

  it('runs an unfinished trial again with the parameters in the file, whatever the sampler says', async () => {
    const path = await studyPath();
    const study = await openStudy(path, gridSettings);
    study.start({ x: 1.25 });
    study.step(9);
    study.close();
    const { trials } = await runGrid(({ x }) => Number(x), { path });
    expect(trials.map(({ parameters }) => parameters.x)).toEqual([1.25, 1, 2, 1.5]);
    expect(trials[0]?.values).toEqual([]);
  });

  it('stops between and within trials when asked to, and goes on when resumed', async () => {
    const path = await studyPath();
    for (const stopAt of [1, 2]) {
      const controller = new AbortController();
      const seen: number[] = [];
      const run = runGrid(
        ({ x }, { index, signal }) => {
          seen.push(index);
          if (index === stopAt) controller.abort();
          // As a trainer does: with an error of its own, or of fetch and timers.
          if (stopAt === 1) signal?.throwIfAborted();
          return Number(x);
        },
        { path, signal: controller.signal },
      );
      await expect(run).rejects.toBeInstanceOf(CancelledError);
      expect(seen.at(-1)).toBe(stopAt);
    }
    expect((await readStudy(path))?.trials).toHaveLength(3);
    expect((await runGrid(({ x }) => Number(x), { path })).trials).toHaveLength(4);
  });

  it('begins no trial after the timeout, but always runs one', async () => {
    const study = await openStudy(await studyPath(), gridSettings);
    const request = { study, sampler: grid, trials: 4, timeoutSeconds: 1e-6 };
    const evaluateX: Evaluate = ({ x }) => Number(x);
    const { trials, ended } = await runStudy({ ...request, evaluate: evaluateX });
    study.close();
    expect(trials).toHaveLength(1);
    expect(ended).toBe('timeout');
  });

  it('prunes by the median rule: pruned trials are trials, but never the best', async () => {
    const study = await openStudy(await studyPath(), settings);
    const { best, trials } = await runStudy({ study, sampler, pruner, trials: 40, evaluate });
    study.close();
    const pruned = trials.filter((trial) => trial.state === 'pruned');
    expect(trials).toHaveLength(40);
    expect(pruned.length).toBeGreaterThan(5);
    expect(best.state).toBe('complete');
    for (const trial of pruned) {
      const before = trials.slice(0, trial.index);
      expect(pruner.shouldPrune(before, trial)).toBe(true);
      expect(pruner.shouldPrune(before, { values: trial.values.slice(0, -1) })).toBe(false);
    }
  });

  it('takes an evaluation that ends itself for pruned', async () => {
    const { trials } = await runGrid(({ x }, { index, step }) => {
      step(7);
      if (x === 3) throw new TrialPruned({ index, steps: 1 });
      return Number(x);
    });
    expect(trials[0]).toMatchObject({ state: 'pruned', values: [7] });
  });

  it('refuses a sampler, a pruner or a direction that the study was not opened with', async () => {
    const study = await openStudy(await studyPath(), settings);
    const refused = async (parts: object) => {
      const error = await runStudy({ study, sampler, pruner, trials: 1, evaluate, ...parts }).catch(
        (e: unknown) => e,
      );
      expect(error).toBeInstanceOf(StudyMismatchError);
      return (error as StudyMismatchError).differences.map(({ setting }) => setting);
    };
    expect(await refused({ sampler: createRandomSampler(sampler.space, { seed: 9 }) })).toContain(
      'sampler.name',
    );
    expect(await refused({ pruner: undefined })).toEqual(['pruner']);
    expect(
      await refused({ pruner: createMedianPruner({ direction: 'maximize', startupTrials: 3 }) }),
    ).toEqual(['direction']);
    study.close();
  });

  it('refuses numbers of trials and seconds that cannot be meant', async () => {
    const study = await openStudy(await studyPath(), settings);
    for (const parts of [
      { trials: 0 },
      { trials: 1.5 },
      { timeoutSeconds: 0 },
      { timeoutSeconds: Number.NaN },
    ]) {
      const run = runStudy({ study, sampler, pruner, trials: 1, evaluate, ...parts });
      await expect(run).rejects.toBeInstanceOf(InvalidInputError);
    }
    study.close();
  });

  it('returns at once when the study has its trials', async () => {
    const path = await studyPath();
    const first = await runGrid(({ x }) => Number(x), { path, trials: 3 });
    const again = await runGrid(() => expect.fail('was run again'), { path, trials: 3 });
    expect(withoutSeconds(again.trials)).toEqual(withoutSeconds(first.trials));
  });
});
