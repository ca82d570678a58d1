import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseStatus } from '../status.ts';
import { engines } from '../testing/engines.ts';
import { type IngestSite, startIngestSite } from '../testing/ingest-site.ts';
import { vacuum } from '../vacuum.ts';
import { ingestFile } from './ingest-file.ts';

describe.each(engines)('entity_addresses, $name', (engine) => {
  let site: IngestSite;
  beforeAll(async () => {
    site = await startIngestSite(engine);
  });
  afterAll(() => site.stop());

  const ingest = (from: string, options: object = {}) =>
    ingestFile(site.database, { from, table: 'entity_addresses', ...options });
  /** A file of rows: data set, version, entity, network, address. */
  const file = (name: string, rows: readonly (readonly [string, string, string, string, string])[]) =>
    site.write(
      name,
      rows
        .map(([set, version, entity, network, address]) =>
          [
            `SELECT '${set}' AS data_set, '${version}' AS data_set_version, toDate('2025-01-01') AS valid_from`,
            `'${entity}' AS entity, '${network}' AS network, '${address}' AS address`,
          ].join(', '),
        )
        .join(' UNION ALL '),
    );
  const seen = (set: string) =>
    site.rows(
      `SELECT data_set_version, valid_from, entity, network, address FROM published_entity_addresses WHERE data_set = '${set}'`,
    );

  it.each(['.parquet', '.csv', '.ndjson.gz'])('come from a %s file, of any network', async (ending) => {
    const outcome = await ingest(
      await file(`entities${ending}`, [
        [`set${ending}`, '1', 'desk', 'simnet', '0xAb'],
        [`set${ending}`, '1', 'desk', 'bsc', '0xcd'],
      ]),
    );
    expect(outcome).toMatchObject({
      table: 'entity_addresses',
      outcome: 'ingested',
      rows: 2,
      scopes: [`set${ending}, version 1`],
      warnings: [],
    });
    expect(await seen(`set${ending}`)).toEqual([
      `('1','2025-01-01','desk','bsc','0xcd')`,
      `('1','2025-01-01','desk','simnet','0xAb')`,
    ]);
  });

  it('have each data set and version replaced by itself, and rows by hand left alone', async () => {
    await site.database.insert(
      'entity_addresses',
      [{ data_set: 'own', data_set_version: '1', entity: 'hand', network: 'bsc', address: '0x9' }],
      'inserting by hand',
    );
    const first = await file('first.csv', [
      ['own', '1', 'a', 'bsc', '0x1'],
      ['own', '1', 'a', 'bsc', '0x2'],
      ['own', '2', 'a', 'bsc', '0x3'],
    ]);
    await ingest(first);
    expect(await ingest(first)).toMatchObject({ outcome: 'unchanged', rows: 3 });
    expect(await ingest(await file('second.csv', [['own', '1', 'b', 'polygon', '0x4']]))).toMatchObject({
      outcome: 'replaced',
      rows: 1,
    });
    expect(await seen('own')).toEqual([
      `('1','1970-01-01','hand','bsc','0x9')`,
      `('1','2025-01-01','b','polygon','0x4')`,
      `('2','2025-01-01','a','bsc','0x3')`,
    ]);
  });

  it('have replaced rows counted by the status and dropped by the vacuum', async () => {
    const dead = async () =>
      (await databaseStatus(site.database)).tables.find(({ table }) => table === 'entity_addresses');
    const before = await dead();
    expect(before).toMatchObject({ deadRows: 2 });
    const now = { olderThanHours: 0, unfinishedOlderThanHours: 0 };
    // Of the first file, version 2 still counts.
    expect(await vacuum(site.database, now)).toEqual([{ table: 'entity_addresses', batches: 1, rows: 2 }]);
    await ingest(await file('third.csv', [['own', '2', 'c', 'bsc', '0x5']]));
    expect(await vacuum(site.database, now)).toEqual([{ table: 'entity_addresses', batches: 1, rows: 1 }]);
    expect(await dead()).toMatchObject({ rows: before?.rows, deadRows: 0 });
    expect((await databaseStatus(site.database)).ingestions[0]).toMatchObject({
      scope: 'own, version 2',
      rows: { entity_addresses: 1 },
      current: true,
    });
  });

  it('are refused with a network that cannot be one, or an entity without a name', async () => {
    for (const network of ['Bsc', 'bnb chain', '', 'x'.repeat(64), `bsc'; --`]) {
      const escaped = network.replaceAll("'", "''");
      const wrong = await file('wrong.csv', [
        ['own', '3', 'a', 'bsc', '0x1'],
        ['own', '3', 'a', escaped, '0x2'],
      ]);
      await site.refused(() => ingest(wrong), 'SNAPSHOT_BAD_VALUES', wrong, /network/, 'row 2');
    }
    const nameless = await file('nameless.csv', [['own', '3', '', 'bsc', '0x1']]);
    await site.refused(() => ingest(nameless), 'SNAPSHOT_BAD_VALUES', /entity/);
    const lacking = await site.write('lacking.csv', `SELECT 'own' AS data_set, '3' AS data_set_version`);
    await site.refused(() => ingest(lacking), 'SNAPSHOT_COLUMN_MISSING', 'entity String', 'network String');
  });
});
