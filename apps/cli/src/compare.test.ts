import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ModelComparison } from '@risk-scoring/pipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showComparison } from './output/comparison.ts';
import { commandsIn, type Ended, fourSnapshots, paste, plainEnvironment, start } from './testing/command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const env = { ...plainEnvironment(), RISK_SCORING_DATA_DIR: path.join(folder, 'data') };

const cli = (...args: string[]): Promise<Ended> => start(args, { cwd: folder, env }).ended;

async function ok(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

const on = ['--network', 'simnet'];
let poor: string;
let good: string;

async function train(rounds: number, ...more: string[]): Promise<string> {
  const settings = ['--trainer-setting', `max_rounds=${rounds}`, '--trainer-setting', 'num_leaves=4'];
  return trainAs(...settings, ...more);
}

async function trainAs(...more: string[]): Promise<string> {
  const period = ['--start-date', '2025-01-06', '--end-date', '2025-01-13', '--cv-folds', '2'];
  return JSON.parse(await ok('train', ...on, ...period, '--no-report', ...more, '--json')).model_id;
}

beforeAll(async () => {
  const snapshots = path.join(folder, 'snapshots');
  await ok('simulate', '--out', snapshots, ...fourSnapshots);
  await ok('init', ...on);
  await ok('ingest', ...on, '--from', snapshots);
  poor = await train(1);
  good = await train(60);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('models compare', () => {
  it('lays two models side by side and says which is better', { timeout: 120_000 }, async () => {
    const shown = await ok('models', 'compare', poor, 'latest', ...on);
    expect(shown).toMatch(new RegExp(`^model +${poor} +${good}$`, 'm'));
    expect(shown).toMatch(/^max_rounds +1 +60$/m);
    expect(shown).toMatch(/^2025-01-27 +[\d,]+ +[\d,]+ +[\d,]+ +neither$/m);
    expect(shown).toMatch(
      /Rows that neither learned from: [\d,]+, .*\n.*second − first\nAUC +0\.\d{3} \(.*\+0\.\d{3} \(\+0\.\d{3} to \+0\.\d{3}\)/,
    );
    expect(shown).toContain(
      'The second is better: the 95 % interval of the difference of the AUC is above 0',
    );
  });

  it('prints all of it as JSON, on a range of snapshots', { timeout: 120_000 }, async () => {
    const range = ['--start-date', '2025-01-13', '--end-date', '2025-01-20', '--json'];
    const comparison = JSON.parse(await ok('models', 'compare', good, poor, ...on, ...range));
    expect(
      comparison.snapshots.map((snapshot: { in_training_of: string[] }) => snapshot.in_training_of),
    ).toEqual([['first', 'second'], []]);
    const { first, second, auc_difference: paired, rows } = comparison.unseen;
    expect(paired.difference).toBeCloseTo(second.auc - first.auc, 12);
    expect(paired.interval[0]).toBeLessThan(paired.interval[1]);
    expect(rows).toBe(comparison.all.rows - comparison.learned_from.first);
    expect(showComparison({ ...comparison, learned_from: { first: 3, second: null } })).toContain(
      'The first may have learned from 3 of them, and nobody can tell how many the second may have learned from: ',
    );
    expect(showComparison({ ...comparison, learned_from: { first: null, second: null } })).toContain(
      'Nobody can tell how many of them either may have learned from.',
    );
  });

  it('shows of rankers how they order snapshots, in training and on the same rows', {
    timeout: 120_000,
  }, async () => {
    const ranker = await train(20, '--model-type', 'alert_ranker');
    const shown = await ok('models', 'compare', ranker, ranker, ...on);
    const interval = '0\\.\\d{3} \\(0\\.\\d{3} to [01]\\.\\d{3}\\)';
    for (const name of ['NDCG@10', 'NDCG@100', 'MAP', 'precision@50']) {
      expect(shown).toMatch(new RegExp(`^${name} +${interval} +${interval}$`, 'm'));
      expect(shown).toMatch(
        new RegExp(`^${name} +${interval} +${interval} +\\+0\\.000 \\(\\+0\\.000 to \\+0\\.000\\)$`, 'm'),
      );
    }
    expect(shown).toMatch(/^CV NDCG@10 +0\.\d{3} +0\.\d{3}$/m);
    expect(shown).not.toMatch(/^(?:Brier|ECE|recall)\b/m);
    expect(shown).toContain('the mean over 1 with a suspicious row.');
    expect(shown).toContain('the 95 % interval of the difference of the NDCG@10 holds 0');
  });

  it('calls groups of clusters what they are, and says of every interval of few that it is too narrow', {
    timeout: 120_000,
  }, async () => {
    const clusters = await trainAs('--model-type', 'cluster_scorer', '--trainer', 'isolation-forest');
    const text = await ok(
      'models',
      'compare',
      clusters,
      clusters,
      ...on,
      '--start-date',
      '2025-01-06',
      '--end-date',
      '2025-01-27',
      '--json',
    );
    const comparison: ModelComparison = JSON.parse(text);
    const shown = showComparison(comparison);
    expect(shown).toMatch(/All labelled rows: .* and normal ones of [\d,]+ groups of clusters$/m);
    expect(shown).not.toMatch(/ones of [\d,]+ addresses/);
    const groups = comparison.first.resampled_groups ?? 0;
    expect(groups).toBeGreaterThan(0);
    expect(
      shown.includes(
        `The intervals of ${clusters} are too narrow: they are of ${groups} groups of clusters.`,
      ),
    ).toBe(groups < 20);
    const few = { ...comparison, unseen: null, all: { ...comparison.all, intervals_too_narrow: true } };
    const caveat = 'Fewer than 20 groups of clusters of a class: these intervals are too narrow';
    expect(showComparison(few)).toContain(caveat);
    const enough = { ...few, all: { ...comparison.all, intervals_too_narrow: false } };
    expect(showComparison(enough)).not.toContain(caveat);
    const { first } = comparison;
    expect(showComparison({ ...few, first: { ...first, resampled_groups: 12 } })).toContain(
      `The intervals of ${clusters} are too narrow: they are of 12 groups of clusters.`,
    );
  });

  it('refuses dates that do not go together, and models that are not there', {
    timeout: 60_000,
  }, async () => {
    const half = await cli('models', 'compare', poor, good, ...on, '--start-date', '2025-01-13');
    expect(half.code).toBe(2);
    expect(half.stderr).toMatch(/--date, or --start-date and --end-date/);
    const unknown = await cli('models', 'compare', poor, 'nobody', ...on);
    expect(unknown.stderr).toContain('MODEL_NOT_FOUND');
  });
});

describe('models promote', () => {
  it('moves the alias without a gate, and then only to what passes one', { timeout: 180_000 }, async () => {
    expect(await ok('models', 'promote', poor, ...on)).toBe(
      `champion now stands for ${poor}; it stood for no model before.\nNo gate was asked for: nothing was judged.\n`,
    );
    const gate = ['--min-improvement', '0.005', '--confident', '--max-ece', '0.5'];
    const shown = await ok('models', 'promote', good, ...on, ...gate);
    expect(shown).toMatch(
      /^improvement +AUC \+0\.\d{4} .*\n +demanded: an AUC that is better by at least 0\.005$/m,
    );
    expect(shown).toContain(`champion now stands for ${good}; it stood for ${poor} before.`);
    const refused = await cli('models', 'promote', poor, ...on, ...gate);
    expect(refused.code).toBe(5);
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toMatch(/2 of 5 conditions failed.*\[GATE_NOT_PASSED\]/);
    expect(refused.stderr).toMatch(/FAILED: improvement \(AUC −0\.\d{4} \(0\.\d{4} against 0\.\d{4}\)/);
    const again = JSON.parse(await ok('models', 'promote', 'champion', ...on, ...gate, '--json'));
    expect(again).toMatchObject({ moved: false, from: good, model_id: good });
  });

  it('refuses a model that is not of the type or window that was asked for', {
    timeout: 60_000,
  }, async () => {
    const asked = ['--model-type', 'alert_ranker', '--window-days', '7'];
    const { code, stderr } = await cli('models', 'promote', poor, ...on, '--alias', 'z', ...asked);
    expect(code).toBe(2);
    expect(stderr).toContain('MODEL_DOES_NOT_FIT');
    const [listed] = commandsIn(stderr);
    expect((await paste(listed ?? '', { cwd: folder, env })).code).toBe(0);
  });

  it('advises commands that work where the model that has the alias is gone', {
    timeout: 180_000,
  }, async () => {
    const gone = await train(2);
    await ok('models', 'promote', gone, ...on, '--alias', 'gone');
    const models: { model_id: string; model_path: string }[] = JSON.parse(
      await ok('models', 'list', ...on, '--json'),
    );
    rmSync(models.find(({ model_id: id }) => id === gone)?.model_path ?? '');
    const { code, stderr } = await cli(
      'models',
      'promote',
      poor,
      ...on,
      '--alias',
      'gone',
      '--min-improvement',
      '0',
    );
    expect(code).toBe(5);
    expect(stderr).toContain('ALIAS_MODEL_UNUSABLE');
    const [gated = '', plain = ''] = commandsIn(stderr);
    expect(gated).toBe(`npx risk-scoring models promote ${poor} --network simnet --alias gone --gate`);
    const judged = await paste(gated, { cwd: folder, env });
    // Whether the poor model is calibrated well enough is another matter.
    expect([0, 5]).toContain(judged.code);
    expect(judged.stdout + judged.stderr).toMatch(/gone now stands for|GATE_NOT_PASSED/);
    const moved = await paste(plain, { cwd: folder, env });
    expect(moved.code).toBe(0);
    expect(moved.stdout).toContain(`gone ${judged.code === 0 ? 'stands' : 'now stands'} for ${poor}`);
  });

  it('refuses dates without a gate that would judge on them', { timeout: 30_000 }, async () => {
    const { code, stderr } = await cli('models', 'promote', poor, ...on, '--date', '2025-01-27');
    expect(code).toBe(2);
    expect(stderr).toContain('add --gate');
  });
});
