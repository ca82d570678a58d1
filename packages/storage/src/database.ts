import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ClickHouseSettings } from '@clickhouse/client';
import { throwIfCancelled } from '@risk-scoring/contract';
import type { RecordBatch, Table } from 'apache-arrow';
import { localTable, onCluster } from './cluster/index.ts';
import { hideSecrets, typedError } from './database-errors.ts';
import type { Engine, EngineRequest } from './engine/engine.ts';
import { UnreadableAnswerError } from './engine/transport-errors.ts';
import { DEFAULT_RETRY, failureKind, type RetryEvent, type RetryPolicy, withRetries } from './retry.ts';
import { DEDUPLICATED_TABLES } from './tables.ts';

/** Values bound to the `{name:Type}` places of a statement. */
export type QueryParameters = Readonly<Record<string, unknown>>;

/** A bound statement and what it is for, as error messages name it. */
export interface Statement {
  readonly sql: string;
  readonly params?: QueryParameters;
  /** "while …": `'counting the alerts of 2020-01-01'`. */
  readonly doing: string;
  readonly settings?: ClickHouseSettings;
  /** Texts within the statement that no message may repeat. */
  readonly secrets?: readonly string[];
  /** Attempts at most, where they should be fewer than the policy's. */
  readonly attempts?: number;
  /** Runs beside other statements of this database, whatever the engine; the embedded one then holds a result whole. */
  readonly beside?: boolean;
  /** Stops the waiting; the embedded engine finishes the statement all the same. */
  readonly signal?: AbortSignal;
}

/** A statement that changes something. */
export interface Command extends Statement {
  /**
   * Whether running it twice does the same as once, so that it may be sent again when its answer was lost. Defaults to yes;
   * an INSERT must say no.
   */
  readonly repeatable?: boolean;
  /** Opens the rows of an `INSERT … FORMAT …`, anew for every attempt. */
  readonly open?: () => Readable;
}

/** How a {@link Database} behaves. */
export interface DatabaseBehaviour {
  readonly retry?: Partial<RetryPolicy>;
  /** Told of every attempt that failed and is repeated. Without it, a line on stderr tells. */
  readonly onRetry?: (event: RetryEvent) => void;
}

/** The database of one network, on whichever engine. Made by `openDatabase`. */
export class Database {
  readonly network: string;
  /** `risk_scoring_{network}`, or the name that was given for a server. */
  readonly name: string;
  readonly #engine: Engine;
  readonly #policy: RetryPolicy;
  readonly #onRetry: (event: RetryEvent) => void;

  constructor(parts: { network: string; name: string; engine: Engine } & DatabaseBehaviour) {
    this.network = parts.network;
    this.name = parts.name;
    this.#engine = parts.engine;
    this.#policy = { ...DEFAULT_RETRY, ...parts.retry };
    this.#onRetry = parts.onRetry ?? writeRetry;
  }

  /** The engine behind it, for what differs between engines. */
  get engine(): Engine {
    return this.#engine;
  }

