import { SnapshotError } from '../errors.ts';
import type { Source } from './source.ts';

/** A snapshot, described and with its columns known, wherever it lies. None of its rows was read. */
export interface Snapshot {
  readonly network: string;
  /** `YYYY-MM-DD` */
  readonly processingDate: string;
  readonly windowDays: number;
  /** Where it came from: a folder or an address without credentials. */
  readonly label: string;
  /** One per table. */
  readonly sources: readonly Source[];
}

/** Tables that a snapshot cannot do without; a quiet day may have no cluster, flow or label. */
const neverEmpty = new Set(['raw_alerts', 'raw_features']);

/**
 * Checks what a snapshot promises of itself, before any row is written.
 *
 * @throws {SnapshotError} when it is of another network, or a table that cannot be empty is
 */
export function checkPromises(snapshot: Snapshot, network: string): void {
  if (snapshot.network !== network) {
    throw new SnapshotError({
      code: 'SNAPSHOT_WRONG_NETWORK',
      summary: `${snapshot.label} is a snapshot of another network.`,
      expected: `network '${network}'`,
      found: `network '${snapshot.network}'`,
      remedy: `ingest it with --network ${snapshot.network}`,
    });
  }
  for (const source of snapshot.sources) {
    if (source.rows === 0 && neverEmpty.has(source.table.name)) throw emptyFile(source);
  }
}

/** A file without rows, where rows are needed. */
export function emptyFile(source: Source): SnapshotError {
  return new SnapshotError({
    code: 'SNAPSHOT_EMPTY',
    summary: `${source.label} holds no row.`,
    expected: `at least one row for ${source.table.name}`,
    found: '0 rows',
    remedy: 'fetch the file again, or leave it out',
  });
}

/** Refuses two folders with one snapshot: which of them should count? */
export function checkDistinct(snapshots: readonly Snapshot[]): void {
  const seen = new Map<string, string>();
  for (const { processingDate, windowDays, label } of snapshots) {
    const name = `${processingDate}, window ${windowDays}`;
    const other = seen.get(name);
    if (other !== undefined) {
      throw new SnapshotError({
        code: 'SNAPSHOT_META_INVALID',
        summary: `Two folders hold the snapshot ${name}.`,
        expected: 'one folder per processing date and window',
        found: `${other} and ${label}`,
        remedy: 'remove one of them, or ingest the right one alone',
      });
    }
    seen.set(name, label);
  }
}
