import type { ClickHouseClient } from '@clickhouse/client';
import { RiskScoringError } from '@risk-scoring/contract';
import { type Table, tableFromIPC } from 'apache-arrow';
import type { Engine } from './engine.ts';
import { DatabaseError, MissingTableError } from './errors.ts';

/** Values bound to the `{name:Type}` places of a statement. */
export type QueryParameters = Readonly<Record<string, unknown>>;

/** A bound statement and what it is for, as error messages name it. */
export interface Statement {
  readonly sql: string;
  readonly params?: QueryParameters;
  /** "while …": `'counting the alerts of 2020-01-01'`. */
  readonly doing: string;
}

// Arrow as apache-arrow reads it: uncompressed, text as text, one dictionary-free column each.
const arrowSettings = {
  output_format_arrow_compression_method: 'none',
  output_format_arrow_string_as_string: 1,
  output_format_arrow_low_cardinality_as_dictionary: 0,
} as const;

/** The database of one network, on whichever engine. Made by {@link openDatabase}. */
export class Database {
  readonly network: string;
  /** `risk_scoring_{network}`. */
  readonly name: string;
  readonly #engine: Engine;

  constructor(parts: { network: string; name: string; engine: Engine }) {
    this.network = parts.network;
    this.name = parts.name;
    this.#engine = parts.engine;
  }

  /** The engine behind it, for what differs between engines. */
  get engine(): Engine {
    return this.#engine;
  }

  /** Rows of a small result as objects. 64-bit integers arrive as strings: cast what must be a number. */
  async query<Row extends object>(statement: Statement): Promise<Row[]> {
    return this.#run(statement, async (client) => {
      const result = await client.query({
        query: statement.sql,
        query_params: { ...statement.params },
        format: 'JSONEachRow',
        clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
      });
      return result.json<Row>();
    });
  }

  /** A result as one Arrow table. Ask for one snapshot at a time: it is held in memory. */
  async arrow(statement: Statement): Promise<Table> {
    return this.#run(statement, async (client) => {
      const { stream } = await client.exec({
        query: `${statement.sql}\nFORMAT ArrowStream`,
        query_params: { ...statement.params },
        clickhouse_settings: arrowSettings,
      });
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream) chunks.push(chunk as Uint8Array);
      return tableFromIPC(Buffer.concat(chunks));
    });
  }

  /** A statement without a result. */
  async command(statement: Statement): Promise<void> {
    await this.#run(statement, (client) =>
      client.command({ query: statement.sql, query_params: { ...statement.params } }),
    );
  }

  /** One insert of plain objects; a single insert into one partition is there whole or not at all. */
  async insert(table: string, rows: readonly object[], doing: string): Promise<void> {
    await this.#run({ sql: '', doing }, (client) =>
      client.insert({ table, values: [...rows], format: 'JSONEachRow' }),
    );
  }

  /** Lets go of the engine; the embedded one frees its folder. */
  async close(): Promise<void> {
    await this.#engine.close();
  }

  async #run<T>(statement: Statement, work: (client: ClickHouseClient) => Promise<T>): Promise<T> {
    try {
      return await work(this.#engine.client);
    } catch (error) {
      if (RiskScoringError.isInstance(error)) throw error;
      const cause = error instanceof Error ? error : new Error(String(error));
      if ((cause as { type?: string }).type === 'UNKNOWN_TABLE') {
        throw new MissingTableError({ database: this.name, doing: statement.doing, cause });
      }
      throw new DatabaseError({ doing: statement.doing, cause });
    }
  }
}
