import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Database, initDatabase } from '@risk-scoring/storage';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { csvRecords } from './csv-records.ts';
import { readSubmission } from './read-submission.ts';
import { validateSubmission } from './validate-submission.ts';
import { writeSubmission } from './write-submission.ts';

const T = '2025-01-01';
/** 31 days later: a snapshot of the day 30 itself is not there. */
const LATER = '2025-02-01';
const URL_OF_MODEL = 'https://github.com/owner/model';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const file = (name: string) => path.join(folder, name);
let database: Database;

/** Address, alert and score of each: ids can be any text. */
const alerts = [
  ['0xAA', 'a1', 0.9],
  ['0xAA', 'a2', 0.7],
  ['0xbb', 'b "1", or so', 0.2],
  ['0xcc', 'c\n1', 0.6],
  ['0xdd', '=d1', 0.4],
] as const;

const insert = (table: string, rows: readonly object[]) => database.insert(table, rows, `filling ${table}`);
const at = (processing_date: string) => ({ processing_date, window_days: 30 });

beforeAll(async () => {
  ({ database } = await initDatabase({ network: 'testnet', dataDir: folder }));
  await insert(
    'raw_alerts',
    alerts.map(([address, alert_id]) => ({ ...at(T), alert_id, address, batch_id: 'first' })),
  );
  await insert('raw_alerts', [{ ...at(LATER), alert_id: 'z', address: '0xaa' }]);
  await publish({ raw_alerts: 'first' }, 1);
  await insert('raw_address_labels', [
    // Spelt otherwise than the alerts' addresses.
    { ...at(T), network: 'testnet', address: '0xaa', risk_level: 'high' },
    { ...at(T), network: 'testnet', address: '0xaa', risk_level: 'low' },
    { ...at(T), network: 'testnet', address: '0xbb', risk_level: 'medium' },
    { ...at(T), network: 'testnet', address: '0xcc', risk_level: 'low' },
    // Of another date, another network, of an address without an alert.
    { ...at(LATER), network: 'testnet', address: '0xdd', risk_level: 'critical' },
    { ...at(T), network: 'elsewhere', address: '0xdd', risk_level: 'critical' },
    { ...at(T), network: 'testnet', address: '0xee', risk_level: 'critical' },
  ]);
  const feature = (date: string, address: string, degree_total: number, more: object) => ({
    ...at(date),
    address,
    degree_total,
    behavioral_anomaly_score: 0.5,
    velocity_score: 0.5,
    ...more,
  });
  await insert('raw_features', [
    // Expands: from 2 to 9, from 10 to 100 USD, with a high velocity.
    feature(T, '0xAA', 2, { total_volume_usd: 10 }),
    feature(LATER, '0xaa', 9, { total_volume_usd: 100, velocity_score: 0.9 }),
    // Benign.
    feature(T, '0xbb', 5, { total_volume_usd: 50 }),
    feature(LATER, '0xbb', 5, { total_volume_usd: 50, behavioral_anomaly_score: 0.1 }),
    // Grew, without a sign: other.
    feature(T, '0xcc', 2, { total_volume_usd: 10 }),
    feature(LATER, '0xcc', 9, { total_volume_usd: 100 }),
    // Gone.
    feature(T, '0xdd', 2, { total_volume_usd: 10 }),
  ]);
}, 60_000);
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Publishes batches of the raw tables for the snapshot of T. */
function publish(table_batches: Record<string, string>, sequence: number): Promise<void> {
  return insert('ingestions', [{ ...at(T), batch_id: `ingestion-${sequence}`, sequence, table_batches }]);
}

interface Scores {
  readonly model?: string;
  readonly data_batches?: Record<string, string>;
  readonly rows?: readonly (readonly [string, string, number])[];
}

let sequence = 0;

async function score({ model = 'model-a', data_batches = {}, rows = alerts }: Scores = {}): Promise<void> {
  sequence += 1;
  const batch_id = `batch-${sequence}`;
  await insert(
    'alert_scores',
    rows.map(([address, alert_id, value]) => ({
      ...at(T),
      alert_id,
      address,
      score: value,
      model_id: model,
      model_version: '1.2.3',
      batch_id,
    })),
  );
  await insert('batch_metadata', [
    {
      ...at(T),
      batch_id,
      model_type: 'alert_scorer',
      model_ids: [model],
      sequence,
      status: 'complete',
      data_batches,
    },
  ]);
}

