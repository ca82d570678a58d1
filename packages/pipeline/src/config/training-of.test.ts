import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InvalidInputError, RiskScoringError } from '@risk-scoring/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from './read-config.ts';
import { type TrainingFlags, trainingOf } from './training-of.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-config-'));
const elsewhere = path.join(folder, 'elsewhere');

/** A strategy that keeps what it was given. */
const echo = `export default (settings, { folder }) => ({
  specificationVersion: 'v1', name: 'echo', settings: { ...settings, folder }, requires: ['alerts'],
  deriveLabels: async () => { throw new Error('not asked'); }, validateLabels() {}, getLabelWeights: (set) => set.weights,
});`;

beforeAll(() => {
  mkdirSync(elsewhere);
  writeFileSync(path.join(folder, 'echo.mjs'), echo);
  writeFileSync(path.join(elsewhere, 'echo.mjs'), echo.replace("name: 'echo'", "name: 'echo elsewhere'"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** With a configuration in the folder elsewhere, run from the folder. */
async function trained(text: string, flags: TrainingFlags = {}) {
  writeFileSync(path.join(elsewhere, 'mine.yaml'), text);
  const config = await readConfig({ folder, file: 'elsewhere/mine.yaml' });
  return trainingOf(config, { flags, folder });
}

async function refusalOf(text: string, flags: TrainingFlags = {}): Promise<RiskScoringError> {
  const error = await trained(text, flags).catch((reason: unknown) => reason);
  expect(RiskScoringError.isInstance(error), `not refused in a typed way: ${error}`).toBe(true);
  return error as RiskScoringError;
}

describe('trainingOf', () => {
  it('has the defaults where nobody says anything', async () => {
    const training = await trained('');
    expect(training).toMatchObject({
      modelType: 'alert_scorer',
      labelStrategy: { name: 'address' },
      trainer: { name: 'lightgbm' },
      testFraction: 0.2,
      cvFolds: 5,
      seed: 42,
      modelVersion: '1.0.0',
      outputDir: 'trained_models',
    });
    expect(training).not.toHaveProperty('evaluationLabels');
  });

  it('takes the file before the defaults, and flags before the file', async () => {
    const text = `training:
  trainer_settings: { num_leaves: 7, max_rounds: 9, early_stopping_rounds: 3, early_stopping_metric: auc, threads: 1 }
  evaluation_labels: ./echo.mjs
  evaluation_settings: { a: 1 }
  test_fraction: 0.3
  cv_folds: 3
  seed: 0
  model_version: 2.0.0
  output_dir: models
`;
    const ofFile = await trained(text);
    expect(ofFile).toMatchObject({
      evaluationLabels: { name: 'echo elsewhere', settings: { a: 1, folder: elsewhere } },
      testFraction: 0.3,
      cvFolds: 3,
      seed: 0,
      modelVersion: '2.0.0',
      outputDir: path.join(elsewhere, 'models'),
    });
    expect(ofFile.trainer.hyperparameters).toMatchObject({
      num_leaves: 7,
      max_rounds: 9,
      early_stopping_rounds: 3,
      early_stopping_metric: 'auc',
      num_threads: 1,
    });
    const ofFlags = await trained(text, {
      evaluationLabels: 'address',
      trainerSetting: ['num_leaves=8', 'min_data_in_leaf=3'],
      testFraction: 0.4,
      cvFolds: 4,
      seed: 9,
      modelVersion: '3.0.0',
      outputDir: 'out',
    });
    expect(ofFlags).toMatchObject({
      evaluationLabels: { name: 'address' },
      testFraction: 0.4,
      cvFolds: 4,
      seed: 9,
      modelVersion: '3.0.0',
      outputDir: 'out',
    });
    expect(ofFlags.trainer.hyperparameters).toMatchObject({
      num_leaves: 8,
      min_data_in_leaf: 3,
      max_rounds: 9,
    });
  });

  it('finds files from where they are named: beside the file, or in the working folder', async () => {
    const text = 'training: { label_strategy: ./echo.mjs, label_settings: { a: { b: 1, c: 2 } } }';
    expect((await trained(text)).labelStrategy).toMatchObject({
      name: 'echo elsewhere',
      settings: { a: { b: 1, c: 2 }, folder: elsewhere },
    });
    const { labelStrategy } = await trained(text, {
      labelStrategy: './echo.mjs',
      labelSetting: ['x=./x.csv'],
    });
    // Another file than the configuration's, so that its settings do not count.
    expect(labelStrategy.name).toBe('echo');
    expect(labelStrategy.settings).toEqual({ x: './x.csv', folder });
    const plain = 'training: { label_strategy: ./echo.mjs }';
    expect((await trained(plain)).labelStrategy.settings).toEqual({ folder: elsewhere });
    const labelSetting = ['x=x.csv'];
    expect((await trained(plain, { labelSetting })).labelStrategy.settings).toEqual({ x: 'x.csv', folder });
  });

  it('puts settings of flags over those of the file, each path relative to its own', async () => {
    const text =
      'training: { label_strategy: ./echo.mjs, label_settings: { a: { b: 1, c: 2 }, file: ./f.csv } }';
    const labelSetting = ['a.b=3', 'd.e=4', 'other=../o.csv', 'name=o.csv'];
    expect((await trained(text, { labelSetting })).labelStrategy.settings).toEqual({
      a: { b: 3, c: 2 },
      d: { e: 4 },
      file: './f.csv',
      other: path.resolve(folder, '../o.csv'),
      name: 'o.csv',
      folder: elsewhere,
    });
  });

  it('leaves out settings of a trainer that a flag replaces', async () => {
    const text = 'training: { trainer_settings: { num_leaves: 7 } }';
    const flags = {
      trainer: 'isolation-forest',
      trainerSetting: ['trees=7', 'sample_size=64', 'max_features=2'],
    };
    expect((await trained(text, flags)).trainer).toMatchObject({
      name: 'isolation-forest',
      hyperparameters: { trees: 7, sample_size: 64, max_features: 2 },
    });
  });

  it('tells what is wrong with settings by the place of each', async () => {
    const text = 'training:\n  label_settings:\n    polcy: drop\n    use_confidence: 3\n';
    const refusal = await refusalOf(text, { labelSetting: ['conflict_policy=none'] });
    expect(refusal.code).toBe('INVALID_INPUT');
    expect(refusal.found).toContain('training.label_settings.polcy (line 3, column 5) is unknown');
    expect(refusal.found).toContain(
      'training.label_settings.use_confidence (line 4, column 5) must be true or false',
    );
    expect(refusal.found).toContain('--label-setting conflict_policy must be one of');
    expect(refusal.remedy).toContain('mine.yaml');
  });

  it.each<[what: string, trainer: string, setting: string, found: RegExp]>([
    ['rounds that are no number', 'lightgbm', 'max_rounds=many', /max_rounds must be a whole number/],
    ['no threads', 'lightgbm', 'threads=0', /threads must be a whole number/],
    ['a seed of its own', 'lightgbm', 'seed=1', /seed is decided by training\.seed/],
    ['a map as a parameter', 'lightgbm', 'num_leaves={a: 1}', /num_leaves must be a text, a number/],
    ['an unknown parameter', 'lightgbm', 'num_leafs=1', /num_leafs/],
    ['an unknown setting', 'isolation-forest', 'tree=1', /tree is unknown; did you mean trees\?/],
    ['too many trees', 'isolation-forest', 'trees=1000000', /trees must be a whole number from 1 to 100000/],
  ])('refuses %s for the trainer', async (_, trainer, setting, found) => {
    const refusal = await refusalOf('', { trainer, trainerSetting: [setting] });
    expect(refusal.category).toBe('input');
    expect(refusal.found).toMatch(found);
  });

  it('names what exists where a flag names something else', async () => {
    const all: TrainingFlags[] = [{ trainer: 'magic' }, { split: 'magic' }, { modelType: 'magic' }];
    for (const flags of all) expect(await refusalOf('', flags)).toBeInstanceOf(InvalidInputError);
    expect((await refusalOf('', { evaluationLabels: 'magic' })).code).toBe('LABEL_STRATEGY_SOURCE');
  });
});
