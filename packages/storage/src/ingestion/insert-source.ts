import { throwIfCancelled } from '@risk-scoring/contract';
import { type Database, mayHaveRun } from '../database.ts';
import { SnapshotError } from '../errors.ts';
import { withRetries } from '../retry.ts';
import { quote } from '../sql-text.ts';
import { batchIdExpression, ofBatch, removeRows } from './batch-rows.ts';
import type { ColumnPlan } from './column-check.ts';
import { brokenRule, explainInsert } from './explain-insert.ts';
import { assertMd5 } from './local-source.ts';
import { locateRepeated } from './locate.ts';
import { anyBroken, countRows, ROW_AT_FAULT, type RowRule } from './row-checks.ts';
import type { Source, SourceReading } from './source.ts';
import { watchInsert } from './watch-insert.ts';

/** What {@link insertSource} needs besides the source. */
export interface InsertOptions {
  readonly plan: ColumnPlan;
  readonly rules: readonly RowRule[];
  /** Columns that tell the snapshots within the file apart; empty where it holds one. */
  readonly scope: readonly string[];
  /** Which rows of the table may be this batch's, so that not the whole table is searched; bound by `params`. */
  readonly within: { readonly where: string; readonly params: Readonly<Record<string, unknown>> };
  readonly ingestionId: string;
  readonly signal?: AbortSignal | undefined;
  /** Told every now and then how many rows are in, by what the engine or the connection says. */
  readonly onRows?: (rows: number) => void;
}

/** Rows that are in the table, whole and checked, but not published. */
export interface InsertedRows {
  /** What their ids are or, where there is a scope, begin with: see `batchIdExpression`. */
  readonly batchId: string;
  readonly rows: number;
  readonly md5: string;
}

/**
 * Inserts a source's rows under a batch id of their own and checks them: md5 and values on the way, count and keys
 * afterwards. Whatever goes wrong, nobody has seen them; they are removed again. An insert whose answer was lost is repeated under another id: what
 * the first left, or still leaves, belongs to a batch that is never published.
 *
 * @throws {SnapshotError} naming the file, and the column and row where they are known
 */
export async function insertSource(
  database: Database,
  source: Source,
  options: InsertOptions,
): Promise<InsertedRows> {
  const { signal, ingestionId } = options;
  let batchId = '';
  try {
    const reading = await withRetries(
      async (attempt) => {
        throwIfCancelled(signal, `ingesting ${source.label}`);
        batchId = `${ingestionId}.${source.table.name}.${attempt}`;
        return await attemptInsert(database, source, { ...options, batchId });
      },
      {
        doing: `inserting ${source.label}`,
        policy: database.retryPolicy,
        onRetry: (event) => database.reportRetry(event),
        signal,
        shouldRepeat: mayHaveRun,
      },
    );
    const md5 = await reading.md5();
    assertMd5(source, md5);
    return { batchId, md5, rows: await checkRows(database, source, { ...options, batchId }) };
  } catch (error) {
    await removeRows(database, source.table.name, batchId);
    throw error;
  }
}

async function attemptInsert(
  database: Database,
  source: Source,
  options: InsertOptions & { readonly batchId: string },
): Promise<SourceReading> {
  const { plan, scope, batchId, signal } = options;
  const reading = source.read(database, plan.structure);
  const { rows } = reading;
  const watch = watchInsert(database, source, { reading, batchId, onRows: options.onRows });
  const expressions = new Map(
    plan.columns.map(({ name }, index) => [name, plan.expressions[index] ?? quote(name)]),
  );
  const guard = anyBroken(options.rules, (column) => expressions.get(column) ?? quote(column));
  try {
    const { open } = rows;
    // Rows are looked at as they pass: reading them again afterwards would take a fifth of the time.
    await database.command({
      sql: `INSERT INTO ${source.table.name} (${[...plan.columns.map(({ name }) => quote(name)), 'batch_id'].join(', ')})
SELECT ${plan.expressions.join(', ')}, if(throwIf(${guard.sql}, '${ROW_AT_FAULT}') = 0, ${batchIdExpression(plan, scope)}, '')
FROM ${rows.from}${rows.format === undefined ? '' : `\nFORMAT ${rows.format}`}`,
      params: { ...rows.params, ...guard.params, batch_id: batchId },
      // Of a NULL where there must be a value, an error; a server's profile may say otherwise.
      settings: { ...reading.settings, cast_keep_nullable: 0 },
      secrets: source.secrets,
      doing: `inserting ${source.label}`,
      // Repeated here, under another batch id.
      repeatable: false,
      ...(open === undefined ? {} : { open: () => open() }),
      // The embedded engine would go on, unseen, while its rows are removed.
      ...(signal && database.engine.kind === 'server' ? { signal } : {}),
    });
  } catch (error) {
    throw await explainInsert(database, source, { plan, rules: options.rules, reading, error, signal });
  } finally {
    await watch.stop();
  }
  return reading;
}

/** Counts what arrived; if all of it did and no key stands twice, returns how many rows. */
async function checkRows(
  database: Database,
  source: Source,
  { plan, rules, scope, within, batchId }: InsertOptions & { readonly batchId: string },
): Promise<number> {
  const rule = rules.find(({ broken }) => broken === undefined);
  const counts = await countRows(database, {
    table: source.table.name,
    where: `${within.where} AND ${ofBatch}`,
    params: { ...within.params, batch_id: batchId },
    key: rule === undefined ? [] : [...scope, ...rule.columns],
  });
  if (source.rows !== undefined && counts.rows !== source.rows) {
    throw new SnapshotError({
      code: 'SNAPSHOT_ROW_COUNT_MISMATCH',
      summary: `${source.table.name} did not get the rows that ${source.label} promises.`,
      expected: `${source.rows} rows`,
      found: `${counts.rows} rows`,
      remedy: 'fetch the file again; if it is whole, check the disk and ingest again',
    });
  }
  if (rule === undefined || counts.repeated === 0) return counts.rows;
  const place = await locateRepeated(database, source, { plan, rule, scope });
  throw brokenRule(source, { rule, count: counts.repeated, place });
}