const options = (name: string) => ({
  date: T,
  windowDays: 30,
  out: file(name),
  modelGithubUrl: URL_OF_MODEL,
});

describe('writeSubmission', () => {
  beforeEach(async () => {
    for (const table of ['alert_scores', 'batch_metadata']) {
      await database.command({
        sql: 'TRUNCATE TABLE {table:Identifier}',
        params: { table },
        doing: 'emptying',
      });
    }
  });

  it.each(['submission.csv', 'submission.parquet'])('writes %s, by alert id', async (name) => {
    await score();
    const written = await writeSubmission(database, options(name));
    expect(written).toMatchObject({
      file: file(name),
      alerts: 5,
      network: 'testnet',
      processing_date: T,
      window_days: 30,
      model_id: 'model-a',
      model_version: '1.2.3',
      model_github_url: URL_OF_MODEL,
    });
    expect(written.bytes).toBe(readFileSync(file(name)).length);
    const read = await readSubmission(file(name), { only: { date: T, windowDays: 30 } });
    expect(read.alertIds).toEqual(['=d1', 'a1', 'a2', 'b "1", or so', 'c\n1']);
    expect(Array.from(read.scores)).toEqual([0.4, 0.9, 0.7, 0.2, 0.6]);
    expect(read).toMatchObject({
      addresses: ['0xdd', '0xAA', '0xAA', '0xbb', '0xcc'],
      versions: ['1.2.3'],
      urls: [URL_OF_MODEL],
      dates: [T],
      rowsOfOtherSnapshots: 0,
      withoutVersion: 0,
      withoutUrl: 0,
    });
  });

  it('writes the columns in their order, as text that any reader of CSV takes', async () => {
    await score();
    await writeSubmission(database, { ...options('plain.csv'), modelVersion: '2, beta' });
    const records: string[][] = [];
    async function* text() {
      yield readFileSync(file('plain.csv'), 'utf8');
    }
    for await (const some of csvRecords(text())) records.push(...some);
    expect(records[0]?.join()).toBe(
      'alert_id,address,score,processing_date,window_days,model_version,model_github_url',
    );
    expect(records[1]).toEqual(['=d1', '0xdd', '0.4', T, '30', '2, beta', URL_OF_MODEL]);
  });

  it('takes the newest scores of the named model, and asks where several models scored', async () => {
    await score({ rows: alerts.map(([address, id]) => [address, id, 0.1]) });
    await score();
    await score({ model: 'model-b', rows: alerts.map(([address, id]) => [address, id, 0.5]) });
    await expect(writeSubmission(database, options('two.csv'))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      found: "'scores by model-a, model-b'",
    });
    await writeSubmission(database, { ...options('two.csv'), model: 'model-a' });
    expect((await readSubmission(file('two.csv'))).scores[1]).toBe(0.9);
    await expect(writeSubmission(database, { ...options('x.csv'), model: 'model-c' })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
  });

  it('refuses without scores, and says how to get them', async () => {
    await expect(writeSubmission(database, options('none.csv'))).rejects.toMatchObject({
      code: 'NO_SCORES_FOUND',
      remedy: `score it first: npx risk-scoring score --network testnet --date ${T} --window-days 30`,
    });
    await expect(
      writeSubmission(database, { ...options('none.csv'), date: '2025-01-05' }),
    ).rejects.toMatchObject({
      code: 'NO_ALERTS_FOUND',
    });
  });

  it('refuses missing, double and unknown alerts, and counts them', async () => {
    const first = alerts.slice(1);
    await score({ rows: [...first, ...first.slice(0, 2), ['0xee', 'nobody', 0.5]] });
    await expect(writeSubmission(database, options('wrong.csv'))).rejects.toMatchObject({
      code: 'SUBMISSION_REFUSED',
      found: `alerts without a score: 1 ('a1'); alerts with several scores: 2 ('a2', 'b "1", or so'); alerts that the snapshot does not have: 1 ('nobody')`,
    });
    expect(readdirSync(folder)).not.toContain('wrong.csv');
  });

  it('refuses scores outside 0..1 and NaN, should the table hold any', async () => {
    await database.command({
      sql: 'ALTER TABLE alert_scores DROP CONSTRAINT score_is_a_probability',
      doing: 'letting anything in',
    });
    const values = [1.01, -0.01, 0, 1, 0.5];
    await score({ rows: alerts.map(([address, id], row) => [address, id, values[row] ?? 0]) });
    await expect(writeSubmission(database, options('range.csv'))).rejects.toMatchObject({
      found: "alerts with a score that is not from 0 to 1: 2 ('a1', 'a2')",
    });
    await database.command({
      sql: 'ALTER TABLE alert_scores UPDATE score = nan WHERE 1 SETTINGS mutations_sync = 2',
      doing: 'spoiling the scores',
    });
    await expect(writeSubmission(database, options('range.csv'))).rejects.toMatchObject({
      found: expect.stringMatching(/^alerts with a score that is not from 0 to 1: 5/),
    });
  });

  it('refuses scores of a snapshot that was replaced since; where nobody knows, it does not', async () => {
    await score({ data_batches: { raw_alerts: 'first', raw_features: '' } });
    await expect(writeSubmission(database, options('old.csv'))).rejects.toMatchObject({
      code: 'SCORES_OUTDATED',
      found: 'other rows of raw_features',
    });
    await score({ data_batches: { raw_alerts: 'before' } });
    await expect(writeSubmission(database, options('old.csv'))).rejects.toMatchObject({
      found: 'other rows of raw_alerts',
    });
    await score({ data_batches: { raw_alerts: 'first' } });
    await writeSubmission(database, options('new.csv'));
    await score({ data_batches: {} });
    await writeSubmission(database, options('unknown.csv'));
    expect(readFileSync(file('unknown.csv'), 'utf8')).toBe(readFileSync(file('new.csv'), 'utf8'));
  });

  it('refuses a version, a URL or a file that cannot be meant', async () => {
    await score();
    const refused = (changes: object) =>
      expect(writeSubmission(database, { ...options('bad.csv'), ...changes })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    for (const modelVersion of ['', '  ', 'a\nb']) await refused({ modelVersion });
    const urls = [
      '',
      'github.com/owner/model',
      'ftp://github.com/o/m',
      'https://github.com',
      'https://github.com/owner',
      'https://x y/o/m',
      'javascript:alert(1)//o/m',
    ];
    for (const modelGithubUrl of urls) await refused({ modelGithubUrl });
    await refused({ out: file('bad.xlsx') });
    await refused({ out: file('no/such/folder.csv') });
    await refused({ date: '2025-02-30' });
    const secret = writeSubmission(database, {
      ...options('bad.csv'),
      modelGithubUrl: 'https://me:t0ken@github.com/o/m',
    });
    await expect(secret).rejects.not.toThrow('t0ken');
    writeFileSync(file('there.csv'), 'mine');
    await refused({ out: file('there.csv') });
    expect(readFileSync(file('there.csv'), 'utf8')).toBe('mine');
    await writeSubmission(database, { ...options('there.csv'), force: true });
    expect((await readSubmission(file('there.csv'))).alertIds).toHaveLength(5);
  });
});

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

/** A submission as somebody else would write it. */
function submission(
  name: string,
  rows: readonly (readonly [string, string, number | string])[],
  date = T,
): string {
  const lines = rows.map(([address, id, value]) =>
    [quoted(id), address, value, date, 30, '1', URL_OF_MODEL].join(),
  );
  const header = 'alert_id,address,score,processing_date,window_days,model_version,model_github_url';
  writeFileSync(file(name), `${[header, ...lines].join('\n')}\n`);
  return file(name);
}

describe('validateSubmission', () => {
  const judge = (name: string, more: object = {}) =>
    validateSubmission(database, { file: name, date: T, windowDays: 30, ...more });

  it('agrees with the calculation by hand', async () => {
    const report = await judge(submission('mine.csv', alerts));
    expect(report).toMatchObject({ as_of: LATER, days: 31, alerts: 5, rows: 5, rows_of_other_snapshots: 0 });
    expect(report.integrity.passed).toBe(true);
    // Scores .9 .7 .2 .6 .4 fill five bins; 0xAA has .9 and .7, a deviation of .1 or a bit less or more in floats.
    expect(report.behaviour?.entropy).toBeCloseTo(Math.log(5) / Math.log(10), 12);
    expect(report.behaviour).toMatchObject({
      rank_agreement: 1,
      stability: 0.7,
      submissions: 1,
      alerts_of_previous: null,
    });
    // Class 1: a1, a2 (one source says high); class 0: b, c. All pairs are in order.
    expect(report.ground_truth).toMatchObject({
      alerts: 4,
      positives: 2,
      coverage: 0.8,
      auc: 1,
      conflicting_addresses: 1,
    });
    expect(report.ground_truth?.brier).toBeCloseTo((0.01 + 0.09 + 0.04 + 0.36) / 4, 12);
    // Expanding .9 .7, benign .2, other .6, which counts as 1 by its own word; 0xdd has no features later.
    expect(report.evolution).toMatchObject({
      alerts: 4,
      coverage: 0.8,
      later: LATER,
      days: 31,
      auc: 1,
      in_range: 1,
    });
    expect(report.evolution?.classes).toEqual({ expanding: 2, benign: 1, dormant: 0, other: 1 });
    const brier = (0.01 + 0.09 + 0.04 + 0.16) / 4;
    expect(report.evolution?.brier).toBeCloseTo(brier, 12);
    const evolution = 0.4 + 0.3 * (1 - brier) + 0.3;
    expect(report.evolution?.score).toBeCloseTo(evolution, 12);
    const behaviour = report.behaviour?.score ?? Number.NaN;
    expect(report.final.score).toBeCloseTo(0.1 * behaviour + 0.9 * (0.5 * 0.8 + 0.5 * 0.8 * evolution), 12);
    expect(report.final.ceiling).toBeCloseTo(0.1 + 0.9 * 0.8, 12);
    // Facts only: the one that is other counts as 0.
    expect(report.corrected?.evolution?.brier).toBeCloseTo((0.01 + 0.09 + 0.04 + 0.36) / 4, 12);
    expect(report.corrected).toMatchObject({ addresses: 3, alerts: 4, auc: 1, pr_auc: 1 });
    expect(report.notes.join('\n')).toMatch(/over 31 days, to the snapshot of 2025-02-01/);
  });

  it('takes the median over the others, and the previous date by alert id', async () => {
    const mine = submission('mine.csv', alerts);
    const others = [1, 2].map((turn) =>
      submission(
        `other-${turn}.csv`,
        alerts.map(([address, id, value]) => [address, id, 1 - value]),
      ),
    );
    // Two of three are in the opposite order, so the median is.
    expect((await judge(mine, { others })).behaviour).toMatchObject({ rank_agreement: 0, submissions: 3 });

    const previous = submission(
      'previous.csv',
      [
        ['0xaa', 'a1', 0.8],
        ['0xbb', 'b "1", or so', 0.5],
        ['0xee', 'gone', 0.5],
      ],
      '2024-12-01',
    );
    const { behaviour } = await judge(mine, { previous });
    expect(behaviour).toMatchObject({ alerts_of_previous: 2 });
    expect(behaviour?.stability).toBeCloseTo(1 - (0.1 + 0.3) / 2, 12);
    // 0xAA: mean .8 now and then; 0xbb: .2 and .5.
    expect(behaviour?.stability_by_address).toBeCloseTo(1 - 0.3 / 2, 12);
    await expect(judge(mine, { previous: mine })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('refuses a previous file that is not of one earlier date and this window', async () => {
    const mine = submission('mine.csv', alerts);
    const lines = (...rows: readonly (readonly [date: string, window: number])[]) => {
      const written = rows.map(([date, window], i) => `a${i},0xaa,0.5,${date},${window}`);
      const header = 'alert_id,address,score,processing_date,window_days';
      writeFileSync(file('previous-odd.csv'), [header, ...written, ''].join('\n'));
      return file('previous-odd.csv');
    };
    const six = ['01', '02', '03', '04', '05', '06'].map((day) => [`2024-12-${day}`, 30] as const);
    for (const [previous, found] of [
      [
        [
          ['2024-12-01', 30],
          ['2024-12-08', 30],
        ],
        '2024-12-01, 2024-12-08',
      ],
      [[['2024-12-01', 7]], 'the windows 7'],
      [[...six, [T, 30]], '2024-12-01'],
    ] as const) {
      const judged = judge(mine, { previous: lines(...previous) });
      await expect(judged).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        found: expect.stringContaining(found),
      });
    }
    const once = { previous: lines(['2024-12-01', 30]) };
    expect((await judge(mine, once)).behaviour).toMatchObject({ alerts_of_previous: 0 });
  });

  it('takes the first of several rows that the previous file has of an alert', async () => {
    const twice = [
      ['0xaa', 'a1', 0.8],
      ['0xaa', 'a1', 0.1],
      ['0xbb', 'b "1", or so', 0.2],
    ] as const;
    const previous = submission('previous-twice.csv', twice, '2024-12-01');
    const { behaviour } = await judge(submission('mine.csv', alerts), { previous });
    expect(behaviour?.stability).toBeCloseTo(1 - 0.1 / 2, 12);
  });

  it('refuses other submissions without a score for any alert', async () => {
    const mine = submission('mine.csv', alerts);
    const others = [submission('other-date.csv', alerts, '2024-12-01')];
    await expect(judge(mine, { others })).rejects.toThrow(/Found: .none/);
    const wrong = submission(
      'other-wrong.csv',
      alerts.map(([address, id]) => [address, id, 9]),
    );
    await expect(judge(mine, { others: [wrong] })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('says that scores which are all alike agree with nothing, alone as well', async () => {
    const alike = submission(
      'alike.csv',
      alerts.map(([address, id]) => [address, id, 0.5]),
    );
    const { behaviour, notes } = await judge(alike);
    expect(behaviour?.rank_agreement).toBe(0.5);
    expect(notes.join('\n')).toContain('all alike and order nothing');
    expect((await judge(submission('mine.csv', alerts))).notes.join('\n')).toContain(
      'agrees with itself: 1.',
    );
  });

  it('judges what the day allows: 28 is flat, 29 has truth, 30 and a later snapshot have evolution', async () => {
    const mine = submission('mine.csv', alerts);
    const flat = await judge(mine, { asOf: '2025-01-29' });
    expect(flat).toMatchObject({ days: 28, ground_truth: null, evolution: null, corrected: null });
    expect(flat.final).toEqual({ score: 0.1, ceiling: 0.1, phase: 'flat' });
    const truth = await judge(mine, { asOf: '2025-01-30' });
    expect(truth).toMatchObject({ days: 29, evolution: null, final: { phase: 'judged' } });
    expect(truth.final.ceiling).toBeCloseTo(0.1 + 0.45 * 0.8, 12);
    // On day 30 the snapshot of day 31 is not there yet.
    expect(await judge(mine, { asOf: '2025-01-31' })).toMatchObject({ days: 30, evolution: null });
    expect((await judge(mine, { asOf: '2025-03-01' })).evolution?.later).toBe(LATER);
    await expect(judge(mine, { asOf: '2024-12-31' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(judge(mine, { asOf: 'tomorrow' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('gives 0 to a submission that fails the integrity check, and the other figures all the same', async () => {
    const wrong = submission('wrong.csv', [
      ['0xAA', 'a1', 0.9],
      ['0xAA', 'a1', 0.9],
      ['0xbb', 'b "1", or so', 'low'],
      ['0xcc', 'c\n1', 0.6],
      ['0xff', 'nobody', 0.5],
    ]);
    const report = await judge(wrong);
    expect(report.integrity).toMatchObject({
      passed: false,
      every_alert_scored: { failures: 2, examples: ['=d1', 'a2'] },
      scores_in_range: { failures: 1 },
      no_duplicates: { failures: 1, examples: ['a1'] },
      version_present: { passed: true },
      unknown_alerts: { rows: 1, examples: ['nobody'] },
    });
    expect(report.final).toEqual({ score: 0, ceiling: 0, phase: 'failed_integrity' });
    expect(report.ground_truth).toMatchObject({ alerts: 2, auc: 1 });
  });

  it('reports on a file of another date, or of headers only, that nothing could be used', async () => {
    const report = await judge(submission('late.csv', alerts, '2025-01-02'));
    expect(report).toMatchObject({ rows: 0, rows_of_other_snapshots: 5, behaviour: null });
    expect(report.integrity.every_alert_scored.failures).toBe(5);
    expect(report.final.score).toBe(0);
    expect(await judge(submission('header.csv', []))).toMatchObject({
      rows: 0,
      evolution: { alerts: 0, score: null },
    });
    await expect(judge(file('nowhere.csv'))).rejects.toMatchObject({
      code: 'SUBMISSION_FILE_UNREADABLE',
      category: 'input',
    });
  });

  it('says the same whatever the order of the rows', async () => {
    const { file: _, ...report } = await judge(submission('mine.csv', alerts));
    const { file: __, ...turned } = await judge(submission('turned.csv', [...alerts].reverse()));
    expect(turned).toEqual(report);
  });
});
