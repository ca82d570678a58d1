import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '@risk-scoring/pipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, fourSnapshots, plainEnvironment, start as startCommand } from './testing/command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const dataDir = path.join(folder, 'data');
const models = path.join(folder, 'models');
const snapshots = path.join(folder, 'snapshots');

/** Runs the command in a folder of its own, on a data folder that the environment names. */
function start(args: readonly string[]) {
  return startCommand(args, { cwd: folder, env: { ...plainEnvironment(), RISK_SCORING_DATA_DIR: dataDir } });
}

const cli = (...args: string[]): Promise<Ended> => start(args).ended;

async function ok(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli(...args);
  expect(stderr.includes('error'), stderr).toBe(false);
  expect(code, stderr).toBe(0);
  return stdout;
}

const on = ['--network', 'simnet'];
const period = ['--start-date', '2025-01-06', '--end-date', '2025-01-20', '--window-days', '30'];
const train = (...more: string[]) => ['train', ...on, ...period, '--output-dir', models, ...more];

beforeAll(async () => {
  await ok('simulate', '--out', snapshots, ...fourSnapshots);
  await ok('init', ...on);
  await ok('ingest', ...on, '--from', snapshots);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the main job', () => {
  it('trains, shows, lists and scores, results on stdout and one structured line per step on stderr', {
    timeout: 300_000,
  }, async () => {
    const trained = await cli(...train('--json'));
    expect(trained.code, trained.stderr).toBe(0);
    const metadata = JSON.parse(trained.stdout);
    for (const key of [
      'model_id',
      'model_type',
      'network',
      'version',
      'created_at',
      'training_period',
      'data_stats',
      'metrics',
      'hyperparameters',
      'feature_names',
      'num_trees',
      'best_iteration',
      'label_strategy',
      'model_trainer',
    ]) {
      expect(metadata, key).toHaveProperty(key);
    }
    const steps = trained.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).stage);
    expect(steps).toEqual(
      expect.arrayContaining(['extract', 'features', 'cross-validation', 'training', 'saving']),
    );

    expect(await ok('models', 'list', ...on)).toContain(metadata.model_id);
    const shown = await ok('models', 'show', metadata.model_id, ...on);
    expect(shown).toContain('95 % interval');
    expect(JSON.parse(await ok('models', 'show', ...on, '--json'))).toEqual(metadata);

    const scored = JSON.parse(
      await ok('score', ...on, '--date', '2025-01-27', '--window-days', '30', '--json'),
    );
    expect(scored).toMatchObject({ model_id: metadata.model_id, processing_date: '2025-01-27' });
    expect(scored.alerts).toBeGreaterThan(500);
  });

  it('leaves standard input alone, whatever waits there', { timeout: 60_000 }, async () => {
    const { child, ended } = start(['init', '--network', 'piped', '--data-dir', path.join(folder, 'piped')]);
    child.stdin?.on('error', () => undefined);
    child.stdin?.end('a list of names\nthat a shell loop reads\n');
    const { code, stderr } = await ended;
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('says that the same snapshots change nothing', async () => {
    const outcomes = JSON.parse(await ok('ingest', ...on, '--from', snapshots, '--json'));
    expect(outcomes.map((outcome: { outcome: string }) => outcome.outcome)).toEqual(
      Array(4).fill('unchanged'),
    );
  });

  it('counts in a dry run, and writes nothing', async () => {
    const output = path.join(folder, 'dry');
    const shown = await ok('train', ...on, ...period, '--output-dir', output, '--dry-run');
    expect(shown).toMatch(/labelled, .* % of them suspicious/);
    expect(existsSync(output)).toBe(false);
  });
});

