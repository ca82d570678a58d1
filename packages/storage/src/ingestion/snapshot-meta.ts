import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SnapshotError } from '../errors.ts';
import { networkPattern } from '../network.ts';
import { INGEST_TABLES, RAW_TABLES, type RawTable } from '../tables.ts';

/** A file of a snapshot, as its META.json describes it. */
export interface PromisedFile {
  readonly table: RawTable;
  /** `raw_alerts.parquet` */
  readonly name: string;
  readonly md5: string;
  readonly rows: number;
  readonly bytes: number | undefined;
}

/** A snapshot as its META.json describes it. */
export interface SnapshotMeta {
  readonly network: string;
  /** `YYYY-MM-DD` */
  readonly processingDate: string;
  readonly windowDays: number;
  readonly files: readonly PromisedFile[];
}

/** A META.json is some hundred bytes; more than this is none. */
export const MAX_META_BYTES = 1024 * 1024;

/** The error for a META.json of more than {@link MAX_META_BYTES}. */
export function metaTooLong(what: string): SnapshotError {
  return new SnapshotError({
    code: 'SNAPSHOT_META_INVALID',
    summary: `${what} is too long to describe a snapshot.`,
    expected: `at most ${MAX_META_BYTES} bytes`,
    found: 'more',
    remedy: 'fetch the snapshot again',
  });
}

/** The dates that ClickHouse's Date holds; others would turn into one of these. */
const isDate = (text: string) => text >= '1970-01-01' && text <= '2149-06-06';

const metaSchema = z.object({
  network: z.string().regex(networkPattern),
  processing_date: z.iso.date().refine(isDate, 'no date of 1970-01-01 to 2149-06-06'),
  window_days: z.int().min(1).max(65535),
  files: z.record(
    z.string(),
    z.object({
      md5: z.string().regex(/^[0-9a-f]{32}$/i),
      rows: z.int().min(0),
      bytes: z.int().min(0).optional(),
    }),
  ),
});

/**
 * Reads the text of a META.json and checks that it describes every table and no other.
 *
 * @param label where it lies, for messages
 * @throws {SnapshotError} saying what is missing, unknown or malformed
 * @example
 * parseMeta(await readFile('2020-01-01/META.json', 'utf8'), '2020-01-01/META.json').processingDate; // '2020-01-01'
 */
export function parseMeta(text: string, label: string): SnapshotMeta {
  const { meta, names } = validate(text, label);
  checkTables(names, label);
  return {
    network: meta.network,
    processingDate: meta.processing_date,
    windowDays: meta.window_days,
    files: RAW_TABLES.flatMap((table) => {
      const name = `${table.name}.parquet`;
      const described = meta.files[name];
      if (described === undefined) return [];
      return { table, name, md5: described.md5.toLowerCase(), rows: described.rows, bytes: described.bytes };
    }),
  };
}

/** Equal fingerprints mean equal content: sha256 over the tables' md5 sums, whatever order they were read in. */
export function fingerprintOf(files: readonly { readonly table: string; readonly md5: string }[]): string {
  const hash = createHash('sha256');
  const order = ({ table }: { table: string }) => INGEST_TABLES.findIndex(({ name }) => name === table);
  for (const { table, md5 } of [...files].sort((a, b) => order(a) - order(b)))
    hash.update(`${table}:${md5}\n`);
  return hash.digest('hex');
}

/** The description, and the names of all files in it, whatever zod makes of names such as `__proto__`. */
function validate(text: string, metaPath: string): { meta: z.infer<typeof metaSchema>; names: string[] } {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw invalidMeta(metaPath, shown((cause as Error).message), cause);
  }
  const parsed = metaSchema.safeParse(json);
  if (!parsed.success) throw invalidMeta(metaPath, shown(z.prettifyError(parsed.error)), parsed.error);
  return { meta: parsed.data, names: Object.keys((json as { files: object }).files) };
}

function checkTables(names: readonly string[], metaPath: string): void {
  const expected = RAW_TABLES.map((table) => `${table.name}.parquet`);
  const unknown = names.filter((name) => !expected.includes(name));
  if (unknown.length > 0) {
    throw new SnapshotError({
      code: 'SNAPSHOT_TABLE_UNKNOWN',
      summary: `${metaPath} names files that are no table of a snapshot.`,
      expected: `only ${expected.join(', ')}`,
      found: shown(unknown.join(', ')),
      remedy: 'remove them from META.json, or update risk-scoring if SOT publishes new tables',
    });
  }
  const missing = expected.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new SnapshotError({
      code: 'SNAPSHOT_TABLE_MISSING',
      summary: `${metaPath} does not describe every table of a snapshot.`,
      expected: expected.join(', '),
      found: `no ${missing.join(', no ')}`,
      remedy: 'fetch the snapshot again',
    });
  }
}

/** What a file says, fit for a message: on one line, without control characters, and not endless. */
function shown(text: string): string {
  const line = text.replaceAll(/\p{Cc}+/gu, ' ');
  return line.length <= 500 ? line : `${line.slice(0, 500)}…`;
}

function invalidMeta(metaPath: string, found: string, cause: unknown): SnapshotError {
  return new SnapshotError({
    code: 'SNAPSHOT_META_INVALID',
    summary: `${metaPath} does not describe a snapshot.`,
    expected: '{network, processing_date: YYYY-MM-DD, window_days, files: {name: {md5, rows}}}',
    found,
    remedy: 'fetch the snapshot again',
    cause,
  });
}
