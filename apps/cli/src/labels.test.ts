import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, plainEnvironment, start } from './testing/command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const file = (name: string) => path.join(folder, name);

/** Runs `risk-scoring labels …` in a folder of its own, or another command where `labels` is left out. */
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

const on = ['--network', 'simnet'];
const labels = (command: string, ...args: string[]) => ok('labels', command, ...on, ...args);
const asJson = async (command: string, ...args: string[]) =>
  JSON.parse(await labels(command, ...args, '--json'));

async function refused(command: string, ...args: string[]) {
  const { code, stdout, stderr } = await cli('labels', command, ...on, ...args, '--json');
  expect(stdout).toBe('');
  const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
  return { exit: code, ...error } as { exit: number; code: string; expected: string; found: string };
}

/** A validation that ends with an exit code of its own. */
async function validated(exit: number, ...args: string[]) {
  const { code, stdout, stderr } = await cli('labels', 'validate', ...on, ...args, '--json');
  expect(code, stderr).toBe(exit);
  return JSON.parse(stdout);
}

function write(name: string, lines: readonly string[]): string {
  writeFileSync(file(name), `${lines.join('\n')}\n`);
  return name;
}

/** Lines of a CSV without its header, in cells. */
const cellsOf = (name: string) =>
  readFileSync(file(name), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

const stranger = (number: number) => `0x${number.toString(16).padStart(40, '0')}`;

/** Addresses with alerts, and whether they are suspicious by what simulated sources say. */
let known: { readonly address: string; readonly label: string }[];

beforeAll(async () => {
  const size = ['--snapshots', '3', '--alerts', '3000', '--first-date', '2025-01-06', '--step-days', '7'];
  await ok('simulate', '--out', file('snapshots'), ...size);
  await ok('init', ...on);
  await ok('ingest', ...on, '--from', file('snapshots'));
  // Few features are computed in a moment.
  writeFileSync(file('risk-scoring.config.yaml'), 'features: { groups: [alert, temporal] }\n');
  await labels('export', '--out', 'known.csv');
  known = cellsOf('known.csv').map(([address = '', label = '']) => ({ address, label }));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('labels validate', () => {
  it('says what the labels of the database are worth', async () => {
    const shown = await labels('validate');
    expect(shown).toContain(
      'Labels: the labels of the database, against the alerts of simnet from 2025-01-06 to 2025-01-20',
    );
    expect(shown).toMatch(/^rows +\d/m);
    expect(shown).toMatch(/^snapshot +alerts +labelled +suspicious +normal$/m);
    expect(shown).toMatch(/^2025-01-13 +1,000 /m);
    expect(shown).toMatch(/^source +addresses +shared +undecided +contradicts +share$/m);
    const found = await validated(0);
    expect(found.counts.addresses.labelled).toBeGreaterThanOrEqual(known.length);
    expect(found).toMatchObject({ problems: [], overlap: null, noise: null, labels: { kind: 'database' } });
  });

  it('finds nothing but agreement in a file of the same labels', async () => {
    const found = await validated(0, '--from', 'known.csv', '--fail-on', 'problems');
    expect(found.rows).toMatchObject({ rows: known.length, addresses: known.length, identical: 0 });
    expect(found.unknown).toEqual({ no_alert: 0, no_features: 0, first: [] });
    expect(found.overlap.addresses).toBe(known.length);
    expect(found.overlap.disagree).toBe(0);
    expect(found.counts.addresses.labelled).toBe(known.length);
    const byDate = Object.values<{ labelled: number }>(found.counts.snapshots);
    expect(byDate.reduce((sum, { labelled }) => sum + labelled, 0)).toBe(found.counts.alerts.labelled);
    expect(found.labels.file.columns).toEqual([
      'address',
      'label',
      'risk_level',
      'confidence',
      'source',
      'valid_from',
    ]);
    expect(found.labels.file.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('names conflicts, what repeats, what is unknown and what contradicts other labels', async () => {
    const [first, second, ...rest] = known;
    const turned = rest.slice(0, 40).map(({ address, label }) => `${address},${1 - Number(label)},odd,1`);
    const lines = [
      'address,label,source,confidence',
      `${first?.address},1,odd,1`,
      `${first?.address.toUpperCase().replace('0X', '0x')},0,odd,1`,
      `${second?.address},${second?.label},fair,1`,
      `${second?.address},${second?.label},fair,1`,
      `${stranger(1)},1,odd,1`,
      `${stranger(2)},1,odd,0`,
      ...turned,
    ];
    const from = ['--from', write('odd.csv', lines)];
    const found = await validated(0, ...from);
    expect(found.rows.conflicts).toEqual({ addresses: 1, first: [first?.address] });
    expect(found.rows).toMatchObject({ rows: 46, addresses: 44, identical: 1, zero_confidence: 1 });
    expect(found.unknown).toEqual({ no_alert: 2, no_features: 2, first: [stranger(1), stranger(2)] });
    expect(found.overlap.first).toHaveLength(5);
    expect(found.overlap.undecided).toBeGreaterThanOrEqual(1);
    expect(found.overlap.addresses - found.overlap.undecided).toBe(
      found.overlap.agree + found.overlap.disagree,
    );
    expect(found.overlap.disagree).toBeGreaterThan(30);
    const odd = found.sources.find(({ source }: { source: string }) => source === 'odd');
    expect(odd.share).toBeGreaterThan(0.9);
    expect(found.problems).toEqual([]);
    const said = found.remarks.join('\n');
    expect(said).toContain('1 addresses are called suspicious and normal, such as 0x');
    expect(said).toContain('the source odd contradicts the others on ');
    const { code, stdout } = await cli('labels', 'validate', ...on, ...from, '--fail-on', 'remarks');
    expect(code).toBe(3);
    expect(stdout).toMatch(/^remark: 1 rows repeat another one$/m);
    expect(stdout).toContain('is suspicious here, normal there');
  });

  it('calls labels of one class, and labels of nobody, a problem', async () => {
    const list = write('list.csv', ['address', ...known.slice(0, 30).map(({ address }) => address)]);
    const found = await validated(3, '--from', list, '--label', '1');
    expect(found.problems).toEqual([expect.stringMatching(/^all \d+ labelled alerts are suspicious/)]);
    expect(found.labels.file.labels_from).toBe('default');
    await validated(0, '--from', list, '--label', '1', '--fail-on', 'nothing');
    const strangers = write('strangers.csv', ['address,label', `${stranger(1)},1`, `${stranger(2)},0`]);
    const none = await validated(3, '--from', strangers);
    expect(none.problems).toEqual([
      expect.stringMatching(/^none of the 3000 alerts of the period is labelled/),
    ]);
    expect(none.unknown.no_alert).toBe(2);
  });

  it('keeps to the period', async () => {
    const found = await validated(
      0,
      '--from',
      'known.csv',
      '--start-date',
      '2025-01-13',
      '--end-date',
      '2025-01-13',
    );
    expect(Object.keys(found.counts.snapshots)).toEqual(['2025-01-13']);
    expect(found.unknown.no_alert).toBeGreaterThan(0);
    expect(found.unknown.no_features).toBeLessThanOrEqual(found.unknown.no_alert);
  });

  it('looks for labels that models contradict', { timeout: 60_000 }, async () => {
    const found = await validated(0, '--from', 'known.csv', '--noise');
    const { noise } = found;
    expect(noise.addresses).toBe(known.length);
    expect(noise.thresholds.normal).toBeGreaterThan(noise.thresholds.suspicious);
    expect(noise.suspected.normal + noise.suspected.suspicious).toBe(
      Math.round(noise.share * noise.addresses),
    );
    for (const { label, probability, margin } of noise.first) {
      expect(label === 1 ? 1 - 2 * probability : 2 * probability - 1).toBeCloseTo(margin, 9);
      expect(margin).toBeGreaterThan(0);
    }
  });

  it.each<[what: string, args: string[], exit: number, code: string]>([
    ['a file that is not there', ['--from', 'none.csv'], 2, 'LABEL_FILE_INVALID'],
    ['a data set that is not there', ['--data-set', 'nobody@1'], 2, 'LABEL_SET_NOT_FOUND'],
    ['a data set that has no name', ['--data-set', '@1'], 2, 'INVALID_INPUT'],
    [
      'a period without alerts',
      ['--start-date', '2024-01-01', '--end-date', '2024-02-01'],
      3,
      'NO_ALERTS_FOUND',
    ],
    ['a window without snapshots', ['--window-days', '7'], 3, 'NO_ALERTS_FOUND'],
  ])('refuses %s', async (_, args, exit, code) => {
    expect(await refused('validate', ...args)).toMatchObject({ code, exit });
  });

  it('refuses a file of wrong rows, and a call that says two things', async () => {
    const wrong = write('wrong.csv', ['address,label', '0xa,maybe']);
    expect(await refused('validate', '--from', wrong)).toMatchObject({ exit: 3, code: 'LABEL_FILE_INVALID' });
    expect((await cli('labels', 'validate', ...on, '--from', wrong, '--data-set', 'x')).code).toBe(2);
    expect((await cli('labels', 'validate', ...on, '--from', wrong, '--label', '2')).code).toBe(2);
  });
});

describe('labels import, list, stats, export and remove', () => {
  const versions = async () =>
    (await asJson('list')).map(
      (set: { dataSet: string; version: string }) => `${set.dataSet}@${set.version}`,
    );

  it('writes nothing in a dry run', async () => {
    const before = await asJson('stats');
    const shown = await labels('import', '--from', 'known.csv', '--source', 'team', '--dry-run');
    expect(shown).toContain(
      `${known.length} rows about ${known.length} addresses would be team@1.0.0. Nothing was written.`,
    );
    expect(shown).toContain(
      'Next: npx risk-scoring labels import --network simnet --from known.csv --source team',
    );
    expect(await versions()).toEqual([]);
    expect(await asJson('stats')).toEqual(before);
    expect(await labels('list')).toContain('No data set was imported.');
  });

  it('stores a version that labels count by and models are trained with, and takes it away again', {
    timeout: 300_000,
  }, async () => {
    const lines = [
      'address,label,confidence,source',
      ...known.map(({ address, label }) => `${address},${label},1,`),
    ];
    const imports = ['--from', write('mine.csv', lines), '--source', 'team', '--data-set', 'mine'];
    const imported = await asJson('import', ...imports);
    expect(imported).toMatchObject({
      outcome: 'imported',
      data_set: 'mine',
      version: '1.0.0',
      skipped: 0,
      before: null,
    });
    expect(await labels('import', ...imports)).toMatch(/^mine@1.0.0 is there already with the same/);
    // The same file with another source is another set of labels.
    const other = ['--from', 'mine.csv', '--source', 'others', '--data-set', 'mine'];
    expect(await refused('import', ...other)).toMatchObject({ exit: 2, code: 'LABEL_SET_EXISTS' });
    expect((await asJson('import', ...other, '--force')).outcome).toBe('replaced');
    expect((await asJson('import', ...imports, '--force')).outcome).toBe('replaced');
    await labels('import', ...imports, '--set-version', '1.1.0');
    expect((await versions()).sort()).toEqual(['mine@1.0.0', 'mine@1.1.0']);
    expect(await labels('list')).toMatch(new RegExp(`^mine +1\\.1\\.0 +yes +${known.length} `, 'm'));

    const { counts, report } = await asJson('stats');
    expect(report.data_sets).toEqual({ 'mine@1.1.0': known.length });
    // Their confidence of 1 beats what the simulated sources say, but for the few that are as sure.
    expect(counts.sources.team.labelled).toBeGreaterThan(0.9 * counts.alerts.labelled);
    expect(counts.weights.at(-1)).toBe(counts.alerts.labelled);
    expect(await labels('stats')).toMatch(/^0\.9 to 1\.0 +[\d,]+ +█{40}$/m);
    const pinned = await asJson('stats', '--label-setting', 'data_sets=[mine@1.0.0]');
    expect(pinned.report.data_sets).toEqual({ 'mine@1.0.0': known.length });
    const ofSet = await validated(0, '--data-set', 'mine@1.0.0');
    expect(ofSet).toMatchObject({ labels: { name: 'mine@1.0.0' }, overlap: { disagree: 0 } });

    const period = ['--start-date', '2025-01-06', '--end-date', '2025-01-20'];
    const metadata = await ok('train', ...on, ...period, '--output-dir', file('models'), '--json');
    expect(metadata).toContain('"mine@1.1.0"');

    await labels('export', '--data-set', 'mine', '--out', 'back.csv');
    expect(
      cellsOf('back.csv')
        .map(([address, label]) => `${address} ${label}`)
        .sort(),
    ).toEqual(known.map(({ address, label }) => `${address} ${label}`).sort());
    expect(await asJson('remove', '--data-set', 'mine', '--set-version', '1.1.0')).toEqual({
      removed: [{ dataSet: 'mine', version: '1.1.0' }],
    });
    expect(await versions()).toEqual(['mine@1.0.0']);
    expect(await labels('remove', '--data-set', 'mine')).toContain('Removed mine@1.0.0.');
    expect(await versions()).toEqual([]);
    expect((await asJson('stats')).report.data_sets).toEqual({});
  });

  it('exports what a strategy says, and replaces a file by force only', async () => {
    const out = ['--label-strategy', 'proxy', '--out', 'proxy.csv'];
    const exported = await asJson('export', ...out);
    expect(exported).toMatchObject({ file: file('proxy.csv'), rows: cellsOf('proxy.csv').length });
    expect(new Set(cellsOf('proxy.csv').map(([, label]) => label))).toEqual(new Set(['0', '1']));
    expect(await refused('export', ...out)).toMatchObject({ exit: 2, code: 'INVALID_INPUT' });
    expect(await asJson('export', ...out, '--force')).toEqual(exported);
    expect((await validated(0, '--from', 'proxy.csv')).counts.addresses.labelled).toBe(exported.rows);
  });

  it.each<[what: string, command: string, args: string[], exit: number, code: string]>([
    [
      'labels of another network',
      'import',
      ['--from', 'elsewhere.csv', '--source', 'x'],
      3,
      'LABEL_FILE_INVALID',
    ],
    [
      'a source that can be no data set',
      'import',
      ['--from', 'known.csv', '--source', 'My list'],
      2,
      'INVALID_INPUT',
    ],
    ['removing what is not there', 'remove', ['--data-set', 'nobody'], 2, 'LABEL_SET_NOT_FOUND'],
    [
      'exporting what is not there',
      'export',
      ['--data-set', 'nobody', '--out', 'x.csv'],
      2,
      'LABEL_SET_NOT_FOUND',
    ],
    ['a strategy that is not there', 'stats', ['--label-strategy', './none.js'], 2, 'LABEL_STRATEGY_SOURCE'],
  ])('refuses %s and leaves nothing', async (_, command, args, exit, code) => {
    write('elsewhere.csv', ['address,label,network', '0xa,1,othernet', '0xb,0,simnet']);
    const before = readdirSync(folder);
    const error = await refused(command, ...args);
    expect(error.exit).toBe(exit);
    expect(error.code).toBe(code);
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('labels suggest', () => {
  it('writes a list that is filled in and imported', { timeout: 300_000 }, async () => {
    const suggested = await asJson('suggest', '--count', '20', '--out', 'next.csv');
    expect(suggested.suggestions).toHaveLength(20);
    const rows = cellsOf('next.csv');
    expect(readFileSync(file('next.csv'), 'utf8').split('\n')[0]).toBe(
      'address,label,confidence,source,score,uncertainty,alerts,typologies,last_seen,volume',
    );
    const labelled = new Set(known.map(({ address }) => address));
    for (const [
      address = '',
      label,
      confidence,
      ,
      score,
      uncertainty,
      alerts,
      typologies,
      lastSeen,
      volume,
    ] of rows) {
      expect(labelled.has(address)).toBe(false);
      expect([label, confidence]).toEqual(['', '']);
      const p = Number(score);
      expect(Number(uncertainty)).toBeCloseTo(-p * Math.log2(p) - (1 - p) * Math.log2(1 - p), 4);
      expect(Number(alerts)).toBeGreaterThanOrEqual(typologies?.split(' ').length ?? 0);
      expect(['2025-01-06', '2025-01-13', '2025-01-20']).toContain(lastSeen);
      expect(Number(volume)).toBeGreaterThan(0);
    }
    // The first one is the most uncertain of all.
    const uncertainties = rows.map((cells) => Number(cells[5]));
    expect(uncertainties[0]).toBe(Math.max(...uncertainties));

    expect(await refused('suggest', '--count', '20', '--out', 'next.csv')).toMatchObject({
      code: 'INVALID_INPUT',
    });
    await labels('suggest', '--count', '20', '--out', 'again.csv');
    expect(readFileSync(file('again.csv'), 'utf8')).toBe(readFileSync(file('next.csv'), 'utf8'));

    const unfilled = ['--from', 'next.csv', '--source', 'me'];
    expect(await refused('import', ...unfilled)).toMatchObject({ exit: 3, code: 'LABEL_FILE_INVALID' });
    expect((await refused('import', ...unfilled, '--skip-empty')).found).toContain('no rows');
    const [header = '', ...lines] = readFileSync(file('next.csv'), 'utf8').trim().split('\n');
    const filled = lines.map((line, at) => (at < 12 ? line.replace(',,', `,${at % 2},`) : line));
    write('filled.csv', [header, ...filled]);
    const imported = await asJson('import', '--from', 'filled.csv', '--source', 'me', '--skip-empty');
    expect(imported).toMatchObject({
      outcome: 'imported',
      skipped: 8,
      rows: { rows: 12, suspicious: 6, normal: 6 },
    });
    expect((await asJson('stats')).report.data_sets).toEqual({ 'me@1.0.0': 12 });
    // What is labelled is not suggested again.
    const next = await asJson('suggest', '--count', '20', '--out', 'third.csv');
    expect(next.unlabelled).toBe(suggested.unlabelled - 12);
    await labels('remove', '--data-set', 'me');
  });

  it.each<[what: string, args: string[], code: string]>([
    ['too many', ['--count', '2001', '--out', 'many.csv'], 'INVALID_INPUT'],
    ['a folder that is not there', ['--out', 'none/many.csv'], 'INVALID_INPUT'],
    [
      'a trainer that learns nothing from labels',
      ['--out', 'many.csv', '--trainer', 'isolation-forest'],
      'INVALID_INPUT',
    ],
    [
      'a strategy that labels everything',
      ['--out', 'many.csv', '--label-strategy', 'proxy'],
      'NOTHING_TO_SUGGEST',
    ],
  ])('refuses %s and writes nothing', { timeout: 60_000 }, async (_, args, code) => {
    expect((await refused('suggest', ...args)).code).toBe(code);
    expect(existsSync(file('many.csv'))).toBe(false);
  });
});
