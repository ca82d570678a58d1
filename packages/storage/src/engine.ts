import type { ClickHouseClient } from '@clickhouse/client';

/**
 * Where ClickHouse runs. The embedded engine and a server are each one of these; nothing above
 * {@link Database} knows which.
 */
export interface Engine {
  readonly kind: 'embedded' | 'server';
  /** Where it is, for messages: a folder, or a URL without credentials. */
  readonly location: string;
  /** The ordinary client, whose unqualified table names are those of the network's database. */
  readonly client: ClickHouseClient;
  /** The expression that reads a Parquet file in `FROM`, with the parameters it binds. */
  parquetSource(path: string): { readonly sql: string; readonly params: Readonly<Record<string, unknown>> };
  close(): Promise<void>;
}
