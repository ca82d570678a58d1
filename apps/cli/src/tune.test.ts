import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfig } from '@risk-scoring/pipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainEnvironment, start as startCommand } from './testing/command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-tune-'));
const env = { ...plainEnvironment(), RISK_SCORING_DATA_DIR: path.join(folder, 'data') };
const at = (name: string) => path.join(folder, name);
const start = (...args: readonly string[]) => startCommand(args, { cwd: folder, env });

const period = ['--start-date', '2025-01-06', '--end-date', '2025-01-13', '--window-days', '30'];
const tune = (...more: string[]) => [
  ...['tune', '--network', 'simnet', ...period, '--cv-folds', '3', '--seed', '7'],
  ...['--trainer-setting', 'max_rounds=10', '--trainer-setting', 'threads=1', '--space', 'space.yaml'],
  ...more,
];

/** A trial as its study tells it, but for the time it took. */
interface Trial {
  readonly type: string;
  readonly index: number;
  readonly state: string;
  readonly value: number;
}

async function ok(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await start(...args).ended;
  expect(code, stderr).toBe(0);
  return stdout;
}

function trialsOf(study: string): Trial[] {
  if (!existsSync(study)) return [];
  const lines = readFileSync(study, 'utf8').split('\n').slice(0, -1);
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'finished')
    .map(({ seconds: _, ...trial }) => trial);
}

