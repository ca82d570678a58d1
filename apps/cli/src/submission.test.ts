import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '@risk-scoring/pipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, plainEnvironment, start } from './testing/command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const dataDir = path.join(folder, 'data');
const FIRST = '2025-01-06';
const ALERTS = 300;
const snapshot = ['--network', 'simnet', '--date', FIRST, '--window-days', '30'];
const url = ['--github-url', 'https://github.com/owner/model'];

const cli = (...args: string[]): Promise<Ended> =>
  start(args, { cwd: folder, env: { ...plainEnvironment(), RISK_SCORING_DATA_DIR: dataDir } }).ended;

async function ok(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

async function refused(code: number, ...args: string[]): Promise<{ code: string; remedy: string }> {
  const ended = await cli(...args, '--json');
  expect(ended.code, ended.stderr).toBe(code);
  expect(ended.stdout).toBe('');
  return JSON.parse(ended.stderr.trim().split('\n').at(-1) ?? '').error;
}

/** Gives each alert of the first snapshot a score that its id decides, as if a model had. */
async function score(): Promise<void> {
  const database = await openDatabase({ network: 'simnet', dataDir });
  try {
    await database.command({
      sql: `INSERT INTO alert_scores (processing_date, window_days, alert_id, address, score, model_id, model_version, batch_id)
SELECT processing_date, window_days, alert_id, address, sipHash64(alert_id) % 1000 / 1000, 'model-a', '1.2.3', 'batch'
FROM published_alerts WHERE processing_date = {date:Date}`,
      params: { date: FIRST },
      doing: 'scoring',
    });
    await database.insert(
      'batch_metadata',
      [
        {
          batch_id: 'batch',
          processing_date: FIRST,
          window_days: 30,
          model_type: 'alert_scorer',
          model_ids: ['model-a'],
          sequence: 1,
          status: 'complete',
        },
      ],
      'publishing the scores',
    );
  } finally {
    await database.close();
  }
}

beforeAll(async () => {
  const simulated = [
    '--snapshots',
    '2',
    '--step-days',
    '30',
    '--first-date',
    FIRST,
    '--alerts',
    `${2 * ALERTS}`,
  ];
  await ok('simulate', '--out', 'snapshots', '--network', 'simnet', ...simulated);
  await ok('init', '--network', 'simnet');
  await ok('ingest', '--network', 'simnet', '--from', 'snapshots');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('submission and validate-submission', () => {
  it('says how to get scores where there are none', async () => {
    const error = await refused(3, 'submission', ...snapshot, ...url, '--out', 'none.csv');
    expect(error).toMatchObject({ code: 'NO_SCORES_FOUND' });
    expect(error.remedy).toContain(
      `npx risk-scoring score --network simnet --date ${FIRST} --window-days 30`,
    );
    await score();
  });

  it('writes what it takes for whole, as CSV and as Parquet, and judges both alike', async () => {
    const csv = JSON.parse(await ok('submission', ...snapshot, ...url, '--out', 'mine.csv', '--json'));
    expect(csv).toMatchObject({
      model_id: 'model-a',
      model_version: '1.2.3',
      file: path.join(folder, 'mine.csv'),
    });
    const text = await ok('submission', ...snapshot, ...url, '--out', 'mine.parquet', '--model', 'model-a');
    expect(text).toContain(`Wrote the scores of ${csv.alerts} alerts of ${FIRST} by model-a`);
    const [ofCsv, ofParquet] = [
      JSON.parse(await ok('validate-submission', 'mine.csv', ...snapshot, '--json')),
      JSON.parse(await ok('validate-submission', 'mine.parquet', ...snapshot, '--json')),
    ];
    expect({ ...ofParquet, file: '' }).toEqual({ ...ofCsv, file: '' });
    expect(ofCsv).toMatchObject({
      alerts: csv.alerts,
      rows: csv.alerts,
      days: 30,
      final: { phase: 'judged' },
    });
    expect(ofCsv.integrity.passed).toBe(true);
    // Scores that know nothing: no better than chance, and spread over all bins.
    expect(Math.abs(ofCsv.ground_truth.auc - 0.5)).toBeLessThan(0.2);
    expect(ofCsv.behaviour.entropy).toBeGreaterThan(0.95);
    expect(ofCsv.final.score).toBeLessThanOrEqual(ofCsv.final.ceiling);
  });

  it('shows each part as text, and why', async () => {
    const shown = await ok(
      'validate-submission',
      'mine.csv',
      ...snapshot,
      '--others',
      'mine.csv',
      'mine.parquet',
    );
    for (const words of [
      'every alert scored  passed',
      'ground truth (AUC)',
      'median of this and 2 other submissions',
      'that coverage allows',
      'precision at 50',
      'calibration error',
      'Without a previous date stability is 0.7.',
    ]) {
      expect(shown).toContain(words);
    }
    const early = await ok('validate-submission', 'mine.csv', ...snapshot, '--as-of', '2025-01-20');
    expect(early).toContain('Final score 0.100: flat, as this is day 14.');
  });

  it('reports on a submission that fails, and ends with 3', async () => {
    const lines = readFileSync(path.join(folder, 'mine.csv'), 'utf8').trimEnd().split('\n');
    const [header = '', first = '', , ...others] = lines;
    writeFileSync(path.join(folder, 'failing.csv'), `${[header, first, first, ...others].join('\n')}\n`);
    const { code, stdout, stderr } = await cli('validate-submission', 'failing.csv', ...snapshot, '--json');
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      integrity: { passed: false, every_alert_scored: { failures: 1 }, no_duplicates: { failures: 1 } },
      final: { score: 0 },
    });
  });

  it('refuses what cannot be meant, each with the exit code of its kind', async () => {
    expect(await refused(2, 'validate-submission', 'none.csv', ...snapshot)).toMatchObject({
      code: 'SUBMISSION_FILE_UNREADABLE',
    });
    writeFileSync(path.join(folder, 'empty.csv'), '');
    expect(await refused(3, 'validate-submission', 'empty.csv', ...snapshot)).toMatchObject({
      code: 'SUBMISSION_FILE_UNREADABLE',
    });
    const again = await refused(2, 'submission', ...snapshot, ...url, '--out', 'mine.csv');
    expect(again.remedy).toContain('--force');
    await refused(2, 'submission', ...snapshot, '--github-url', 'github.com/o/m', '--out', 'x.csv');
  });
});
