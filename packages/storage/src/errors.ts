import { RiskScoringError } from '@risk-scoring/contract';

/** The network has no database here. */
export class UnknownNetworkError extends RiskScoringError {
  constructor(parts: { network: string; location: string; available: readonly string[] }) {
    const known = parts.available.length > 0 ? parts.available.join(', ') : 'none yet';
    super({
      code: 'UNKNOWN_NETWORK',
      category: 'input',
      summary: `There is no database for the network '${parts.network}' in ${parts.location}.`,
      expected: 'a network that was initialised',
      found: `networks: ${known}`,
      remedy: `check the spelling, or run: npx risk-scoring init --network ${parts.network}`,
    });
  }
}

/** Another process works in the data folder. */
export class DataFolderLockedError extends RiskScoringError {
  constructor(parts: { folder: string; owner: string; cause: unknown }) {
    super({
      code: 'DATA_FOLDER_LOCKED',
      category: 'environment',
      summary: `The data folder ${parts.folder} is in use by another process.`,
      expected: 'one process per data folder (the embedded engine locks it)',
      found: parts.owner,
      remedy: 'wait for that process or stop it, or choose another folder with --data-dir',
      cause: parts.cause,
    });
  }
}

/** The data folder cannot be made, read or opened. */
export class DataFolderError extends RiskScoringError {
  constructor(parts: { folder: string; found: string; cause: unknown }) {
    super({
      code: 'DATA_FOLDER_UNUSABLE',
      category: 'environment',
      summary: `The data folder ${parts.folder} cannot be used.`,
      expected: 'a folder that this user can read and write',
      found: parts.found,
      remedy: 'mend its permissions or choose another folder with --data-dir',
      cause: parts.cause,
    });
  }
}

/** The engine refused a statement. */
export class DatabaseError extends RiskScoringError {
  constructor(parts: { doing: string; cause: Error }) {
    super({
      code: 'DATABASE_ERROR',
      category: 'environment',
      summary: `ClickHouse failed while ${parts.doing}.`,
      found: firstLine(parts.cause.message),
      cause: parts.cause,
    });
  }
}

/** A table or view that should be there is not. */
export class MissingTableError extends RiskScoringError {
  constructor(parts: { database: string; doing: string; cause: Error }) {
    super({
      code: 'MISSING_TABLE',
      category: 'data',
      summary: `A table is missing in ${parts.database} (while ${parts.doing}).`,
      expected: 'every table of the migrations',
      found: firstLine(parts.cause.message),
      remedy:
        'run: npx risk-scoring init --network <network>; restore the table from a backup if it was dropped',
      cause: parts.cause,
    });
  }
}

/** The migrations that ran and those at hand disagree. */
export class MigrationError extends RiskScoringError {
  constructor(parts: { summary: string; expected: string; found: string; remedy: string }) {
    super({ code: 'MIGRATION_MISMATCH', category: 'environment', ...parts });
  }
}

/** A snapshot that is not what its META.json says, or not what the tables take. Nothing of it was stored. */
export class SnapshotError extends RiskScoringError {
  constructor(parts: {
    code:
      | 'SNAPSHOT_FOLDER_UNREADABLE'
      | 'SNAPSHOT_META_INVALID'
      | 'SNAPSHOT_TABLE_MISSING'
      | 'SNAPSHOT_TABLE_UNKNOWN'
      | 'SNAPSHOT_CHECKSUM_MISMATCH'
      | 'SNAPSHOT_ROW_COUNT_MISMATCH'
      | 'SNAPSHOT_FILE_UNREADABLE'
      | 'SNAPSHOT_COLUMN_MISSING'
      | 'SNAPSHOT_COLUMN_TYPE'
      | 'SNAPSHOT_WRONG_NETWORK'
      | 'SNAPSHOT_WRONG_ROWS'
      | 'SNAPSHOT_DUPLICATE_KEYS';
    summary: string;
    expected: string;
    found: string;
    remedy: string;
    cause?: unknown;
  }) {
    super({ category: 'data', ...parts });
  }
}

/** The first line of an engine message, without its version trailer. */
export function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.trim().replace(/\.$/, '') ?? message;
}
