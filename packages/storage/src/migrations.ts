import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { clusterStatements } from './cluster/index.ts';
import type { Database } from './database.ts';
import { MigrationError } from './errors.ts';

/** One file of `schema/`: numbered, never edited once it ran anywhere. */
export interface Migration {
  readonly version: number;
  /** The file name without `.sql`: `0001_raw_alerts`. */
  readonly name: string;
  /** sha256 of the file, line ends as `\n`. */
  readonly checksum: string;
  readonly statements: readonly string[];
}

/** What {@link applyMigrations} did. */
export interface MigrationReport {
  readonly applied: readonly string[];
  readonly alreadyThere: readonly string[];
}

const RECORD = `CREATE TABLE IF NOT EXISTS schema_migrations
(
    version    UInt32,
    name       String,
    checksum   String,
    applied_at DateTime DEFAULT now()
)
ENGINE = MergeTree
ORDER BY version`;

const fileName = /^(\d{4})_[a-z0-9_]+\.sql$/;

/**
 * Reads the migrations of a folder, in order.
 *
 * @param folder defaults to the ones this package ships
 * @throws {MigrationError} when a number is missing or used twice
 */
export function readMigrations(folder: URL = new URL('../schema/', import.meta.url)): Migration[] {
  const files = readdirSync(folder)
    .filter((file) => fileName.test(file))
    .sort();
  return files.map((file, index) => {
    const version = Number(file.slice(0, 4));
    if (version !== index + 1) {
      throw new MigrationError({
        summary: 'The migrations are not numbered 0001, 0002, … without a gap.',
        expected: `number ${index + 1}`,
        found: file,
        remedy: 'reinstall @risk-scoring/storage',
      });
    }
    const text = readFileSync(new URL(file, folder), 'utf8').replaceAll('\r\n', '\n');
    return {
      version,
      name: file.replace(/\.sql$/, ''),
      checksum: createHash('sha256').update(text).digest('hex'),
      statements: splitStatements(text),
    };
  });
}

/**
 * Runs the migrations that have not run yet, in order, remembering each with its checksum. Statements say IF NOT EXISTS,
 * so a run that was killed between a statement and its record is simply repeated.
 *
 * @throws {MigrationError} when one that ran was edited since, or the database has newer ones
 */
export async function applyMigrations(
  database: Database,
  migrations: readonly Migration[] = readMigrations(),
): Promise<MigrationReport> {
  const { cluster } = database.engine;
  const run = async (statement: string, doing: string) => {
    const statements = cluster === undefined ? [statement] : clusterStatements(statement, cluster);
    for (const sql of statements) await database.command({ sql, doing });
  };
  await run(RECORD, 'preparing the record of migrations');
  const recorded = await readRecord(database);
  checkRecord(migrations, recorded);

  const applied: string[] = [];
  for (const migration of migrations) {
    if (recorded.has(migration.version)) continue;
    for (const sql of migration.statements) await run(sql, `applying migration ${migration.name}`);
    const { version, name, checksum } = migration;
    await database.insert('schema_migrations', [{ version, name, checksum }], `recording migration ${name}`);
    applied.push(migration.name);
  }
  const alreadyThere = migrations
    .map((migration) => migration.name)
    .filter((name) => !applied.includes(name));
  return { applied, alreadyThere };
}

/**
 * Checks that exactly the migrations at hand have run.
 *
 * @throws {MigrationError} otherwise, saying which differ
 */
export async function assertMigrated(
  database: Database,
  migrations: readonly Migration[] = readMigrations(),
): Promise<void> {
  const recorded = await readRecord(database);
  checkRecord(migrations, recorded);
  const missing = migrations.filter((migration) => !recorded.has(migration.version));
  if (missing.length > 0) {
    throw new MigrationError({
      summary: `${database.name} is older than this version of risk-scoring.`,
      expected: `migrations up to ${migrations.at(-1)?.name}`,
      found: `${missing.map((migration) => migration.name).join(', ')} not applied`,
      remedy: `run: npx risk-scoring init --network ${database.network}`,
    });
  }
}

type RecordedMigrations = ReadonlyMap<number, { readonly name: string; readonly checksum: string }>;

async function readRecord(database: Database): Promise<RecordedMigrations> {
  const rows = await database.query<{ version: number; name: string; checksum: string }>({
    sql: 'SELECT version, name, checksum FROM schema_migrations ORDER BY version',
    doing: 'reading which migrations ran',
  });
  return new Map(rows.map((row) => [row.version, row]));
}

function checkRecord(migrations: readonly Migration[], recorded: RecordedMigrations): void {
  for (const [version, { name, checksum }] of recorded) {
    const migration = migrations[version - 1];
    if (migration === undefined) {
      throw new MigrationError({
        summary: 'The database is newer than this version of risk-scoring.',
        expected: `migrations up to ${migrations.at(-1)?.name ?? 'none'}`,
        found: `${name} has run`,
        remedy: 'update risk-scoring',
      });
    }
    if (migration.checksum !== checksum || migration.name !== name) {
      throw new MigrationError({
        summary: `The migration ${migration.name} was edited after it ran.`,
        expected: `${name} with sha256 ${checksum}`,
        found: `${migration.name} with sha256 ${migration.checksum}`,
        remedy: 'restore the file and put the change in a new, higher-numbered migration',
      });
    }
  }
}

/** Statements end with a semicolon at the end of a line; comment lines are dropped. */
function splitStatements(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('--'))
    .join('\n')
    .split(/;\s*\n/)
    .map((statement) => statement.trim().replace(/;$/, ''))
    .filter((statement) => statement !== '');
}
