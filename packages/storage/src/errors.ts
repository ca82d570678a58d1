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

const unreachable = {
  network: {
    code: 'SERVER_UNREACHABLE',
    fault: 'does not answer',
    expected: 'the HTTP interface of ClickHouse',
    remedy: 'check CLICKHOUSE_URL and that the server runs; try: curl $CLICKHOUSE_URL/ping',
  },
  plain: {
    code: 'SERVER_TLS_FAILED',
    fault: 'does not speak TLS at this port',
    expected: 'an HTTPS interface',
    remedy: 'write http:// in CLICKHOUSE_URL, or the port of the HTTPS interface (8443 by default)',
  },
  tls: {
    code: 'SERVER_TLS_FAILED',
    fault: 'has a certificate that is not trusted',
    expected: 'a certificate that Node or CLICKHOUSE_CA_CERT vouches for',
    remedy:
      'set CLICKHOUSE_CA_CERT to the PEM file of the authority, or use the name that the certificate is for',
  },
} as const;

/** No server answers at the address, or not in a way that can be trusted. */
export class ServerUnreachableError extends RiskScoringError {
  constructor(parts: { kind: keyof typeof unreachable; location: string; doing: string; cause: Error }) {
    const { code, fault, expected, remedy } = unreachable[parts.kind];
    super({
      code,
      category: 'environment',
      summary: `The ClickHouse server at ${parts.location} ${fault} (while ${parts.doing}).`,
      expected,
      found: firstLine(parts.cause.message) || ((parts.cause as { code?: string }).code ?? parts.cause.name),
      remedy,
      cause: parts.cause,
    });
  }
}

/** The server does not let this user in, or not do this. */
export class ServerAccessError extends RiskScoringError {
  constructor(parts: { kind: 'login' | 'grant'; location: string; doing: string; cause: Error }) {
    const login = parts.kind === 'login';
    super({
      code: login ? 'SERVER_AUTHENTICATION_FAILED' : 'SERVER_ACCESS_DENIED',
      category: 'environment',
      summary: login
        ? `The ClickHouse server at ${parts.location} refuses the user or the password.`
        : `The ClickHouse server at ${parts.location} does not allow this user ${parts.doing}.`,
      expected: login ? 'a user and password that it knows' : 'a user with the privileges for it',
      found: firstLine(parts.cause.message),
      remedy: login
        ? 'check CLICKHOUSE_USER and CLICKHOUSE_PASSWORD'
        : 'ask an administrator for the GRANT that the message names',
      cause: parts.cause,
    });
  }
}

/** Something answered that does not speak as ClickHouse does: a proxy, another program. */
export class ServerHttpError extends RiskScoringError {
  constructor(parts: { location: string; doing: string; cause: Error }) {
    super({
      code: 'SERVER_HTTP_ERROR',
      category: 'environment',
      summary: `${parts.location} did not answer as ClickHouse does (while ${parts.doing}).`,
      expected: 'the HTTP interface of ClickHouse',
      found: firstLine(parts.cause.message),
      remedy:
        'check CLICKHOUSE_URL, its port and any proxy in between; try again later if the server is busy',
      cause: parts.cause,
    });
  }
}

/** The server is older than what the product was written for. */
export class ServerVersionError extends RiskScoringError {
  constructor(parts: { location: string; expected: string; found: string }) {
    super({
      code: 'SERVER_TOO_OLD',
      category: 'environment',
      summary: `The ClickHouse server at ${parts.location} is too old.`,
      expected: parts.expected,
      found: parts.found,
      remedy: 'update the server, or use the embedded engine (unset CLICKHOUSE_URL)',
    });
  }
}

/** The database holds another network's data. */
export class WrongNetworkError extends RiskScoringError {
  constructor(parts: { database: string; serves: string; asked: string }) {
    super({
      code: 'DATABASE_SERVES_ANOTHER_NETWORK',
      category: 'input',
      summary: `The database ${parts.database} holds the network '${parts.serves}', not '${parts.asked}'.`,
      expected: 'one database per network',
      found: `network '${parts.serves}'`,
      remedy: `unset CLICKHOUSE_DATABASE to use risk_scoring_${parts.asked}, name another database, or use --network ${parts.serves}`,
    });
  }
}

/** What helps against an exception of ClickHouse that is no fault of the statement. */
const remedies: Readonly<Record<string, string>> = {
  MEMORY_LIMIT_EXCEEDED: 'give ClickHouse more memory, or work on fewer snapshots at a time',
  NOT_ENOUGH_SPACE:
    'free disk space where ClickHouse keeps its data; risk-scoring vacuum drops rows that no longer count',
  CANNOT_WRITE_TO_FILE_DESCRIPTOR: 'check that the disk is not full',
  READONLY: 'use a user that may write',
  TIMEOUT_EXCEEDED: 'raise max_execution_time for this user, or work on fewer snapshots at a time',
  QUERY_WAS_CANCELLED: 'somebody stopped the statement on the server; run it again',
};

/** The engine refused a statement. */
export class DatabaseError extends RiskScoringError {
  constructor(parts: { doing: string; cause: Error }) {
    super({
      code: 'DATABASE_ERROR',
      category: 'environment',
      summary: `ClickHouse failed while ${parts.doing}.`,
      found: firstLine(parts.cause.message),
      ...remedyFor(parts.cause),
      cause: parts.cause,
    });
  }
}

function remedyFor(cause: Error): { remedy?: string } {
  const remedy = remedies[(cause as { type?: string }).type ?? ''];
  return remedy === undefined ? {} : { remedy };
}

/** A column that should be there is not. */
export class MissingColumnError extends RiskScoringError {
  constructor(parts: { database: string; doing: string; cause: Error }) {
    super({
      code: 'MISSING_COLUMN',
      category: 'data',
      summary: `A column is missing in ${parts.database} (while ${parts.doing}).`,
      expected: 'every column of the migrations, and of the SQL in use',
      found: firstLine(parts.cause.message),
      remedy:
        'if a column was dropped or renamed by hand, put it back as in schema/; if the SQL is your own, check its names',
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
      | 'SNAPSHOT_DUPLICATE_KEYS'
      | 'SNAPSHOT_BAD_VALUES'
      | 'SNAPSHOT_COLUMN_ORDER'
      | 'SNAPSHOT_EMPTY'
      | 'S3_UNREADABLE'
      | 'DOWNLOAD_FAILED'
      | 'DOWNLOAD_TOO_LARGE';
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
function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.trim().replace(/\.$/, '') ?? message;
}
