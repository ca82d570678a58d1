import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newBatchId, publishBatch } from './batches.ts';
import { ingestSnapshots } from './ingestion/ingest.ts';
import { ingestFile } from './ingestion/ingest-file.ts';
import { databaseStatus } from './status.ts';
import { engines } from './testing/engines.ts';
import { type IngestSite, startIngestSite } from './testing/ingest-site.ts';
import { vacuum } from './vacuum.ts';

const views = {
  raw_alerts: 'published_alerts',
  raw_features: 'published_features',
  raw_clusters: 'published_clusters',
  raw_money_flows: 'published_money_flows',
  raw_address_labels: 'published_address_labels',
  miner_labels: 'published_miner_labels',
  entity_addresses: 'published_entity_addresses',
  alert_scores: 'published_alert_scores',
  alert_rankings: 'published_alert_rankings',
  cluster_scores: 'published_cluster_scores',
} as const;

describe.each(engines)('$name', (engine) => {
  let site: IngestSite;
  let dates = 0;
  let date = '';
  beforeAll(async () => {
    site = await startIngestSite(engine);
  });
  beforeEach(() => {
    dates += 1;
    date = new Date(Date.UTC(2025, 0, dates)).toISOString().slice(0, 10);
  });
  afterAll(() => site.stop());

  const now = (options: object = {}) =>
    vacuum(site.database, { olderThanHours: 0, unfinishedOlderThanHours: 0, ...options });
  /** Rows that readers see, and rows that are there, of every table. */
  async function rows(): Promise<{ seen: number[]; stored: number[] }> {
    const counts = (names: readonly string[]) =>
      `[${names.map((name) => `(SELECT toFloat64(count()) FROM ${name})`).join(', ')}]`;
    const [found] = await site.database.query<{ seen: number[]; stored: number[] }>({
      sql: `SELECT ${counts(Object.values(views))} AS seen, ${counts(Object.keys(views))} AS stored`,
      doing: 'counting',
    });
    return found ?? { seen: [], stored: [] };
  }
  const alert = (batchId: string, more: object = {}) => ({
    window_days: 30,
    processing_date: date,
    alert_id: randomUUID(),
    address: '0x1',
    typology_type: 'x',
    batch_id: batchId,
    ...more,
  });
  const insert = (table: string, list: readonly object[]) => site.database.insert(table, list, 'inserting');
  /** Alerts of the date alone, by a file of their own. */
  const ingest = async (alerts: number) => {
    const select = `SELECT toUInt16(30) AS window_days, toDate('${date}') AS processing_date, toString(number) AS alert_id, '0x1' AS address,
'x' AS typology_type, toFloat32(0.5) AS alert_confidence_score, repeat('x', number % 100) AS description, toDecimal128(1, 18) AS volume_usd,
'' AS evidence_json, emptyArrayString() AS risk_indicators FROM numbers(${alerts})`;
    const from = await site.write('alerts.parquet', select);
    return ingestFile(site.database, { from, table: 'raw_alerts' });
  };
  const ingestSnapshot = async (alerts: number) =>
    ingestSnapshots(site.database, { from: await site.snapshot({ date, alerts }) });

  it('drops what was replaced, from every table, and nothing that readers see', async () => {
    await ingestSnapshot(10);
    await ingestSnapshot(6);
    const before = await rows();
    const dropped = await now();
    expect(dropped).toEqual([
      { table: 'raw_alerts', batches: 1, rows: 10 },
      { table: 'raw_features', batches: 1, rows: 5 },
      { table: 'raw_clusters', batches: 1, rows: 1 },
      { table: 'raw_money_flows', batches: 1, rows: 5 },
      { table: 'raw_address_labels', batches: 1, rows: 5 },
    ]);
    const after = await rows();
    expect(after.seen).toEqual(before.seen);
    expect(after.stored).toEqual(after.seen);
    expect(await now()).toEqual([]);
    // What was dropped can be ingested again.
    expect(await ingestSnapshot(10)).toMatchObject([{ outcome: 'replaced' }]);
    await now();
  });

  it('drops what a single file replaced, and of a file of several snapshots only what no longer counts', async () => {
    const file = (dates: readonly string[], alerts: number) =>
      site.write(
        'alerts.csv',
        dates
          .map(
            (
              day,
            ) => `SELECT toUInt16(30) AS window_days, toDate('${day}') AS processing_date, toString(number) AS alert_id, '0x1' AS address,
'x' AS typology_type, 0.5 AS alert_confidence_score, '' AS description, 1 AS volume_usd, '' AS evidence_json, emptyArrayString() AS risk_indicators
FROM numbers(${alerts})`,
          )
          .join(' UNION ALL '),
      );
    await ingestFile(site.database, { from: await file([date, '2026-01-01'], 4), table: 'raw_alerts' });
    await ingestFile(site.database, { from: await file(['2026-01-01'], 3), table: 'raw_alerts' });
    expect(await now()).toEqual([{ table: 'raw_alerts', batches: 1, rows: 4 }]);
    expect(await site.count('published_alerts', `processing_date = '${date}'`)).toBe(4);
    expect(await site.count('published_alerts', `processing_date = '2026-01-01'`)).toBe(3);

    const labels = (set: string, count: number) =>
      site.write(
        'labels.ndjson',
        `SELECT 'simnet' AS network, '0x1' AS address, 'x' AS label, '${set}' AS data_set, '1' AS data_set_version, toDate('2025-01-01') AS valid_from FROM numbers(${count})`,
      );
    await ingestFile(site.database, { from: await labels('a', 5), table: 'miner_labels' });
    await ingestFile(site.database, { from: await labels('b', 2), table: 'miner_labels' });
    await ingestFile(site.database, { from: await labels('a', 3), table: 'miner_labels' });
    expect(await now()).toEqual([{ table: 'miner_labels', batches: 1, rows: 5 }]);
    expect(await site.count('published_miner_labels')).toBe(5);
  });

  it('drops what was never published, whatever its id looks like', async () => {
    await ingest(4);
    const before = await rows();
    const ids = [
      `${await newBatchId(site.database)}.raw_alerts.1`,
      randomUUID(),
      'x',
      '00000000000000700',
      `it's "odd" \\ 漢`,
    ];
    await insert(
      'raw_alerts',
      ids.map((id) => alert(id)),
    );
    await insert('miner_labels', [
      {
        network: 'simnet',
        address: '0x1',
        label: 'x',
        data_set: 'orphan',
        data_set_version: '1',
        valid_from: '2025-01-01',
        batch_id: ids[0],
      },
    ]);
    expect((await rows()).seen).toEqual(before.seen);
    expect(await now()).toEqual([
      { table: 'raw_alerts', batches: ids.length, rows: ids.length },
      { table: 'miner_labels', batches: 1, rows: 1 },
    ]);
    expect(await rows()).toEqual(before);
  });

  it('never touches rows without a batch', async () => {
    await insert('raw_alerts', [alert('')]);
    await insert('miner_labels', [
      {
        network: 'simnet',
        address: '0xhand',
        label: 'x',
        data_set: 'hand',
        data_set_version: '1',
        valid_from: '2025-01-01',
      },
    ]);
    await insert('alert_scores', [score({ model: 'hand', batchId: '' })]);
    await ingest(4);
    await ingest(2);
    const before = await rows();
    await now();
    expect((await rows()).seen).toEqual(before.seen);
    expect(await site.count('published_alerts', `processing_date = '${date}' AND batch_id = ''`)).toBe(1);
    expect(await site.count('published_miner_labels', `data_set = 'hand'`)).toBe(1);
    expect(await site.count('published_alert_scores', `model_id = 'hand'`)).toBe(1);
  });

  it('leaves what is younger than asked: just replaced, or just begun', async () => {
    await ingest(4);
    await ingest(2);
    const orphan = `${await newBatchId(site.database)}.raw_alerts.1`;
    await insert('raw_alerts', [alert(orphan)]);
    const before = await rows();
    for (const olderThanHours of [24, 1, undefined]) {
      expect(await vacuum(site.database, olderThanHours === undefined ? {} : { olderThanHours })).toEqual([]);
    }
    expect(await rows()).toEqual(before);
    // What is replaced may be dropped before what somebody may be writing.
    expect(await vacuum(site.database, { olderThanHours: 0, unfinishedOlderThanHours: 1 })).toContainEqual({
      table: 'raw_alerts',
      batches: 1,
      rows: 4,
    });
    const [old] = await site.database.query<{ id: string }>({
      sql: 'SELECT toString(dateTimeToUUIDv7(now() - 7200)) AS id',
      doing: 'naming a batch of two hours ago',
    });
    // Begun long ago and replaced only now: somebody may still read it.
    const replaced = `${old?.id}.raw_alerts.1`;
    await insert('raw_alerts', [alert(replaced)]);
    await publishBatch(site.database, 'ingestions', [
      {
        batch_id: old?.id,
        processing_date: date,
        window_days: 30,
        table_rows: { raw_alerts: 1 },
        table_batches: { raw_alerts: replaced },
      },
    ]);
    await ingest(3);
    expect(await vacuum(site.database, { olderThanHours: 1 })).toEqual([]);
    // Begun long ago and never finished.
    await insert('raw_alerts', [alert(`${old?.id}.raw_alerts.2`)]);
    expect(await vacuum(site.database, { olderThanHours: 3 })).toEqual([]);
    expect(await vacuum(site.database, { olderThanHours: 1 })).toEqual([
      { table: 'raw_alerts', batches: 1, rows: 1 },
    ]);
    await now();
  });

  it('leaves on a server what is being written, unless told otherwise', async () => {
    await ingest(4);
    await insert('raw_alerts', [alert(`${await newBatchId(site.database)}.raw_alerts.1`)]);
    const orphan = [{ table: 'raw_alerts', batches: 1, rows: 1 }];
    const isShared = site.database.engine.kind === 'server';
    expect(await vacuum(site.database, { olderThanHours: 0 })).toEqual(isShared ? [] : orphan);
    await ingest(2);
    expect(await vacuum(site.database, { olderThanHours: 0 })).toContainEqual({
      table: 'raw_alerts',
      batches: 1,
      rows: 4,
    });
    await now();
  });

  it('only counts when asked to', async () => {
    await ingest(4);
    await ingest(2);
    const before = await rows();
    const counted = await now({ dryRun: true });
    expect(counted).toContainEqual({ table: 'raw_alerts', batches: 1, rows: 4 });
    expect(await rows()).toEqual(before);
    expect(await now()).toEqual(counted);
  });

  const score = ({ model, batchId }: { model: string; batchId: string }) => ({
    processing_date: date,
    window_days: 30,
    alert_id: randomUUID(),
    address: '0x1',
    score: 0.5,
    model_id: model,
    model_version: '1.0.0',
    batch_id: batchId,
  });
  /** Scores of one model, published as the pipeline does. */
  async function publishScores(models: readonly string[], count: number): Promise<string> {
    const batchId = await newBatchId(site.database);
    for (const model of models) {
      const list = Array.from({ length: count }, () => score({ model, batchId }));
      await insert('alert_scores', list);
      await insert(
        'alert_rankings',
        list.map((row, index) => ({ ...row, rank: index + 1 })),
      );
      await insert(
        'cluster_scores',
        list.map(({ alert_id, address: _, ...row }) => ({ ...row, cluster_id: alert_id })),
      );
    }
    const entry = {
      batch_id: batchId,
      processing_date: date,
      window_days: 30,
      model_type: 'alert_scorer',
      model_ids: models,
      status: 'complete',
    };
    await publishBatch(site.database, 'batch_metadata', [{ ...entry, counts: {}, latency_ms: 1 }]);
    return batchId;
  }

  it('drops scores that were replaced or never published, and keeps each model’s own', async () => {
    await publishScores(['m1'], 3);
    await publishScores(['m1'], 2);
    await publishScores(['m2'], 4);
    await insert('alert_scores', [score({ model: 'm3', batchId: await newBatchId(site.database) })]);
    const before = await rows();
    expect(await now()).toEqual([
      { table: 'alert_scores', batches: 2, rows: 4 },
      { table: 'alert_rankings', batches: 1, rows: 3 },
      { table: 'cluster_scores', batches: 1, rows: 3 },
    ]);
    expect((await rows()).seen).toEqual(before.seen);
    expect(await site.count('published_alert_scores', `processing_date = '${date}'`)).toBe(6);
  });

  it('drops no score that a reader still sees, whichever models were scored together', async () => {
    await publishScores(['a', 'b'], 2);
    await publishScores(['a'], 3);
    await publishScores(['b'], 3);
    const before = await rows();
    await now();
    expect((await rows()).seen).toEqual(before.seen);
  });

  it('makes the tables smaller', async () => {
    await ingest(100_000);
    await ingest(2);
    const bytes = async () =>
      (await databaseStatus(site.database)).tables.find(({ table }) => table === 'raw_alerts')?.bytes ?? 0;
    const before = await bytes();
    await now();
    expect(await bytes()).toBeLessThan(before / 2);
  });

  it('drops the tables that a killed ingestion had laid files aside in', async () => {
    await site.database.command({
      sql: 'CREATE TABLE ingest_staging_of_somebody ENGINE = MergeTree ORDER BY tuple() AS SELECT number FROM numbers(3)',
      doing: 'leaving a table behind',
    });
    expect(await vacuum(site.database)).toEqual([]);
    expect(await now({ dryRun: true })).toEqual([
      { table: 'ingest_staging_of_somebody', batches: 1, rows: 3 },
    ]);
    expect(await now()).toEqual([{ table: 'ingest_staging_of_somebody', batches: 1, rows: 3 }]);
    expect(JSON.stringify(await site.state())).not.toMatch(/staging/);
  });

  it('tells how far it is, can be stopped, and refuses an age that is none', async () => {
    const seen: string[] = [];
    await now({
      onProgress: ({ table, done, total }: { table: string; done: number; total: number }) =>
        seen.push(`${table} ${done}/${total}`),
    });
    expect(seen).toHaveLength(Object.keys(views).length);
    expect(seen[0]).toBe('raw_alerts 1/10');
    await site.refused(() => now({ signal: AbortSignal.abort() }), 'CANCELLED');
    for (const olderThanHours of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await site.refused(() => vacuum(site.database, { olderThanHours }), 'INVALID_INPUT');
    }
  });
});
