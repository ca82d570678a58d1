import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, fourSnapshots, plainEnvironment, start } from './testing/command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const file = (name: string) => path.join(folder, name);

/** Runs the command in a folder of its own, on a data folder that the environment names. */
const cli = (...args: string[]): Promise<Ended> =>
  start(args, {
    cwd: folder,
    env: { ...plainEnvironment(), RISK_SCORING_DATA_DIR: file('data') },
  }).ended;

async function ok(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

async function refused(...args: string[]): Promise<{ code: string; expected: string; found: string }> {
  const { code, stdout, stderr } = await cli(...args, '--json');
  expect(code, stderr).toBe(2);
  expect(stdout).toBe('');
  return JSON.parse(stderr.trim().split('\n').at(-1) ?? '').error;
}

function configure(text: string, name = 'mine.yaml'): string[] {
  writeFileSync(file(name), text);
  return ['--config', name];
}

const on = ['--network', 'simnet'];
const period = ['--start-date', '2025-01-06', '--end-date', '2025-01-13', '--window-days', '30'];

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('features list', () => {
  it('shows every group with its columns, rows and origin, and needs no database', async () => {
    const shown = await ok('features', 'list');
    expect(shown).toMatch(/^group +columns +one row per +default +used +origin$/m);
    expect(shown).toMatch(/^alert +7 +alert +yes +yes +built in$/m);
    expect(shown).toMatch(/^label-neighbourhood +8 +address +no +no +built in$/m);
    const groups: { used: boolean; columns: unknown[] }[] = JSON.parse(
      await ok('features', 'list', '--json'),
    );
    const used = groups.filter((group) => group.used);
    const columns = used.flatMap((group) => group.columns);
    expect(shown).toContain(`A training uses ${columns.length} features of ${used.length} groups.`);
    expect(existsSync(file('data'))).toBe(false);
  });

  it('shows the columns of one group', async () => {
    expect(await ok('features', 'list', '--group', 'temporal')).toContain('6 columns of temporal.');
    const group = JSON.parse(await ok('features', 'list', '--group', 'alert', '--json'));
    expect(group).toMatchObject({ name: 'alert', per: 'alert', default: true, reads: ['alerts'] });
  });

  it('follows the configuration', async () => {
    const config = configure('features: { groups: [recurrence, alert], evidence_keys: [mean_usd] }');
    const shown = await ok('features', 'list', ...config);
    expect(shown).toMatch(/^recurrence +2 +address +no +yes/m);
    expect(shown).toMatch(/^alert +8 +alert +yes +yes/m);
    expect(shown).toMatch(/^address +106 +address +yes +no/m);
    expect(shown).toContain('A training uses 10 features of 2 groups.');
  });
});

describe('features describe', () => {
  it('explains a column', async () => {
    const shown = await ok('features', 'describe', 'alert_volume_usd');
    expect(shown).toMatch(/meaning +volume that the alert is about/);
    expect(shown).toMatch(/unit +USD/);
    expect(shown).toMatch(/NaN +never missing/);
    expect(shown).toMatch(/group +alert, built in/);
    expect(shown).toMatch(/reads +alerts/);
  });

  it('explains a group', async () => {
    const shown = await ok('features', 'describe', 'label-neighbourhood');
    expect(shown).toMatch(/one row +per address/);
    expect(shown).toMatch(/reads +alerts, labelled_flows, labelled_peers, money_flows/);
    expect(shown).toContain('risky_counterparty_share');
  });

  it('gives programs the same', async () => {
    const found = JSON.parse(await ok('features', 'describe', 'pagerank', '--json'));
    expect(found.groups).toEqual([]);
    expect(found.columns).toMatchObject([{ name: 'pagerank', group: 'address', reads: ['features'] }]);
  });

  it('names the nearest where nothing has the name', async () => {
    const { code, expected } = await refused('features', 'describe', 'page_rank');
    expect(code).toBe('INVALID_INPUT');
    expect(expected).toContain('pagerank');
  });
});

describe('features export', () => {
  beforeAll(async () => {
    await ok('simulate', '--out', file('snapshots'), ...fourSnapshots);
    await ok('init', ...on);
    await ok('ingest', ...on, '--from', file('snapshots'));
  }, 60_000);

  const exporting = (out: string, ...more: string[]) => [
    'features',
    'export',
    ...on,
    ...period,
    '--out',
    out,
    ...more,
  ];

  it.each([
    ['matrix.parquet', 'PAR1'],
    ['matrix.arrow', 'ARROW1'],
  ])('writes %s whole, and says what it is', { timeout: 60_000 }, async (name, mark) => {
    const { code, stdout, stderr } = await cli(...exporting(name, '--json'));
    expect(code, stderr).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ file: file(name), network: 'simnet', snapshots: 2, window_days: 30 });
    expect(result.schema_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(result.encodings.typology).toEqual([...result.encodings.typology].sort());
    const bytes = readFileSync(file(name));
    expect(bytes.length).toBe(result.bytes);
    expect(bytes.subarray(0, mark.length).toString()).toBe(mark);
    expect(bytes.subarray(-mark.length).toString()).toBe(mark);
    expect(bytes.includes(result.schema_hash)).toBe(true);
    const stages = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).stage);
    expect(stages).toEqual(['features', 'writing the file']);
  });

  it('follows the configuration of the folder, refuses the file that is there and replaces it by force', {
    timeout: 60_000,
  }, async () => {
    configure('features: { groups: [alert, recurrence] }', 'risk-scoring.config.yaml');
    const shown = await ok(...exporting('small.arrow'));
    expect(shown).toMatch(/^Wrote 9 features of [\d,]+ alerts in 2 snapshots to .*small\.arrow/);
    expect(shown).toMatch(/Codes of categories are those of this period, in alphabetical order/);
    expect(shown).toMatch(/ {2}typology: 0 \w+, 1 /);
    expect((await refused(...exporting('small.arrow'))).found).toContain('small.arrow');
    expect(await ok(...exporting('small.arrow', '--force'))).toBe(shown);
    rmSync(file('risk-scoring.config.yaml'));
  });

  it('exports a group of a folder beside the configuration, and refuses one whose SQL reads a table', {
    timeout: 60_000,
  }, async () => {
    const group = (name: string, sql: string) => {
      mkdirSync(file(name));
      const columns = [{ name: 'id_length', kind: 'numeric', meaning: 'length of the id', missing: 'never' }];
      const declaration = { specificationVersion: 'v1', name, per: 'alert', columns };
      writeFileSync(file(`${name}/group.json`), JSON.stringify(declaration));
      writeFileSync(file(`${name}/features.sql`), sql);
      return configure(`features: { groups: [alert, ./${name}] }`, `${name}.yaml`);
    };
    const select = 'SELECT processing_date, alert_id, length(alert_id) AS id_length FROM';
    const good = group('good', `${select} alerts`);
    expect(await ok('features', 'list', ...good)).toMatch(/^good +1 +alert +no +yes +\/.*good$/m);
    const exported = JSON.parse(await ok(...exporting('good.arrow', ...good, '--json')));
    expect(exported).toMatchObject({ groups: ['alert', 'good'], features: 8 });
    const { code } = await refused(...exporting('bad.arrow', ...group('bad', `${select} raw_alerts`)));
    expect(code).toBe('FEATURE_GROUP_INVALID');
    expect(existsSync(file('bad.arrow'))).toBe(false);
  });

  it('trains with the groups of the configuration', { timeout: 60_000 }, async () => {
    const config = configure('features: { groups: [alert, temporal] }');
    const train = ['train', ...on, ...period, '--output-dir', file('models'), '--json'];
    const metadata = JSON.parse(await ok(...train, ...config));
    expect(metadata.feature_plan.groups).toEqual(['alert', 'temporal']);
    expect(metadata.data_stats.num_features).toBe(13);
  });

  it.each<[what: string, code: string, found: string, args: string[]]>([
    ['an unknown ending', 'INVALID_INPUT', 'm.csv', exporting('m.csv')],
    ['a folder that is not there', 'INVALID_INPUT', 'm.arrow', exporting('none/m.arrow')],
    [
      'a configuration that is not there',
      'CONFIG_INVALID',
      'no such file',
      exporting('m.arrow', '--config', 'none.yaml'),
    ],
    ['a group that is not there', 'INVALID_INPUT', 'nowhere', ['features', 'list', '--group', 'nowhere']],
    [
      'a train with no configuration',
      'CONFIG_INVALID',
      'no such file',
      ['train', ...on, ...period, '--config', 'none.yaml'],
    ],
  ])('refuses %s and leaves nothing', async (_, code, found, args) => {
    const before = readdirSync(folder);
    const error = await refused(...args);
    expect(error.code).toBe(code);
    expect(error.found).toContain(found);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('refuses a configuration with mistakes, all of them at once', async () => {
    const config = configure('features:\n  grups: [alert]\n  evidence_keys: mean_usd\n');
    for (const args of [['features', 'list'], ['features', 'describe', 'pagerank'], exporting('m.arrow')]) {
      const { code, found } = await refused(...args, ...config);
      expect(code).toBe('CONFIG_INVALID');
      expect(found).toContain('features.grups (line 2, column 3) is unknown; did you mean features.groups?');
      expect(found).toContain('features.evidence_keys (line 3, column 3) must be a list');
    }
  });

  it.each([
    ['no file', ['features', 'export', ...on, ...period]],
    ['no name', ['features', 'describe']],
    ['an unknown part', ['features', 'lst']],
  ])('%s is no call', async (_, args) => {
    expect((await cli(...args)).code).toBe(2);
  });
});