const parametersOf = (study: string) =>
  new Map(
    readFileSync(study, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{"type":"started"'))
      .map((line) => JSON.parse(line))
      .map(({ index, parameters }) => [index, parameters]),
  );

/** Starts a tuning and does something to it as soon as its study has two trials. */
async function interrupted(study: string, signal: NodeJS.Signals, args: readonly string[]) {
  const { child, ended } = start(...args);
  const timer = setInterval(() => {
    if (trialsOf(study).length < 2) return;
    clearInterval(timer);
    child.kill(signal);
  }, 20);
  const outcome = await ended;
  clearInterval(timer);
  return outcome;
}

beforeAll(async () => {
  const snapshots = [
    '--snapshots',
    '2',
    '--alerts',
    '3000',
    '--first-date',
    '2025-01-06',
    '--step-days',
    '7',
  ];
  await ok('simulate', '--out', at('snapshots'), ...snapshots);
  await ok('init', '--network', 'simnet');
  await ok('ingest', '--network', 'simnet', '--from', at('snapshots'));
  writeFileSync(
    at('space.yaml'),
    'space:\n  num_leaves: { type: int, low: 3, high: 31 }\n  learning_rate: { type: float, low: 0.02, high: 0.3, log: true }\n',
  );
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('tune', { timeout: 300_000 }, () => {
  it('shows the best trials, writes them for train, and says what the figure is worth', async () => {
    const shown = await ok(...tune('--trials', '4', '--sampler', 'random'));
    const study = at(
      'trained_models/simnet/tuning/alert_scorer_lightgbm_2025-01-06_2025-01-13_w30d.study.jsonl',
    );
    const best = study.replace('.study.jsonl', '.best.yaml');
    expect(shown).toMatch(
      /^rank +trial +auc +folds +parameters\n1 +\d +0\.\d{4} +0\.\d{3}–0\.\d{3} +num_leaves=/,
    );
    expect(shown).toContain('4 complete, 0 pruned, 0 failed.');
    expect(shown).toMatch(/optimistic.*holdout of train/);
    expect(shown).toContain(
      `Next: npx risk-scoring train --network simnet ${period.join(' ')} --config ${best}`,
    );

    const again = JSON.parse(await ok(...tune('--trials', '4', '--sampler', 'random', '--json')));
    expect(again).toMatchObject({ study, config: best, resumedTrials: 4, states: { complete: 4 } });
    expect(again.trials).toHaveLength(4);
    expect(again.best.value).toBe(Math.max(...trialsOf(study).map(({ value }) => value)));

    const training = ['train', '--network', 'simnet', ...period, '--json'];
    const tuned = JSON.parse(await ok(...training, '--config', best));
    expect(tuned.hyperparameters).toMatchObject({ max_rounds: 10, ...again.best.parameters });
    expect(tuned.seed).toBe(7);
    expect(tuned.metrics.cv_auc_mean).toBeCloseTo(again.best.value, 12);
    // The same holdout as of a training that nobody tuned.
    const plain = JSON.parse(
      await ok(...training, '--cv-folds', '3', '--seed', '7', '--trainer-setting', 'max_rounds=10'),
    );
    expect(tuned.data_stats.num_holdout).toBe(plain.data_stats.num_holdout);
    const holdoutOf = ({ split }: { split: { holdout_file: string } }) =>
      readFileSync(at(`trained_models/simnet/${split.holdout_file}`), 'utf8');
    expect(holdoutOf(tuned).split('\n').length).toBeGreaterThan(20);
    expect(holdoutOf(tuned)).toBe(holdoutOf(plain));
    expect((await readConfig({ folder, file: best })).storage.dataDir).toBeUndefined();
  });

  it('goes on after kill -9 and after SIGINT, and ends like a study that nobody stopped', async () => {
    const search = (study: string) => tune('--trials', '6', '--study', study);
    await ok(...search('unbroken.jsonl'));
    const study = at('broken.jsonl');
    const killed = await interrupted(study, 'SIGKILL', search('broken.jsonl'));
    expect(killed.code).toBeNull();
    const left = trialsOf(study).length;
    expect(left).toBeGreaterThanOrEqual(2);
    expect(left).toBeLessThan(6);
    const shown = await ok(...search('broken.jsonl'));
    expect(shown).toContain(`${left} of 6 trials were there already`);
    expect(trialsOf(study)).toEqual(trialsOf(at('unbroken.jsonl')));
    expect(parametersOf(study)).toEqual(parametersOf(at('unbroken.jsonl')));
    expect(existsSync(at('broken.best.yaml'))).toBe(true);

    const stopped = await interrupted(at('stopped.jsonl'), 'SIGINT', search('stopped.jsonl'));
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/of 6 trials done; .*stopped\.jsonl keeps them\. \[CANCELLED\]/);
    expect(stopped.stderr).toContain('run the same command again');
    await ok(...search('stopped.jsonl'));
    expect(trialsOf(at('stopped.jsonl'))).toEqual(trialsOf(at('unbroken.jsonl')));
  });

  it.each<[what: string, code: number, message: RegExp, more: string[]]>([
    ['an unknown parameter', 2, /\[LIGHTGBM_PARAMETER\][\s\S]*num_leafs/, ['--space', 'wrong.yaml']],
    ['a space that is none', 2, /INVALID_SEARCH_SPACE/, ['--space', 'empty.yaml']],
    ['an unknown metric', 2, /pr_auc/, ['--metric', 'accuracy']],
    ['an ensemble without a space', 2, /declare|--space/, ['--trainer', 'ensemble']],
    ['to replace a configuration', 2, /--out/, ['--out', 'mine.yaml']],
    ['no seconds', 2, /seconds above 0/, ['--timeout', '0']],
  ])('refuses %s before anything is computed', async (what, code, message, more) => {
    writeFileSync(at('wrong.yaml'), 'num_leafs: [7, 15]');
    writeFileSync(at('empty.yaml'), '{}');
    writeFileSync(at('mine.yaml'), 'training: { seed: 1 }');
    const args = what.startsWith('an ensemble')
      ? ['tune', '--network', 'simnet', ...period, ...more]
      : tune(...more);
    const ended = await start(...args, '--study', 'refused.jsonl').ended;
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(code);
    expect(existsSync(at('refused.jsonl'))).toBe(false);
    expect(readFileSync(at('mine.yaml'), 'utf8')).toBe('training: { seed: 1 }');
  });

  it('refuses a study of something else', async () => {
    const { code, stderr } = await start(
      ...tune('--trials', '2', '--study', 'unbroken.jsonl', '--metric', 'brier'),
    ).ended;
    expect(stderr).toContain('[STUDY_MISMATCH]');
    expect(code).toBe(2);
    expect(trialsOf(at('unbroken.jsonl'))).toHaveLength(6);
  });
});
