export { addressKeySql } from './address-key-sql.ts';
export type { PublishingTable } from './batches.ts';
export { publishBatch, removeBatch } from './batches.ts';
export type { QueryParameters, Statement } from './database.ts';
export { Database } from './database.ts';
export { DEFAULT_DATA_DIR, resolveDataDir } from './embedded-engine.ts';
export type { Engine } from './engine.ts';
export {
  DatabaseError,
  DataFolderError,
  DataFolderLockedError,
  MigrationError,
  MissingTableError,
  SnapshotError,
  UnknownNetworkError,
} from './errors.ts';
export type { IngestOptions, IngestProgress, SnapshotOutcome } from './ingestion/ingest.ts';
export { ingestSnapshots } from './ingestion/ingest.ts';
export type { Migration, MigrationReport } from './migrations.ts';
export { applyMigrations, readMigrations } from './migrations.ts';
export { databaseName } from './network.ts';
export type { DatabaseOptions } from './open-database.ts';
export { initDatabase, openDatabase } from './open-database.ts';
export type { RawTable, RawTableName } from './tables.ts';
export { RAW_TABLES } from './tables.ts';
