import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RiskScoringError } from '@risk-scoring/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../config/read-config.ts';
import { trainingOf } from '../config/training-of.ts';
import type { TuneResult } from './tune-options.ts';
import { tunedConfigFile, writeTunedConfig } from './tuned-config.ts';
import { type TuningFlags, tuningOf } from './tuning-of.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-tuning-of-'));
const elsewhere = path.join(folder, 'elsewhere');
mkdirSync(elsewhere);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** With a configuration in the folder elsewhere, run from the folder. */
async function configured(text: string, flags: TuningFlags = {}) {
  writeFileSync(path.join(elsewhere, 'mine.yaml'), text);
  return tuningOf(await readConfig({ folder, file: 'elsewhere/mine.yaml' }), { flags, folder });
}

const result: TuneResult = {
  study: path.join(folder, 'a.study.jsonl'),
  resumedTrials: 0,
  requestedTrials: 1,
  ended: 'trials',
  metric: 'auc',
  direction: 'maximize',
  sampler: 'tpe',
  space: { num_leaves: { type: 'choice', values: [7] } },
  best: {
    index: 0,
    parameters: { num_leaves: 7 },
    values: [0.8, 0.8],
    seconds: 1,
    state: 'complete',
    value: 0.8125,
  },
  trials: [],
  settings: { max_rounds: 5, num_leaves: 7 },
  counts: {} as TuneResult['counts'],
};

