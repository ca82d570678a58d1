import type { Readable } from 'node:stream';
import { type ClickHouseClient, type ClickHouseSettings, createClient, parseError } from '@clickhouse/client';
import { type RecordBatch, RecordBatchReader, type Schema, Table } from 'apache-arrow';
import { clusterSettings } from '../cluster/index.ts';
import { openPlain, type StoredFile } from '../ingestion/files/index.ts';
import { literal } from '../sql-text.ts';
import { arrowSettings } from './arrow-settings.ts';
import { wholeArrow } from './arrow-stream.ts';
import type { Engine, EngineRequest, FileRows } from './engine.ts';
import { memorySettings } from './engine-memory.ts';
import { isLoopback, parseServerUrl, type ServerOptions } from './server-options.ts';
import { textOf } from './text.ts';
import { HttpStatusError, InterruptedResultError } from './transport-errors.ts';

const TEN_MINUTES = 600_000;
/** ClickHouse closes idle connections after 3 s by default; ours go before that. */
const IDLE_SOCKET_MS = 2_000;

/**
 * Speaks to a ClickHouse server over HTTP(S). Nothing is sent yet; `Database` finds out whether it answers.
 *
 * @param memory bytes that one query may take; what the server says by default
 * @throws {InvalidInputError} when the address cannot be meant
 */
export function openServerEngine(options: ServerOptions, memory?: number): Engine {
  return new ServerEngine(options, memory);
}

class ServerEngine implements Engine {
  readonly kind = 'server';
  readonly location: string;
  readonly cluster: string | undefined;
  readonly #options: ServerOptions;
  readonly #settings: ClickHouseSettings;
  #client: ClickHouseClient;

  constructor(options: ServerOptions, memory: number | undefined) {
    this.#options = options;
    this.location = parseServerUrl(options.url).url.href.replace(/\/$/, '');
    this.cluster = options.cluster;
    this.#settings = {
      ...memorySettings(memory),
      ...(options.cluster === undefined ? {} : (clusterSettings as object as ClickHouseSettings)),
    };
    // The database may not exist yet; until one is selected, statements name none of its tables.
    this.#client = this.#connect('default');
  }

  get client(): ClickHouseClient {
    return this.#client;
  }

  async selectDatabase(name: string): Promise<void> {
    const former = this.#client;
    this.#client = this.#connect(name);
    await former.close();
  }

  async run(request: EngineRequest): Promise<string> {
    // The server holds the answer back until it is whole, so an error in the middle is an error, not the end of the text.
    const settings = { ...request.settings, wait_end_of_query: 1 } as const;
    return textOf(await this.#send({ ...request, settings }));
  }

  async arrowTable(request: EngineRequest): Promise<Table> {
    const batches: RecordBatch[] = [];
    let schema: Schema | undefined;
    for await (const batch of this.#readArrow(request, (found) => (schema = found))) batches.push(batch);
    return schema === undefined ? new Table(batches) : new Table(schema, batches);
  }

  arrowBatches(request: EngineRequest): AsyncGenerator<RecordBatch> {
    return this.#readArrow(request);
  }

  async *#readArrow(
    request: EngineRequest,
    onSchema?: (schema: Schema) => void,
  ): AsyncGenerator<RecordBatch> {
    const stream = await this.#send({
      ...request,
      sql: `${request.sql}\nFORMAT ArrowStream`,
      settings: { ...arrowSettings, ...request.settings },
    });
    try {
      const { chunks, isWhole } = wholeArrow(stream);
      const reader = await RecordBatchReader.from(chunks);
      await reader.open();
      onSchema?.(reader.schema);
      for await (const batch of reader) yield batch;
      if (!isWhole()) throw new InterruptedResultError();
    } finally {
      // A stream that is neither read nor destroyed keeps its connection.
      stream.destroy();
    }
  }

  readFile(file: StoredFile, structure: string): FileRows {
    return {
      from: `input(${literal(structure)})`,
      params: {},
      format: file.format,
      open: (tap) => openPlain(file, tap ? { tap } : {}),
    };
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #connect(database: string): ClickHouseClient {
    const { url, user, password } = parseServerUrl(this.#options.url);
    const { tls } = this.#options;
    const compression = this.#options.compression ?? !isLoopback(url);
    const pathname = url.pathname.replace(/^\/|\/$/g, '');
    url.pathname = '';
    return createClient({
      url,
      ...(pathname === '' ? {} : { pathname }),
      username: this.#options.user ?? user ?? 'default',
      password: this.#options.password ?? password ?? '',
      database,
      application: 'risk-scoring',
      request_timeout: this.#options.requestTimeoutMs ?? TEN_MINUTES,
      compression: { request: compression, response: compression },
      keep_alive: { enabled: true, idle_socket_ttl: IDLE_SOCKET_MS, eagerly_destroy_stale_sockets: true },
      ...(tls
        ? {
            tls:
              tls.certificate && tls.key
                ? { ca_cert: tls.ca, cert: tls.certificate, key: tls.key }
                : { ca_cert: tls.ca },
          }
        : {}),
      clickhouse_settings: {
        // Errors in mid-stream must not look like rows.
        http_write_exception_in_output_format: 0,
        output_format_json_quote_64bit_integers: 1,
        ...this.#settings,
      },
      // Retries and errors are told by Database; the client's own log would repeat statements and their parameters.
      log: { level: 127 },
    });
  }

  async #send({ sql, params, settings, body, signal }: EngineRequest): Promise<Readable> {
    const common = {
      query: sql,
      query_params: { ...params },
      clickhouse_settings: { ...settings },
      // The status tells a busy proxy from a refusing server; the client throws it away.
      ignore_error_response: true,
      ...(signal ? { abort_signal: signal } : {}),
    };
    const result = await this.#client.exec(body === undefined ? common : { ...common, values: body });
    const stream = result.stream as Readable;
    const status = result.http_status_code ?? 200;
    if (signal) destroyOnAbort(stream, signal);
    if (status < 400 && result.response_headers?.['x-clickhouse-exception-code'] === undefined) return stream;
    throw serverError(status, await textOf(stream));
  }
}

/** The client lets go of the signal when the answer begins; the rest of it may take long. */
function destroyOnAbort(stream: Readable, signal: AbortSignal): void {
  const stop = () => stream.destroy(new Error('the request was cancelled'));
  // Whoever reads the stream gets the error; before anybody does, it must not be an uncaught one.
  stream.on('error', () => undefined);
  stream.once('close', () => signal.removeEventListener('abort', stop));
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
}

function serverError(status: number, body: string): Error {
  const error = parseError(body);
  return 'type' in error ? error : new HttpStatusError(status, body.trim());
}
