import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '@risk-scoring/pipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fourSnapshots, plainEnvironment, start } from './testing/command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-monitor-'));
const dataDir = path.join(folder, 'data');
const env = { ...plainEnvironment(), RISK_SCORING_DATA_DIR: dataDir };
const run = (...args: readonly string[]) => start(args, { cwd: folder, env }).ended;
const monitor = (...more: readonly string[]) => run('monitor', '--network', 'simnet', ...more);
/** The snapshot after those trained on, and one inserted by hand, in which no alert's address has a row of features. */
const [later, changed] = ['2025-01-27', '2025-03-03'];

async function ok(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

beforeAll(async () => {
  await ok('simulate', '--out', 'snapshots', '--network', 'simnet', ...fourSnapshots, '--seed', '3');
  await ok('init', '--network', 'simnet');
  await ok('ingest', '--network', 'simnet', '--from', 'snapshots');
  await ok(
    ...['train', '--network', 'simnet', '--start-date', '2025-01-06', '--end-date', '2025-01-20'],
    ...[
      '--window-days',
      '30',
      '--cv-folds',
      '2',
      '--trainer-setting',
      'max_rounds=40',
      '--output-dir',
      'models',
    ],
  );
  const database = await openDatabase({ network: 'simnet', dataDir });
  for (const [table, changes] of [
    ['raw_alerts', ''],
    ['raw_features', ", concat(address, 'aa') AS address"],
    ['raw_money_flows', ''],
    ['raw_clusters', ''],
  ]) {
    await database.command({
      sql: `INSERT INTO ${table} SELECT * REPLACE ({changed:Date} AS processing_date, '' AS batch_id ${changes})
FROM (SELECT * FROM ${table} WHERE processing_date = {later:Date})`,
      params: { changed, later },
      doing: 'inserting a changed snapshot',
    });
  }
  await database.close();
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('risk-scoring monitor', () => {
  it('ends with 0 and a table where nothing has changed', async () => {
    const { code, stdout, stderr } = await monitor('--date', later);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /^snapshot +rows +score PSI +chance +usual +features over +missing +positives +AUC +AUC unseen$/m,
    );
    expect(stdout).toMatch(/^2025-01-27 +1,500 +0\.\d{3} +0\.\d{3} +– +\d+ of \d+ /m);
    expect(stdout).toContain('No threshold was crossed');
  });

  it('ends with 10 where a threshold is crossed, and names what moved', async () => {
    const { code, stdout, stderr } = await monitor();
    expect(code, stderr).toBe(10);
    expect(stdout).toContain('1 of 2 snapshots crossed a threshold:');
    expect(stdout).toMatch(
      /^2025-03-03\n(?: {2}.*\n)* {2}missing values: \w+ has none in 100\.0 % of the rows/m,
    );
  });

  it('ends with 10 with --json, too, and prints nothing but JSON', async () => {
    const { code, stdout } = await monitor('--date', changed, '--json');
    expect(code).toBe(10);
    const monitoring = JSON.parse(stdout);
    expect(monitoring).toMatchObject({ network: 'simnet', window_days: 30, passed: false });
    const [snapshot] = monitoring.snapshots;
    expect(snapshot).toMatchObject({ processing_date: changed, in_training_period: false, rows: 1500 });
    expect(snapshot.features).toContainEqual(expect.objectContaining({ name: 'pagerank', missing: 1 }));
    const missing = snapshot.crossed.find(({ check }: { check: string }) => check === 'missing_values');
    expect(missing).toMatchObject({ threshold: 0.1, features: expect.arrayContaining([expect.any(String)]) });
  });

  it('takes thresholds', async () => {
    const { code, stdout } = await monitor('--date', later, '--min-auc', '1');
    expect(code).toBe(10);
    expect(stdout).toMatch(/AUC: 0\.\d\d on addresses that it had not learned from is below 1/);
  });

  it('ends as other commands do where it cannot work', async () => {
    const none = await monitor('--start-date', '2030-01-01');
    expect(none.code).toBe(3);
    expect(none.stderr).toContain('NOTHING_TO_MONITOR');
    expect((await monitor('--model', 'nobody')).code).toBe(2);
    expect((await monitor('--date', later, '--end-date', later)).code).toBe(2);
    expect((await monitor('--max-drifted-share', '7')).code).toBe(2);
    const { stdout } = await run('monitor', '--help');
    expect(stdout).toMatch(/exit code 0 where no snapshot crossed a threshold, 10 where one did/);
  });
});