describe('tuningOf', () => {
  it('takes the defaults where nobody says anything', async () => {
    const { config: _, trainer, ...tuning } = await configured('');
    expect(tuning).toMatchObject({ sampler: 'tpe', trials: 50, pruning: true });
    expect([tuning.space, tuning.metric, tuning.study, tuning.timeoutSeconds]).toEqual(
      Array(4).fill(undefined),
    );
    expect(trainer.create({ num_leaves: 5 }).hyperparameters).toMatchObject({ num_leaves: 5 });
  });

  it('takes flags before the configuration', async () => {
    const text =
      'tuning: { space: { num_leaves: [7, 15] }, sampler: random, trials: 5, metric: brier, pruning: false, study: a.jsonl, timeout: 9.5 }';
    const ofFile = await configured(text);
    expect(ofFile).toMatchObject({
      space: { num_leaves: { type: 'choice', values: [7, 15] } },
      sampler: 'random',
      trials: 5,
      metric: 'brier',
      pruning: false,
      study: path.join(elsewhere, 'a.jsonl'),
      timeoutSeconds: 9.5,
    });
    writeFileSync(path.join(folder, 'space.json'), '{"max_depth": [3]}');
    const flags = { space: 'space.json', sampler: 'grid', trials: 2, metric: 'auc', study: 'b.jsonl' };
    expect(await configured(text, flags)).toMatchObject({
      space: { max_depth: { type: 'choice', values: [3] } },
      sampler: 'grid',
      trials: 2,
      metric: 'auc',
      study: path.join(folder, 'b.jsonl'),
    });
    expect((await configured('tuning: {}', { pruning: false })).pruning).toBe(false);
  });

  it.each<[what: string, text: string, flags: TuningFlags, message: RegExp]>([
    ['an unknown key', 'tuning: { trails: 5 }', {}, /tuning\.trails .*did you mean tuning\.trials/],
    [
      'a space, with the place',
      'tuning:\n  space:\n    a: { type: int, low: 5, high: 1 }',
      {},
      /tuning\.space\.a\S* \(line 3/,
    ],
    ['a space that is empty', 'tuning: { space: {} }', {}, /tuning\.space .*at least one parameter/],
    ['a sampler', '', { sampler: 'best' }, /tpe, random, grid/],
    ['a metric', '', { metric: 'accuracy' }, /pr_auc/],
    ['no seconds', 'tuning: { timeout: 0 }', {}, /seconds above 0/],
  ])('refuses %s', async (_, text, flags, message) => {
    const error = await configured(text, flags).catch((reason: unknown) => reason);
    expect(RiskScoringError.isInstance(error)).toBe(true);
    expect((error as RiskScoringError).category).toBe('input');
    expect(String(error)).toMatch(message);
  });

  it('says that a setting is of the space', async () => {
    const text = 'training: { trainer: isolation-forest }\ntuning: { space: { tres: [7] } }';
    const { trainer } = await configured(text);
    expect(() => trainer.create({ tres: 7 })).toThrow(/tres of the search space is unknown/);
  });
});

describe('writeTunedConfig', () => {
  it('writes a configuration that decides the same training, wherever it lies', async () => {
    writeFileSync(path.join(elsewhere, 'rules.mjs'), strategy);
    const text = `
features: { groups: ['...', network], evidence_keys: [mean_usd] }
training:
  label_strategy: ./rules.mjs
  label_settings: { inner: { file: labels.csv, other: ../x.csv } }
  evaluation_labels: address
  evaluation_settings: { conflict_policy: drop }
  trainer_settings: { max_rounds: 5 }
  split: temporal
  purge_days: 6
  threshold: precision:0.9
storage: { data_dir: data }`;
    const { config, ...tuning } = await configured(text, { seed: 7, cvFolds: 4, outputDir: 'mine' });
    const file = tunedConfigFile(result.study);
    await writeTunedConfig(file, result, config);
    expect(path.basename(file)).toBe('a.best.yaml');
    const written = readFileSync(file, 'utf8');
    expect(written).toMatch(/^# Written by risk-scoring tune.*\n.*a\.study\.jsonl\n.*auc 0\.8125/);
    expect(written).toContain('optimistic');

    const far = mkdtempSync(path.join(folder, 'far-'));
    const read = await readConfig({ folder: far, file });
    expect(read.training).toMatchObject({
      labelStrategy: path.join(elsewhere, 'rules.mjs'),
      labelSettings: {
        inner: { file: path.join(elsewhere, 'labels.csv'), other: path.join(folder, 'x.csv') },
      },
      trainerSettings: { max_rounds: 5, num_leaves: 7 },
      outputDir: path.join(folder, 'mine'),
    });
    expect(read.features).toMatchObject({ groups: ['...', 'network'], evidenceKeys: ['mean_usd'] });
    expect(read.storage.dataDir).toBeUndefined();
    const { trainer, ...again } = await trainingOf(read, { folder: far });
    expect(trainer.hyperparameters).toMatchObject({ max_rounds: 5, num_leaves: 7 });
    const decided = (of: typeof again) =>
      JSON.parse(JSON.stringify({ ...of, outputDir: path.resolve(folder, of.outputDir) }));
    const { trainer: _, space, sampler, trials, metric, pruning, study, timeoutSeconds, ...first } = tuning;
    const { labelStrategy: one, ...rest } = decided(again);
    const { labelStrategy: other, ...restOfFirst } = decided(first);
    expect(rest).toEqual(restOfFirst);
    expect(one.name).toBe(other.name);
  });

  it('replaces what it wrote, and nothing else', async () => {
    const { config } = await configured('');
    const file = path.join(folder, 'risk-scoring.config.yaml');
    writeFileSync(file, 'training: { seed: 1 }');
    await expect(writeTunedConfig(file, result, config)).rejects.toThrow(/--out/);
    expect(readFileSync(file, 'utf8')).toBe('training: { seed: 1 }');
    rmSync(file);
    await writeTunedConfig(file, result, config);
    await writeTunedConfig(file, { ...result, settings: { max_rounds: 9 } }, config);
    expect(readFileSync(file, 'utf8')).toContain('max_rounds: 9');
    await expect(writeTunedConfig(path.join(folder, 'no/where.yaml'), result, config)).rejects.toThrow(
      /make the folder/,
    );
    expect(existsSync(path.join(folder, 'no'))).toBe(false);
  });
});

const strategy = `export default (settings) => ({
  specificationVersion: 'v1', name: 'rules', settings, requires: ['alerts'],
  deriveLabels: async () => { throw new Error('not asked'); }, validateLabels() {}, getLabelWeights: (set) => set.weights,
});`;
