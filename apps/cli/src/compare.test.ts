import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, fourSnapshots, plainEnvironment, start } from './testing/command.ts';

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

async function train(rounds: number): Promise<string> {
  const period = ['--start-date', '2025-01-06', '--end-date', '2025-01-13', '--cv-folds', '2'];
  const settings = ['--trainer-setting', `max_rounds=${rounds}`, '--trainer-setting', 'num_leaves=4'];
  return JSON.parse(await ok('train', ...on, ...period, ...settings, '--json')).model_id;
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
    expect(shown).toContain('The second is better: the 95 % interval is above 0');
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

  it('refuses dates without a gate that would judge on them', { timeout: 30_000 }, async () => {
    const { code, stderr } = await cli('models', 'promote', poor, ...on, '--date', '2025-01-27');
    expect(code).toBe(2);
    expect(stderr).toContain('add --gate');
  });
});
