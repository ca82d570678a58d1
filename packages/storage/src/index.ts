export { addressKeySql } from './address-key-sql.ts';
export type { PublishingTable } from './batches.ts';
export { newBatchId, publishBatch, removeBatch } from './batches.ts';
export { ClusterConfigurationError, ClusterStatementError, colocatedJoin } from './cluster/index.ts';
export type { Command, DatabaseBehaviour, QueryParameters, Statement } from './database.ts';
export { Database } from './database.ts';
export { DEFAULT_DATA_DIR, resolveDataDir } from './engine/data-folder.ts';
export type { Engine, EngineRequest, FileRows } from './engine/engine.ts';
export type { ServerOptions } from './engine/server-options.ts';
export { serverFromEnvironment } from './engine/server-options.ts';
export {
  DatabaseError,
  DataFolderError,
  DataFolderLockedError,
  MigrationError,
  MissingColumnError,
  MissingTableError,
  ServerAccessError,
  ServerHttpError,
  ServerUnreachableError,
  ServerVersionError,
  SnapshotError,
  UnknownNetworkError,
  WrongNetworkError,
} from './errors.ts';
export { FileError } from './ingestion/files/index.ts';
export { inParallel } from './ingestion/in-parallel.ts';
export type { IngestOptions, IngestProgress, SnapshotOutcome } from './ingestion/ingest.ts';
export { ingestSnapshots } from './ingestion/ingest.ts';
export type { FileOutcome, IngestFileOptions } from './ingestion/ingest-file.ts';
export { ingestFile } from './ingestion/ingest-file.ts';
export type { IngestLimits } from './ingestion/limits.ts';
export { DEFAULT_LIMITS } from './ingestion/limits.ts';
export type { PublishedTable } from './ingestion/published.ts';
export { publishedTables } from './ingestion/published.ts';
export type { ColumnsToInsert, InsertColumn, InsertConstant, IntegerValues } from './inserting/index.ts';
export { insertColumns } from './inserting/index.ts';
export type {
  ExtraLabelColumn,
  ImportLabelSetOptions,
  LabelSetInfo,
  LabelSetName,
  LabelSetOutcome,
  LabelSetRows,
  NewLabelSet,
} from './label-sets/index.ts';
export {
  InvalidLabelRowsError,
  importLabelSet,
  LabelSetExistsError,
  LabelSetNotFoundError,
  latestLabelSets,
  listLabelSets,
  readLabelSet,
  removeLabelSet,
} from './label-sets/index.ts';
export type { Migration, MigrationReport } from './migrations.ts';
export { applyMigrations, readMigrations } from './migrations.ts';
export { databaseName, networkPattern } from './network.ts';
export type { DatabaseOptions } from './open-database.ts';
export { initDatabase, openDatabase } from './open-database.ts';
export type { PublishedBatches } from './reading/published-batches.ts';
export { publishedBatches } from './reading/published-batches.ts';
export type { AddressLabelsOfPeriod } from './reading/read-address-labels.ts';
export {
  ADDRESS_LABEL_COLUMNS,
  NO_ADDRESS_LABELS,
  readAddressLabels,
} from './reading/read-address-labels.ts';
export type { PeriodRows } from './reading/read-period.ts';
export { readPeriod } from './reading/read-period.ts';
export type { RetryEvent, RetryPolicy } from './retry.ts';
export { DEFAULT_RETRY } from './retry.ts';
export { literal, quote } from './sql-text.ts';
export type { DatabaseStatus, IngestionStatus, SnapshotStatus, TableStatus } from './status.ts';
export { databaseStatus } from './status.ts';
export type { IngestTable, IngestTableName, RawTable, RawTableName } from './tables.ts';
export { INGEST_TABLES, RAW_TABLES } from './tables.ts';
export type { VacuumedTable, VacuumOptions } from './vacuum.ts';
export { vacuum } from './vacuum.ts';
