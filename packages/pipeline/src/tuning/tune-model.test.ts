import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InvalidInputError, type ModelTrainer } from '@risk-scoring/contract';
import { ALL_GROUPS } from '@risk-scoring/features';
import { simulateSnapshots } from '@risk-scoring/simulator';
import { type Database, ingestSnapshots, initDatabase } from '@risk-scoring/storage';
import { parseSearchSpace, readStudy, StudyMismatchError, type TrialRecord } from '@risk-scoring/tuning';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenSettings } from '../config/read-config.ts';
import { labelStrategyByName, splitterByName, trainerByName } from '../registry.ts';
import { trainModel } from '../train-model.ts';
import { settleTrainOptions } from '../train-options.ts';
import { planTraining } from '../training-plan.ts';
import { TuningStoppedError } from './errors.ts';
import { tuneModel } from './tune-model.ts';
import { foldsOf, type TuneOptions } from './tune-options.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-tuning-'));
const base: OpenSettings = { max_rounds: 12, early_stopping_rounds: 0, threads: 1 };
const create = (settings: OpenSettings) => trainerByName('lightgbm', 'alert_scorer', { settings });
const space = parseSearchSpace({
  num_leaves: { type: 'int', low: 3, high: 31 },
  learning_rate: { type: 'float', low: 0.02, high: 0.3, log: true },
});
let database: Database;
let common: Omit<TuneOptions, 'trainer'>;
let options: TuneOptions;
let files = 0;

/** A study of its own. */
const aside = () => path.join(folder, `${files++}.study.jsonl`);
/** What must not depend on how often a study was stopped. */
const told = (trials: readonly TrialRecord[]) => trials.map(({ seconds: _, ...trial }) => trial);

