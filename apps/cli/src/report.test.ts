import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, fourSnapshots, plainEnvironment, start } from './testing/command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const models = path.join(folder, 'models', 'simnet');
const on = ['--network', 'simnet'];
const period = ['--start-date', '2025-01-06', '--end-date', '2025-01-20', '--output-dir', 'models'];

/** Runs the command in a folder of its own, on the data in it. */
const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  start(args, {
    cwd: folder,
    env: { ...plainEnvironment(), RISK_SCORING_DATA_DIR: path.join(folder, 'data'), ...env },
  }).ended;
const cli = (...args: string[]): Promise<Ended> => run(args);

async function ok(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

const inModels = (ending: string) => readdirSync(models).filter((name) => name.endsWith(ending));
const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');

beforeAll(async () => {
  await ok('simulate', '--out', 'snapshots', ...fourSnapshots);
  await ok('init', ...on);
  await ok('ingest', ...on, '--from', 'snapshots');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('reports', () => {
  it('are written by train, and again by report, with the drift of the latest snapshot', {
    timeout: 300_000,
  }, async () => {
    const trained = await ok('train', ...on, ...period);
    const [page = ''] = inModels('.report.html');
    const [card = ''] = inModels('.card.md');
    expect(trained).toContain(page);
    expect(trained).toContain(card);
    const id = /^alert_scorer_\S+$/m.exec(trained)?.[0] ?? '';
    const written = readFileSync(path.join(models, page), 'utf8');
    expect(written).toContain(`<h1>${id}</h1>`);
    expect(written).toContain('The training period against the snapshot of 2025-01-27');
    expect(readFileSync(path.join(models, card), 'utf8')).toContain(`# \`${id}\``);

    rmSync(path.join(models, page));
    const shown = await ok('report', id, ...on);
    expect(shown).toContain(path.join(models, page));
    expect(shown).toContain('Drift is that of the snapshot of 2025-01-27.');
    expect(readFileSync(path.join(models, page), 'utf8')).toBe(written);
    expect(readdirSync(models).filter((name) => name.includes('writing'))).toEqual([]);

    const json = JSON.parse(
      await ok('report', 'latest', ...on, '--no-drift', '--out', 'pages/mine.html', '--json'),
    );
    expect(json).toMatchObject({ drift_of: null, without_drift: 'it was left out' });
    expect(read('pages/mine.html')).toContain('There is no drift to show: it was left out.');
    expect(read('pages/mine.card.md')).toContain(`# \`${id}\``);

    // A slip of the pen must not cost the model its metadata.
    const [metadata = ''] = readdirSync(models).filter((name) => /\d\.json$/.test(name));
    const refused = await cli('report', 'latest', ...on, '--out', path.join(models, metadata));
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('a name that ends in .html');
    expect(
      await ok('report', path.join(models, metadata), ...on, '--no-drift', '--out', 'by-path.html'),
    ).toContain('by-path.html');
  });

  it('that cannot be written do not take the model with them', { timeout: 300_000 }, async () => {
    mkdirSync(path.join(folder, 'pages.html'));
    const failed = await cli('report', 'latest', ...on, '--no-drift', '--out', 'pages.html');
    expect(failed.code).toBe(4);
    expect(failed.stderr).toContain('REPORT_NOT_WRITTEN');
    writeFileSync(path.join(folder, 'file'), '');
    expect((await cli('report', 'latest', ...on, '--no-drift', '--out', 'file/page.html')).code).toBe(4);
    const unknown = await cli('report', 'nobody', ...on);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('MODEL_NOT_FOUND');

    // The disk fails where the page is to take its place.
    const fault = path.join(folder, 'fault.mjs');
    writeFileSync(
      fault,
      `import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
const { rename } = fs;
fs.rename = (from, to) => (/report[.]html$/.test(to) ? Promise.reject(new Error('the disk is gone')) : rename(from, to));
syncBuiltinESMExports();`,
    );
    const env = { NODE_OPTIONS: `--import ${pathToFileURL(fault)}` };
    const trained = await run(['train', ...on, ...period, '--output-dir', 'without'], env);
    expect(trained.code, trained.stderr).toBe(0);
    expect(trained.stderr).toMatch(
      /warning: alert_scorer_\S+ is saved, but has no report: .*the disk is gone/,
    );
    const left = () => readdirSync(path.join(folder, 'without', 'simnet'));
    expect(left().some((name) => name.endsWith('.onnx'))).toBe(true);
    expect(left().filter((name) => /report|card/.test(name))).toEqual([]);
    const unasked = await run(['train', ...on, ...period, '--output-dir', 'without', '--no-report']);
    expect(unasked.stderr).not.toContain('warning');
    expect(left().filter((name) => /report|card/.test(name))).toEqual([]);
  });
});
