import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestSnapshots } from './ingestion/ingest.ts';
import { ingestFile } from './ingestion/ingest-file.ts';
import { type DatabaseStatus, databaseStatus } from './status.ts';
import { INGEST_TABLES } from './tables.ts';
import { engines } from './testing/engines.ts';
import { type IngestSite, startIngestSite } from './testing/ingest-site.ts';
import { vacuum } from './vacuum.ts';

describe.each(engines)('$name', (engine) => {
  let site: IngestSite;
  const sources: string[] = [];
  beforeAll(async () => {
    site = await startIngestSite(engine);
  });
  afterAll(() => site.stop());
  const status = (options: object = {}) => databaseStatus(site.database, options);
  const table = ({ tables }: DatabaseStatus, name: string) => tables.find((entry) => entry.table === name);

  it('of an empty database is empty', async () => {
    const found = await status();
    expect(found).toMatchObject({
      network: 'simnet',
      database: site.database.name,
      snapshots: [],
      ingestions: [],
    });
    expect(found.engine).toBe(engine.name === 'embedded' ? 'embedded' : 'server');
    expect(found.location).toBe(site.database.engine.location);
    expect(found.location).not.toMatch(/password/);
    expect(found.version).toMatch(/^\d+\.\d+/);
    expect(found.tables.map((entry) => entry.table)).toEqual([
      ...INGEST_TABLES.map(({ name }) => name),
      'alert_scores',
      'alert_rankings',
      'cluster_scores',
      'trained_models',
    ]);
    for (const entry of found.tables) expect(entry).toMatchObject({ rows: 0, deadRows: 0 });
  });

  it('counts what readers see and what they do not, as counting it oneself does', async () => {
    for (const [date, alerts] of [
      ['2025-01-02', 10],
      ['2025-01-01', 6],
      ['2025-01-01', 4],
    ] as const) {
      const from = await site.snapshot({ date, alerts });
      sources.push(from);
      await ingestSnapshots(site.database, { from });
    }
    await ingestSnapshots(site.database, {
      from: await site.snapshot({ date: '2025-01-01', windowDays: 7, alerts: 2 }),
    });
    const labels = await site.write(
      'labels.csv',
      `SELECT 'simnet' AS network, '0x1' AS address, 'x' AS label, arrayJoin(['a', 'b@c']) AS data_set, '1' AS data_set_version, toDate('2025-01-01') AS valid_from`,
    );
    await ingestFile(site.database, { from: labels, table: 'miner_labels' });
    await site.database.insert(
      'raw_alerts',
      [
        {
          window_days: 30,
          processing_date: '2025-01-03',
          alert_id: 'hand',
          address: '0x1',
          typology_type: 'x',
        },
      ],
      'inserting by hand',
    );
    await site.database.insert(
      'entity_addresses',
      [{ data_set: 'a', data_set_version: '1', entity: 'desk', network: 'bsc', address: '0x1' }],
      'inserting by hand',
    );
    const found = await status();
    for (const { name, view } of INGEST_TABLES) {
      const [seen, stored] = [await site.count(view), await site.count(name)];
      expect(table(found, name)).toMatchObject({ rows: seen, deadRows: stored - seen });
      expect(table(found, name)?.bytes).toBeGreaterThan(0);
    }
    expect(table(found, 'raw_alerts')).toMatchObject({ rows: 10 + 4 + 2 + 1, deadRows: 6 });
  });

  it('lists the snapshots with the rows of each table, rows by hand among them', async () => {
    const { snapshots } = await status();
    expect(
      snapshots.map(({ processingDate, windowDays, rows }) => [
        processingDate,
        windowDays,
        rows.raw_alerts,
        rows.raw_features,
      ]),
    ).toEqual([
      ['2025-01-01', 7, 2, 1],
      ['2025-01-01', 30, 4, 2],
      ['2025-01-02', 30, 10, 5],
      ['2025-01-03', 30, 1, undefined],
    ]);
    for (const { processingDate, publishedAt } of snapshots) {
      if (processingDate === '2025-01-03') expect(publishedAt).toBeUndefined();
      else expect(Math.abs(Date.parse(publishedAt ?? '') - Date.now())).toBeLessThan(600_000);
    }
  });

  it('lists the last ingestions, the newest first, and which of them count', async () => {
    const { ingestions } = await status();
    expect(ingestions.map(({ scope, current, rows }) => [scope, current, rows])).toEqual([
      ['a, version 1', true, { miner_labels: 1 }],
      ['b@c, version 1', true, { miner_labels: 1 }],
      ['2025-01-01, window 7', true, expect.objectContaining({ raw_alerts: 2 })],
      ['2025-01-01, window 30', true, expect.objectContaining({ raw_alerts: 4, raw_clusters: 1 })],
      ['2025-01-01, window 30', false, expect.objectContaining({ raw_alerts: 6 })],
      ['2025-01-02, window 30', true, expect.objectContaining({ raw_alerts: 10 })],
    ]);
    expect(ingestions.slice(3).map(({ source }) => source)).toEqual([...sources].reverse());
    expect(new Set(ingestions.map(({ batchId }) => batchId)).size).toBe(5);
    expect((await status({ ingestions: 2 })).ingestions).toEqual(ingestions.slice(0, 2));
  });

  it('says that an ingestion counts while any of its tables does', async () => {
    const alerts = await site.write(
      'alerts.parquet',
      `SELECT * FROM file('${sources[0]}/raw_alerts.parquet', 'Parquet') LIMIT 3`,
    );
    await ingestFile(site.database, { from: alerts, table: 'raw_alerts' });
    const { ingestions, snapshots } = await status({ ingestions: 100 });
    expect(
      ingestions.filter(({ scope }) => scope === '2025-01-02, window 30').map(({ current }) => current),
    ).toEqual([true, true]);
    expect(snapshots.find(({ processingDate }) => processingDate === '2025-01-02')?.rows).toMatchObject({
      raw_alerts: 3,
      raw_features: 5,
    });
  });

  it('has no dead rows after a vacuum', async () => {
    await vacuum(site.database, { olderThanHours: 0 });
    for (const entry of (await status()).tables) expect(entry.deadRows).toBe(0);
  });
});