beforeAll(async () => {
  const snapshots = path.join(folder, 'snapshots');
  await simulateSnapshots({ outputDir: snapshots, network: 'simnet', seed: 5, snapshots: 2, alerts: 3000 });
  ({ database } = await initDatabase({ network: 'simnet', dataDir: folder }));
  const dates = (await ingestSnapshots(database, { from: snapshots })).map(
    (outcome) => outcome.processingDate,
  );
  common = {
    period: { network: 'simnet', startDate: dates[0] ?? '', endDate: dates.at(-1) ?? '', windowDays: 30 },
    modelType: 'alert_scorer',
    labelStrategy: labelStrategyByName('address'),
    splitter: splitterByName('address'),
    outputDir: path.join(folder, 'models'),
    modelVersion: '1.0.0',
    seed: 42,
    cvFolds: 3,
  };
  options = { ...common, trainer: { name: 'lightgbm', settings: base, create }, space };
}, 120_000);
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('tuneModel', () => {
  it('keeps a study beside the models, and gives the settings of its best trial', async () => {
    const details: string[] = [];
    const result = await tuneModel(database, {
      ...options,
      sampler: 'random',
      trials: 4,
      onProgress: ({ stage, detail }) => stage === 'tuning' && details.push(detail ?? ''),
    });
    const { startDate, endDate } = options.period;
    expect(result.study).toBe(
      path.join(
        folder,
        `models/simnet/tuning/alert_scorer_lightgbm_${startDate}_${endDate}_w30d.study.jsonl`,
      ),
    );
    expect(result).toMatchObject({ metric: 'auc', direction: 'maximize', ended: 'trials', resumedTrials: 0 });
    expect(result.trials.map(({ state }) => state)).toEqual(Array(4).fill('complete'));
    const values = result.trials.map((trial) => (trial.state === 'complete' ? trial.value : Number.NaN));
    expect(result.best.value).toBe(Math.max(...values));
    expect(new Set(values).size).toBe(4);
    expect(result.settings).toEqual({ ...base, ...result.best.parameters });
    const folds = foldsOf(result.best);
    expect(folds).toHaveLength(3);
    expect(folds.reduce((sum, fold) => sum + fold) / 3).toBeCloseTo(result.best.value, 12);
    expect(details.at(-1)).toMatch(/^trial 3: auc 0\.\d{3}, best 0\.\d{3} \(trial \d\)$/);
  });

  it('scores a trial as training scores its cross-validation', async () => {
    const { settings, best } = await tuneModel(database, { ...options, study: aside(), trials: 1 });
    const { metadata } = await trainModel(database, { ...common, trainer: create(settings) });
    expect(metadata.metrics.cv_auc_mean).toBeCloseTo(best.value, 12);
    expect(metadata.hyperparameters).toMatchObject(best.parameters);
  });

  it('goes on where it was stopped, and ends like a study that was not', async () => {
    const search: TuneOptions = { ...options, sampler: 'tpe', trials: 6 };
    const unbroken = await tuneModel(database, { ...search, study: aside() });
    const study = aside();
    const controller = new AbortController();
    const stopped = tuneModel(database, {
      ...search,
      study,
      signal: controller.signal,
      onProgress: ({ stage, done }) => stage === 'tuning' && done === 2 && controller.abort(),
    });
    await expect(stopped).rejects.toThrow(TuningStoppedError);
    await expect(stopped).rejects.toThrow(/2 of 6 trials done.*run the same command again/);
    const details: (string | undefined)[] = [];
    const resumed = await tuneModel(database, {
      ...search,
      study,
      onProgress: ({ stage, detail }) => stage === 'tuning' && details.push(detail),
    });
    expect(resumed.resumedTrials).toBe(2);
    expect(details[0]).toBe('2 of 6 trials were there already');
    expect(told(resumed.trials)).toEqual(told(unbroken.trials));

    const other = tuneModel(database, {
      ...search,
      study,
      seed: 43,
      metric: 'brier',
      trainer: { ...options.trainer, settings: { ...base, max_rounds: 13 } },
    });
    await expect(other).rejects.toThrow(StudyMismatchError);
    await expect(other).rejects.toThrow(
      /objective.*fingerprint\.trainer_settings\.max_rounds.*fingerprint\.seed/,
    );
    expect(told((await readStudy(study))?.trials ?? [])).toEqual(told(unbroken.trials));
  });

  it('refuses a parameter that the trainer does not take before anything is computed', async () => {
    const study = aside();
    const stages: string[] = [];
    const search = tuneModel(database, {
      ...options,
      study,
      space: parseSearchSpace({ num_leafs: [7, 15] }),
      onProgress: ({ stage }) => stages.push(stage),
    });
    await expect(search).rejects.toMatchObject({ category: 'input' });
    await expect(search).rejects.toThrow(/'num_leafs' cannot be used.*nearest/);
    expect(stages).toEqual([]);
    expect(existsSync(study)).toBe(false);
  });

  it('refuses data that cannot be divided into folds, rather than noting failed trials', async () => {
    const study = aside();
    const search = tuneModel(database, { ...options, study, splitter: splitterByName('temporal') });
    await expect(search).rejects.toMatchObject({ code: 'TOO_FEW_SNAPSHOTS' });
    expect(existsSync(study)).toBe(false);
  });

  it('tunes with columns that come from labels, which every fold sees anew', async () => {
    const featureGroups = ALL_GROUPS.filter(({ name }) => ['alert', 'label-neighbourhood'].includes(name));
    const search: TuneOptions = { ...options, featureGroups, sampler: 'random' };
    const { best, trials } = await tuneModel(database, { ...search, study: aside(), trials: 2 });
    const backwards = await tuneModel(database, {
      ...search,
      study: aside(),
      sampler: 'grid',
      space: parseSearchSpace(
        Object.fromEntries(
          Object.entries(trials[1]?.parameters ?? {}).map(([name, value]) => [name, [value]]),
        ),
      ),
    });
    // What a trial gives does not depend on those before it.
    expect(backwards.trials).toMatchObject([{ state: 'complete', values: trials[1]?.values }]);
    const settings = { ...base, ...best.parameters };
    const { metadata } = await trainModel(database, { ...common, featureGroups, trainer: create(settings) });
    expect(metadata.metrics.cv_auc_mean).toBeCloseTo(best.value, 12);
  });

  it('ends a trial early that does worse than most', async () => {
    const search: TuneOptions = {
      ...options,
      sampler: 'grid',
      // Nothing is worth a split under the last.
      space: parseSearchSpace({ lambda_l1: [0, 0.1, 0.2, 0.3, 0.4, 1e9] }),
      trials: 10,
    };
    const pruned = await tuneModel(database, { ...search, study: aside() });
    expect(pruned.ended).toBe('exhausted');
    expect(pruned.trials.map(({ state }) => state)).toEqual([...Array(5).fill('complete'), 'pruned']);
    expect(pruned.trials[5]?.values).toHaveLength(2);
    const whole = await tuneModel(database, { ...search, study: aside(), pruning: false });
    expect(whole.trials[5]).toMatchObject({ state: 'complete', value: 0.5 });
  });

  it('never learns from the holdout and never predicts it', async () => {
    const { trainer: _, ...rest } = options;
    const plan = await planTraining(
      database,
      options.period,
      settleTrainOptions({ ...rest, trainer: create(base) }, 'simnet'),
    );
    expect(plan.holdout.test.length).toBeGreaterThan(50);
    const seen = { prepared: 0, trained: 0, predicted: 0 };
    const look = (what: keyof typeof seen, rows: Int32Array | undefined) => {
      if (rows === undefined) throw new Error(`${what}: all rows, the holdout among them`);
      seen[what] += rows.length;
      expect(rows.filter((row) => plan.hidden[row] === 1)).toHaveLength(0);
    };
    const spyOn = (real: ModelTrainer): ModelTrainer => ({
      ...real,
      prepare: async (data, rows) => {
        look('prepared', rows);
        return (await real.prepare?.(data, rows)) as Awaited<
          ReturnType<NonNullable<ModelTrainer['prepare']>>
        >;
      },
      train: async (request) => {
        look('trained', request.trainRows);
        look('trained', request.validationRows);
        expect(request.labels.filter((label, row) => plan.hidden[row] === 1 && label >= 0)).toHaveLength(0);
        const model = await real.train(request);
        return {
          ...model,
          predict: (data, asked) => {
            look('predicted', asked?.rows);
            return model.predict(data, asked);
          },
        };
      },
    });
    const result = await tuneModel(database, {
      ...options,
      study: aside(),
      trials: 2,
      trainer: { ...options.trainer, create: (settings) => spyOn(create(settings)) },
    });
    expect(result.counts.holdout).toBe(plan.holdout.test.length);
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(500);
  });

  it('makes losses small', async () => {
    const result = await tuneModel(database, {
      ...options,
      study: aside(),
      sampler: 'random',
      metric: 'log_loss',
      trials: 3,
    });
    const values = result.trials.flatMap((trial) => (trial.state === 'complete' ? [trial.value] : []));
    expect(result.direction).toBe('minimize');
    expect(result.best.value).toBe(Math.min(...values));
  });

  it('compares rankers by ndcg@10, and by nothing that takes probabilities', async () => {
    const ranker: TuneOptions = {
      ...options,
      study: aside(),
      modelType: 'alert_ranker',
      trainer: {
        name: 'lightgbm',
        settings: base,
        create: (settings) => trainerByName('lightgbm', 'alert_ranker', { settings }),
      },
      trials: 1,
    };
    const { metric, best } = await tuneModel(database, ranker);
    expect(metric).toBe('ndcg@10');
    expect(best.value).toBeGreaterThan(0);
    expect(best.value).toBeLessThanOrEqual(1);
    await expect(tuneModel(database, { ...ranker, metric: 'log_loss' })).rejects.toThrow(InvalidInputError);
  });

  it('outlives a trial whose model cannot be trained, and says why', async () => {
    const study = aside();
    const result = await tuneModel(database, {
      ...options,
      study,
      sampler: 'grid',
      space: parseSearchSpace({ num_leaves: [7, 15] }),
      trainer: {
        ...options.trainer,
        create: (settings) => {
          const real = create(settings);
          if (settings.num_leaves !== 15) return real;
          const refuse = () => {
            throw new InvalidInputError({ what: 'The model', expected: 'fewer leaves', found: 15 });
          };
          return { ...real, train: async () => refuse() };
        },
      },
      trials: 2,
    });
    expect(result.trials[1]).toMatchObject({ state: 'failed', error: { code: 'INVALID_INPUT' } });
    expect(readFileSync(study, 'utf8')).toContain('fewer leaves');
  });
});