  /** Rows of a small result as objects. 64-bit integers arrive as strings: cast what must be a number. */
  async query<Row extends object>(statement: Statement): Promise<Row[]> {
    return this.#run(statement, async () => {
      const sql = `${statement.sql}\nFORMAT JSONEachRow`;
      return parseRows<Row>(await this.#engine.run({ ...requestOf(statement), sql }));
    });
  }

  /** A result as one Arrow table. It is held in memory: ask for one snapshot at a time. */
  async arrow(statement: Statement): Promise<Table> {
    return this.#run(statement, () => this.#engine.arrowTable(requestOf(statement)));
  }

  /**
   * A result as Arrow batches, each as soon as it is there; memory holds a few of them, however many rows there are. Until the
   * first one arrives a lost connection is repeated; afterwards it is an error, as is a result that ends too soon.
   *
   * @throws {CancelledError} when the signal aborts, also between batches
   * @example
   * for await (const batch of database.arrowBatches({ sql: 'SELECT * FROM published_alerts', doing: 'reading' })) batch.numRows;
   */
  async *arrowBatches(statement: Statement): AsyncGenerator<RecordBatch> {
    const { signal, doing } = statement;
    let batches: AsyncIterator<RecordBatch> | undefined;
    try {
      let next = await this.#run(statement, async () => {
        batches = this.#engine.arrowBatches(requestOf(statement))[Symbol.asyncIterator]();
        return batches.next();
      });
      while (batches !== undefined && !next.done) {
        yield next.value;
        throwIfCancelled(signal, doing);
        next = await batches.next();
      }
    } catch (error) {
      throwIfCancelled(signal, doing);
      throw this.#typed(error, statement);
    } finally {
      await batches?.return?.();
    }
  }

  /** A statement without a result. */
  async command(command: Command): Promise<void> {
    const { open, repeatable } = command;
    const work = () =>
      this.#engine.run({ ...requestOf(command), ...(open === undefined ? {} : { body: open() }) });
    await this.#run(command, work, repeatable);
  }

  /**
   * One insert of plain objects. A single insert into one partition is there whole or not at all; sent again
   * because its answer was lost, it is there once (tables that remember tokens) or an error tells of it.
   */
  async insert(table: string, rows: readonly object[], doing: string): Promise<void> {
    if (rows.length === 0) return;
    const text = rows.map((row) => JSON.stringify(row)).join('\n');
    await this.command({
      sql: `INSERT INTO ${table} FORMAT JSONEachRow`,
      doing,
      ...(DEDUPLICATED_TABLES.has(table) ? { settings: { insert_deduplication_token: randomUUID() } } : {}),
      repeatable: DEDUPLICATED_TABLES.has(table),
      open: () => Readable.from([Buffer.from(text)]),
    });
  }

  /**
   * What stands after ALTER TABLE or DELETE FROM: the table, or on a cluster its parts on every node.
   *
   * @example
   * `ALTER TABLE ${database.mutable('raw_alerts')} DELETE WHERE …`
   */
  mutable(table: string): string {
    const { cluster } = this.#engine;
    return cluster === undefined ? table : `${localTable(table)} ${onCluster(cluster)}`;
  }

  /** How often and how long failed requests are repeated. */
  get retryPolicy(): RetryPolicy {
    return this.#policy;
  }

  /** Tells of an attempt that is repeated, as the database's own are told. */
  reportRetry(event: RetryEvent): void {
    this.#onRetry(event);
  }

  /** Lets go of the engine; the embedded one frees its folder. */
  async close(): Promise<void> {
    await this.#engine.close();
  }

  async #run<T>(statement: Statement, work: () => Promise<T>, repeatable = true): Promise<T> {
    try {
      return await withRetries(work, {
        doing: statement.doing,
        policy: { ...this.#policy, attempts: statement.attempts ?? this.#policy.attempts },
        repeatable,
        onRetry: (event) =>
          this.#onRetry({ ...event, reason: hideSecrets(event.reason, statement.secrets ?? []) }),
        signal: statement.signal,
      });
    } catch (error) {
      throw this.#typed(error, statement);
    }
  }

  #typed(error: unknown, statement: Statement): unknown {
    return typedError(error, {
      doing: statement.doing,
      database: this.name,
      location: this.#engine.location,
      secrets: statement.secrets ?? [],
    });
  }
}

/** Whether a typed error came of a connection that failed while a statement may have been running. */
export function mayHaveRun(error: unknown): boolean {
  return error instanceof Error && failureKind(error.cause) === 'lost';
}

function parseRows<Row>(text: string): Row[] {
  const lines = text.split('\n').filter((line) => line !== '');
  try {
    return lines.map((line) => JSON.parse(line) as Row);
  } catch {
    throw new UnreadableAnswerError(`no rows, but ${JSON.stringify(text.slice(0, 60))}`);
  }
}

function requestOf({ sql, params, settings, signal, beside }: Statement): EngineRequest {
  return {
    sql,
    ...(params ? { params } : {}),
    ...(settings ? { settings } : {}),
    ...(signal ? { signal } : {}),
    ...(beside ? { beside } : {}),
  };
}

function writeRetry(event: RetryEvent): void {
  process.stderr.write(`${JSON.stringify({ level: 'warn', msg: 'trying again', ...event })}\n`);
}
