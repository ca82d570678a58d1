import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from './database.ts';
import { MigrationError } from './errors.ts';
import { applyMigrations, readMigrations } from './migrations.ts';
import { initDatabase, openDatabase } from './open-database.ts';
import { RAW_TABLES } from './tables.ts';
import { scratchFolder } from './testing/scratch.ts';

const scratch = scratchFolder();
let database: Database;

beforeAll(async () => {
  ({ database } = await initDatabase({ network: 'mignet', dataDir: scratch.folder }));
});
afterAll(async () => {
  await database.close();
  scratch.remove();
});

describe('migrations', () => {
  it('are numbered without a gap and make every table that SOT publishes and every table we keep', async () => {
    const rows = await database.query<{ name: string }>({
      sql: 'SELECT name FROM system.tables WHERE database = currentDatabase()',
      doing: 'listing',
    });
    const kept = ['trained_models', 'alert_scores', 'alert_rankings', 'cluster_scores', 'batch_metadata'];
    const names = rows.map((row) => row.name);
    expect(names).toEqual(
      expect.arrayContaining([
        ...RAW_TABLES.flatMap(({ name, view }) => [name, view]),
        'miner_labels',
        ...kept,
      ]),
    );
  });

  it('run once: again nothing is applied', async () => {
    const again = await applyMigrations(database);
    expect(again.applied).toEqual([]);
    expect(again.alreadyThere).toEqual(readMigrations().map((migration) => migration.name));
  });

  it('refuse one that was edited after it ran, naming it and what to do', async () => {
    const edited = readMigrations().map((migration) =>
      migration.version === 3 ? { ...migration, checksum: 'f'.repeat(64) } : migration,
    );
    await expect(applyMigrations(database, edited)).rejects.toThrow(
      /0003_raw_clusters was edited.*new, higher-numbered migration/,
    );
  });

  it('refuse a database that is newer', async () => {
    await expect(applyMigrations(database, readMigrations().slice(0, -1))).rejects.toThrow(
      /newer than this version/,
    );
  });

  it('repeat themselves harmlessly where a kill left the last one unrecorded', async () => {
    await database.command({
      sql: 'ALTER TABLE schema_migrations DELETE WHERE version >= 9 SETTINGS mutations_sync = 2',
      doing: 'forgetting',
    });
    expect((await applyMigrations(database)).applied).toEqual(
      readMigrations()
        .slice(8)
        .map((migration) => migration.name),
    );
  });

  it('must have run before a database opens', async () => {
    await database.command({
      sql: 'ALTER TABLE schema_migrations DELETE WHERE version = 11 SETTINGS mutations_sync = 2',
      doing: 'forgetting',
    });
    const opening = openDatabase({ network: 'mignet', dataDir: scratch.folder });
    await expect(opening).rejects.toThrow(MigrationError);
    await expect(opening).rejects.toThrow(/risk-scoring init --network mignet/);
    await applyMigrations(database);
  });
});