describe('scores in a file', () => {
  const first = '2025-01-06';
  const newest = '2025-01-27';
  const scoring = (out: string, ...more: string[]) => [
    'score',
    ...on,
    '--date',
    newest,
    '--out',
    out,
    ...more,
  ];

  /** The error of a command that failed, and the lines about its steps before it. */
  function failure({ stderr }: Ended) {
    const lines = stderr
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    return { error: lines.at(-1).error, steps: lines.slice(0, -1) };
  }

  /** The batches that were published, oldest first. */
  async function batches(): Promise<{ batch_id: string; date: string }[]> {
    const database = await openDatabase({ network: 'simnet', dataDir });
    try {
      return await database.query({
        sql: 'SELECT batch_id, toString(processing_date) AS date FROM batch_metadata ORDER BY sequence',
        doing: 'listing batches',
      });
    } finally {
      await database.close();
    }
  }

  it('are refused before anything is computed where no file can be', async () => {
    const before = await batches();
    for (const out of [
      '/proc/scores.csv',
      path.join(folder, 'none', 'scores.csv'),
      path.join(folder, 'data'),
    ]) {
      const ended = await cli(...scoring(out, '--json'));
      const { error, steps } = failure(ended);
      expect(steps).toEqual([]);
      expect([ended.code, error.code]).toEqual(
        out.startsWith('/proc') ? [4, 'FILE_NOT_WRITTEN'] : [2, 'INVALID_INPUT'],
      );
    }
    expect(await batches()).toEqual(before);
  });

  it('are not published where the disk becomes full, and no step that was over is called stopped', async ({
    skip,
  }) => {
    const disk = path.join(folder, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'pipe' });
    } catch (error) {
      console.warn(`skipped: scores on a full disk, as a small one cannot be mounted (${String(error)})`);
      skip('no disk of its own could be mounted');
    }
    try {
      const before = await batches();
      const ended = await cli(...scoring(path.join(disk, 'scores.csv'), '--json'));
      const { error, steps } = failure(ended);
      expect(ended.code).toBe(4);
      expect(ended.stdout).toBe('');
      expect(error).toMatchObject({ code: 'FILE_NOT_WRITTEN', found: 'ENOSPC' });
      expect(error).not.toHaveProperty('published');
      expect(steps.map(({ level, msg }) => `${level}: ${msg}`)).toEqual([
        'info: features done',
        'info: scoring done',
        'info: writing scores done',
      ]);
      expect(readdirSync(disk)).toEqual([]);
      expect(await batches()).toEqual(before);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('are published with it, for a whole range', async () => {
    const out = path.join(folder, 'range.csv');
    const before = await batches();
    const range = ['--start-date', first, '--end-date', newest, '--window-days', '30', '--out', out];
    const scored: { batch_id: string }[] = JSON.parse(await ok('score', ...on, ...range, '--json'));
    const added = (await batches()).slice(before.length);
    expect(added.map(({ batch_id }) => batch_id).sort()).toEqual(
      scored.map(({ batch_id }) => batch_id).sort(),
    );
    expect(scored).toHaveLength(4);
    expect(existsSync(out)).toBe(true);
  });

  it('are named where a range is stopped after some of it was published, with a command for the rest', async () => {
    const before = await batches();
    const range = ['--start-date', first, '--end-date', newest, '--window-days', '30'];
    const { child, ended } = start(['score', ...on, ...range, '--json']);
    let seen = '';
    child.stderr?.on('data', (chunk) => {
      // This line comes when the next snapshot is begun.
      if (!seen.includes('writing scores done') && `${seen}${chunk}`.includes('writing scores done')) {
        child.kill('SIGINT');
      }
      seen += chunk;
    });
    const stopped = await ended;
    const { error } = failure(stopped);
    expect(stopped.code).toBe(130);
    const added = (await batches()).slice(before.length);
    expect(added.length).toBeGreaterThan(0);
    expect(error.code).toBe('CANCELLED');
    expect(error.published).toEqual(added.map(({ batch_id, date }) => ({ processing_date: date, batch_id })));
    const [, advised = ''] = /npx risk-scoring (score .*)$/.exec(error.remedy) ?? [];
    const rest = JSON.parse(await ok(...advised.split(' '), '--json'));
    expect([rest].flat()).toHaveLength(4 - added.length);
  });
});

describe('a model that does not fit', () => {
  it('is refused with a command that shows those that do', async () => {
    const { model_id: model } = JSON.parse(await ok('models', 'show', ...on, '--json'));
    const asRanker = ['--date', '2025-01-27', '--model', model, '--model-type', 'alert_ranker'];
    const { code, stderr } = await cli('score', ...on, ...asRanker);
    expect(stderr).toContain('[MODEL_DOES_NOT_FIT]');
    expect(code).toBe(2);
    const [, advised = ''] = /npx risk-scoring (models list .*)$/m.exec(stderr) ?? [];
    await ok(...advised.split(' '));
  });
});

describe('bad input ends with its exit code, says what to do, and leaves nothing', () => {
  const empty = path.join(folder, 'elsewhere');

  it.each<[what: string, code: number, error: string, args: string[]]>([
    ['an unknown network', 2, 'UNKNOWN_NETWORK', ['train', '--network', 'nowhere', ...period]],
    ['a malformed network', 2, 'INVALID_INPUT', ['init', '--network', 'No-Such']],
    [
      'an empty period',
      3,
      'NO_ALERTS_FOUND',
      ['train', ...on, '--start-date', '2001-01-01', '--end-date', '2001-01-02'],
    ],
    ['another window', 3, 'NO_ALERTS_FOUND', ['train', ...on, ...period.slice(0, 4), '--window-days', '7']],
    [
      'an end before the start',
      2,
      'INVALID_INPUT',
      ['train', ...on, '--start-date', '2025-01-20', '--end-date', '2025-01-06'],
    ],
    [
      'a malformed date',
      2,
      'INVALID_INPUT',
      ['train', ...on, '--start-date', '6.1.2025', '--end-date', '2025-01-20'],
    ],
    ['an unknown model type', 2, 'INVALID_INPUT', train('--model-type', 'alert')],
    ['an unknown label strategy', 2, 'LABEL_STRATEGY_SOURCE', train('--label-strategy', 'magic')],
    ['a label strategy that is not there', 2, 'LABEL_STRATEGY_SOURCE', train('--label-strategy', './no.js')],
    ['a setting that the strategy lacks', 2, 'INVALID_INPUT', train('--label-setting', 'magic=1')],
    ['a setting without a value', 2, 'INVALID_INPUT', train('--label-setting', 'magic')],
    ['an unknown parameter of LightGBM', 2, 'LIGHTGBM_PARAMETER', train('--trainer-setting', 'num_leafs=3')],
    ['unknown labels to judge by', 2, 'LABEL_STRATEGY_SOURCE', train('--evaluation-labels', 'magic')],
    ['an unknown trainer', 2, 'INVALID_INPUT', train('--trainer', 'magic')],
    ['an unknown split', 2, 'INVALID_INPUT', train('--split', 'magic')],
    ['a version that leaves the folder', 2, 'INVALID_INPUT', train('--model-version', '../../1.0.0')],
    ['a seed that LightGBM cannot take', 2, 'INVALID_INPUT', train('--seed', '99999999999')],
    ['an unreadable folder', 3, 'SNAPSHOT_FOLDER_UNREADABLE', ['ingest', ...on, '--from', '/nowhere/at/all']],
    ['an unknown model', 2, 'MODEL_NOT_FOUND', ['score', ...on, '--date', '2025-01-27', '--model', 'nope']],
    ['a snapshot that is not there', 3, 'NO_ALERTS_FOUND', ['score', ...on, '--date', '2001-01-01']],
  ])('%s', async (_, code, error, args) => {
    const before = existsSync(models) ? readdirSync(models, { recursive: true }) : [];
    const plain = await cli(...args);
    expect(plain.stdout).toBe('');
    expect(plain.stderr).toMatch(new RegExp(`error: .*\\[${error}\\]`));
    expect(plain.stderr).toContain('expected:');
    expect(plain.code).toBe(code);
    const json = await cli(...args, '--json');
    const last = json.stderr.trim().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ error: { code: error } });
    expect(existsSync(models) ? readdirSync(models, { recursive: true }) : []).toEqual(before);
  });

  it.each([
    ['no command', []],
    ['an unknown command', ['trian']],
    ['an unknown option', train('--sed', '1')],
    ['a missing option', ['train', ...on]],
    ['a number that is none', train('--seed', '1e3')],
    ['a test fraction that is none', train('--test-fraction', '1')],
    ['a single fold', train('--cv-folds', '1')],
    ['a window that is none', ['score', ...on, '--date', '2025-01-27', '--window-days', '0']],
  ])('%s', async (_, args) => {
    const { code, stdout, stderr } = await cli(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).not.toBe('');
  });

  it('a changed snapshot file', async () => {
    const copy = path.join(folder, 'copy');
    await ok('simulate', '--out', copy, '--snapshots', '1', '--alerts', '300', '--first-date', '2025-06-02');
    appendFileSync(path.join(copy, '2025-06-02', 'raw_alerts.parquet'), 'x');
    const { code, stderr } = await cli('ingest', ...on, '--from', copy);
    expect(stderr).toContain('SNAPSHOT_CHECKSUM_MISMATCH');
    expect(code).toBe(3);
  });

  it('a data folder that is a file', async () => {
    writeFileSync(empty, '');
    const { code, stderr } = await cli('init', ...on, '--data-dir', empty);
    expect(stderr).toContain('DATA_FOLDER_UNUSABLE');
    expect(code).toBe(4);
  });

  it('a data folder that another process has open', { timeout: 60_000 }, async () => {
    const holder = start(train());
    await new Promise((resolve) => holder.child.stderr?.once('data', resolve));
    const { code, stderr } = await cli('models', 'list', ...on);
    expect(stderr).toContain('DATA_FOLDER_LOCKED');
    expect(stderr).toContain(`process ${holder.child.pid}`);
    expect(code).toBe(4);
    holder.child.kill('SIGKILL');
    await holder.ended;
    await ok('models', 'list', ...on);
  });
});

describe('stopping', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends a training cleanly, with nothing half-done',
    { timeout: 60_000 },
    async (signal) => {
      const output = path.join(folder, `stopped-${signal}`);
      mkdirSync(output);
      const { child, ended } = start(['train', ...on, ...period, '--output-dir', output]);
      await new Promise<void>((resolve) => {
        let seen = '';
        child.stderr?.on('data', (chunk) => {
          seen += chunk;
          if (seen.includes('leakage check')) resolve();
        });
      });
      child.kill(signal);
      const { code, stdout, stderr } = await ended;
      expect(stderr).toContain('[CANCELLED]');
      expect(code).toBe(130);
      expect(stdout).toBe('');
      expect(readdirSync(output)).toEqual([]);
    },
  );
});
