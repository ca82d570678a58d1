import { createHash } from 'node:crypto';
import type { Database } from '../database.ts';
import { SnapshotError } from '../errors.ts';
import type { IngestTable } from '../tables.ts';
import { type InspectedFile, md5OfFile, textSettings } from './files/index.ts';
import type { Source, SourceReading } from './source.ts';

/**
 * Refuses a path that the engine would take for a pattern, and so for other files.
 *
 * @throws {SnapshotError}
 */
export function assertPlainPath(file: string): void {
  if (!/[*?{}]|::/.test(file)) return;
  throw new SnapshotError({
    code: 'SNAPSHOT_FOLDER_UNREADABLE',
    summary: `${file} has characters that ClickHouse reads as a pattern.`,
    expected: 'a path without * ? { } and ::',
    found: file,
    remedy: 'rename the file or folder',
  });
}

/** A local file that was inspected, as a source. `promised` is what a META.json says of it. */
export function localSource(
  table: IngestTable,
  file: InspectedFile,
  promised: { readonly label: string; readonly md5?: string; readonly rows?: number },
): Source {
  assertPlainPath(file.path);
  return {
    table,
    label: promised.label,
    format: file.format,
    columns: file.columns,
    md5: promised.md5,
    rows: promised.rows ?? file.rows,
    bytes: file.bytes,
    secrets: [],
    fingerprint: (signal) => md5OfFile(file.source, signal ? { signal } : {}),
    read: (database, structure) => readLocal(database, file, structure),
    dispose: () => file.dispose(),
  };
}

/**
 * Where the engine reads the file itself, Node hashes it at the same time; where Node sends it, it is hashed as it goes out, so that
 * what was checked is what was sent.
 */
function readLocal(database: Database, file: InspectedFile, structure: string): SourceReading {
  const rows = database.engine.readFile(file, structure);
  const { open } = rows;
  // A folder named `window_days=7` is no column.
  const settings = {
    ...textSettings(file.format),
    ...(open === undefined ? { use_hive_partitioning: 0 as const } : {}),
  };
  if (open === undefined) {
    const controller = new AbortController();
    const hashing = md5OfFile(file.source, { signal: controller.signal });
    // Its failure is told by md5(); until then nobody waits for it.
    hashing.catch(() => undefined);
    return {
      rows,
      settings,
      md5: () => hashing,
      sent: () => undefined,
      abandon: () => controller.abort(),
    };
  }
  let hash = createHash('md5');
  let sent = 0;
  return {
    rows: {
      ...rows,
      open: () => {
        hash = createHash('md5');
        sent = 0;
        return open((chunk) => {
          hash.update(chunk);
          sent += chunk.length;
        });
      },
    },
    settings,
    md5: async () => hash.digest('hex'),
    sent: () => sent,
    abandon: () => undefined,
  };
}

/** Compares the md5 of what was read with the promised one. */
export function assertMd5(source: Source, found: string): void {
  if (source.md5 === undefined || source.md5 === found) return;
  throw new SnapshotError({
    code: 'SNAPSHOT_CHECKSUM_MISMATCH',
    summary: `${source.label} is not the file that META.json describes.`,
    expected: `md5 ${source.md5}`,
    found: `md5 ${found}`,
    remedy: 'fetch the snapshot again',
  });
}
